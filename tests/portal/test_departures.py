"""Addresses live for ever: what was public and left answers with a tombstone or leads to its successor; what was never
public is missing like what never was."""

from collections.abc import Callable
from itertools import count

import pytest
from flask.testing import FlaskClient

from archive.catalogue.records import Page, Record
from archive.database import reading, writing
from archive.deciding import DecisionError, replace_record, withdraw_record
from archive.departures import find_departure
from tests.portal.archive_of_tests import HOSTILE, Small
from tests.portal.conftest import building

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
GROUND = {"actor": "lan", "ground": "QĐ 7"}
HIDDEN = "document:H48.P2.2.001"
small = pytest.fixture(scope="module")(building)
fresh = count(10)  # each test takes documents that no other has touched
NOBODY = "a" * 26


def one(small: Small) -> str:
    return small.ids[f"document:H48.P1.1.{next(fresh):03d}"]


def withdraw(own: str, **more: bool) -> None:
    with writing() as session:
        withdraw_record(session, own, **GROUND, **more)


def replace(own: str, heir: str) -> None:
    with writing() as session:
        replace_record(session, own, heir, **GROUND)


def test_a_withdrawn_record_leaves_a_page_that_says_only_that(
    small: Small, client: FlaskClient, as_person: People
) -> None:
    first, second, lan = one(small), small.ids["document:H48.P1.1.002"], as_person("lan")
    for own in (first, second):
        withdraw(own)
        for path in (f"/van-ban/{own}", f"/t/{own}", f"/van-ban/{own}/trang/1", f"/van-ban/{own}/chu.txt"):
            for who in (client, lan):
                assert who.get(path).status_code == who.head(path).status_code == 410, path
        api = client.get(f"/api/v1/records/{own}")
        assert (api.status_code, api.get_json()["status"]) == (410, 410)
    pages = [client.get(f"/van-ban/{own}").text.replace(own, "") for own in (first, second)]
    assert pages[0] == pages[1]
    assert "02/11/2026" in pages[0]
    assert HOSTILE not in pages[0]
    assert "withdrawn" in client.get(f"/van-ban/{first}?lang=en").text
    assert client.get(f"/phong/{first}").status_code == 404  # never its address


def test_what_was_never_public_is_missing_when_it_is_withdrawn(small: Small, client: FlaskClient) -> None:
    own = small.ids[HIDDEN]
    withdraw(own)
    hidden, nothing = client.get(f"/van-ban/{own}"), client.get(f"/van-ban/{NOBODY}")
    assert (hidden.status_code, hidden.text.replace(own, "")) == (404, nothing.text.replace(NOBODY, ""))
    assert list(hidden.headers) == list(nothing.headers)


def test_what_turned_out_to_be_secret_is_missing(small: Small, client: FlaskClient) -> None:
    own = one(small)
    withdraw(own, silent=True)
    assert client.get(f"/van-ban/{own}").status_code == 404
    later = one(small)
    withdraw(later)
    withdraw(later, silent=True)
    assert client.get(f"/van-ban/{later}").status_code == 404


def test_a_replaced_record_leads_to_what_replaced_it(small: Small, client: FlaskClient) -> None:
    old, middle, last = one(small), one(small), one(small)
    replace(old, middle)
    answer = client.get(f"/van-ban/{old}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/van-ban/{middle}")
    replace(middle, last)
    assert client.get(f"/van-ban/{old}/trang/1").headers["Location"] == f"/van-ban/{last}"
    assert client.get(f"/t/{old}").headers["Location"] == f"/t/{last}"
    assert client.get(f"/api/v1/records/{old}").headers["Location"] == f"/api/v1/records/{last}"
    # A program's question goes with it, and so does a reader's: its words are looked for in what came instead
    search = client.get(f"/iiif/3/{old}/search?q=giao+%C4%91%E1%BA%A5t")
    assert search.headers["Location"] == f"/iiif/3/{last}/search?q=giao+%C4%91%E1%BA%A5t"
    asked = client.get(f"/van-ban/{old}/trang/1?q=giao&cho=2&xywh=1,2,3,4")
    assert asked.headers["Location"] == f"/van-ban/{last}?q=giao"
    withdraw(last)
    assert client.get(f"/van-ban/{old}").status_code == 410


def test_an_image_of_a_replaced_record_leads_to_the_same_image_only(small: Small, client: FlaskClient) -> None:
    old, heir = one(small), one(small)
    with writing() as session:
        of = {own: session.query(Record.id).filter_by(public_id=own).scalar() for own in (old, heir)}
        session.query(Page).filter(Page.record_id.in_(of.values())).delete()
        for own, n, sha256 in ((old, 1, "a" * 64), (old, 2, "b" * 64), (heir, 1, "c" * 64), (heir, 2, "a" * 64)):
            session.add(Page(record_id=of[own], n=n, image_sha256=sha256, image_kind="image"))
    replace(old, heir)
    for rest in ("", "/info.json", "/full/300,/0/default.jpg?v=1"):
        moved = client.get(f"/iiif/3/{old}/1{rest}")
        assert (moved.status_code, moved.headers["Location"]) == (301, f"/iiif/3/{heir}/2{rest}")
        for n in (2, 3):
            gone = client.get(f"/iiif/3/{old}/{n}{rest}")
            assert (gone.status_code, gone.get_json()["successor"]) == (410, f"/van-ban/{heir}")
            assert gone.headers["Link"] == f'</van-ban/{heir}>; rel="successor-version"'
    with writing() as session:
        session.get_one(Page, (of[heir], 2)).image_held = "held"
    assert client.get(f"/iiif/3/{old}/1/info.json").status_code == 410
    assert client.get(f"/van-ban/{old}/trang/2/anh/400.webp").headers["Location"] == f"/van-ban/{heir}"


def test_a_successor_is_told_only_to_who_sees_it(small: Small, client: FlaskClient, as_person: People) -> None:
    from archive.access_rules import Closure, derive_access
    from archive.accession.correction import apply_access

    old, heir = one(small), one(small)
    replace(old, heir)
    with writing() as session:
        row = session.query(Record).filter_by(public_id=heir).one()
        lineage = tuple(row.lineage.split())
        access = derive_access([Closure("02", None)], lineage=lineage, agency="", hidden_when_closed=True)
        apply_access(session, row, access, row.access, "lan")
    assert client.get(f"/van-ban/{old}").status_code == 410
    assert heir not in client.get(f"/van-ban/{old}").text
    gone = client.get(f"/iiif/3/{old}/1/info.json")
    assert (gone.status_code, "successor" in gone.get_json(), "Link" in gone.headers) == (410, False, False)
    assert as_person("lan").get(f"/van-ban/{old}").headers["Location"] == f"/van-ban/{heir}"


def test_what_cannot_replace_is_refused(small: Small, client: FlaskClient) -> None:
    own, gone = one(small), one(small)
    withdraw(gone)
    for heir in (own, gone, small.ids["file:H48.P1.07.1"], NOBODY):
        with pytest.raises(DecisionError):
            replace(own, heir)


def test_members_leave_with_their_file(small: Small, client: FlaskClient) -> None:
    file, member = small.ids["file:H48.P1.07.1"], one(small)
    withdraw(file)
    assert client.get(f"/ho-so/{file}").status_code == client.get(f"/van-ban/{member}").status_code == 410
    with reading() as session:
        left = find_departure(session, member)
    assert left is not None
    assert left.level == "document"
