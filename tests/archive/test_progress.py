"""The months behind the two targets: what was counted at each month's end is what the months say afterwards."""

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, select

from archive import schema
from archive.access import Viewer
from archive.catalogue.deliveries import Accession, Package
from archive.clock import today_number
from archive.database import engine, reading, writing
from archive.holdings import Standing, holdings
from archive.outbox import announce
from archive.progress import MONTHS, Month, Pace, pace, progress
from archive.settings import settings
from archive.undoing import undo_package
from tests.archive.test_migrating import run
from tests.indexer.extraction.making import image
from tests.transfers import Transfer, record, take

STAFF = Viewer(frozenset({"role:archivist"}), "lan", "archivist")
EVERYONE = Viewer.anonymous()


def at(moment: str, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("VANKHO_NOW", f"{moment}+07:00")
    settings.cache_clear()


def whole(viewer: Viewer) -> Standing:
    with reading() as session:
        return holdings(session, viewer, today_number()).whole


def months(viewer: Viewer) -> tuple[Month, ...]:
    with reading() as session:
        return progress(session, viewer, today_number())


def deliver(root: Path, patch: pytest.MonkeyPatch) -> dict[Viewer, list[Standing]]:
    """A register in January, scans in March and April, text and an undone delivery in May; counted at each end."""
    counted: dict[Viewer, list[Standing]] = {STAFF: [], EVERYONE: []}

    def month_ends(day: str) -> None:
        at(f"{day}T23:30", patch)
        for viewer, ends in counted.items():
            ends.append(whole(viewer))

    made = Transfer(root).fonds().file("HS1").file("HS2", rights="Hạn chế", OpenDate="10/03/2026")
    for n in range(6):
        made.document(f"VB{n}", "HS1", None)
    made.document("K1", "HS2", None, mode="Hạn chế", OpenDate="10/03/2026")
    at("2026-01-31T23:59", patch)
    take(made.write())
    month_ends("2026-01-31")
    month_ends("2026-02-28")
    at("2026-03-31T23:59", patch)
    made.data |= {"VB0-0001.jpg": image(60, 80), "K1-0001.jpg": image(60, 81)}
    take(made.write())
    month_ends("2026-03-31")
    at("2026-04-01T00:00", patch)
    made.data["VB1-0001.jpg"] = image(60, 82)
    take(made.change("VB0", Subject="Tên khác").change("VB2", Subject="Vẫn là giấy").write())
    month_ends("2026-04-30")
    at("2026-05-04T08:00", patch)
    take(made.document("E1", "HS1", "Chỉ có chữ").document("VB9", "HS1", None).write())
    made.data["VB3-0001.jpg"] = image(60, 83)
    take(made.write())
    with writing() as session:
        public_id = session.scalar(select(Package.public_id).order_by(Package.id.desc()).limit(1))
        assert public_id
        undo_package(session, public_id, actor="lan", ground="giao nhầm")
    month_ends("2026-05-20")
    return counted


@pytest.mark.both_databases
def test_the_months_say_what_was_counted_at_their_ends(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = deliver(tmp_path / "goi", monkeypatch)
    assert [one.digitised for one in counted[STAFF]] == [0, 0, 2, 3, 3]
    assert [one.usable for one in counted[EVERYONE]] == [0, 0, 2, 3, 4]
    for viewer, ends in counted.items():
        found = months(viewer)
        assert [one.stood for one in found] == ends
        assert [one.first_day for one in found] == [date(2026, n, 1) for n in range(1, 6)]


@pytest.mark.both_databases
def test_an_older_catalogue_learns_what_was_paper_from_what_it_kept(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Migration 0031."""
    counted = deliver(tmp_path / "goi", monkeypatch)
    run(command.downgrade, "0029")
    assert schema.migrate(engine()) == ("0029", schema.HEAD)
    assert [one.stood for one in months(STAFF)] == counted[STAFF]


def test_months_reach_back_two_years_and_never_before_the_first_delivery(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-05-04T08:00", monkeypatch)
    assert months(STAFF) == (), "of nothing there are no months"
    take(Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1").write())
    assert [one.first_day for one in months(STAFF)] == [date(2026, 5, 1)]
    assert months(EVERYONE)[0].stood.documents == 1
    at("2030-01-01T00:00", monkeypatch)
    found = months(STAFF)
    assert (len(found), found[0].first_day, found[-1].first_day) == (MONTHS, date(2028, 2, 1), date(2030, 1, 1))
    assert {one.stood.documents for one in found} == {1}


def test_what_came_before_deliveries_were_noted_counts_in_every_month(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1")
    at("2026-03-04T08:00", monkeypatch)
    take(made.write())
    at("2026-05-04T08:00", monkeypatch)
    take(made.document("VB2", "HS1").write())
    assert [one.stood.documents for one in months(STAFF)] == [1, 1, 2]
    with writing() as session:
        session.execute(delete(Accession).where(Accession.record_id == record("VB2").id))
        announce(session, [record("VB2").id])
    assert [one.stood.documents for one in months(STAFF)] == [2, 2, 2]


def stood(*usable: int, unrestricted: int = 1000) -> list[Month]:
    return [Month(24_000 + n, Standing(usable=one, unrestricted=unrestricted)) for n, one in enumerate(usable)]


def test_the_pace_is_that_of_three_whole_months_and_leads_to_the_goal() -> None:
    asked = ("usable", "unrestricted", 0.8)
    assert pace(stood(100, 200, 300, 400), *asked) is None, "two whole months only"
    found = pace(stood(0, 100, 200, 300, 350), *asked)
    assert found == Pace(100, date(2000, 10, 1))  # 450 are missing, 100 a month
    assert pace(stood(0, 0, 0, 0, 0), *asked) == Pace(0, None), "it stands still"
    assert pace(stood(0, 1, 2, 3, 3), *asked) == Pace(1, None), "not in ten years"
    assert pace(stood(900, 800, 700, 600, 800), *asked) == Pace(-100, date(2000, 5, 1)), "it is met"
    wider = [Month(24_000 + n, Standing(usable=10 * n, unrestricted=1000 + 100 * n)) for n in range(5)]
    assert pace(wider, *asked) == Pace(10, None), "more is delivered than is put online"
