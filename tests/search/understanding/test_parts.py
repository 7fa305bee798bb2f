"""What a question says of the record: number, type, issuer, period; each told, undone, or asked for alone."""

import pytest

from search.criteria import RECOGNISED, Criteria
from search.results import Explanation
from search.tree import Field, to_text
from search.understanding import MOST_OTHERS, Understood, understand

QUANG_NGAI = frozenset({"51"})


def asked(q: str, **more: object) -> Understood:
    return understand(Criteria(q=q, **more), QUANG_NGAI)  # type: ignore[arg-type]


def told(understood: Understood) -> list[Explanation]:
    return [one for one in understood.explanations if one.code in RECOGNISED]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("1869/QĐ-UB", ["số 1869/QĐ-UB"]),
        ("quyết định số 1869 ngày 24 tháng 9 năm 1998", ["Quyết định số 1869 năm 1998"]),
        ("QĐ 1869 giao đất", ["Quyết định số 1869"]),
        ("nghị định 30/2020", ["Nghị định số 30 năm 2020"]),
        ("thông tư số 05 năm 2026 TT-BCT", ["số 05/2026/TT-BCT", "Thông tư"]),
        ("nghị quyết số 66 năm 2026 NQ-CP", ["số 66/2026/NQ-CP", "Nghị quyết"]),
        ("QĐ1869", ["Quyết định số 1869"]),
        ("１８６９／QĐ－UB", ["số 1869/QĐ-UB"]),
        ("number:1869", ["số 1869"]),
        ("249/2025", ["số 249 năm 2025"]),
        ("quyết  định giao đất", ["Quyết định"]),
        ("quyet dinh giao dat 1998", ["Quyết định", "năm 1998"]),
        ("tờ trình của UBND huyện Sơn Tịnh ngày 24/9/1998", ["Tờ trình", "UBND huyện Sơn Tịnh", "ngày 24/9/1998"]),
        ("sở địa chính tỉnh Quảng Ngãi 1996-1999", ["sở địa chính tỉnh Quảng Ngãi", "năm 1996–1999"]),
        ("ubnd tỉnh trước 1975", ["ubnd tỉnh", "đến hết năm 1974"]),
        ("biên bản tháng 8/1998", ["Biên bản", "tháng 8/1998"]),
        ("nghị quyết từ năm 2020 đến nay", ["Nghị quyết", "từ năm 2020"]),
        ("biên bản trước ngày 30/4/1975", ["Biên bản", "trước ngày 30/4/1975"]),
        ("biên bản sau ngày 30/4/1975", ["Biên bản", "từ ngày 01/5/1975"]),
        ("biên bản từ ngày 24/9/1998 tới ngày 30/9/1998", ["Biên bản", "từ 24/9/1998 đến 30/9/1998"]),
        ("biên bản tháng tám năm 1998", ["Biên bản", "tháng 8/1998"]),
        ("việt nam 98", []),
        ("giao đất", []),
        ("UBND", []),  # nobody by itself
        ("UB tỉnh", ["UB tỉnh"]),
        ("HĐND tỉnh nghị quyết", ["Nghị quyết", "HĐND tỉnh"]),
        ("nghị định 30-CP", ["số 30-CP", "Nghị định"]),
        ("UB", []),
        ('"quyết định 1998"', []),  # in quotes: just so
        ("giao đất -1998", []),
        ("giao đất OR 1998", []),
        ("1077 hộ dân", []),
        ("105 2025 UBTVQH15", []),  # a number without its signs
        ("Quyết định hành chính bị khiếu nại được quy định như thế nào?", []),  # a sentence about decisions
        ("cơ sở y tế tư nhân", []),
    ],
)
def test_what_is_recognised(q: str, expected: list[str]) -> None:
    assert [one.vi for one in told(asked(q))] == expected


