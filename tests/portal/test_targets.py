"""The two targets: shares are those of a full enumeration of what the officer may see, and of nothing else."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.access import Viewer, may
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from archive.holdings import Standing, holdings

STAFF = Viewer(frozenset({"role:archivist"}), "lan", "archivist")


def counted(viewer: Viewer) -> Standing:
    """Record by record, by the rule itself."""
    day = today_number()
    with reading() as session:
        records = session.scalars(select(Record).where(Record.level == "document", ~Record.withdrawn)).all()
        seen = [one for one in records if may(viewer, "see", one, day)]
    physical = [one for one in seen if one.medium != "text"]
    free = [one for one in seen if may(Viewer.anonymous(), "read", one, day)]
    digitised, usable = ([one for one in some if one.medium != "paper"] for some in (physical, free))
    return Standing("", "", *map(len, (seen, physical, digitised, free, usable)))


@pytest.mark.parametrize("viewer", [STAFF, Viewer.anonymous()])
def test_what_is_counted_is_what_one_may_see(app: object, viewer: Viewer) -> None:
    with reading() as session:
        found = holdings(session, viewer, today_number())
    assert found.whole == counted(viewer)
    for parts in (found.fonds, found.agencies):
        assert sum(one.documents for one in parts) == found.whole.documents
        assert sum(one.usable for one in parts) == found.whole.usable


def test_staff_have_the_page_and_the_sheet(as_person: Callable[[str], FlaskClient]) -> None:
    client = as_person("lan")
    page = client.get("/quan-tri/muc-tieu").text
    assert "Hai mục tiêu của tỉnh" in page
    rows = list(csv.reader(io.StringIO(client.get("/quan-tri/muc-tieu.csv").text.lstrip("\ufeff"))))
    assert {row[0] for row in rows[1:]} == {"Phông", "Cơ quan nộp lưu"}
    of_fonds = [row for row in rows[1:] if row[0] == "Phông"]
    whole = counted(STAFF)
    assert [sum(int(row[at]) for row in of_fonds) for at in range(2, 7)] == [
        whole.documents, whole.physical, whole.digitised, whole.unrestricted, whole.usable,
    ]  # fmt: skip
    assert client.get("/quan-tri/muc-tieu.pdf").status_code == 404


def test_for_readers_there_is_no_such_page(as_person: Callable[[str], FlaskClient]) -> None:
    for address in ("/quan-tri/muc-tieu", "/quan-tri/muc-tieu.csv"):
        assert as_person("hoa").get(address).status_code == 404
