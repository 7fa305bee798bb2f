"""The tree: windows of members, places by number and year, counts that follow every change at once."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import browsing
from archive.access import Viewer
from archive.access_rules import Closure, derive_access
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.outbox import announce
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building

pytestmark = pytest.mark.both_databases

FILE = "file:H48.P1.07.1"
small = pytest.fixture(scope="module")(building)  # an archive of its own: records are closed here


def places(page: str) -> list[str]:
    return re.findall(r'<li><span class="dim">(\d+)</span>', page)


def test_a_number_a_code_or_a_year_begins_the_window(small: Small, client: FlaskClient) -> None:
    address = f"/ho-so/{small.ids[FILE]}"
    whole = places(client.get(address).text)
    assert (whole[0], len(whole)) == ("1", 50)
    assert places(client.get(f"{address}?so=1340/Q%C4%90-UB").text)[0] == "60"
    assert places(client.get(f"{address}?so=1340").text)[0] == "60"
    assert places(client.get(f"{address}?so=H48.P1.1.060").text)[0] == "60"
    assert places(client.get(f"{address}?nam=1998").text)[0] == "1"
    none = client.get(f"{address}?so=99999&lang=en").text
    assert "Nothing here has the number or year “99999”" in none
    assert places(none)[0] == "1"
    for odd in ("?nam=0000", "?nam=99999", "?so=%00", "?so=%25", "?nam=%C2%B2%C2%B2%C2%B2%C2%B2"):
        assert client.get(address + odd).status_code == 200, odd


def test_what_is_remembered_follows_the_change(small: Small, client: FlaskClient) -> None:
    """Counted, counted again from memory, and right at once after one member is hidden."""
    address, everyone = f"/ho-so/{small.ids[FILE]}", Viewer.anonymous()

    def told() -> tuple[int, int, bool]:
        with reading() as session:
            file = session.scalar(select(Record).where(Record.public_id == small.ids[FILE]))
            assert file
            window = browsing.children(session, everyone, file, today_number())
            below = browsing.extent(session, everyone, file, today_number())
        return window.total, below.documents, f"trong {window.total}<" in client.get(address).text

    before = told()
    assert before == told()
    with writing() as session:
        one = session.scalar(select(Record).where(Record.public_id == small.ids["document:H48.P1.1.010"]))
        assert one
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
        announce(session, [one.id])
    assert told() == (before[0] - 1, before[1] - 1, True)
    assert before[2]
    assert "Không có mục nào mang số" in client.get(f"{address}?so=H48.P1.1.010").text
