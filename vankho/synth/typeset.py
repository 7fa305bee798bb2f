"""Sets a draft in type on A4 sheets (150 dots an inch): which word stands where, in which block and line.

Positions are in layout units: as high as the image's pixels, and wider by `1 / SQUEEZE`, since the letters of DejaVu
Serif are wider than a typewriter's or a printer's; the scan squeezes them.
"""

import importlib.util
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from random import Random

from PIL import ImageFont

from vankho.synth.draft import Block, Draft

WIDTH, HEIGHT, SQUEEZE = 1240, 1754, 0.80
LAYOUT = round(WIDTH / SQUEEZE)
LEFT, RIGHT, TOP, BOTTOM = 185 / SQUEEZE, 1135 / SQUEEZE, 128, 1640
OFFICE_AXIS, STATE_AXIS = 390 / SQUEEZE, 838 / SQUEEZE
SIGN_AXIS = 850 / SQUEEZE
FOOT = 330  # what recipients and signature take
_FACES = {
    "roman": "DejaVuSerif",
    "bold": "DejaVuSerif-Bold",
    "italic": "DejaVuSerif-Italic",
    "hand": "DejaVuSans-Oblique",
}


@dataclass(slots=True)
class Word:
    """One printed word: text, left end and base line in layout units, face and size, block and line it belongs to."""

    text: str
    x: float
    y: float
    face: str
    size: int
    block: int
    line: int
    red: bool = False


@dataclass(slots=True)
class Sheet:
    """One page: words in reading order, ruled lines (x0, y0, x1, y1), and where signature, stamp and sketch stand."""

    words: list[Word] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    signature: tuple[float, float] | None = None
    stamp: tuple[float, float] | None = None
    sketch: tuple[float, float, float, float] | None = None
    first: bool = False
    margin: float = 260  # where stamps and notes of readers find room: below the head


