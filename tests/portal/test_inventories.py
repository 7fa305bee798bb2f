"""An inventory on its fonds' page: which share of it is digitised, for each viewer, and its list to take away."""

import csv
import re
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import browsing
from archive.access import Viewer, may
from archive.access_rules import Closure, derive_access
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.outbox import announce
from indexer.drainer import drain
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building

pytestmark = pytest.mark.both_databases
small = pytest.fixture(scope="module")(building)  # an archive of its own: records are hidden here


def counted_by_hand(viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Document by document, up the tree."""
    found: dict[int, tuple[int, int]] = {}
    with reading() as session:
        every = {one.id: one for one in session.scalars(select(Record))}
        for one in every.values():
            if one.level == "document" and may(viewer, "see", one, today_number()):
                inventory = every[one.parent_id or 0].parent_id or 0
                held, whole = found.get(inventory, (0, 0))
                found[inventory] = held + (one.medium in {"digital", "photo"}), whole + 1
    return found


def test_the_share_is_that_of_what_one_may_see(small: Small, client: FlaskClient) -> None:
    everyone, own = Viewer.anonymous(), small.ids["fonds:H48.P1"]
    with reading() as session:
        fonds = session.scalars(select(Record).where(Record.public_id == own)).one()

    def told() -> tuple[dict[int, tuple[int, int]], str]:
        with reading() as session:
            counts = browsing.digitised(session, everyone, fonds, today_number())
        page = client.get(f"/phong/{own}").text
        return counts, re.findall(r"số hóa ([\d,]+)", page)[0]

    (inventory,), (counts, share) = {one.id for one in _inventories(fonds.id)}, told()
    assert counts == {inventory: counted_by_hand(everyone)[inventory]}
    held, whole = counts[inventory]
    assert held
    assert share == f"{100 * held / whole:.1f}".replace(".", ",")
    with writing() as session:
        one = session.scalars(select(Record).where(Record.public_id == small.ids["document:H48.P1.1.001"])).one()
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
        announce(session, [one.id])
    drain(small.engine)
    assert told()[0] == {inventory: (held - 1, whole - 1)} == {inventory: counted_by_hand(everyone)[inventory]}


def _inventories(fonds_id: int) -> list[Record]:
    with reading() as session:
        asked = select(Record).where(Record.level == "inventory", Record.fonds_id == fonds_id)
        return list(session.scalars(asked))


def test_its_list_is_taken_away(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/phong/{small.ids['fonds:H48.P1']}?ml={small.ids['inventory']}").text
    address = re.search(r'href="(/tim-kiem/xuat\?inventory=\w+)">Tải mục lục này', page)
    assert address
    assert client.get(address[1]).status_code == 200
    rows = list(csv.reader(StringIO(client.get(address[1].replace("xuat?", "xuat.csv?")).get_data(as_text=True))))
    with reading() as session:
        visible = [
            one for one in session.scalars(select(Record)) if may(Viewer.anonymous(), "see", one, today_number())
        ]
        inside = [one for one in visible if small.ids["inventory"] in one.lineage.split()]
    assert len(rows) - 1 == len(inside) > 60
