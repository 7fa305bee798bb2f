"""The words of a recording with their times: stretches of its page's text, which alone holds the words.

So what is masked in the text is masked in captions and transcript, too: a cue only says where in it and when.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import zstandard

DECODED_LIMIT = 16 << 20
_LEVEL = 9


class CuesError(ValueError):
    """The stored cues of a recording cannot be read; the message is Vietnamese."""


class Cue(NamedTuple):
    """From when to when (milliseconds from the beginning), and where in the text: first character and one after."""

    begin: int
    end: int
    start: int
    stop: int


def encode(cues: Sequence[Cue]) -> bytes:
    """The stored form: JSON of differences, packed."""
    rows, at, place = [], 0, 0
    for one in cues:
        rows.append([one.begin - at, one.end - one.begin, one.start - place, one.stop - one.start])
        at, place = one.begin, one.stop
    return zstandard.ZstdCompressor(level=_LEVEL).compress(json.dumps(rows, separators=(",", ":")).encode())


def decode(stored: bytes) -> list[Cue]:
    """The cues; CuesError for bytes that `encode` did not write."""
    try:
        rows = json.loads(zstandard.ZstdDecompressor().decompress(stored, max_output_size=DECODED_LIMIT))
        cues, at, place = [], 0, 0
        for begin, length, start, width in rows:
            at, place = at + begin, place + start
            cues.append(Cue(at, at + length, place, place + width))
            place += width
        return cues
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise CuesError("Thời điểm của lời trong bản ghi bị hỏng.") from error


def clock(milliseconds: int, *, whole: bool = False) -> str:
    """A time as captions write it, 01:02:03.450; `whole`: as people do, 1:02:03 or 2:03."""
    seconds, rest = divmod(max(milliseconds, 0), 1000)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if whole:
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{rest:03d}"


def as_webvtt(text: str, cues: Iterable[Cue]) -> str:
    """Captions (W3C WebVTT) of the text as it is now."""
    parts = ["WEBVTT\n"]
    for n, one in enumerate(cues, 1):
        words = text[one.start : one.stop].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        lines = "\n".join(line for line in words.split("\n") if line.strip())
        if lines:
            parts.append(f"{n}\n{clock(one.begin)} --> {clock(max(one.end, one.begin + 1))}\n{lines}\n")
    return "\n".join(parts)


def place_of(cues: Sequence[Cue], milliseconds: int) -> int:
    """The place (from 0) of what is said at that time, or last before it; -1 before the first."""
    found = -1
    for n, one in enumerate(cues):
        if one.begin > milliseconds:
            break
        found = n
    return found
