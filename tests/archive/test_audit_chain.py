"""The sealed trail: every way to change it behind the program's back is found and named by its place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive import schema
from archive.audit import record_event
from archive.catalogue.people import AuditEvent
from archive.database import engine, reading, writing
from archive.erasing import EraseError, erase
from archive.proving import prove
from archive.sealing import HEAD_FILE, LOT, head, link, payload_digest, read_head, seal, unsealed

pytestmark = pytest.mark.both_databases


def write_events(count: int, actor: str = "lan") -> None:
    with writing() as session:
        for n in range(count):
            record_event(session, actor, "read", f"record{n}", ground="role:archivist", channel="page", page=n)


@contextmanager
def switched_off(session: Session) -> Iterator[None]:
    """What somebody can do who owns the database: the triggers are gone for the block."""
    if engine().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        yield
        session.execute(text("ALTER TABLE audit_event ENABLE TRIGGER USER"))
        return
    triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _sql in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _name, sql in triggers:
        session.connection().exec_driver_sql(sql)


def unguarded(*statements: str) -> None:
    """Changes rows behind the program's back."""
    with writing() as session, switched_off(session):
        for one in statements:
            session.execute(text(one))


@pytest.fixture
def sealed(home: Path) -> Path:
    """Ten sealed events."""
    write_events(10)
    assert seal() == 10
    return home


def test_what_is_whole_is_proved(sealed: Path) -> None:
    proof = prove()
    assert (proof.sealed, proof.unsealed, proof.erased, proof.broken) == (10, 0, 0, [])
    with reading() as session:
        assert proof.head == head(session) == (sealed / HEAD_FILE).read_text()
    write_events(3)
    assert prove().unsealed == 3
    assert prove().broken == []
    assert seal() == 3
    assert seal() == 0
    assert prove().sealed == 13


@pytest.mark.parametrize(
    ("statement", "place", "words"),
    [
        ("UPDATE audit_event SET actor = 'minh' WHERE place = 4", "mục 4 ", "nội dung đã bị sửa"),
        ("UPDATE audit_event SET record = 'khác' WHERE place = 4", "mục 4 ", "nội dung đã bị sửa"),
        ("UPDATE audit_event SET ground = '' WHERE place = 4", "mục 4 ", "nội dung đã bị sửa"),
        ('UPDATE audit_event SET detail = \'{"channel": "api"}\' WHERE place = 4', "mục 4 ", "nội dung đã bị sửa"),
        ("UPDATE audit_event SET action = 'sign-in' WHERE place = 4", "mục 4 ", "không nối với mục trước"),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000' WHERE place = 4", "mục 4 ", "không nối"),
        ("DELETE FROM audit_event WHERE place = 1", "thiếu mục 1", ""),
        ("DELETE FROM audit_event WHERE place BETWEEN 4 AND 6", "thiếu các mục 4–6", ""),
        ("DELETE FROM audit_event WHERE place > 7", "đã niêm phong đến mục 10", "chỉ còn đến mục 7"),
        ("DELETE FROM audit_event", "đã niêm phong đến mục 10", "chỉ còn đến mục 0"),
        (
            "UPDATE audit_event SET actor = '', record = NULL, ground = '', salt = '', detail = '{}', erased = 1 "
            "WHERE place = 4",
            "mục 4 ",
            "không có việc xóa nào",
        ),
        ("UPDATE audit_head SET place = 9", "đầu chuỗi ở mục 9", "không khớp"),
    ],
)
def test_every_change_is_found_at_its_place(sealed: Path, statement: str, place: str, words: str) -> None:
    unguarded(statement)
    broken = prove().broken
    assert any(place in one and words in one for one in broken), broken
    assert len(broken) <= 2, broken  # the place, and where the tail is cut, what was written outside


def test_rows_put_in_another_order_are_found(sealed: Path) -> None:
    unguarded(
        "UPDATE audit_event SET place = -1 WHERE place = 4",
        "UPDATE audit_event SET place = 4 WHERE place = 7",
        "UPDATE audit_event SET place = 7 WHERE place = -1",
    )
    told = " ".join(prove().broken)
    assert "mục 4 (dòng 7): không nối" in told
    assert "mục 7 (dòng 4): không nối" in told


