"""Each guard is needed: with any one of them switched off the leak test's archive leaks (the mutation check).

Where two guards stand behind one another, the other one is taken away first, as a fault would.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from archive import browsing, describing
from archive.access import Viewer
from archive.catalogue.outbox import Veto
from archive.catalogue.records import Record
from archive.database import reading, writing
from portal import correcting, images, recordings, trail
from portal import reading as page_reading
from search import findings, gateway
from search.matching import Group
from search.planning import Asker
from search.spellings import IndexSpellings
from tests.leaks.archives import Archive, archive, read

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """While the index does not know yet what was closed."""
    with archive(tmp_path_factory.mktemp("gac"), "embedded") as made:
        made.reach("stale")
        yield made


def total(house: Archive, word: str) -> int:
    told = house.clients["anonymous"].get(f"/api/v1/search?q={word}").get_json()
    return max(told["total"], sum(one["count"] for one in told["facets"]["type"]))


def met(house: Archive, address: str, word: str) -> bool:
    return word in read(house.clients["anonymous"], address.format(**house.corpus.named))


def image(house: Archive) -> bool:
    address = f"/van-ban/{house.corpus.named['dieukien']}/trang/1/anh/1240.webp"
    return house.clients["anonymous"].get(address).status_code == 200


def _any_record(session: Any, viewer: Viewer, public_id: str, day: int) -> Record | None:
    with reading() as own:
        return own.query(Record).filter(Record.public_id == public_id).one_or_none()


Switch = Callable[[Patch], None]
Leak = Callable[[Archive], object]

#: Each guard, how it is switched off, and what leaks then.
GUARDS: dict[str, tuple[Switch, Leak]] = {
    "vetoes keep what was closed out of every question": (
        lambda patch: patch.setattr(gateway, "read_vetoes", lambda session: ()),
        lambda house: total(house, "zqdongnoidung") or total(house, "zqkintieude"),
    ),
    "the engine finds only what the viewer may see": (
        lambda patch: patch.setattr(Asker, "may_see", Asker.kept_back),
        lambda house: total(house, "zqantieude"),
    ),
    "texts match only for those who may search them": (
        lambda patch: patch.setattr(Group, "within", lambda self, clause: clause),
        lambda house: total(house, "zqdieukiennoidung"),
    ),
    "snippets are cut only from what the viewer may search": (
        lambda patch: patch.setattr(findings.Findings, "searchable", lambda self: self.records),
        lambda house: met(house, "/tim-kiem?q=zqdieukientieude+OR+zqchung", "zqdieukiennoidung"),
    ),
    "a page of a document is for those who may see it": (
        lambda patch: patch.setattr(browsing, "find_record", _any_record),
        lambda house: met(house, "/van-ban/{an}", "zqantieude"),
    ),
    "its text is for those who may read it": (
        lambda patch: patch.setattr(page_reading, "may", lambda *_asked: True),
        lambda house: met(house, "/van-ban/{dieukien}", "zqdieukiennoidung"),
    ),
    "its images are for those who may read it": (
        lambda patch: patch.setattr(images, "may_page", lambda *_asked: True),
        image,
    ),
    "its sound is for those who may read it": (
        lambda patch: patch.setattr(recordings, "may_page", lambda *_asked: True),
        lambda house: met(house, "/van-ban/{ghiam}/trang/1/ban-ghi", "zqghiamnoidung"),
    ),
    "lines are proposed by those who may read the page": (
        lambda patch: patch.setattr(correcting, "may_page", lambda *_asked: True),
        lambda house: (
            "zqdieukiennoidung"
            in read(house.clients["reader"], f"/van-ban/{house.corpus.named['dieukien']}/trang/1/sua-chu")
        ),
    ),
    "handwriting is content": (
        lambda patch: patch.setitem(
            describing.DESCRIPTION, "document", (*describing.DESCRIPTION["document"], *describing.CONTENT)
        ),
        lambda house: met(house, "/van-ban/{dieukien}", "zqdieukienbuttich"),
    ),
    "a correction tells only what everyone may search now": (
        lambda patch: patch.setattr(IndexSpellings, "may_tell", lambda self, words: True),
        lambda house: met(house, "/api/v1/search?q=zqdongnoidun", "zqdongnoidung"),
    ),
    "the audit trail is for auditors": (
        lambda patch: patch.setattr(Viewer, "reads_trail", property(lambda self: True)),
        lambda house: met(house, "/quan-tri/nhat-ky", house.corpus.named["dieukien"]),
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_this_guard_something_leaks(guard: str, house: Archive, monkeypatch: Patch) -> None:
    switch, leak = GUARDS[guard]
    assert not leak(house), "with it nothing does"
    switch(monkeypatch)
    assert leak(house), guard


def test_the_database_decides_where_index_and_vetoes_are_wrong(house: Archive, monkeypatch: Patch) -> None:
    with writing() as session:
        session.execute(delete(Veto))  # as if they had been lost
    asked = "/tim-kiem?q=zqchung&size=50"
    for word in ("zqdongnoidung", "zqkintieude"):
        assert not met(house, asked, word)  # the records; names among the facets are the index's until it knows
    monkeypatch.setattr(findings, "sql_condition", lambda *_asked: Record.id > 0)
    findings._visible_records.cache_clear()
    try:
        assert met(house, asked, "zqkintieude")
    finally:
        findings._visible_records.cache_clear()


def test_every_guard_of_this_page_is_named_in_the_handbook_of_security() -> None:
    from archive.settings import ROOT

    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    for guard in GUARDS:
        assert guard in text, guard
    assert trail.blueprint.name == "trail"
