"""``vankho personal``, ``vankho danh-muc``, and masking an older catalogue by ``vankho migrate``."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from archive.catalogue.people import AuditEvent
from archive.catalogue.personal import MaskingProgress
from archive.catalogue.records import Page
from archive.database import engine, reading, writing
from archive.locks import held
from tests.indexer.intake.test_personal import BODY, CITIZEN, MASKED, delivery
from tests.transfers import record
from tests.vankho.test_command import Run, run

pytestmark = pytest.mark.both_databases
__all__ = ["run"]


@pytest.fixture
def taken(run: Run, bare_home: Path) -> str:
    """An archive with one paper whose image waits."""
    code, _told = run("ingest", str(delivery(bare_home.parent / "goi").write()))
    assert code == 0
    return record("VB1").public_id


def held_now() -> str:
    with reading() as session:
        return session.get_one(Page, (record("VB1").id, 1)).image_held


def test_images_are_listed_released_and_kept(run: Run, taken: str) -> None:
    code, told = run("personal", "list")
    assert (code, told["total"]) == (0, 1)
    assert told["images"] == [{"id": taken, "page": 1, "kinds": ["account", "citizen", "phone"]}]
    assert run("personal", "release", taken, "1")[0] == 2  # a ground is wanted
    assert run("personal", "release", taken, "1", "--ground", "đồng ý") == (
        0, {"id": taken, "page": 1, "decision": "released"},
    )  # fmt: skip
    assert held_now() == "released"
    assert run("personal", "keep", taken, "1")[0] == 0
    assert held_now() == "kept"
    assert run("personal", "keep", taken, "9")[0] == 2
    assert run("personal", "keep", "a" * 26, "1")[0] == 2
    with reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.record == taken).order_by(AuditEvent.id)).all()
    assert [(one.actor, one.action) for one in events] == [
        ("command-line", "image-released"), ("command-line", "image-kept"),
    ]  # fmt: skip


def test_a_list_is_added_shown_and_ended(run: Run, taken: str, bare_home: Path) -> None:
    table = bare_home.parent / "dm.csv"
    table.write_text("DocCode,Ground\nVB1,đời tư\nVB77,x\n", "utf-8")
    asked = ["danh-muc", "add", str(table), "--decision", "4/QĐ-UBND", "--date", "04/05/2026", "--approver", "Chủ tịch"]
    code, told = run(*asked)
    assert (code, told["added"], told["wrong"]) == (1, 1, [{"row": 3, "message": "“VB77” không có trong kho"}])
    assert record("VB1").level_code == "02"
    with held("intake"):
        assert run(*asked)[0] == 2
    lists = run("danh-muc", "list")[1]["lists"]
    assert [(one["decision"], one["decided_on"], one["members"]) for one in lists] == [("4/QĐ-UBND", "2026-05-04", 1)]
    code, told = run("danh-muc", "end", "--decision", "4/QĐ-UBND", "--date", "2026-06-01")
    assert (code, told["ended_on"]) == (0, "2026-06-01")
    assert run("danh-muc", "end", "--decision", "không có", "--date", "2026-06-01")[0] == 2
    assert record("VB1").level_code == "02"
    table.write_text("Ten\nx\n", "utf-8")
    assert run(*asked)[0] == 2


def test_an_older_catalogue_is_refused_until_it_is_masked(run: Run, taken: str) -> None:
    with writing() as session:
        session.execute(text("UPDATE page SET text = :body, image_held = ''"), {"body": BODY})
        session.add(MaskingProgress(id=1, last=0, until=session.scalar(text("SELECT max(id) FROM record"))))
    code, told = run("index", "status")
    assert code == 2
    assert "vankho migrate" in told["error"]
    assert run("migrate")[1]["masked"] > 0
    assert held_now() == "held"
    with reading() as session:
        assert session.get_one(Page, (record("VB1").id, 1)).text == MASKED
    assert run("index", "status")[0] == 0


def test_an_error_of_the_database_does_not_quote_what_was_written(taken: str) -> None:
    with pytest.raises(Exception, match="khong_co") as told, engine().connect() as connection:
        connection.execute(text("INSERT INTO khong_co (title) VALUES (:told)"), {"told": CITIZEN})
    assert CITIZEN not in str(told.value)
