"""Transcripts with times: WebVTT (W3C) and SubRip (.srt), as the canonical text of a page and its cues.

Read tolerantly, as text sidecars are: what is no cue is left out and counted.  The two libraries there are
either refuse a whole file for one bad line or have not been kept up.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.recordings.cues import Cue
from indexer.extraction.errors import ExtractionError
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.sidecar import decode_text
from indexer.extraction.text import canonise

LIMIT = 16 << 20
MOST_CUES = 50_000
LATEST = 100 * 3600 * 1000

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_LINE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]{0,200}>|\{\\[^}]{0,50}\}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a recording: canonical text, cues into it, and how many blocks were no cues."""

    text: str
    cues: tuple[Cue, ...]
    unread: int


def read_captions(data: bytes, name: str) -> Spoken:
    """The words of a caption file with their times, in order of time.

    ExtractionError (Vietnamese) if it is too large or has no cue at all.
    """
    if len(data) > LIMIT:
        raise ExtractionError(f"Tệp lời «{name}» quá lớn: {len(data):,} byte, tối đa {LIMIT:,}.")
    text = decode_runs(decode_text(data)[0])[0]
    timed: list[tuple[int, int, str]] = []
    unread = 0
    for block in _blocks(text):
        found = _cue(block)
        if found is None:
            unread += 1
        elif found[2]:
            timed.append(found)
        if len(timed) > MOST_CUES:
            raise ExtractionError(f"Tệp lời «{name}» có hơn {MOST_CUES:,} câu.")
    if not timed:
        raise ExtractionError(f"Tệp lời «{name}» không có câu nào mang thời điểm (WebVTT hoặc SRT).")
    timed.sort(key=lambda one: one[:2])
    return _join(timed, unread)


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.strip():
            block.append(line)
        elif block:
            first = block[0].lstrip("\ufeff")
            timed = any(_LINE.fullmatch(one) for one in block[:2])
            if timed or not first.startswith(("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")):
                yield block
            block = []


def _cue(block: list[str]) -> tuple[int, int, str] | None:
    for at, line in enumerate(block[:2]):
        if found := _LINE.fullmatch(line):
            begin, end = _moment(found.groups()[:4]), _moment(found.groups()[4:])
            if begin > LATEST:
                return None
            return begin, min(max(end, begin), LATEST), _words("\n".join(block[at + 1 :]))
    return None


def _moment(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = parts
    return (int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)) * 1000 + int(
        (rest or "0").ljust(3, "0")
    )


def _words(text: str) -> str:
    """The words of a cue: who speaks goes before them, marks of form go away."""
    text = _VOICE.sub(lambda found: f"{found[1]}: ", text)
    return canonise(html.unescape(_TAG.sub("", text))).replace("\n\n", "\n")


def _join(timed: list[tuple[int, int, str]], unread: int) -> Spoken:
    parts, cues, at = [], [], 0
    for begin, end, words in timed:
        parts.append(words)
        cues.append(Cue(begin, end, at, at + len(words)))
        at += len(words) + 1
    return Spoken("\n".join(parts), tuple(cues), unread)
