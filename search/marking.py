"""The only place that makes markup of found text."""

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

_SIGNS = re.compile("[&<>\"']")  # most texts have none: looking costs a third of escaping

Piece = tuple[str, bool, str]
"""A text, whether it is a match, and the class of a doubt about it ("" for none)."""


def mark(parts: Iterable[tuple[str, bool]]) -> Markup:
    """(text, is a match) pairs as HTML: everything escaped, matches in <mark>. Safe for any text."""
    # Joined as plain text, made markup once: Markup's own join and format look at every piece again.
    return Markup("".join([f"<mark>{_safe(text)}</mark>" if is_hit else _safe(text) for text, is_hit in parts]))  # noqa: S704


def mark_graded(pieces: Iterable[Piece]) -> Markup:
    """As :func:`mark`, with what is doubted in <u> of that class.  Safe for any text; classes are the house's own."""
    made = []
    for is_hit, run in groupby(pieces, key=lambda piece: piece[1]):
        told = "".join(
            f'<u class="{_safe(grade)}">{_safe(text)}</u>' if grade else _safe(text) for text, _is_hit, grade in run
        )
        made.append(f"<mark>{told}</mark>" if is_hit else told)
    return Markup("".join(made))  # noqa: S704


def _safe(text: str) -> str:
    """Escaped, as a plain string (of a text that is markup already, too: what is found is never markup)."""
    plain = str.__str__(text)
    return str.__str__(escape(plain)) if _SIGNS.search(plain) else plain
