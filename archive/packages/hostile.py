"""What is no document, whatever its name says: programs, and files that unfold to more than a machine has; and what a
PDF would do by itself when it is opened.

Only heads, lists of parts and names in the file are looked at: nothing is run, and little is unfolded.
"""

import io
import re
import zipfile
import zlib
from typing import BinaryIO

from archive.packages.zips import UNREADABLE

_UNFOLDS, _RATIO = 1 << 30, 100  # bytes that parts and parts of parts may claim before their ratio counts
_PARTS, _DEPTH = 10_000, 5
_INNER = 64 << 20  # bytes of zips within a zip that are looked into
_HEAD = 64 << 10  # of a part: what an XML declares stands before its first element
_STEP, _AHEAD = 8 << 20, 1 << 20
_PROGRAMS = {
    b"\x7fELF": "chương trình Linux", b"\xca\xfe\xba\xbe": "chương trình Java hay macOS",
    b"\xcf\xfa\xed\xfe": "chương trình macOS", b"\xce\xfa\xed\xfe": "chương trình macOS",
    b"#!/": "kịch bản lệnh", b"L\0\0\0\x01\x14\x02\0": "lối tắt Windows",
}  # fmt: skip
_ENTITY = re.compile(rb"<\s*!\s*ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y")
_STREAM = re.compile(rb"stream\r?\n")


def _name(word: str) -> str:
    """A name of a PDF, any letter of which may be written as #xx."""
    return "/" + "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word) + r"(?![A-Za-z])"


_ACTS = {
    word: re.compile(_name(word).encode())
    for word in ("JavaScript", "Launch", "SubmitForm", "ImportData", "EmbeddedFile", "RichMedia")
}
_OPENS = {word: re.compile(_name(word).encode()) for word in ("OpenAction", "AA")}
_OBJECTS = re.compile(_name("ObjStm").encode())


def hostile_file(head: bytes, whole: bytes | None) -> tuple[str, str]:
    """Code and Vietnamese clause why a file is not taken, ("", "") where nothing is against it.

    ``head``: its first bytes (64 at least); ``whole``: all of it where it is small enough to be looked into.
    """
    if program := _program(head):
        return "file.program", f"là {program}, không phải tài liệu"
    if not head.startswith(b"PK\x03\x04") or whole is None:
        return "", ""
    try:
        return _unfolding(whole)
    except UNREADABLE:
        return "", ""  # broken: told where it is read


def _program(head: bytes) -> str:
    # Two letters begin many a text: a program has zeros behind them
    if head.startswith(b"MZ") and any(byte < 9 for byte in head[2:64]):
        return "chương trình Windows"
    return next((what for mark, what in _PROGRAMS.items() if head.startswith(mark)), "")


def _unfolding(data: bytes) -> tuple[str, str]:
    total, room, waiting = 0, _INNER, [(data, 0)]
    while waiting:
        inner, depth = waiting.pop()
        with zipfile.ZipFile(io.BytesIO(inner)) as parts:
            infos = parts.infolist()[:_PARTS]
            total += sum(info.file_size for info in infos)
            if total > _UNFOLDS and total > _RATIO * len(data):
                return "file.bomb", f"khai bung ra {total >> 20:,} MB từ {len(data):,} byte"
            for info in infos:
                lower = info.filename.lower()
                if lower.endswith((".xml", ".rels")) and _declares(parts, info):
                    return "file.entities", "có phần XML khai thực thể (<!ENTITY), tệp văn phòng không bao giờ có"
                if lower.endswith(".zip") and depth < _DEPTH and info.file_size <= room:
                    room -= info.file_size
                    waiting.append((parts.read(info), depth + 1))
    return "", ""


def _declares(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with parts.open(info) as part:
        return bool(_ENTITY.search(part.read(_HEAD)))


def pdf_acts(stream: BinaryIO) -> list[str]:
    """What in a PDF acts by itself or is no page, by its names: JavaScript, Launch, EmbeddedFile …; OpenAction and AA
    only beside such, for most just show a page.  The names may lie in object streams."""
    found: set[str] = set()
    opens: set[str] = set()
    buffer, at_end = b"", False
    while not at_end:
        more = stream.read(_STEP)
        at_end = not more
        buffer += more
        looked = [buffer]
        for match in _OBJECTS.finditer(buffer, 0, len(buffer) if at_end else max(len(buffer) - _AHEAD, 0)):
            if start := _STREAM.search(buffer, match.end(), match.end() + 1024):
                looked.append(_inflated(buffer[start.end() : start.end() + _AHEAD]))
        for text in looked:
            found |= {word for word, sign in _ACTS.items() if word not in found and sign.search(text)}
            opens |= {word for word, sign in _OPENS.items() if word not in opens and sign.search(text)}
        buffer = buffer[-_AHEAD - 1024 :]
    return [*(sorted(opens) if found - {"EmbeddedFile"} else ()), *(word for word in _ACTS if word in found)]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 4 << 20)
    except zlib.error:
        return b""
