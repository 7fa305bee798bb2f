"""What a reader is told about how a question was taken."""

import pytest

from search.criteria import Criteria
from search.explaining import explain
from search.matching import WIDEST
from search.understanding import understand


def codes(q: str, widening: int = 0) -> list[str]:
    return [one.code for one in explain(understand(Criteria(q=q)), widening)]


@pytest.mark.parametrize("q", ["quyet dinh giao dat", '"giao dat"', "ban do dat 1998 xa tinh khe"])
def test_marks_left_off_are_told(q: str) -> None:
    assert codes(q) == ["unmarked"]


@pytest.mark.parametrize("q", ["", "giao đất", "1077/qd-ubnd", "1998", "1996-1999", "QĐ", "nam:1998"])
def test_nothing_to_tell(q: str) -> None:
    assert codes(q) == []


def test_each_step_of_widening_has_its_words() -> None:
    told = [explain(understand(Criteria(q="giao đất")), step)[0] for step in (1, WIDEST)]
    assert {one.code for one in told} == {"widened"}
    assert len({one.vi for one in told} | {one.en for one in told}) == 4


def test_other_marks_are_told_where_short_questions_with_marks_find_nothing() -> None:
    def first(q: str) -> str:
        return explain(understand(Criteria(q=q)), 1)[0].en

    assert "other marks" in first("bạn")
    assert first("đê biển") == first("bạn")
    assert "half" in first("giao dat")
    assert "half" in first("quyết định giao đất rừng")


@pytest.mark.parametrize("q", ["Kon Tum", "kon tum", "UB", "UBKCHC", "web"])
def test_words_that_have_no_marks_to_leave_out_are_not_told(q: str) -> None:
    assert codes(q) == []


def test_marks_left_off_are_undone_by_asking_as_typed() -> None:
    typed = Criteria(q="giao dat")
    (told,) = explain(understand(typed), 0, typed)
    assert told.undo == Criteria(q="giao dat", verbatim=("unmarked",))
    assert explain(understand(typed), 0, told.undo) == ()


def test_widening_is_undone_by_asking_as_typed() -> None:
    (told,) = explain(understand(Criteria(q="giao đất")), 1, Criteria(q="giao đất"))
    assert told.undo == Criteria(q="giao đất", verbatim=("widened",))
