"""A delivery undone: what it brought is gone for everybody, what it changed is as it was; refused once built upon."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.accession.seclusion import seclude
from archive.catalogue.deliveries import Accession, Package
from archive.catalogue.people import Account, AuditEvent, Grant
from archive.catalogue.records import Page, Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.storage.folder import FolderStorage
from archive.undoing import UndoError, undo_package
from indexer.intake.taking import take_package
from tests.indexer.extraction.test_enclosures import letter, picture, zipped
from tests.transfers import Transfer, drain_all, dump, record, take, versions

pytestmark = pytest.mark.both_databases
GROUND = "Giao nhầm gói"
STABLE = ("record", "page", "record_file", "record_place", "record_subject", "personal_mark")


def transfer(tmp_path: Path) -> Transfer:
    made = Transfer(tmp_path / "goi").fonds().file("HS1")
    return made.document("VB1", "HS1", "Đất đai\fTrang hai, điện thoại 0912345678").document("VB2", "HS1")


def undo(package: str, ground: str = GROUND) -> tuple[int, int]:
    with writing() as session:
        done = undo_package(session, package, actor="lan", ground=ground)
    drain_all()
    return done.withdrawn, done.restored


def test_what_it_brought_is_gone_and_comes_back_when_sent_again(home: Path, tmp_path: Path) -> None:
    made = transfer(tmp_path)
    first = take(made.write())
    ids = {code: record(code).public_id for code in ("VB1", "VB2")}
    assert undo(first.package) == (5, 0)  # fonds, inventory, file, two documents
    with reading() as session:
        assert all(one.withdrawn for one in session.scalars(select(Record)))
        assert not any(one.access.see.allow for one in session.scalars(select(Record)))
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "delivery-undone")).one()
        assert (told.actor, told.ground) == ("lan", GROUND)
    made.rows["van-ban"].pop()
    del made.data["VB2.txt"]
    again = take(made.write())
    assert again.counts["held"] == 0
    assert {code: record(code).public_id for code in ids} == ids
    assert not record("VB1").withdrawn
    assert record("VB2").withdrawn, "it was not sent again"
    with reading() as session:
        assert session.query(Page).filter_by(record_id=record("VB1").id).count() == 2
    found = versions()["records"]
    assert "document VB1" in found
    assert "document VB2" not in {name for name in found if record(name.split()[1]).withdrawn is False}


def test_scans_that_lay_in_messages_and_archives_leave_nothing_behind(home: Path, tmp_path: Path) -> None:
    scans = {f"{n}.png": picture(size=(600, 800 + n)) for n in range(3)}
    made = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1", None)
    made.data["VB1.eml"] = letter(goi__zip=zipped(scans), mot__png=picture()).as_bytes()
    taken = take(made.write())
    storage, apart = FolderStorage(home / "storage"), FolderStorage(home / "quarantine")
    assert len(list(storage.all())) == 5
    assert not list((storage.root / "incoming").iterdir())
    undo(taken.package)
    with reading() as session:
        package = session.scalars(select(Package.id)).one()
    seclude(storage, apart, home, package)
    assert not list(storage.all())
    assert not versions()["pages"]
    left = ("page", "record_file", "stored_object", "recognition_task")
    assert dump(*left) == {table: [] for table in left}
    assert take(made.write()).tables["van-ban"] == {"accepted": 1}
    assert len(list(storage.all())) == 5


def test_what_it_changed_is_put_back_exactly(home: Path, tmp_path: Path) -> None:
    made = transfer(tmp_path)
    take(made.write())
    before = dump(*STABLE, without=("id", "version"))
    made.change("VB1", Subject="Sửa sai", Mode="Hạn chế").data["VB1.txt"] = b"khac"
    made.change("HS1", Title="Tên mới")
    changed = take(made.write())
    assert record("VB1").title == "Sửa sai"
    assert undo(changed.package) == (0, 2)
    after = dump(*STABLE, without=("id", "version"))
    assert {name: sorted(map(str, rows)) for name, rows in after.items()} == {
        name: sorted(map(str, rows)) for name, rows in before.items()
    }


@pytest.mark.parametrize("what", ["grant", "curated", "later", "member"])
def test_it_is_refused_once_something_refers_to_it(home: Path, tmp_path: Path, what: str) -> None:
    made = transfer(tmp_path)
    first = take(made.write())
    one = record("VB1").id
    if what == "grant":
        with writing() as session:
            session.add(Account(name="hoa", password_hash="h", role="reader", epoch="e"))
            session.flush()
            day = today_number()
            account = session.scalars(select(Account.id)).one()
            session.add(Grant(account_id=account, record_id=one, valid_from=day, valid_to=day, ground="g"))
        said = "giấy phép đọc: VB1"
    elif what == "curated":
        with writing() as session:
            session.get_one(Record, one).curated = {"Subject": "Đúng hơn"}
        said = "sửa mô tả: VB1"
    elif what == "later":
        take_package(made.change("VB1", Subject="Bản sau").write())
        said = "gói khác đã sửa: VB1"
    else:
        take_package(made.document("VB9", "HS1").write())
        said = "xếp vào: HS1"
    with pytest.raises(UndoError, match=said):
        undo(first.package)
    assert not record("VB1").withdrawn


def test_it_needs_a_ground_and_is_done_once(home: Path, tmp_path: Path) -> None:
    first = take(transfer(tmp_path).write())
    with pytest.raises(UndoError, match="căn cứ"):
        undo(first.package, " ")
    with pytest.raises(UndoError, match="Không có lần giao"):
        undo("x" * 26)
    undo(first.package)
    with pytest.raises(UndoError, match="đã được hoàn tác"):
        undo(first.package)
    with reading() as session:
        assert all(one.undone for one in session.scalars(select(Accession)))


def test_what_stands_in_the_way_has_a_name(home: Path, tmp_path: Path) -> None:
    first = take(transfer(tmp_path).change("HS1", FileCatalog="").write())
    take(Transfer(tmp_path / "khac").fonds().file("HS2", FileCatalog="").document("VB3", "HS2").write())
    with pytest.raises(UndoError, match="của gói khác xếp vào") as refused:
        undo(first.package)
    with reading() as session:
        inventory = session.scalars(select(Record).where(Record.level == "inventory")).one()
    assert inventory.code == ""
    assert inventory.title
    assert f"xếp vào: {inventory.title}" in str(refused.value)