def test_a_row_put_in_is_found_wherever_it_is(sealed: Path) -> None:
    columns = "at, actor, action, ground, detail, salt, digest, chain, place"
    copied = f"INSERT INTO audit_event ({columns}) SELECT at, actor, action, ground, detail, salt, digest, chain"
    unguarded(f"{copied}, 11 FROM audit_event WHERE place = 10")
    broken = prove().broken
    assert any("mục 11 (dòng 11): không nối" in one for one in broken), broken
    assert any("đầu chuỗi ở mục 10 không khớp với mục cuối 11" in one for one in broken), broken


def rewrite_from(session: Session, place: int) -> None:
    """The whole chain made anew from a place on, as the sealer would: nothing inside the database shows it."""
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.place)).all()
    chain = events[place - 2].chain if place > 1 else ""
    for event in events[place - 1 :]:
        event.digest = payload_digest(event, event.salt)
        chain = event.chain = link(chain, event.place or 0, event, event.digest)
    session.flush()
    session.execute(text("UPDATE audit_head SET chain = :chain"), {"chain": chain})


def test_a_chain_made_anew_is_found_by_the_head_outside(sealed: Path) -> None:
    with reading() as session:
        written_down = head(session)
    unguarded("UPDATE audit_event SET actor = 'minh' WHERE place = 4")
    with writing() as session, switched_off(session):
        rewrite_from(session, 4)
    assert any("mục 10: khác với đầu chuỗi đã ghi ra ngoài" in one for one in prove().broken)
    (sealed / HEAD_FILE).unlink()
    assert prove().broken == [], "nothing inside the database can show it"
    assert any("mục 10: khác với đầu chuỗi" in one for one in prove(written_down).broken)


def test_a_tail_cut_off_with_its_head_is_found_outside(sealed: Path) -> None:
    unguarded(
        "DELETE FROM audit_event WHERE place > 7",
        "UPDATE audit_head SET place = 7, chain = (SELECT chain FROM audit_event WHERE place = 7)",
    )
    assert prove().broken == ["cuối sổ bị cắt: bên ngoài đã ghi đến mục 10, nay chỉ còn đến mục 7"]


