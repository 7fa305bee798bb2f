"""Word boxes of a page, kept outside the index and found by word number.

The n-th whitespace-separated token of a page's text owns the n-th box, counted from 0 through the lines
in reading order. Boxes are stored by line: every line keeps one top and height, every word its gap from the
word before and its width. That loses the tops of single words, which nobody sees in a highlight, and makes
the stored form a third of a plain list.

How sure the machine was of each word stands beside the boxes (form 2); pages that were stored before that (form 1), and
those of sources that do not tell, have none.
"""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import zstandard

DECODED_LIMIT = 8 * 1024 * 1024
"""Most bytes that one page's boxes may unfold to."""

LONGEST_SIDE = 1_000_000
"""Largest width or height of a page, in its own units."""

UNTOLD = -1
"""Stands for the confidence of a word of which nothing is known: a person wrote it, or the source did not tell."""

_FORM, _FORM_WITH_CONFIDENCE = 1, 2
_LEVEL = 9


class BoxesError(ValueError):
    """The stored boxes of a page cannot be read; the message is Vietnamese."""


class Rect(NamedTuple):
    """A rectangle in the page's units, from the top left corner."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words: its top and height, and left edge and width of each word in reading order."""

    y: int
    h: int
    words: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """All word boxes of a page that is `width` x `height` units (pixels of the page image, as a rule).

    `confidence` has a percentage (0..100) or UNTOLD for each word, or is empty where no word's is known.
    """

    width: int
    height: int
    lines: tuple[Line, ...]
    confidence: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Number of words."""
        return sum(len(line.words) for line in self.lines)

    def scaled(self, width: int, height: int) -> "PageBoxes":
        """The same boxes on a page of another size; rounding never leaves the page."""
        if (width, height) == (self.width, self.height):
            return self
        across, down = width / self.width, height / self.height
        return build(
            width,
            height,
            (
                [(x * across, line.y * down, (x + w) * across, (line.y + line.h) * down) for x, w in line.words]
                for line in self.lines
            ),
            self.confidence,
        )


def build(
    width: int,
    height: int,
    lines: Iterable[Iterable[tuple[float, float, float, float]]],
    confidence: Iterable[int] = (),
) -> PageBoxes:
    """Boxes from words given as (left, top, right, bottom), line by line, and the confidence of each word if known.

    Edges are rounded and pulled inside the page; a word never gets narrower than one unit, so that every
    word keeps a box. Lines without words vanish. Raises ValueError if the page has no size.
    """
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise ValueError(f"khổ trang không hợp lệ: {width} x {height}")
    made = tuple(_line(width, height, words) for line in lines if (words := list(line)))
    return PageBoxes(width, height, made, tuple(confidence))


def _line(width: int, height: int, words: list[tuple[float, float, float, float]]) -> Line:
    top, bottom = _span(min(w[1] for w in words), max(w[3] for w in words), height)
    spans = (_span(left, right, width) for left, _, right, _ in words)
    return Line(top, bottom - top, tuple((left, right - left) for left, right in spans))


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """A stretch of at least one unit inside 0..size."""
    # Clamping comes before rounding: float infinities from hostile numbers cannot be rounded.
    start = round(min(max(low, 0.0), size - 1.0))
    return start, max(round(min(max(high, 0.0), float(size))), start + 1)


def encode(boxes: PageBoxes) -> bytes:
    """The stored form: compact JSON `[form, width, height, [[y, h, gap, w, gap, w, ...], ...]]`, zstd; in form 2 the
    list of confidences after it."""
    lines = []
    for line in boxes.lines:
        numbers, edge = [line.y, line.h], 0
        for x, w in line.words:
            numbers += (x - edge, w)
            edge = x + w
        lines.append(numbers)
    told: list[object] = [_FORM, boxes.width, boxes.height, lines]
    if any(one != UNTOLD for one in boxes.confidence):
        told = [_FORM_WITH_CONFIDENCE, *told[1:], boxes.confidence]
    text = json.dumps(told, separators=(",", ":"))
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False).compress(text.encode("ascii"))


def decode(data: bytes) -> PageBoxes:
    """The boxes that `encode` stored.

    Raises BoxesError if the bytes are damaged, of another form, or unfold to more than DECODED_LIMIT.
    """
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=DECODED_LIMIT).stream_reader(io.BytesIO(data))
        text = reader.read(DECODED_LIMIT + 1)
    except zstandard.ZstdError as error:
        raise BoxesError("khung từ của trang bị hỏng: không giải nén được") from error
    if len(text) > DECODED_LIMIT:
        raise BoxesError(f"khung từ của trang quá lớn: hơn {DECODED_LIMIT // 2**20} MiB")
    try:
        form, width, height, lines, *more = json.loads(text)
        if (form, len(more)) not in {(_FORM, 0), (_FORM_WITH_CONFIDENCE, 1)}:
            raise ValueError(form)
        boxes = PageBoxes(_number(width), _number(height), tuple(_unfold(numbers) for numbers in lines))
        return replace(boxes, confidence=_read_confidence(more[0], boxes.count)) if more else boxes
    except (ValueError, TypeError, RecursionError) as error:
        raise BoxesError("khung từ của trang bị hỏng: nội dung sai dạng") from error


def _read_confidence(numbers: list[object], words: int) -> tuple[int, ...]:
    found = tuple(_number(n) for n in numbers)
    if len(found) != words or not all(UNTOLD <= n <= 100 for n in found):
        raise ValueError(len(found))
    return found


def _unfold(numbers: list[object]) -> Line:
    if len(numbers) < 2 or len(numbers) % 2:
        raise ValueError(len(numbers))
    y, h, *rest = [_number(n) for n in numbers]
    words, edge = [], 0
    for gap, w in zip(rest[::2], rest[1::2], strict=True):
        words.append((edge + gap, w))
        edge += gap + w
    return Line(y, h, tuple(words))


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def rectangles(boxes: PageBoxes, first_word: int, last_word: int) -> list[Rect]:
    """One rectangle a line for the run of words `first_word`..`last_word` (both included, from 0).

    A phrase over a line break gives two rectangles, never one that covers two whole lines. Words that the
    page does not have are left out; an empty run gives an empty list.
    """
    found, start = [], 0
    for line in boxes.lines:
        run = line.words[max(first_word - start, 0) : max(last_word + 1 - start, 0)]
        if run:
            left, right = min(x for x, _ in run), max(x + w for x, w in run)
            found.append(Rect(left, line.y, right - left, line.h))
        start += len(line.words)
    return found
