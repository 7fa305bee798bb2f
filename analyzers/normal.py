"""The canonical form of text: what is stored, indexed and shown everywhere in the house.

Rule and measurements: look-alikes and invisible characters first, then marks in Vietnamese order, then NFC.
Tone placement (hoà, hòa) is not touched: that is a matter of matching, see `analyzers.tokens`.
"""

import re
import unicodedata

# Letters that other keyboards and fonts put where a Vietnamese letter belongs.
_LOOK_ALIKES = str.maketrans("ÐƉðɖƢƣ", "ĐĐđđƯư")
_CYRILLIC = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсух", "ABESIJKMHOPCTYXaesijopcyx")

_LINE_ENDS = "\r\v\x1c\x1d\x85\u2028\u2029"
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x1e\x1f\x7f-\x84\x86-\x9f"  # control characters except \n \t \f and the line ends above
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_SURROGATES = "\ud800-\udfff"  # cannot be written as UTF-8
_CLEAN_ASCII = re.compile(r"[\x00-\x08\x0b\x0d-\x1f\x7f]")
_SUSPECT = re.compile(
    rf"[\x00-\x08\x0b\x0d-\x1f\x7f-\x9f\u00adÐðƉɖƢƣǍǎ\u0300-\u036f\u0400-\u04ff\u061c\u180e"
    rf"\u200b-\u200f\u2028-\u202e\u2060-\u206f{_SURROGATES}\ufeff\ufff9-\ufffb\ufffe\uffff]"
)

_LINE_END = re.compile(rf"\r\n|[{_LINE_ENDS}]")
_DROP = re.compile(rf"[{_INVISIBLE}]")
_SURROGATE = re.compile(rf"[{_SURROGATES}]")
_OLD_TONES = re.compile("[\u0340\u0341]")
_ALIKE = re.compile("[ÐƉðɖƢƣ]")
_CARON = re.compile("([aA][\u0300-\u036f]*?)\u030c")
_MARKS = re.compile("([aeoAEO])([\u0300-\u036f]{2,})")
_SHAPES = "\u0302\u0306"  # circumflex, breve: they belong to the letter, the tone comes after
_TONES = "\u0300\u0301\u0303\u0309"
_LETTER_RUN = re.compile(r"[^\W\d_](?:[\u0300-\u036f/.&-]*\w)*")
_ANY_CYRILLIC = re.compile("[\u0400-\u04ff]")


def canon(text: str) -> str:
    """The canonical form of `text`: NFC, look-alikes repaired, invisible characters gone; idempotent.

    Kept of the control characters: line feed, tab, form feed (page break). Other line ends become a line feed, a
    lone surrogate becomes U+FFFD, so that the result can always be written as UTF-8.
    """
    return canon_counted(text)[0]


def canon_counted(text: str) -> tuple[str, int]:
    """`canon(text)` and the number of letters that were repaired (look-alikes, order of marks), for reports.

    Plain composition (NFD to NFC) and removed invisible characters are no repairs of a letter and not counted.
    """
    if text.isascii():
        return (_clean(text), 0) if _CLEAN_ASCII.search(text) else (text, 0)
    if not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text):
        return text, 0
    return _repair(_clean(text))


def _clean(text: str) -> str:
    """Without invisible characters; every line end a line feed."""
    return _SURROGATE.sub("\ufffd", _DROP.sub("", _LINE_END.sub("\n", text)))


def _repair(text: str) -> tuple[str, int]:
    """Letters repaired, in NFC, with their count. Works on NFD so that a mark can be moved."""
    counted = len(_OLD_TONES.findall(text)) + len(_ALIKE.findall(text))
    text = unicodedata.normalize("NFD", text.translate(_LOOK_ALIKES))
    if "\u030c" in text:
        text, carons = _CARON.subn("\\1\u0306", text)
        counted += carons

    def order(match: re.Match[str]) -> str:
        nonlocal counted
        base, marks = match.groups()
        allowed = "\u0302" if base in "eoEO" else _SHAPES
        at = next((i for i, mark in enumerate(marks) if mark in allowed), 0)
        first = next((i for i, mark in enumerate(marks) if mark in _TONES), at)
        if first >= at:
            return match[0]
        counted += 1
        return base + marks[:first] + marks[at] + marks[first:at] + marks[at + 1 :]

    text = _MARKS.sub(order, text)
    if _ANY_CYRILLIC.search(text):

        def latin(match: re.Match[str]) -> str:
            nonlocal counted
            run = match[0]
            if not _ANY_CYRILLIC.search(run):
                return run
            changed = run.translate(_CYRILLIC)
            if _ANY_CYRILLIC.search(changed) or not _has_latin(run):
                return run
            counted += sum(old != new for old, new in zip(run, changed, strict=True))
            return changed

        text = _LETTER_RUN.sub(latin, text)
    return unicodedata.normalize("NFC", text), counted


def _has_latin(run: str) -> bool:
    """Whether one letter of the run is Latin (the run is in NFD, so its base letters are plain)."""
    return any(letter.isalpha() and letter < "\u0250" for letter in run)
