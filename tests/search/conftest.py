"""Fixtures of the gateway's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.settings import settings
from tests.databases import DatabaseKind, server
from tests.search.houses import House


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the archive's clock; it stands at noon of 1 June 2026 otherwise."""

    def set_to(moment: str) -> None:
        monkeypatch.setenv("VANKHO_NOW", moment)
        settings.cache_clear()

    set_to("2026-06-01T12:00:00+07:00")
    yield set_to
    settings.cache_clear()


@pytest.fixture
def house(tmp_path: Path, clock: Callable[[str], None], database_kind: DatabaseKind) -> Iterator[House]:
    made = House(tmp_path, server().migrated() if database_kind == "postgresql" else "")
    yield made
    made.close()


@pytest.fixture
def province(house: House) -> House:
    """An open fonds and one that hides what is closed, with open, conditional, opening and withdrawn records.

    The planted words: `mậtmã` in the text of what is closed, `ẩndanh` in descriptions that only some may see.
    """
    house.fonds("f1", "Phông Sở Nội vụ")
    house.fonds("f2", "Phông Công an", hidden=True)
    house.record("h1", "Hồ sơ giao đất xã Tịnh Khê", level="file", under="f1")
    house.record(
        "open", "Quyết định giao đất cho hộ ông An", "Căn cứ luật đất đai giao đất ở xã Tịnh Khê",
        "Trang hai có bản đồ",
        under="h1", dates=("1998-08-17", "1998-08-17"), issuer="Ủy ban nhân dân xã Tịnh Khê", place="Xã Tịnh Khê",
        kind="Quyết định", number="1077/QĐ-UBND",
    )  # fmt: skip
    house.record(
        "closed", "Quyết định giao đất cho hộ bà Bình", "Nội dung mậtmã giao đất", under="h1", code="02",
        dates=("1999-01-01", "2001-12-31"), issuer="Sở Nội vụ", place="Xã Bình Châu", kind="Quyết định",
    )  # fmt: skip
    house.record(
        "opening", "Báo cáo giao đất", "Số liệu mậtmã giao đất", under="h1", code="02", opens="2026-06-02",
        dates=("2005-01-01", "2005-01-01"), kind="Báo cáo",
    )  # fmt: skip
    house.record(
        "hidden", "Báo cáo ẩndanh giao đất", "Chữ mậtmã giao đất", under="f2", code="02",
        dates=("1975-01-01", "1975-01-01"), issuer="Ty Công an ẩndanh", place="Xã ẩndanh", kind="Tờ trình ẩndanh",
    )  # fmt: skip
    house.record("gone", "Công văn ẩndanh giao đất", "Chữ mậtmã giao đất", under="h1", withdrawn=True)
    house.record("paper", "Bản đồ giao đất năm 1960", under="h1")
    house.index()
    return house
