"""The only place that makes markup of found text."""

from collections.abc import Iterable

from markupsafe import Markup, escape


def mark(parts: Iterable[tuple[str, bool]]) -> Markup:
    """(text, is a match) pairs as HTML: everything escaped, matches in <mark>. Safe for any text."""
    return Markup("").join(Markup("<mark>{}</mark>").format(text) if is_hit else escape(text) for text, is_hit in parts)
