"""placeholder until branch analyzers lands."""

from markupsafe import Markup, escape

from search.results import Parts


def mark(parts: Parts) -> Markup:
    """Text with its hits in <mark>, everything else escaped."""
    return Markup("").join(Markup("<mark>{}</mark>").format(t) if hit else escape(t) for t, hit in parts)
