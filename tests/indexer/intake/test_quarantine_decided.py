"""What waits in quarantine comes in only as a person decided, once, and the index sees it only then."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import Viewer, may
from archive.access_rules import Closure
from archive.catalogue.deliveries import Handover, QuarantinedRow
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.deciding import withdraw_record
from archive.packages.opening import Context
from archive.quarantine import DECIDED, QuarantineError, find, keep, listed, refuse, release
from archive.storage.folder import FolderStorage
from indexer.intake.noting import note_handover
from indexer.intake.taking import Taken, take_package
from indexer.intake.waiting import take_waiting
from tests.transfers import ORGAN, Transfer, codes, drain_all, province, record, sha256, take, versions

pytestmark = pytest.mark.both_databases

DAY = date(2026, 11, 23).toordinal()
OPEN = Closure("01")
STAMPED = "ỦY BAN NHÂN DÂN\nMẬT\nSố: 12/QĐ-UBND\nTờ trình cũ"


def deliver(made: Transfer) -> Taken:
    """Takes it as a delivery that can be taken again."""
    taken = take(made.write())
    note_handover(made.root.resolve(), "command", "may", now(), taken)
    return taken


def stamped(root: Path) -> Transfer:
    return province(root).document("VB6", "HS1", body=STAMPED)


def rows(state: str = "waiting") -> list[QuarantinedRow]:
    with reading() as session:
        return [one.row for one in listed(session, state=state)[0]]


def let_out(row: QuarantinedRow, closure: Closure = OPEN, ground: str = "QĐ 5 giải mật") -> None:
    with writing() as session:
        release(session, row.id, closure, actor="lan", ground=ground)
    while take_waiting():
        pass
    drain_all()


def there(code: str) -> bool:
    with reading() as session:
        return session.scalar(select(Record.id).where(Record.code == code, ~Record.withdrawn)) is not None


def test_a_released_row_comes_in_with_the_access_that_was_decided(home: Path, tmp_path: Path) -> None:
    deliver(stamped(tmp_path / "goi"))
    [row] = rows()
    assert (row.ground, there("VB6")) == ("secrecy.stamp", False)
    with writing() as session:
        release(session, row.id, Closure("02", DAY + 9), actor="lan", ground="QĐ 5")
    assert not there("VB6"), "a decision alone shows nothing"
    while take_waiting():
        pass
    found = record("VB6")
    assert "document VB6" not in versions()["records"]
    drain_all()
    assert "document VB6" in versions()["records"]
    assert (found.level_code, found.opens_on) == ("02", DAY + 9)
    assert may(Viewer.anonymous(), "read", found, DAY + 8) is False
    assert may(Viewer.anonymous(), "read", found, DAY + 9) is True
    assert FolderStorage(home / "storage").has(sha256(STAMPED))
    assert ("quarantine.released", "VB6") in codes()
    with reading() as session:
        asked = select(AuditEvent).where(AuditEvent.action.like("quarantine-%")).order_by(AuditEvent.id)
        told = session.scalars(asked).all()
    assert [(one.action, one.actor, one.ground, one.record) for one in told] == [
        ("quarantine-released", "lan", "QĐ 5", None),
        ("quarantine-entered", "lan", "QĐ 5", found.public_id),
    ]
    assert rows() == []
    with reading() as session:
        place = session.scalars(select(Handover.place)).one()
    again = take(Path(place))
    assert again.counts["quarantined"] == 0
    assert record("VB6").public_id == found.public_id


def test_one_decides_and_the_other_hears_it(home: Path, tmp_path: Path) -> None:
    deliver(stamped(tmp_path / "goi"))
    [row] = rows()
    let_out(row)
    for late in (keep, refuse):
        with pytest.raises(QuarantineError, match=DECIDED), writing() as session:
            late(session, row.id, actor="hai", ground="x")
    with pytest.raises(QuarantineError, match=DECIDED), writing() as session:
        release(session, row.id, OPEN, actor="hai", ground="x")


@pytest.mark.parametrize("ground", ["", "  ", "a" * 501])
def test_no_decision_without_a_ground(home: Path, tmp_path: Path, ground: str) -> None:
    deliver(stamped(tmp_path / "goi"))
    [row] = rows()
    with pytest.raises(QuarantineError, match="căn cứ"), writing() as session:
        release(session, row.id, OPEN, actor="lan", ground=ground)
    with pytest.raises(QuarantineError, match="mức"), writing() as session:
        release(session, row.id, Closure("03"), actor="lan", ground="QĐ 5")
    assert len(rows()) == 1


def test_what_is_kept_waits_and_what_is_refused_never_comes_in(home: Path, tmp_path: Path) -> None:
    made = stamped(tmp_path / "goi")
    deliver(made)
    [row] = rows()
    with writing() as session:
        keep(session, row.id, actor="lan", ground="hỏi cơ quan")
    [kept] = rows()
    assert (kept.decision, kept.decided_by, kept.reason) == ("kept", "lan", "hỏi cơ quan")
    with writing() as session:
        refuse(session, row.id, actor="lan", ground="còn mật")
    assert rows() == []
    made.data["khac.txt"] = b"another package with the same row"
    deliver(made)
    assert not there("VB6")
    assert rows() == [], "what was refused for good does not ask again"
    assert [one.id for one in rows("refused")] == [row.id]
    assert FolderStorage(home / "quarantine").has(sha256(STAMPED))


def test_another_text_under_the_same_code_is_looked_at_again(home: Path, tmp_path: Path) -> None:
    made = stamped(tmp_path / "goi")
    deliver(made)
    let_out(rows()[0])
    made.data["VB6.txt"] = (STAMPED + " khác").encode()
    deliver(made)
    assert sorted(one.ground for one in rows()) == ["record.withdrawn", "secrecy.stamp"]
    assert not there("VB6")


def test_a_record_withdrawn_later_stays_withdrawn(home: Path, tmp_path: Path) -> None:
    made = stamped(tmp_path / "goi")
    deliver(made)
    let_out(rows()[0])
    with writing() as session:
        withdraw_record(session, record("VB6").public_id, actor="lan", ground="vẫn mật", silent=True)
    take(made.root)
    assert not there("VB6")
    assert not FolderStorage(home / "storage").has(sha256(STAMPED))
    again = next(one for one in rows() if one.ground == "secrecy.stamp")
    let_out(again)
    assert there("VB6"), "a second decision brings it back"


@pytest.mark.parametrize("fields", [{"Mode": "nội bộ"}, {"AccessLevel": "03"}])
def test_the_access_that_nobody_knew_is_the_one_that_was_decided(
    home: Path, tmp_path: Path, fields: dict[str, str]
) -> None:
    deliver(province(tmp_path / "goi").change("VB1", **fields))
    [row] = rows()
    let_out(row)
    assert may(Viewer.anonymous(), "read", record("VB1"), DAY)


def test_of_two_rows_with_one_number_the_chosen_one_holds(home: Path, tmp_path: Path) -> None:
    made = tmp_path / "so.csv"
    made.write_text(
        "Số ký hiệu,Ngày ban hành,Trích yếu,Cơ quan ban hành\n"
        "1/QĐ-UBND,05/01/2020,Về việc khóa sổ,UBND tỉnh\n1/QĐ-UBND,05/01/2020,Về việc Khóa sổ,UBND tỉnh\n",
        encoding="utf-8",
    )
    context = Context(identifier="000.00.34.H48", organ=ORGAN, fonds_name="UBND tỉnh", access="01")
    taken = take_package(made, None, context)
    with reading() as session:
        titles = session.scalars(select(Record.title).where(Record.level == "document")).all()
    assert titles == ["Về việc khóa sổ"]
    [row] = rows()
    assert row.ground == "row.differs"
    note_handover(made.resolve(), "command", "may", now(), taken)
    with writing() as session:
        release(session, row.id, OPEN, actor="lan", ground="bản gốc viết hoa")
    for _ in range(2):
        take_package(made, None, context)
        with reading() as session:
            titles = session.scalars(select(Record.title).where(Record.level == "document")).all()
        assert titles == ["Về việc Khóa sổ"]


def test_what_waited_for_its_file_waits_no_more_when_it_is_in(home: Path, tmp_path: Path) -> None:
    made = province(tmp_path / "goi").document("VB6", "HS3")
    deliver(made)
    assert [one.ground for one in rows()] == ["file.orphan"]
    deliver(made.file("HS3"))
    assert rows() == []
    assert there("VB6")


def test_a_delivery_that_is_gone_is_told(home: Path, tmp_path: Path) -> None:
    made = stamped(tmp_path / "goi")
    deliver(made)
    made.root.rename(tmp_path / "khac")
    [row] = rows()
    with pytest.raises(QuarantineError, match="không còn ở chỗ cũ"), writing() as session:
        release(session, row.id, OPEN, actor="lan", ground="QĐ 5")
    with reading() as session:
        one = find(session, row.id)
        assert one is not None
        assert one.code == "VB6"
