"""Shortening text without breaking what a reader sees as one letter."""

import unicodedata

ELLIPSIS = "…"
_JOINERS = {"\u200d", "\ufe0f", "\ufe0e"}


def letter_start(text: str, at: int) -> int:
    """The nearest offset <= `at` where a letter as seen begins (grapheme cluster), 0 <= result <= len(text)."""
    at = max(0, min(at, len(text)))
    while 0 < at < len(text) and _joined(text, at):
        at -= 1
    return at


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` code points: whole if it fits, else ended at a word boundary with "…".

    A word longer than half the limit is cut between two letters. A limit below 1 gives "".
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = letter_start(text, limit - len(ELLIPSIS))
    if not text[end].isspace():
        space = max((at for at in range(end) if text[at].isspace()), default=-1)
        if space * 2 >= end:
            end = space
    return text[:end].rstrip().rstrip(",;:-–(") + ELLIPSIS


def _joined(text: str, at: int) -> bool:
    """Whether text[at] belongs to the same seen letter as the code point before it."""
    here, before = text[at], text[at - 1]
    if here < "\u0300":
        return here == "\n" and before == "\r"
    if here in _JOINERS or before == "\u200d" or unicodedata.category(here) in {"Mn", "Mc", "Me"}:
        return before not in "\r\n\t\f"
    if "\U0001f3fb" <= here <= "\U0001f3ff":  # skin tones
        return True
    if _flag(here) and _flag(before):  # regional indicators go in pairs
        run = 0
        while run < at and _flag(text[at - 1 - run]):
            run += 1
        return run % 2 == 1
    if "\u1160" <= here <= "\u11ff":  # Hangul vowels and finals
        return "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    return False


def _flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"
