"""A searchable PDF: each page is its image, its words lie over it unseen, so that they are found, marked and copied.

Written as a stream, page by page: no library that we found writes a file of a thousand pages without holding them all.
The words are in Type 3 fonts without strokes (ISO 32000-1, 9.6.5), one for 256 letters of Unicode: no font is embedded.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.boxes import PageBoxes

POINTS_ACROSS = 595.276  # A4: how large the paper was is not known
_ADVANCE = 0.5  # width of each letter, in heights of a line
_LAST = 0xFFFF  # letters beyond the first plane are replaced
_REPLACED = 0xFFFD


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its image as JPEG (None: an empty sheet), its size in pixels, whether it is grey, its text, where the
    words of the text stand (None: not known; any unit, over the whole page)."""

    jpeg: bytes | None
    width: int
    height: int
    grey: bool
    text: str
    boxes: PageBoxes | None


def write_pdf(leaves: Iterable[Leaf], title: str) -> Iterator[bytes]:
    """The file in pieces; a piece holds at most one page.  Without a leaf it has no pages, which readers refuse."""
    return _Writer(title).pieces(leaves)


class _Writer:
    """Objects 1 to 4 are catalogue, page tree, resources, description; their content is known at the end only."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._at = 0
        self._places: dict[int, int] = {}
        self._next = 5
        self._pages: list[int] = []
        self._blocks: set[int] = set()

    def pieces(self, leaves: Iterable[Leaf]) -> Iterator[bytes]:
        yield self._told(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        for leaf in leaves:
            yield self._page(leaf)
        yield self._end()

    def _page(self, leaf: Leaf) -> bytes:
        across, down = POINTS_ACROSS, POINTS_ACROSS * leaf.height / max(leaf.width, 1)
        written, image = b"", ""
        drawn = ""
        if leaf.jpeg is not None:
            own = self._number()
            space = "/DeviceGray" if leaf.grey else "/DeviceRGB"
            head = f"/Type/XObject/Subtype/Image/Width {leaf.width}/Height {leaf.height}/ColorSpace{space}"
            written += self._stream(own, f"{head}/BitsPerComponent 8/Filter/DCTDecode", leaf.jpeg)
            image, drawn = f"/XObject<</I {own} 0 R>>", f"q {across:.2f} 0 0 {down:.2f} 0 0 cm /I Do Q\n"
        content = self._number()
        body = zlib.compress((drawn + self._words(leaf, across, down)).encode("ascii"))
        written += self._stream(content, "/Filter/FlateDecode", body)
        page = self._number()
        self._pages.append(page)
        # Fonts are shared by all pages, the image is the page's own
        resources = f"<</Font 3 0 R{image}>>"
        size = f"/MediaBox[0 0 {across:.2f} {down:.2f}]"
        told = f"<</Type/Page/Parent 2 0 R{size}/Resources{resources}/Contents {content} 0 R>>"
        return written + self._object(page, told.encode("ascii"))

    def _words(self, leaf: Leaf, across: float, down: float) -> str:
        told = ["BT 3 Tr"]
        for word, (x, y, w, h) in _placed(leaf):
            letters = [c if (c := ord(letter)) <= _LAST else _REPLACED for letter in f"{word} "]
            size, wide = max(h * down, 1.0), max(w * across, 0.5)
            stretch = 100 * wide / (len(word) * _ADVANCE * size)
            told.append(f"{stretch:.2f} Tz 1 0 0 1 {x * across:.2f} {down - (y + h) * down:.2f} Tm")
            start = 0
            while start < len(letters):
                block, end = letters[start] >> 8, start
                while end < len(letters) and letters[end] >> 8 == block:
                    end += 1
                self._blocks.add(block)
                codes = "".join(f"{one & 255:02x}" for one in letters[start:end])
                told.append(f"/F{block} {size:.2f} Tf <{codes}> Tj")
                start = end
        return "\n".join([*told, "ET"])

    def _end(self) -> bytes:
        nothing = self._number()
        # With its box: PDFium (Chromium) leaves letters without a height out of what is marked and copied
        written = self._stream(nothing, "", b"500 0 0 0 500 1000 d1")
        names = "".join(f"/g{n}" for n in range(256))
        strokes = self._number()
        written += self._object(strokes, f"<<{''.join(f'/g{n} {nothing} 0 R' for n in range(256))}>>".encode("ascii"))
        fonts = ""
        for block in sorted(self._blocks):
            meaning, font = self._number(), self._number()
            written += self._stream(meaning, "", _meaning(block))
            told = (
                "<</Type/Font/Subtype/Type3/FontBBox[0 0 500 1000]/FontMatrix[.001 0 0 .001 0 0]"
                f"/FirstChar 0/LastChar 255/Widths[{'500 ' * 256}]"
                f"/Encoding<</Type/Encoding/Differences[0{names}]>>/CharProcs {strokes} 0 R"
                f"/Resources<<>>/ToUnicode {meaning} 0 R>>"
            )
            written += self._object(font, told.encode("ascii"))
            fonts += f"/F{block} {font} 0 R"
        kids = " ".join(f"{one} 0 R" for one in self._pages)
        written += self._object(1, b"<</Type/Catalog/Pages 2 0 R/Lang(vi)/ViewerPreferences<</DisplayDocTitle true>>>>")
        written += self._object(2, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>".encode("ascii"))
        written += self._object(3, f"<<{fonts}>>".encode("ascii"))
        title = f"\N{ZERO WIDTH NO-BREAK SPACE}{self._title}".encode("utf-16-be", "replace").hex()
        written += self._object(4, f"<</Title<{title}>/Producer(Van Kho)>>".encode("ascii"))
        table = "".join(f"{self._places[n]:010d} 00000 n \n" for n in range(1, self._next))
        begins = self._at
        tail = (
            f"xref\n0 {self._next}\n0000000000 65535 f \n{table}trailer\n<</Size {self._next}/Root 1 0 R/Info 4 0 R>>\n"
        )
        return written + f"{tail}startxref\n{begins}\n%%EOF\n".encode("ascii")

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _stream(self, number: int, head: str, data: bytes) -> bytes:
        told = f"<<{head}/Length {len(data)}>>stream\n".encode("ascii")
        return self._object(number, told + data + b"\nendstream")

    def _object(self, number: int, body: bytes) -> bytes:
        self._places[number] = self._at
        return self._told(f"{number} 0 obj\n".encode("ascii") + body + b"\nendobj\n")

    def _told(self, data: bytes) -> bytes:
        self._at += len(data)
        return data


def _placed(leaf: Leaf) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each word with its box in parts of the page; words of which no place is known stand line under line."""
    words = leaf.text.split()
    boxes = leaf.boxes
    if boxes is not None and boxes.count == len(words):
        known = iter(words)
        for line in boxes.lines:
            for x, w in line.words:
                place = (x / boxes.width, line.y / boxes.height, w / boxes.width, line.h / boxes.height)
                yield next(known), place
        return
    rows = [row.split() for row in leaf.text.splitlines() if row.split()]
    down = min(0.9 / max(len(rows), 1), 0.02)
    for at, row in enumerate(rows):
        wide = 0.9 / sum(len(word) + 1 for word in row)
        left = 0.05
        for word in row:
            yield word, (left, 0.05 + at * down, len(word) * wide, down * 0.8)
            left += (len(word) + 1) * wide


def _meaning(block: int) -> bytes:
    """What the 256 codes of a font mean, as a CMap."""
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo "
        f"<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def /CMapName /B{block} def /CMapType 2 def "
        "1 begincodespacerange <00> <FF> endcodespacerange "
        f"1 beginbfrange <00> <FF> <{block:02x}00> endbfrange endcmap "
        "CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
