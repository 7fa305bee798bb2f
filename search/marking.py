"""The only place that makes markup of found text."""

from collections.abc import Iterable

from markupsafe import Markup, escape


def mark(parts: Iterable[tuple[str, bool]]) -> Markup:
    """(text, is a match) pairs as HTML: everything escaped, matches in <mark>. Safe for any text."""
    # Joined as plain text, made markup once: Markup's own join and format look at every piece again.
    return Markup("".join([f"<mark>{_safe(text)}</mark>" if is_hit else _safe(text) for text, is_hit in parts]))  # noqa: S704


def _safe(text: str) -> str:
    """Escaped, as a plain string (of a text that is markup already, too: what is found is never markup)."""
    return str.__str__(escape(str.__str__(text)))
