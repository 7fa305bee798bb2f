"""The feed of a question tells what came or opened last, whatever the day of the papers."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.deliveries import Accession
from archive.catalogue.records import Record
from archive.clock import VIET_NAM, now, today, today_number
from archive.database import writing
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

ATOM = {"a": "http://www.w3.org/2005/Atom"}
OLD, HIDDEN = "document:H48.P1.1.001", "document:H48.P2.2.001"


def entries(client: FlaskClient, address: str = "/tim-kiem.atom") -> list[tuple[str, datetime]]:
    """Public id and moment of each entry, in the order of the feed."""
    feed = ET.fromstring(client.get(address).data)
    return [
        (one.findtext("a:id", "", ATOM).rpartition("/")[2], datetime.fromisoformat(one.findtext("a:updated", "", ATOM)))
        for one in feed.iterfind("a:entry", ATOM)
    ]


def test_what_came_last_is_first_and_nothing_lies_in_the_future(small: Small, client: FlaskClient) -> None:
    before = entries(client)
    assert before
    assert [at for _own, at in before] == sorted((at for _own, at in before), reverse=True)
    assert all(at <= now() for _own, at in before)
    own = small.ids[OLD]  # of 1998; received again now, as the last of all
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == own)).one()
        last = session.scalars(select(Accession).where(Accession.record_id == record.id)).first()
        assert last
        at, last.at = last.at, now() - timedelta(seconds=1)
        others = session.scalars(select(Accession).where(Accession.id != last.id)).all()
        kept = {one.id: one.at for one in others}
        for one in others:
            one.at = now() - timedelta(days=9)
    try:
        assert entries(client)[0][0] == own
        assert entries(client, "/tim-kiem.atom?q=giao+%C4%91%E1%BA%A5t")[0][0] == own
        assert not [one for one, _at in entries(client, "/tim-kiem.atom?q=zzkhongco")]
    finally:
        with writing() as session:
            for one in session.scalars(select(Accession)):
                one.at = kept.get(one.id, at)


def test_what_opened_since_it_came_is_told_by_the_day_it_opened(small: Small, client: FlaskClient) -> None:
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == small.ids[OLD])).one()
        opens, record.everyone_from_read = record.everyone_from_read, today_number()
        came = session.scalars(select(Accession).where(Accession.record_id == record.id)).one()
        at, came.at = came.at, now() - timedelta(days=30)
    try:
        assert (
            dict(entries(client, "/tim-kiem.atom?q=1281%2FQ%C4%90-UB"))[small.ids[OLD]].astimezone(VIET_NAM).date()
            == today()
        )
    finally:
        with writing() as session:
            session.get_one(Record, record.id).everyone_from_read = opens
            session.get_one(Accession, came.id).at = at


def test_a_feed_says_nothing_of_what_is_hidden(small: Small, client: FlaskClient) -> None:
    told = client.get("/tim-kiem.atom").text
    assert small.ids[HIDDEN] not in told