def test_each_part_is_undone_alone() -> None:
    q = "tờ trình của UBND huyện Sơn Tịnh năm 1998"
    parts = told(asked(q))
    for part in parts:
        assert part.undo is not None
        assert part.undo.verbatim == (part.code,)
        left = understand(part.undo, QUANG_NGAI)
        assert [one.code for one in told(left)] == [one.code for one in parts if one.code != part.code]
        assert part.code not in {field.name for field in left.leaning}


def test_a_number_taken_as_typed_carries_nothing() -> None:
    number = asked("1869/QĐ-UB")
    (part,) = told(number)
    assert number.numbered == "1869/QĐ-UB"
    assert part.undo is not None
    assert understand(part.undo).numbered == ""


def test_each_part_can_be_asked_for_alone() -> None:
    q = "tờ trình của UBND huyện Sơn Tịnh về giao đất năm 1998"
    narrowed = {one.code: one.only for one in told(asked(q))}
    assert narrowed == {
        "type": Criteria(q='loại:"tờ trình" của UBND huyện Sơn Tịnh về giao đất năm 1998'),
        "issuer": Criteria(q='tờ trình của cơ-quan:"UBND huyện Sơn Tịnh" về giao đất năm 1998'),
        "year": Criteria(q="tờ trình của UBND huyện Sơn Tịnh về giao đất", date_from="1998", date_to="1998"),
    }
    (day,) = (one.only for one in told(asked("giao đất ngày 24/9/1998")))
    assert day == Criteria(q="giao đất", date_from="1998-09-24", date_to="1998-09-24")
    (before,) = (one.only for one in told(asked("giao đất trước ngày 30/4/1975")))
    assert before == Criteria(q="giao đất", date_to="1975-04-29")


@pytest.mark.parametrize(
    ("q", "reading"),
    [
        ("giao đất 1998", "giao đất năm:1998"),
        ("quyết định giao đất 1998", 'giao đất loại:"quyết định" năm:1998'),
        ("năm 1998", "năm:1998"),
        ('"giao đất" trước 1975', '"giao đất" năm:"-1974"'),
        ("thập niên 80", 'năm:"1980-1989"'),
        ("trước ngày 30/4/1975", 'năm:"-1975"'),
        ("giao đất năm 98", "giao đất năm:1998"),
        ("từ năm 1996 tới năm 1999", 'năm:"1996-1999"'),
    ],
)
def test_a_period_is_also_asked_of_the_record(q: str, reading: str) -> None:
    assert to_text(asked(q).others[0]) == reading


def test_readings_stay_few_and_that_of_the_period_is_among_them() -> None:
    others = asked("ubnd xã Tịnh Khê năm 1998").others
    assert len(others) == MOST_OTHERS
    assert to_text(others[0]) == "ubnd xã Tịnh Khê năm:1998"


def test_a_question_narrowed_to_a_period_reads_none() -> None:
    assert asked("giao đất 1998", date_from="1990").leaning == ()


def test_what_leans_are_fields() -> None:
    assert asked("tờ trình ubnd xã Tịnh Khê 1998").leaning == (
        Field("type", "tờ trình"),
        Field("issuer", "ubnd xã Tịnh Khê"),
        Field("year", "1998"),
    )


@pytest.mark.parametrize(
    ("q", "readings"),
    [
        ("QĐ1869 giao đất", ['giao đất "1869 QĐ"']),
        ("1869/QĐUB", ['"1869 QĐ UB"']),
        ("1.869/QĐ-UB", ['"1869 QĐ UB"']),
        ("1869/QĐ-UB", []),
        ("1869 qd ub", []),
        ("quyết định số 1869", []),
        ("thông tư số 05 năm 2026 TT-BCT", []),
    ],
)
def test_a_number_whose_words_hang_together_is_also_asked_as_papers_write_it(q: str, readings: list[str]) -> None:
    found = understand(Criteria(q=q, verbatim=("abbreviations", "type", "year"))).others
    assert [to_text(one) for one in found] == readings
