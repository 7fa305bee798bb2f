"""Which encoding a delivered table is written in: UTF-8, UTF-16 with or without a mark, Windows-1258, or the one byte
of TCVN3 and VNI fonts (`latin-1`: the legacy tables read it so)."""

import codecs
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from analyzers.legacy import detect

CHUNK = 1 << 20
SAMPLE = 1 << 16
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding as Python names it, the physical lines counted, those repaired or damaged, and an empty flag."""

    name: str
    lines: int
    marked_lines: int  # lines with letters outside ASCII
    damaged: int  # bytes that could not be decoded
    empty: bool


def detect_encoding(stream: BinaryIO) -> Encoding:
    """Read the whole stream once, flat in memory, and say how to decode it.

    Marks decide first; then NUL bytes on every second place mean UTF-16; then UTF-8 wins unless its errors are more
    than its correct letters outside ASCII, which means Windows-1258 (`cp1258`): there, a correct UTF-8 letter
    hardly ever arises by chance.
    """
    head = stream.read(4096)
    name = next((name for mark, name in _MARKS if head.startswith(mark)), "") or _guess_utf16(head)
    if name.startswith("utf-16"):
        return _count_utf16(name, head, stream)
    lines = marked = damaged = correct = 0
    blank, last, marked_sample = True, b"", list[bytes]()
    for block in _whole_lines(head, stream):
        blank = blank and not block.removeprefix(codecs.BOM_UTF8).strip()
        lines += block.count(b"\n") or block.count(b"\r")
        last = block
        if block.isascii():
            continue
        if not marked_sample:
            marked_sample.append(block)
        text = block.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        damaged += wrong
        correct += len(text) - wrong - len(text.encode("ascii", "ignore"))
        marked += sum(not line.isascii() for line in block.split(b"\n"))
    lines += bool(last) and not last.endswith((b"\n", b"\r"))
    if name or damaged <= correct:
        return Encoding(name or "utf-8", lines, marked, damaged, blank)
    return Encoding("latin-1" if _is_legacy(marked_sample) else "cp1258", lines, marked, 0, blank)


def _is_legacy(sample: list[bytes]) -> bool:
    return detect(b"".join(sample)[:SAMPLE].decode("latin-1"))[0] in {"tcvn3", "vni"}


def _count_utf16(name: str, head: bytes, stream: BinaryIO) -> Encoding:
    decoder = codecs.getincrementaldecoder(name)("replace")
    lines = damaged = 0
    blank, last = True, ""
    for block in itertools.chain((head,), _chunks(stream)):
        text = decoder.decode(block)
        lines += text.count("\n")
        damaged += text.count("\ufffd")
        blank = blank and not text.strip()
        last = text[-1:] or last
    rest = decoder.decode(b"", final=True)
    return Encoding(name, lines + (last not in ("", "\n")), 0, damaged + len(rest), blank)


def _guess_utf16(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    pairs = max(1, len(head) // 2)
    if len(head) >= 8 and odd > pairs * 0.4 and even < pairs * 0.1:
        return "utf-16-le"
    if len(head) >= 8 and even > pairs * 0.4 and odd < pairs * 0.1:
        return "utf-16-be"
    return ""


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Blocks up to the end, or up to where a zip breaks: whoever reads the rows meets that again and says so."""
    try:
        while block := stream.read(CHUNK):
            yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return


def _whole_lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """The stream in blocks cut after a line end where there is one, so that no letter is cut in two."""
    rest = head
    for block in _chunks(stream):
        rest += block
        cut = rest.rfind(b"\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > 64 * CHUNK:  # no line end at all: a letter may be cut, which does not change the verdict
            yield rest
            rest = b""
    if rest:
        yield rest