def test_triggers_that_are_gone_are_told(sealed: Path) -> None:
    gone = "ALTER TABLE audit_event DISABLE TRIGGER USER"
    with writing() as session:
        if engine().dialect.name == "postgresql":
            session.execute(text(gone))
        for name in ("audit_event_kept", "audit_event_stays") if engine().dialect.name == "sqlite" else ():
            session.execute(text(f"DROP TRIGGER {name}"))
    told = prove().broken
    if engine().dialect.name == "postgresql":
        with writing() as session:
            session.execute(text(gone.replace("DISABLE", "ENABLE")))
    names = "audit_event_kept, audit_event_stays"
    names += ", audit_event_whole" if engine().dialect.name == "postgresql" else ""
    assert told == [f"cơ sở dữ liệu không còn giữ sổ: thiếu {names}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'minh' WHERE place = 4",
        "UPDATE audit_event SET place = 40 WHERE place = 4",
        "UPDATE audit_event SET erased = 1 WHERE place = 4",
        "UPDATE audit_event SET actor = '', record = NULL, ground = '', salt = '', detail = '{}', erased = 1, "
        "action = 'x' WHERE place = 4",
        "DELETE FROM audit_event WHERE place = 4",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(sealed: Path, statement: str) -> None:
    with pytest.raises(DBAPIError, match="sealed rows are kept"), writing() as session:
        session.execute(text(statement))
    assert prove().broken == []


@pytest.mark.on_postgres
def test_postgres_refuses_to_empty_the_table(sealed: Path) -> None:
    with pytest.raises(DBAPIError, match="sealed rows are kept"), writing() as session:
        session.execute(text("TRUNCATE audit_event"))


def test_what_the_law_erases_is_gone_and_the_chain_is_whole(sealed: Path) -> None:
    write_events(4, "dung")
    assert erase("Trần Thị Mai", "Luật 91/2025/QH15, điều 14", person="dung") == 4
    seal()
    proof = prove()
    assert (proof.sealed, proof.erased, proof.broken) == (15, 4, [])
    with reading() as session:
        assert not session.scalars(select(AuditEvent).where(AuditEvent.actor == "dung")).all()
        erased = session.scalars(select(AuditEvent).where(AuditEvent.erased.is_not(None))).all()
        assert {(one.actor, one.record, one.ground, one.salt) for one in erased} == {("", None, "", "")}
        cause = session.scalars(select(AuditEvent).where(AuditEvent.action == "audit-erased")).one()
    assert (cause.actor, cause.ground) == ("Trần Thị Mai", "Luật 91/2025/QH15, điều 14")
    assert cause.detail["events"] == [one.id for one in erased]
    with pytest.raises(EraseError):
        erase("Trần Thị Mai", "điều 14", numbers=[cause.id])
    with pytest.raises(EraseError):
        erase("Trần Thị Mai", "điều 14", person="dung")
    with pytest.raises(EraseError):
        erase("Trần Thị Mai", " ", person="lan")


def test_an_event_of_erasing_that_is_taken_away_is_missed(sealed: Path) -> None:
    erase("mai", "điều 14", numbers=[4])
    unguarded("DELETE FROM audit_event WHERE action = 'audit-erased'")
    assert any("mục 4 (dòng 4): nội dung bị xóa mà không có việc xóa" in one for one in prove().broken)


@pytest.mark.on_postgres
def test_a_writer_who_commits_late_loses_nothing(home: Path) -> None:
    with writing() as slow:
        record_event(slow, "chậm", "read")
        slow.flush()
        write_events(2)
        assert seal() == 2
    assert seal() == 1
    proof = prove()
    assert (proof.sealed, proof.unsealed, proof.broken) == (3, 0, [])
    with reading() as session:
        order = session.execute(select(AuditEvent.actor).order_by(AuditEvent.place)).scalars().all()
    assert order == ["lan", "lan", "chậm"], "its place follows its commit, not its number"


def test_sealers_and_writers_side_by_side_make_one_chain(home: Path) -> None:
    def run(action: Callable[[], object]) -> Thread:
        thread = Thread(target=lambda: [action() for _ in range(15)])
        thread.start()
        return thread

    threads = [run(lambda: write_events(3)), run(lambda: write_events(3, "minh")), run(seal), run(seal)]
    for one in threads:
        one.join()
    seal()
    proof = prove()
    assert (proof.sealed, proof.unsealed, proof.broken) == (90, 0, [])


def test_more_than_one_lot_is_sealed(home: Path) -> None:
    write_events(LOT + 1)
    assert seal() == LOT + 1
    assert prove().broken == []


def test_a_broken_seal_leaves_its_lot_unsealed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive import sealing

    write_events(5)
    real = sealing._write

    def fail(session: Session, seals: object) -> None:
        real(session, seals)  # type: ignore[arg-type]
        raise OSError("no space left")

    monkeypatch.setattr(sealing, "_write", fail)
    with pytest.raises(OSError, match="no space"):
        seal()
    with reading() as session:
        assert unsealed(session) == 5
    monkeypatch.undo()
    assert seal() == 5
    assert prove().broken == []


@pytest.mark.parametrize("text", ["", "x", "5", "5:abc", "-1:" + "a" * 64, "٣:" + "a" * 64, "5:" + "A" * 64])
def test_a_head_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_head(text)


def test_events_from_before_the_chain_come_into_it(home: Path) -> None:
    write_events(3)
    for way, to in ((command.downgrade, "0004"), (command.upgrade, "head")):
        with engine().execution_options(writing=True).connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(schema.FOLDER))
            config.attributes["connection"] = connection
            way(config, to)
            connection.commit()
    assert seal() == 3
    assert prove().broken == []
    with reading() as session:
        told = session.scalars(select(AuditEvent).order_by(AuditEvent.place)).all()
    assert [(one.actor, one.record, one.detail["page"]) for one in told] == [("lan", f"record{n}", n) for n in range(3)]
