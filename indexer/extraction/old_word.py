"""The text of a .doc of Word 97 and later, by the table of its pieces ([MS-DOC] 2.8.35, 2.9.38, 2.9.177).

Only the main document is read: no headers, notes, macros or objects.  A .doc of Word 6 or 95, or one locked with a
password, waits for another reader.
"""

import io
import re
import struct
from dataclasses import dataclass

import olefile

from indexer.extraction.errors import ExtractionError, TextWaitsError
from indexer.extraction.old_word_paragraphs import Paragraphs

LIMIT = 64 * 1024 * 1024  # bytes of a stream
MOST_LETTERS = 20_000_000

_WORD_97 = 0x00C1
_ENCRYPTED, _TABLE_ONE = 0x0100, 0x0200
_CCP_TEXT, _FC_CLX = 0x004C, 0x01A2
_COMPRESSED = 1 << 30

#: Marks of the format: ends of lines, breaks, hyphens; what stands for objects goes.
_MARKS = {
    0x0B: "\n", 0x0D: "\n", 0x0E: "\n", 0x1E: "-", 0x1F: "", 0xA0: " ",
    **dict.fromkeys((0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08), ""),
}  # fmt: skip
CELL, ROW, WITHIN, HEADING = "\x07", "\x1d", "\x1c", "\x10"
_ENDS = re.compile("[\r\x07]")
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"


def read_old_word(data: bytes, name: str) -> str:
    """The text of a .doc, page breaks as form feeds.  TextWaitsError where another reader is needed, ExtractionError
    where the file is damaged."""
    return read_marked(data, name).translate({ord(CELL): " ", ord(ROW): "\n", ord(WITHIN): "\n", ord(HEADING): None})


def read_marked(data: bytes, name: str) -> str:
    """The same with marks: CELL at the end of a cell, ROW at that of a row, WITHIN between paragraphs of a cell; before
    a heading as many HEADING as its level."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as parts:
            if not parts.exists("WordDocument"):
                raise TextWaitsError(f"Tệp «{name}» không phải .doc của Word 97 trở đi.")
            main = _stream(parts, "WordDocument", name)
            if len(main) < _FC_CLX + 8 or struct.unpack_from("<H", main)[0] != 0xA5EC:
                raise TextWaitsError(f"Tệp «{name}» không phải .doc của Word 97 trở đi.")
            version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 0x0A)[0]
            if version < _WORD_97 or flags & _ENCRYPTED:
                raise TextWaitsError(f"Tệp «{name}» của Word 6, 95 hoặc có mật khẩu.")
            table = _stream(parts, "1Table" if flags & _TABLE_ONE else "0Table", name)
        length = struct.unpack_from("<I", main, _CCP_TEXT)[0]
        at, size = struct.unpack_from("<II", main, _FC_CLX)
        pieces = _pieces(main, table[at : at + size], min(length, MOST_LETTERS))
        return _shown(_marked(pieces, Paragraphs(main, table)))
    except (TextWaitsError, ExtractionError):
        raise
    except (OSError, ValueError, TypeError, struct.error, IndexError) as error:  # TypeError: a folder for a stream
        raise ExtractionError(f"Tệp Word «{name}» hỏng: không đọc được bảng đoạn chữ.") from error


def _stream(parts: olefile.OleFileIO, stream: str, name: str) -> bytes:
    if not parts.exists(stream) or parts.get_size(stream) > LIMIT:
        raise ExtractionError(f"Tệp Word «{name}» hỏng: thiếu hoặc quá lớn phần {stream}.")
    content: bytes = parts.openstream(stream).read(LIMIT)
    return content


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text, where its first letter lies in the main stream, and the bytes of a letter."""

    text: str
    start: int
    width: int


def _pieces(main: bytes, clx: bytes, length: int) -> list[_Piece]:
    """The pieces in their order."""
    at = 0
    while clx[at] == 0x01:  # changes of format before the table
        at += 3 + struct.unpack_from("<h", clx, at + 1)[0]
    if clx[at] != 0x02:
        raise ValueError("no table of pieces")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    table = clx[at + 5 : at + 5 + size]
    count = (len(table) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table)
    found: list[_Piece] = []
    for n in range(count):
        first, last = places[n], min(places[n + 1], length)
        if last <= first:
            continue
        start = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * n + 2)[0]
        if start & _COMPRESSED:
            begin = (start & ~_COMPRESSED) // 2
            found.append(_Piece(main[begin : begin + last - first].decode("cp1252", "replace"), begin, 1))
        else:
            text = main[start : start + 2 * (last - first)].decode("utf-16-le", "replace")
            found.append(_Piece(text, start, 2))
    return found


def _marked(pieces: list[_Piece], paragraphs: Paragraphs) -> str:
    """The text with marks as `read_marked` says; a row that no property tells of ends with two marks of cells."""
    done: list[str] = []
    begun = 0  # where the paragraph in the making begins in `done`
    for piece in pieces:
        at = 0
        for mark in _ENDS.finditer(piece.text):
            done.append(piece.text[at : mark.start()])
            at = mark.end()
            kind = paragraphs.at(piece.start + mark.start() * piece.width)
            if kind.heading and not kind.in_table:
                done.insert(begun, HEADING * min(kind.heading, 6))
            told = kind.in_table or kind.ends_row
            twice = not told and mark[0] == CELL and done[-2:] == [CELL, ""]
            if mark[0] == CELL:
                done.append(ROW if kind.ends_row or twice else CELL)
            else:
                done.append(WITHIN if kind.in_table else "\r")
            begun = len(done)
        done.append(piece.text[at:])
    return "".join(done)


def _shown(text: str) -> str:
    """Without the instructions of fields, with line ends and breaks of our own."""
    kept: list[str] = []
    hidden: list[bool] = []  # of each open field: whether its instruction is being read
    for letter in text:
        if letter == _FIELD:
            hidden.append(True)
        elif letter == _RESULT and hidden:
            hidden[-1] = False
        elif letter == _FIELD_END and hidden:
            hidden.pop()
        elif not any(hidden):
            kept.append(letter)
    return "".join(kept).translate(_MARKS)