@cache
def load_face(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A face from the fonts inside the matplotlib wheel (`requirements-fonts.txt`); RuntimeError if it is missing."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("Thiếu phông chữ: cài bằng `pip install --no-deps -r requirements-fonts.txt`.")
    path = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / f"{_FACES[face]}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=65536)
def measure(text: str, face: str, size: int) -> float:
    """Advance width of a word in layout units."""
    return float(load_face(face, size).getlength(text))


class _Setter:
    """Puts paragraphs one below the other and begins a new sheet when one is full."""

    def __init__(self, pitch: int) -> None:
        self.sheets = [Sheet(first=True)]
        self.pitch = pitch
        self.y: float = TOP
        self.block = self.line = 0

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def room(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self.sheets.append(Sheet())
            self.y = TOP - 30
            self.block += 1
            self.centre(str(len(self.sheets)), LAYOUT / 2, "roman", 22)
            self.y += 30

    def put(self, words: list[str], x: float, face: str, size: int, gap: float, bold: int = 0) -> None:
        """One line from `x`, the first `bold` words in bold."""
        self.line += 1
        for number, word in enumerate(words):
            own = "bold" if number < bold else face
            self.sheet.words.append(Word(word, x, self.y, own, size, self.block, self.line))
            x += measure(word, own, size) + gap

    def centre(self, text: str, axis: float, face: str, size: int, width: float = 2000) -> tuple[float, float]:
        """One centred paragraph; gives the ends of its last line."""
        ends = (axis, axis)
        space = measure(" ", face, size)
        lines = _break(text.split(), face, size, width, width)
        if len(lines) > 1:  # lines of about the same length, not one word alone on the last
            whole = sum(measure(w, face, size) + space for w in text.split())
            even = min(width, whole / len(lines) * 1.12 + 20)
            lines = min(
                lines, _break(text.split(), face, size, even, even), key=lambda found: (len(found), found is lines)
            )
        for line in lines:
            length = sum(measure(w, face, size) for w in line) + space * (len(line) - 1)
            ends = (axis - length / 2, axis + length / 2)
            self.put(line, ends[0], face, size, space)
            self.y += size * 1.4
        return ends

    def paragraph(
        self, text: str, face: str, size: int, *, indent: float, right: float = RIGHT, bold: int = 0, keep: float = 0
    ) -> None:
        """One justified paragraph, its first `bold` words in bold; it stays whole with `keep` units below it."""
        space, left = measure(" ", face, size), LEFT
        lines = _break(text.split(), face, size, right - left - indent, right - left)
        if keep:
            self.room(len(lines) * self.pitch + keep)
        self.block += 1
        for number, line in enumerate(lines):
            self.room(self.pitch)
            x = left + (indent if number == 0 else 0)
            gap = space
            if number < len(lines) - 1 and len(line) > 1:
                strong = bold if number == 0 else 0
                taken = sum(measure(w, "bold" if n < strong else face, size) for n, w in enumerate(line))
                gap = (right - x - taken) / (len(line) - 1)
            self.put(line, x, face, size, gap, bold if number == 0 else 0)
            self.y += self.pitch


def _break(words: list[str], face: str, size: int, first: float, width: float) -> list[list[str]]:
    lines: list[list[str]] = []
    space, room = measure(" ", face, size), -1.0
    for word in words:
        length = measure(word, face, size)
        if lines and length + space <= room:
            lines[-1].append(word)
            room -= length + space
        else:
            room = (width if lines else first) - length
            lines.append([word])
    return lines


def set_draft(draft: Draft, limit: int, rng: Random) -> list[Sheet]:
    """A draft on at most `limit` sheets: set closer, and shortened where it must be, rather than cut in a sentence."""
    blocks, pitch = list(draft.blocks), rng.choice((38, 37, 36))
    while True:
        sheets = _set(draft, blocks, pitch)
        optional = [b for b in blocks[2:-1] if b.style in ("para", "ground", "person")]
        optional = [b for b in optional if b.spare] or optional
        if len(sheets) <= limit or (pitch <= 33 and not optional):
            return sheets[:limit]
        if pitch > 34:
            pitch -= 2
        else:
            blocks.remove(optional[-1])


def _set(draft: Draft, blocks: list[Block], pitch: int) -> list[Sheet]:
    setter = _Setter(pitch)
    _set_head(setter, draft)
    if draft.title:
        setter.block += 1
        setter.centre(draft.title, LAYOUT / 2, "bold", 27)
        ends = setter.centre(draft.subject, LAYOUT / 2, "bold", 24, 850 / SQUEEZE)
        middle = (ends[0] + ends[1]) / 2
        setter.sheet.rules.append((middle - 90, setter.y - 14, middle + 90, setter.y - 14))
        setter.y += 30
    for block in blocks:
        if block.style in ("centre", "to"):
            setter.y += 10
            setter.room(3 * pitch)
            setter.block += 1
            setter.centre(block.text, LAYOUT / 2, "bold" if block.style == "centre" else "roman", 24, 820 / SQUEEZE)
            setter.y += 14
        else:
            face = "bold" if block.style == "heading" else "italic" if block.style == "ground" else "roman"
            bold = 2 if block.style == "article" else 0
            setter.paragraph(block.text, face, 24, indent=70, bold=bold, keep=FOOT if block is blocks[-1] else 0)
            setter.y += 7
    _set_foot(setter, draft)
    return setter.sheets


def _set_head(setter: _Setter, draft: Draft) -> None:
    column = 385 / SQUEEZE
    setter.block += 1
    if draft.office_above:
        setter.centre(draft.office_above, OFFICE_AXIS, "roman", 22, column)
    ends = (OFFICE_AXIS, OFFICE_AXIS)
    for line in draft.office_lines:
        ends = setter.centre(line, OFFICE_AXIS, "bold", 23, column)
    if draft.office_lines:
        half = min(80.0, (ends[1] - ends[0]) / 3)
        setter.sheet.rules.append((OFFICE_AXIS - half, setter.y - 18, OFFICE_AXIS + half, setter.y - 18))
    setter.y += 14
    if draft.number:
        setter.block += 1
        setter.centre(draft.number, OFFICE_AXIS, "roman", 23)
    if not draft.title:
        setter.block += 1
        setter.centre(draft.subject, OFFICE_AXIS, "italic", 20, column)
    if draft.stamp:
        setter.block += 1
        setter.y += 22
        setter.centre(draft.stamp, OFFICE_AXIS, "bold", 34)
        setter.sheet.words[-1].red = True
        setter.sheet.stamp = (OFFICE_AXIS, setter.sheet.words[-1].y - 13)
    bottom, setter.y = setter.y, TOP
    setter.block += 1
    setter.centre(draft.state, STATE_AXIS, "bold", 22, 520 / SQUEEZE)
    ends = setter.centre(draft.motto, STATE_AXIS, "bold", 23)
    setter.sheet.rules.append((ends[0] + 6, setter.y - 20, ends[1] - 6, setter.y - 20))
    setter.y += 14
    setter.block += 1
    setter.centre(draft.place_date, STATE_AXIS, "italic", 23)
    setter.y = max(setter.y, bottom) + 44
    setter.sheet.margin = setter.y - 40
    if draft.registry or draft.note:
        setter.y += 96


def _set_foot(setter: _Setter, draft: Draft) -> None:
    setter.room(FOOT)
    setter.y += 24
    top = setter.y
    if draft.recipients:
        setter.block += 1
        setter.put(["Nơi", "nhận:"], LEFT, "italic", 21, measure(" ", "italic", 21))
        setter.y += 30
        for line in draft.recipients:
            setter.paragraph(line, "roman", 18, indent=0, right=LEFT + 400)
            setter.y += 27 - setter.pitch
    low, setter.y = setter.y, top
    setter.block += 1
    for line in draft.signature:
        setter.centre(line, SIGN_AXIS, "bold", 22, 480 / SQUEEZE)
    setter.sheet.signature = (SIGN_AXIS, setter.y + 52)
    setter.y += 132
    setter.block += 1
    setter.centre(draft.signer, SIGN_AXIS, "bold", 23)
    setter.y = max(setter.y, low)


def set_annex(draft: Draft, table: list[tuple[str, ...]], number: int) -> Sheet:
    """A sheet with a ruled list: the annex of a land or relief document."""
    setter = _Setter(34)
    setter.sheet.first = False
    setter.centre(f"PHỤ LỤC {number}", LAYOUT / 2, "bold", 25)
    setter.centre(f"Danh sách kèm theo {draft.number or draft.title}", LAYOUT / 2, "italic", 22, 800 / SQUEEZE)
    setter.y += 34
    edges = [LEFT, LEFT + 90, LEFT + 480, LEFT + 740, LEFT + 920, RIGHT]
    top, height = setter.y - 28, 42
    for at, row in enumerate(table):
        for column, cell in enumerate(row):
            setter.block += 1
            face = "bold" if at == 0 else "roman"
            setter.put(cell.split(), edges[column] + 12, face, 19 if at == 0 else 21, measure(" ", face, 20))
        setter.y += height
        setter.sheet.rules.append((LEFT, top + height * at, RIGHT, top + height * at))
    end = top + height * len(table)
    setter.sheet.rules.append((LEFT, end, RIGHT, end))
    setter.sheet.rules += [(x, top, x, end) for x in edges]
    return setter.sheet


def set_sketch(draft: Draft, place: str, area: str, number: int) -> Sheet:
    """A sheet with the sketch of plots that a land decision carries; the scan draws the plots into `sketch`."""
    setter = _Setter(34)
    setter.sheet.first = False
    setter.centre("SƠ ĐỒ TRÍCH ĐO KHU ĐẤT", LAYOUT / 2, "bold", 26)
    setter.centre(place, LAYOUT / 2, "roman", 23, 800 / SQUEEZE)
    setter.centre(f"Diện tích: {area} - Tỷ lệ 1/1000 - Tờ số {number}", LAYOUT / 2, "italic", 22)
    setter.y += 30
    setter.sheet.sketch = (LEFT, setter.y, RIGHT, 1420)
    setter.y = 1475
    setter.block += 1
    setter.centre("NGƯỜI ĐO VẼ", LEFT + 200, "bold", 22)
    setter.y = 1475
    setter.block += 1
    setter.centre("XÁC NHẬN CỦA ĐỊA PHƯƠNG", SIGN_AXIS, "bold", 22)
    setter.sheet.signature = (SIGN_AXIS, 1540)
    return setter.sheet
