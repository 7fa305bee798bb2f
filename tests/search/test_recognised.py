"""What a question says of the record acts: a register's row is found by its year, and the very paper comes first."""

import pytest

from search.criteria import Criteria
from tests.search.houses import ANYONE, ARCHIVIST, House

WHOLE = ("1998-01-01", "1998-12-31")


@pytest.fixture
def register(house: House) -> House:
    """Papers of which only one has a text, and a closed fonds with an agency of its own."""
    house.fonds("f", "Phông UBND")
    house.fonds("g", "Phông kín", hidden=True)
    house.record("row", "Về việc cấp đất làm nhà", under="f", dates=WHOLE, kind="Quyết định", issuer="UBND xã Tịnh Khê")
    house.record("late", "Về việc cấp đất làm nhà", under="f", dates=("2005-02-03",) * 2, kind="Quyết định")
    house.record("said", "Báo cáo", "Năm 1998 cấp đất làm nhà, theo quyết định", under="f", dates=("2005-02-03",) * 2)
    house.record("closed", "Về việc khác", under="g", code="02", hidden=True, dates=WHOLE, issuer="UBND huyện Sơn Hà")
    house.index()
    return house


def found(house: House, q: str, **more: object) -> list[str]:
    results = house.gateway.search(ANYONE, Criteria(q=q, level=("document",), **more))  # type: ignore[arg-type]
    return [one.id for one in results.hits]


def test_a_row_without_a_text_is_found_by_its_year_and_comes_first(register: House) -> None:
    for q in ("quyết định 1998", "quyet dinh nam 1998", "cấp đất 1998", "quyết định cấp đất làm nhà năm 1998"):
        assert found(register, q)[0] == "row", q
    assert found(register, "quyết định 1998", verbatim=("year",)) == ["said"]
    assert "row" in found(register, "1998")


def test_a_row_is_found_by_its_type_and_its_body_beside_its_words(register: House) -> None:
    for q in ("quyết định cấp đất", "quyết định cấp đất làm nhà ở", "UBND xã Tịnh Khê cấp đất 1998"):
        assert "row" in found(register, q, verbatim=("widened",)), q


def test_the_body_that_issued_it_leads(register: House) -> None:
    assert found(register, "cấp đất làm nhà ubnd xa tinh khe")[0] == "row"
    why = register.gateway.why(ANYONE, "row", Criteria(q="quyết định cấp đất ubnd xã Tịnh Khê 1998"))
    assert why is not None
    assert {"type", "issuer", "year"} <= {one.code for one in why.counted}
    late = register.gateway.why(ANYONE, "late", Criteria(q="quyết định cấp đất làm nhà ubnd xã Tịnh Khê 1998"))
    assert late is not None
    assert {one.code for one in late.counted} & {"type", "issuer", "year"} == {"type"}


def test_narrowing_to_a_part_finds_what_it_says(register: House) -> None:
    told = register.gateway.search(ANYONE, Criteria(q="quyết định cấp đất 1998")).explanations
    only = {one.code: one.only for one in told if one.only}
    assert {one.code: one.found for one in told if one.only} == {"type": 1, "year": 1}
    assert {one: found(register, c.q, date_from=c.date_from, date_to=c.date_to) for one, c in only.items()} == {
        "type": ["row"],
        "year": ["row"],
    }


def test_no_part_narrows_to_nothing(register: House) -> None:
    told = register.gateway.search(ANYONE, Criteria(q="nghị quyết cấp đất làm nhà")).explanations
    assert [(one.only, one.found) for one in told if one.code == "type"] == [(None, 0)]


def test_words_without_marks_find_just_those_where_that_is_wanted(house: House) -> None:
    house.fonds("f", "Phông UBND")
    house.record("marked", "Giấy", "Về việc cấp đất làm nhà", under="f")
    house.record("plain", "Giấy", "VE VIEC CAP DAT LAM NHA", under="f")
    house.index()
    assert set(found(house, "cap dat lam")) == {"marked", "plain"}
    assert found(house, "cap dat lam", verbatim=("unmarked",)) == ["plain"]
    assert found(house, "cap dat lam nha", verbatim=("unmarked",)) == ["plain"]


def test_nothing_of_what_is_closed_is_told_by_what_is_recognised(register: House) -> None:
    """The body of a closed record and one that no record has are told alike, and find alike."""
    known, unknown = (
        register.gateway.search(ANYONE, Criteria(q=f"ubnd huyện {name} việc khác 1998"))
        for name in ("Sơn Hà", "Minh Long")
    )
    codes = [
        [(one.code, one.found, one.only is None) for one in results.explanations if one.code != "names"]
        for results in (known, unknown)
    ]
    assert codes[0] == codes[1]
    assert known.total == unknown.total
    assert "closed" in [
        one.id for one in register.gateway.search(ARCHIVIST, Criteria(q="ubnd huyện Sơn Hà việc khác 1998")).hits
    ]
