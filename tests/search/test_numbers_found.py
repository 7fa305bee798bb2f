"""A document's number in a question is one thing: what is found has it, and not only some of its parts."""

import pytest

from search.criteria import Criteria
from search.results import Results
from tests.search.houses import ANYONE, House

pytestmark = pytest.mark.both_databases


@pytest.fixture
def decrees(house: House) -> House:
    """Decrees with parts in common, what cites one of them, and what has parts of the number scattered about."""
    house.fonds("f", "Phông UBND")
    house.record("own", "Về công tác văn thư", under="f", kind="Nghị định", number="30/2020/NĐ-CP")
    house.record("older", "Về công tác lưu trữ", under="f", kind="Nghị định", number="30/2019/NĐ-CP")
    house.record("other", "Về đất đai", under="f", kind="Nghị định", number="43/2020/NĐ-CP")
    house.record("cites", "Báo cáo công tác văn thư", "Thực hiện Nghị định số 30/2020/NĐ-CP của CP", under="f")
    house.record("parts", "Báo cáo", "Năm 2020 có 30 hộ; nghị định 43/NĐ-CP về đất đai", under="f")
    house.record("paper", "Giao đất", under="f", kind="Quyết định", number="1869/QĐ-UB", dates=("1998-09-24",) * 2)
    house.record("later", "Giao rừng", under="f", kind="Quyết định", number="1869/QĐ-UB", dates=("2003-01-02",) * 2)
    house.index()
    return house


def ask(house: House, q: str, **more: object) -> Results:
    return house.gateway.search(ANYONE, Criteria(q=q, level=("document",), **more))  # type: ignore[arg-type]


def ids(results: Results) -> set[str]:
    return {one.id for one in results.hits}


@pytest.mark.parametrize(
    "q", ["30/2020/NĐ-CP", "nghị định 30/2020", "nghi dinh so 30/2020/nd-cp", "Nghị định số 30/2020"]
)
def test_found_is_what_has_the_number_or_says_it(decrees: House, q: str) -> None:
    results = ask(decrees, q)
    assert ids(results) == {"own", "cites"}
    assert results.hits[0].id == "own"
    assert "widened" not in {one.code for one in results.explanations}


def test_a_year_behind_the_number_is_the_year_of_the_paper(decrees: House) -> None:
    assert ids(ask(decrees, "quyết định số 1869 năm 1998")) == {"paper"}
    assert ids(ask(decrees, "quyết định số 1869")) == {"paper", "later"}


def test_other_words_narrow_what_says_the_number_and_never_its_own_record(decrees: House) -> None:
    assert ids(ask(decrees, "báo cáo thực hiện nghị định 30/2020/NĐ-CP")) == {"own", "cites"}
    assert ids(ask(decrees, "đất đai nghị định 30/2020/NĐ-CP")) == {"own"}
    assert ids(ask(decrees, "hộ 30/2020/NĐ-CP đất đai -văn")) == {"parts"}  # what is excluded stays so


def test_where_nothing_has_the_number_it_is_widened_in_told_steps(decrees: House) -> None:
    alike = ask(decrees, "30/2021/NĐ-CP")
    assert ids(alike) == {"own", "older"}
    assert any(one.vi.startswith("Không có tài liệu nào có đúng số này") for one in alike.explanations)
    words = ask(decrees, "đất đai theo nghị định 99/2021/NĐ-CP")
    assert ids(words) >= {"other", "parts"}
    assert any(one.code == "widened" for one in words.explanations)


def test_a_year_said_apart_may_stand_in_no_number(house: House) -> None:
    house.fonds("f", "Phông UBND")
    for own, number, day in (
        ("plain", "13/NQ-CP", "2026-01-16"),
        ("older", "13/NQ-CP", "2024-01-16"),
        ("dated", "66/2025/NQ-CP", "2025-11-15"),
    ):
        house.record(own, "Về ngân quỹ", under="f", kind="Nghị quyết", number=number, dates=(day, day))
    house.index()
    assert ids(ask(house, "nghị quyết số 13 năm 2026 NQ-CP")) == {"plain"}
    assert ids(ask(house, "nghị quyết số 66 năm 2025 NQ-CP")) == {"dated"}


def test_one_part_of_a_number_alone_is_not_shown_instead(decrees: House) -> None:
    assert ids(ask(decrees, "77-CP")) == set()  # "cp" stands in several


def test_a_middling_question_demands_two_pairs_or_all_its_words(house: House) -> None:
    house.fonds("f", "Phông UBND")
    house.record("joint", "Thông tư liên tịch về đất", under="f")
    house.record("one", "Thông tư về đất", under="f")
    house.record("apart", "Tịch thu; liên hệ thông báo, tư liệu", under="f")
    house.index()
    assert ids(ask(house, "thông tư liên tịch", verbatim=("type",))) == {"joint", "apart"}
    for own, wanted in (("joint", "pairs"), ("apart", "all-words")):
        why = house.gateway.why(ANYONE, own, Criteria(q="thông tư liên tịch"))
        assert why is not None
        assert wanted in {one.code for one in why.counted}


def test_a_number_is_narrowed_to_by_what_is_offered(decrees: House) -> None:
    for q in ("30/2020/NĐ-CP", "nghị định 30/2020", "Nghị định số 30/2020/NĐ-CP"):
        only = next(one.only for one in ask(decrees, q).explanations if one.code == "number")
        assert only is not None
        assert ids(ask(decrees, only.q)) == {"own"}, only.q
    quoted = ask(decrees, '"30/2020/NĐ-CP"').explanations
    assert [one.only for one in quoted if one.code == "number"] == [None]


def test_taken_as_typed_a_number_is_words_again(decrees: House) -> None:
    assert "parts" in ids(ask(decrees, "30/2020/NĐ-CP", verbatim=("number",)))


def test_why_says_that_the_number_stands_there(decrees: House) -> None:
    def codes(own: str) -> set[str]:
        why = decrees.gateway.why(ANYONE, own, Criteria(q="30/2020/NĐ-CP"))
        assert why is not None
        return {one.code for one in why.counted}

    assert "number" in codes("own")
    assert "number-said" in codes("cites")
