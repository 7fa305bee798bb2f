"""Several readings of one question: found by any of them, the typed one first; and how to be taken literally."""

import pytest

from search.criteria import VERBATIM, Criteria, CriteriaError, read_criteria
from search.highlight import locate
from search.language import parse
from search.planning import Asker, plan_records
from search.understanding import Understood, understand
from tests.search.houses import ANYONE, House

TYPED, OTHER = "xã Nghĩa Dũng", "phường Chánh Lộ"
BOTH = Understood(TYPED, parse(TYPED), (parse(OTHER),))


def found(house: House, asked: Understood) -> list[str]:
    plan = plan_records(Asker(ANYONE, 0), Criteria(q=asked.text, level=("document",)), asked)
    return [own for own, _ in house.engine.query(plan).hits]


@pytest.fixture
def renamed(house: House) -> House:
    house.fonds("f", "Phông")
    house.record("new", "Về việc giao đất phường Chánh Lộ", "Chữ", under="f")
    house.record("old", "Về việc giao đất xã Nghĩa Dũng", "Chữ", under="f")
    house.record("none", "Về việc cấp nước đô thị", "Chữ", under="f")
    house.index()
    return house


def test_any_reading_finds_and_the_typed_one_is_first(renamed: House) -> None:
    assert found(renamed, Understood(TYPED, parse(TYPED))) == ["old"]
    assert found(renamed, BOTH) == ["old", "new"]


def test_words_of_every_reading_are_marked() -> None:
    text = "UBND phường Chánh Lộ, trước là xã Nghĩa Dũng"
    assert [text[hit.start : hit.end] for hit in locate(BOTH.marked, text)] == ["phường Chánh Lộ", "xã Nghĩa Dũng"]


@pytest.mark.parametrize("kind", VERBATIM)
def test_being_taken_literally_goes_round_through_the_address(kind: str) -> None:
    asked = Criteria(q="ubnd", level=("file",), cursor="x").as_typed(kind)
    assert asked == Criteria(q="ubnd", level=("file",), verbatim=(kind,))
    assert read_criteria(asked.parameters()) == asked
    assert asked.as_typed(kind) == asked


def test_an_unknown_interpretation_is_refused() -> None:
    with pytest.raises(CriteriaError, match="verbatim"):
        read_criteria([("verbatim", "everything")])


@pytest.mark.parametrize(
    "q",
    ["vốn của công ty đầu tư", "chi phí an toàn thông tin", "quyết định của ubnd xã tịnh khê", "bị mất hoặc hư hỏng"],
)
def test_capitals_throughout_change_nothing_of_what_is_understood(q: str) -> None:
    typed, shouted = understand(Criteria(q=q)), understand(Criteria(q=q.upper()))
    assert [one.code for one in shouted.explanations] == [one.code for one in typed.explanations]
    assert type(shouted.tree) is type(typed.tree)


def test_a_plain_question_has_one_reading() -> None:
    assert understand(Criteria(q="giao đất")) == Understood("giao đất", parse("giao đất"), numbered="giao đất")
