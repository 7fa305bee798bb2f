"""Files found by a question name the documents in them that hold its words, to whom may see them; on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.criteria import Criteria
from tests.search.houses import ANYONE, ARCHIVIST, House, house_on


def fill(house: House) -> None:
    """A file whose title says what its papers are about, one of them hidden, one whose text nobody may search."""
    house.fonds("f", "Phông lưu trữ")
    house.record("h", "Hồ sơ giao đất xã Tịnh Khê", level="file", under="f")
    house.record("leer", "Hồ sơ giao đất xã khác", level="file", under="f")
    house.record(
        "a", "Quyết định giao đất", "Giao đất cho dân", "không có gì", "lại giao đất", under="h", number="12/QĐ-UB"
    )
    house.record("b", "Tờ trình", "Xin giao đất làm trường", under="h")
    house.record("c", "Biên bản họp", "Họp về thủy lợi", under="h")
    house.record("kin", "Giao đất kín", "giao đất", under="h", code="02", hidden=True)
    house.record("dk", "Đơn khiếu nại", "đơn xin giao đất", under="h", code="02")
    house.index()


@pytest.fixture(params=["embedded", "opensearch"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with house_on(request.param, tmp_path, fill) as house:
        yield house


def test_a_file_names_the_documents_in_it_that_match_to_whom_may_search_them(files: House) -> None:
    asked = Criteria(q="giao đất", level=("file",))
    told = {hit.id: hit.inside for hit in files.gateway.search(ANYONE, asked).hits}
    assert sorted(one.id for one in told["h"].named) == ["a", "b"]
    assert told["h"].count == 2
    assert {one.code for one in told["h"].named} == {"12/QĐ-UB", "B"}
    assert {own: page.n for own, page in told["h"].pages.items()} == {"a": 1, "b": 1}
    assert ("giao đất", True) in told["h"].pages["b"].snippet
    assert (told["leer"].named, told["leer"].count) == ((), 0)
    staff = {hit.id: hit.inside for hit in files.gateway.search(ARCHIVIST, asked).hits}
    assert staff["h"].count == 4
    assert len(staff["h"].named) == 3


def test_a_document_names_none_and_no_words_ask_nothing(files: House) -> None:
    assert all(not hit.inside.named for hit in files.gateway.search(ANYONE, Criteria(level=("file",))).hits)
    (only,) = files.gateway.search(ANYONE, Criteria(q="tờ trình", level=("document",))).hits
    assert not only.inside.named
