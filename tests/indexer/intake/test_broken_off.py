"""Takings that break off: tried again after growing pauses, passed by others meanwhile, at last left to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.access import Viewer
from archive.catalogue.deliveries import Handover
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.handovers import receive, send_again
from archive.packages.opening import Context
from archive.retrying import MOST_ATTEMPTS, PAUSES, next_attempt
from archive.settings import settings
from indexer.intake.noting import note_handover
from indexer.intake.waiting import DIED, take_handover, take_waiting
from indexer.intake.watching import CLAIMED, FAILED, REASON, watch_once
from tests.transfers import IDENTIFIER, ORGAN

pytestmark = pytest.mark.both_databases

GIVER = Viewer(frozenset({"role:head"}), "lan", "head")


class KilledError(BaseException):
    """Ends a run where no handler of errors would."""


def kill(*_: object) -> None:
    raise KilledError


def give(folder: Path, n: int) -> str:
    path = folder / f"so-{n}.csv"
    path.write_text(f"Số ký hiệu,Ngày tháng,Trích yếu\n{n}/QĐ-UBND,05/01/2019,Giao đất {n}\n", encoding="utf-8")
    told = {"organ": ORGAN, "identifier": IDENTIFIER, "access": "01"}
    with writing() as session:
        return receive(session, GIVER, channel="folder", name=path.name, context=told, place=path)[0].public_id


def found(public_id: str) -> Handover:
    with reading() as session:
        return session.scalars(select(Handover).where(Handover.public_id == public_id)).one()


def let_pause_end() -> None:
    with writing() as session:
        session.execute(update(Handover).where(Handover.due.is_not(None)).values(due=now()))


def numbers() -> set[str]:
    with reading() as session:
        return {one for one in session.scalars(select(Record.number).where(Record.level == "document")) if one}


@contextmanager
def broken_storage(home: Path) -> Iterator[None]:
    """No folder where the objects lie, but a file."""
    there, away = home / "storage", home / "storage-away"
    if there.exists():
        there.rename(away)
    home.mkdir(exist_ok=True)
    there.write_text("")
    try:
        yield
    finally:
        there.unlink()
        if away.exists():
            away.rename(there)


def test_pauses_grow_and_the_last_one_stays(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANKHO_NOW", "2026-11-05T08:00:00+07:00")
    settings.cache_clear()
    assert list(PAUSES) == sorted(set(PAUSES)), "each longer than the one before"
    waits = [(next_attempt(attempts) - now()).total_seconds() / 60 for attempts in range(1, len(PAUSES) + 3)]
    assert waits == [*PAUSES, PAUSES[-1], PAUSES[-1]]


def test_what_breaks_off_waits_and_others_pass_it(home: Path, tmp_path: Path) -> None:
    first = give(tmp_path, 1)
    with broken_storage(home):
        assert take_waiting()
    told = found(first)
    assert (told.state, told.attempts) == ("waiting", 1)
    assert told.due
    assert "không phải thư mục" in told.message
    assert str(home) not in told.message, "who hands over reads it"
    second = give(tmp_path, 2)
    assert [one.public_id for one in iter(take_waiting, None)] == [second]
    assert numbers() == {"2/QĐ-UBND"}
    let_pause_end()
    assert take_waiting()
    assert (found(first).state, found(first).message) == ("taken", "")
    assert numbers() == {"1/QĐ-UBND", "2/QĐ-UBND"}


def test_after_its_attempts_it_waits_for_a_person_who_sends_it_again(home: Path, tmp_path: Path) -> None:
    first = give(tmp_path, 1)
    with broken_storage(home):
        for _ in range(MOST_ATTEMPTS):
            assert take_waiting()
            let_pause_end()
    told = found(first)
    assert (told.state, told.attempts) == ("failed", MOST_ATTEMPTS)
    assert "không phải thư mục" in told.message
    assert take_waiting() is None
    with writing() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "delivery-failed")).one()
        send_again(session.get_one(Handover, told.id))
    assert take_waiting()
    assert found(first).state == "taken"
    assert numbers() == {"1/QĐ-UBND"}


def test_one_that_kills_its_process_is_given_up_too(home: Path, tmp_path: Path) -> None:
    first = give(tmp_path, 1)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(KilledError):
            take_handover(first, kill)
        assert found(first).state == "taking", "nobody was left to say what became of it"
    second = give(tmp_path, 2)
    assert take_waiting()
    told = found(first)
    assert (told.state, told.message) == ("failed", DIED)
    assert take_waiting()
    assert found(second).state == "taken"


def test_what_breaks_off_in_the_watched_folder_stays_there_where_it_is_no_fault_of_its_own(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "canh"
    folder.mkdir()
    (folder / "so.csv").write_text("Số ký hiệu,Trích yếu\n1/QĐ-UBND,Giao đất\n", encoding="utf-8")
    with broken_storage(home), pytest.raises(OSError, match="storage"):
        watch_once(folder)
    assert (folder / CLAIMED / "so.csv").exists()
    assert watch_once(folder) == 1
    assert (folder / FAILED / f"so.csv{REASON}").exists(), "a register needs its fonds"


def test_what_broke_off_in_the_watched_folder_is_taken_where_it_lies_when_a_person_sends_it_again(
    home: Path, tmp_path: Path
) -> None:
    """With what was said of the folder: a register says nothing of its fonds itself."""
    there = tmp_path / "canh" / FAILED / "so.csv"
    there.parent.mkdir(parents=True)
    there.write_text("Số ký hiệu,Trích yếu\n1/QĐ-UBND,Giao đất\n", encoding="utf-8")
    said = Context(IDENTIFIER, ORGAN, "Ủy ban nhân dân tỉnh", access="01")
    note_handover(there, "watch", str(tmp_path), now(), state="failed", message="hỏng", context=said)
    assert not take_waiting(), "it waits for a person"
    with writing() as session:
        send_again(session.scalars(select(Handover)).one())
    assert take_waiting()
    with reading() as session:
        told = session.scalars(select(Handover)).one()
    assert (told.state, told.message, told.channel) == ("taken", "", "watch")
    assert numbers() == {"1/QĐ-UBND"}
    assert there.exists(), "nothing that was delivered is lost"
