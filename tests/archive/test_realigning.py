"""Word boxes after a correction: none is lost or leaves the room of what it replaced; undoing is exact."""

from hypothesis import given
from hypothesis import strategies as st

from archive.boxes import UNTOLD, Line, PageBoxes, Rect, decode, encode, rectangles
from archive.realigning import cut_words, put_words, replace_words

words = st.lists(st.sampled_from(["a", "bb", "ccc", "dddd", "eeeee", "ffffff"]), min_size=1, max_size=7)
PAGE = PageBoxes(
    1000, 500, (Line(10, 20, ((50, 30), (90, 40), (140, 60))), Line(40, 22, ((20, 60), (85, 10)))), (97, 40, 60, 99, 80)
)


def line_of(count: int) -> PageBoxes:
    """A page of one word, ``count`` words of 40 in a line, one word."""
    middle = Line(100, 20, tuple((100 + 50 * n, 40) for n in range(count)))
    return PageBoxes(1000, 500, (Line(10, 20, ((1, 2),)), middle, Line(200, 20, ((3, 4),))), (90,) * (count + 2))


@given(words, words)
def test_every_word_has_a_box_in_the_room_of_the_line_and_undoing_is_exact(old: list[str], new: list[str]) -> None:
    before = line_of(len(old))
    after = replace_words(before, 1, old, new)
    assert after.count == len(new) + 2
    assert (after.lines[0], after.lines[-1]) == (before.lines[0], before.lines[-1])
    edge = 100
    for place in range(1, len(new) + 1):
        (rect,) = rectangles(after, place, place)
        assert (rect.y, rect.h) == (100, 20)
        assert edge <= rect.x < rect.x + rect.w <= 100 + 50 * len(old)
        edge = rect.x  # in their order
    assert after.confidence == (90, *(UNTOLD for _ in new), 90)
    assert decode(encode(after)) == after
    assert put_words(after, 1, len(new), cut_words(before, 1, len(old))) == before


def test_what_stays_keeps_its_box_and_what_came_shares_its_neighbours() -> None:
    one = replace_words(PAGE, 0, ["Căn", "cư", "Luật"], ["Căn", "cứ", "Luật"])
    assert one.lines == PAGE.lines
    assert one.confidence == (UNTOLD, UNTOLD, UNTOLD, 99, 80)
    two = replace_words(PAGE, 0, ["Căn", "cứLuật", "Đất"], ["Căn", "cứ", "Luật", "Đất"])
    assert rectangles(two, 0, 0) == [Rect(50, 10, 30, 20)]
    assert [rect.x for n in (1, 2) for rect in rectangles(two, n, n)] == [90, 107]
    first = replace_words(PAGE, 0, ["b", "c", "d"], ["a", "b", "c", "d"])
    assert [rectangles(first, n, n)[0][:3:2] for n in range(4)] == [(50, 10), (70, 10), (90, 40), (140, 60)]
    gone = replace_words(PAGE, 0, ["b", "c", "d"], ["b", "d"])
    assert [rectangles(gone, n, n)[0].x for n in range(2)] == [50, 140]


def test_a_line_of_text_may_lie_on_two_lines_of_the_paper() -> None:
    made = replace_words(PAGE, 1, ["x", "y", "z"], ["x", "w"])
    assert rectangles(made, 1, 2) == [Rect(90, 10, 110, 20)]
    assert made.count == 4
    assert put_words(made, 1, 2, cut_words(PAGE, 1, 3)) == PAGE
