"""Suggestions where words stand apart or are abbreviated, and what a number counts; on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.search.houses import ANYONE, House, house_on

TINH = "UBND tỉnh Quảng Ngãi"


def fill(house: House) -> None:
    """Titles that hold the same words in several orders, agencies written out and not, a number of many records."""
    house.fonds("f", "Phông lưu trữ")
    house.record("giao", "Về việc giao đất xây dựng khu dân cư tại xã Tịnh Khê", under="f", issuer=TINH)
    house.record("khe", "Khê Tịnh: thống kê đất đã giao", under="f", issuer="Ủy ban nhân dân huyện Sơn Tịnh")
    house.record("khac", "Về việc giao đất tại xã Tịnh Kỳ", under="f", issuer="Sở Xây dựng")
    house.record("kin", "Giao đất kín ở Tịnh Khê", under="f", code="02", hidden=True)
    for n in range(2, 40):
        house.record(f"a{n}", f"Điều {n}. Việc thứ {n}", number="30/2020/NĐ-CP", under="f", dates=("2020-03-05",) * 2)
    for n, issuer in enumerate(("BCT", "BXD", "BYT", "BTC") * 9):
        number = f"30/2020/TT-{issuer}"
        house.record(f"{issuer}{n}", f"Thông tư {n}", number=number, under="f", dates=("2020-12-01",) * 2)
    house.index()


@pytest.fixture(params=["embedded", "opensearch"])
def apart(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with house_on(request.param, tmp_path, fill) as house:
        yield house


def suggested(house: House, text: str, kind: str) -> list[str]:
    return [one.text for one in house.gateway.suggest(ANYONE, text) if one.kind == kind]


def test_titles_that_hold_all_the_words_come_in_their_order_first(apart: House) -> None:
    wanted = ["Về việc giao đất xây dựng khu dân cư tại xã Tịnh Khê", "Khê Tịnh: thống kê đất đã giao"]
    for text in ("giao dat tinh khe", "giao đất tịnh khê", "giao ddaats tinhj khee", "giao dat tinh kh"):
        assert suggested(apart, text, "title") == wanted, text
    assert suggested(apart, "giao dat ban do", "title") == []


def test_agencies_are_known_by_their_abbreviations_and_written_out(apart: House) -> None:
    for text in ("ubnd tinh", "UBND tỉnh", "uy ban nhan dan tinh"):
        assert suggested(apart, text, "issuer")[0] == TINH, text
    assert suggested(apart, "ubnd huyen", "issuer") == ["Ủy ban nhân dân huyện Sơn Tịnh"]
    assert suggested(apart, "son tinh uy ban", "issuer") == ["Ủy ban nhân dân huyện Sơn Tịnh"]


def test_numbers_come_by_what_is_there_and_count_their_records(apart: House) -> None:
    first, *others = (one for one in apart.gateway.suggest(ANYONE, "30/2020") if one.kind == "number")
    assert (first.text, first.count, first.note) == ("30/2020/NĐ-CP", 38, "")
    assert [one.count for one in others] == [9, 9]
    (only,) = (one for one in apart.gateway.suggest(ANYONE, "30/2020/nd") if one.kind == "number")
    assert (only.text, only.count) == ("30/2020/NĐ-CP", 38)
