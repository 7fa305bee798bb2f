"""Word boxes: what is stored comes back, and words become rectangles line by line."""

import json
from dataclasses import replace

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.boxes import DECODED_LIMIT, UNTOLD, BoxesError, Line, PageBoxes, Rect, build, decode, encode, rectangles

numbers = st.integers(0, 20_000)
lines = st.builds(Line, numbers, numbers, st.lists(st.tuples(numbers, numbers), max_size=8).map(tuple))
pages = st.builds(PageBoxes, st.integers(1, 20_000), st.integers(1, 20_000), st.lists(lines, max_size=8).map(tuple))

TWO_LINES = PageBoxes(1000, 500, (Line(10, 20, ((50, 30), (90, 40))), Line(40, 22, ((20, 60), (85, 10), (100, 70)))))


@given(pages)
def test_what_is_stored_comes_back(boxes: PageBoxes) -> None:
    assert decode(encode(boxes)) == boxes


@given(
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.lists(st.lists(st.tuples(*[st.floats(-1e9, 1e9)] * 4), max_size=5), max_size=5),
)
def test_built_boxes_lie_inside_the_page_and_none_is_lost(
    width: int, height: int, words: list[list[tuple[float, float, float, float]]]
) -> None:
    boxes = build(width, height, words)
    assert boxes.count == sum(map(len, words))
    for word in range(boxes.count):
        (rect,) = rectangles(boxes, word, word)
        assert 0 <= rect.x < rect.x + rect.w <= width
        assert 0 <= rect.y < rect.y + rect.h <= height


def test_a_phrase_over_a_line_break_is_two_rectangles() -> None:
    assert rectangles(TWO_LINES, 1, 3) == [Rect(90, 10, 40, 20), Rect(20, 40, 75, 22)]
    assert rectangles(TWO_LINES, 3, 4) == [Rect(85, 40, 85, 22)]
    assert rectangles(TWO_LINES, 5, 9) == []
    assert rectangles(TWO_LINES, 2, 1) == []
    assert rectangles(TWO_LINES, -3, 0) == [Rect(50, 10, 30, 20)]


SURE = replace(TWO_LINES, confidence=(97, 40, UNTOLD, 100, 0))


def test_how_sure_the_machine_was_is_kept_and_pages_stored_before_stay_readable() -> None:
    assert decode(encode(SURE)) == SURE
    assert decode(encode(SURE.scaled(500, 250))).confidence == SURE.confidence
    older = [1, 1000, 500, [[10, 20, 50, 30, 10, 40], [40, 22, 20, 60, 5, 10, 5, 70]]]
    assert decode(zstandard.compress(json.dumps(older).encode())) == TWO_LINES
    # Where nothing is known nothing is stored: such a page is what it was
    assert encode(replace(TWO_LINES, confidence=(UNTOLD,) * 5)) == encode(TWO_LINES)


@pytest.mark.parametrize("confidence", [[97, 40], [97, 40, 101, 0, 0], [97, 40, -2, 0, 0], [97, 40, 0.5, 0, 0], None])
def test_confidences_that_do_not_fit_the_words_are_refused(confidence: object) -> None:
    stored = json.loads(zstandard.decompress(encode(SURE), max_output_size=10_000))
    with pytest.raises(BoxesError, match="sai dạng"):
        decode(zstandard.compress(json.dumps([*stored[:-1], confidence]).encode()))


def test_scaling_keeps_the_words_and_the_proportions() -> None:
    half = TWO_LINES.scaled(500, 250)
    assert (half.width, half.height, half.count) == (500, 250, 5)
    assert rectangles(half, 0, 1) == [Rect(25, 5, 40, 10)]
    assert TWO_LINES.scaled(1000, 500) is TWO_LINES


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"not zstd",
        encode(TWO_LINES)[:-4],
        zstandard.compress(b"[]"),
        zstandard.compress(b"[1,10,10,[[1,2,3]]]"),
        zstandard.compress(b"[1,10,10,[[1,2,true,3]]]"),
        zstandard.compress(b"[1,10.5,10,[]]"),
        zstandard.compress(b"[2,10,10,[]]"),
        zstandard.compress(b'{"a":1}'),
        zstandard.compress(b"[" * 100_000),
    ],
)
def test_damaged_boxes_are_refused(stored: bytes) -> None:
    with pytest.raises(BoxesError, match="hỏng"):
        decode(stored)


def test_boxes_that_unfold_too_far_are_refused() -> None:
    bomb = json.dumps([1, 10, 10, [[1, 1]]]).encode() + b" " * DECODED_LIMIT
    stored = zstandard.compress(bomb)
    assert len(stored) < 2_000
    with pytest.raises(BoxesError, match="quá lớn"):
        decode(stored)


def test_a_page_without_size_has_no_boxes() -> None:
    with pytest.raises(ValueError, match="khổ trang"):
        build(0, 100, [])
