"""Who was granted some pages has a manifest of them and finds words in them; nothing of the others is told."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from iiif_prezi3 import Manifest
from sqlalchemy import delete

from archive.catalogue.people import AuditEvent, Grant
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import grant
from tests.portal.archive_of_tests import Small
from tests.portal.closing import GROUND, closed

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
OPEN, TEXT = "document:H48.P1.1.001", "document:H48.P1.1.002"


@pytest.fixture
def shut(app: Flask, small: Small) -> Iterator[dict[str, str]]:
    """A document of two scans, words on the first, and one of three pages of text, both not open."""
    with closed(small, OPEN, TEXT) as found:
        yield dict(zip(("scans", "text"), found, strict=True))
    with writing() as session:
        session.execute(delete(Grant))


def let(own: str, pages: str) -> None:
    with writing() as session:
        grant(session, "hoa", own, (today_number(), today_number() + 5), pages=pages, **GROUND)


def hits(client: FlaskClient, own: str, q: str) -> list[list[str]]:
    """Where the words stand, by both versions of search inside."""
    second, first = client.get(f"/iiif/3/{own}/search?q={q}"), client.get(f"/iiif/search/1/{own}?q={q}")
    assert (second.status_code, first.status_code) == (200, 200)
    told = [one["target"] for one in second.get_json()["items"]], [one["on"] for one in first.get_json()["resources"]]
    return [[one.rpartition("/canvas/")[2].partition("#")[0] for one in many] for many in told]


@pytest.mark.parametrize(("page", "found"), [("1", 2), ("2", 0)])
def test_a_manifest_of_the_granted_pages(as_person: People, shut: dict[str, str], page: str, found: int) -> None:
    own, reader = shut["scans"], as_person("hoa")
    manifest, search = f"/iiif/3/{own}/manifest", f"/iiif/3/{own}/search?q=giao"
    assert [reader.get(one).status_code for one in (manifest, search)] == [404, 404]
    let(own, page)
    answer = reader.get(manifest)
    assert answer.headers["Cache-Control"] == "private, no-store"
    told = Manifest.model_validate_json(answer.text)
    assert [one.label for one in told.items] == [{"vi": [f"Trang {page}"]}]
    assert "Đồng ý" not in answer.text, "a note on the record is content"
    image = told.items[0].items[0].items[0].body
    assert reader.get(image.id.removeprefix("http://localhost")).status_code == 200
    assert hits(reader, own, "giao") == [[page] * found] * 2
    assert f"/iiif/3/{own}/{3 - int(page)}" not in answer.text
    assert [as_person(one).get(manifest).status_code for one in ("", "lan")] == [404, 200]
    with reading() as session:
        noted = session.query(AuditEvent).filter_by(actor="hoa", record=own, action="read").all()
    assert {(one.ground, one.detail["channel"]) for one in noted} >= {("grant:pages", "api")}


def test_words_are_found_in_the_granted_pages_only(as_person: People, shut: dict[str, str]) -> None:
    own, reader = shut["text"], as_person("hoa")
    let(own, "1-2")
    assert reader.get(f"/iiif/3/{own}/manifest").status_code == 404  # it has no images
    assert hits(reader, own, "giao+đất") == [["1"], ["1"]]
    assert hits(reader, own, "ba") == [[], []]
    assert hits(as_person("lan"), own, "giao+đất") == [["1", "3"], ["1", "3"]]
    page = reader.get(f"/van-ban/{own}/trang/2?q=giao+đất").text
    assert ("/trang/3" in page, "<b>1 chỗ khớp</b>" in page) == (False, True)
