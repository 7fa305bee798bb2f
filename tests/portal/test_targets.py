"""The two targets: shares are those of a full enumeration of what the officer may see, and of nothing else."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.access import Viewer, may
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from archive.holdings import Standing, holdings
from archive.settings import settings
from archive.terms import term

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
    for name, percent in (("target.digitised", 30), ("target.usable", 80)):
        goal = term(name, today_number())
        assert (goal.value, goal.basis in page) == (percent, True)
        assert re.search(rf"{percent}\s*%", page), name
    rows = list(csv.reader(io.StringIO(client.get("/quan-tri/muc-tieu.csv").text.lstrip("\ufeff"))))
    assert {row[0] for row in rows[1:]} == {"Phông", "Cơ quan nộp lưu", "Cuối tháng"}
    of_fonds = [row for row in rows[1:] if row[0] == "Phông"]
    whole = counted(STAFF)
    assert [sum(int(row[at]) for row in of_fonds) for at in range(2, 7)] == [
        whole.documents, whole.physical, whole.digitised, whole.unrestricted, whole.usable,
    ]  # fmt: skip
    assert [row[2:] for row in rows[1:] if row[0] == "Cuối tháng"] == [[
        *map(str, (whole.documents, whole.physical, whole.digitised, whole.unrestricted, whole.usable))
    ]]  # fmt: skip
    assert "Số của từng tháng" not in page, "of one month nothing is drawn"
    assert client.get("/quan-tri/muc-tieu.pdf").status_code == 404


def test_the_months_are_drawn_and_told_in_numbers(
    app: object, as_person: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted(STAFF)
    monkeypatch.setenv("VANKHO_NOW", "2027-05-04T08:00:00+07:00")
    settings.cache_clear()
    page = as_person("lan").get("/quan-tri/muc-tieu?lang=en").text
    line = re.search(r'class="p-line two" d="([^"]+)"', page)
    height = f"{100 - 100 * whole.digitised / whole.physical:.1f}"
    assert line
    assert {point.split()[1] for point in re.split("[ML]", line[1])[1:]} == {height}
    told = re.search(r"<tbody>(<tr><th scope=\"row\" class=\"nw\">May 2027.*?)</tbody>", page)
    assert told
    assert told[1].count("<tr>") == line[1].count("L") + 1
    assert "will not be reached in ten years" in page, "nothing moves"


def test_for_readers_there_is_no_such_page(as_person: Callable[[str], FlaskClient]) -> None:
    for address in ("/quan-tri/muc-tieu", "/quan-tri/muc-tieu.csv"):
        assert as_person("hoa").get(address).status_code == 404
