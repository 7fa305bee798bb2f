"""What the paragraphs of a .doc are: headings, cells and rows of tables ([MS-DOC] 2.8.5, 2.9.176, 2.6.2).

Sought by where their marks lie in the file.  A damaged table of properties says nothing of its paragraphs.
"""

import struct
from bisect import bisect_right
from dataclasses import dataclass

_FC_BTE_PAPX = 0x9A + 13 * 8
_PAGE = 512
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG = 0xD608  # defines the columns: two bytes of length
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The level of a heading (1 to 9, 0 for none), whether it lies in a table, and whether its mark ends a row."""

    heading: int = 0
    in_table: bool = False
    ends_row: bool = False


PLAIN = Paragraph()


class Paragraphs:
    """The paragraphs of a file by the place of a letter of theirs in the main stream."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._starts: list[int] = []
        self._found: list[tuple[int, Paragraph]] = []  # end, what it is
        try:
            at, size = struct.unpack_from("<II", main, _FC_BTE_PAPX)
            count = min((size - 4) // 8, MOST_PAGES)
            pages = struct.unpack_from(f"<{max(count, 0)}I", table, at + 4 * (count + 1)) if count > 0 else ()
        except struct.error:
            return
        for page in pages:
            start = (page & 0x3FFFFF) * _PAGE
            self._read(main[start : start + _PAGE])
        order = sorted(range(len(self._starts)), key=self._starts.__getitem__)
        self._starts, self._found = [self._starts[n] for n in order], [self._found[n] for n in order]

    def at(self, place: int) -> Paragraph:
        """What the paragraph at that place is."""
        n = bisect_right(self._starts, place) - 1
        return self._found[n][1] if n >= 0 and place < self._found[n][0] else PLAIN

    def _read(self, page: bytes) -> None:
        if len(page) < _PAGE:
            return
        count = page[-1]
        if not 1 <= count <= 29:
            return
        places = struct.unpack_from(f"<{count + 1}I", page)
        for n in range(count):
            where = page[4 * (count + 1) + 13 * n] * 2
            self._starts.append(places[n])
            self._found.append((places[n + 1], _properties(page, where) if where else PLAIN))


def _properties(page: bytes, at: int) -> Paragraph:
    try:
        size = page[at] * 2 - 1
        at += 1
        if size < 0:
            size, at = page[at] * 2, at + 1
        body = page[at : at + size]
        (style,) = struct.unpack_from("<H", body)
        in_table = ends_row = False
        at = 2
        while at + 3 <= len(body):
            (operation,) = struct.unpack_from("<H", body, at)
            at += 2
            if operation == _IN_TABLE:
                in_table = body[at] != 0
            elif operation == _ROW_END:
                ends_row = body[at] != 0
            kind = operation >> 13
            if kind != 6:
                at += _SIZES[kind]
            else:
                at += struct.unpack_from("<H", body, at)[0] + 1 if operation == _LONG else body[at] + 1
    except (struct.error, IndexError):
        return PLAIN
    return Paragraph(style if 1 <= style <= 9 else 0, in_table, ends_row)
