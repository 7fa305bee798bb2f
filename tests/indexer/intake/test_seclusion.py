"""What nobody may see any more leaves the open storage and the database's texts."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.accession import seclusion
from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.fixity import StoredObject
from archive.catalogue.records import Page, RecordFile
from archive.database import engine, reading
from archive.derivatives import derivative_path, keep_derivative
from archive.storage.folder import FolderStorage
from tests.transfers import drain_all, province, record, sha256, take, versions

pytestmark = pytest.mark.both_databases

SECRET_TEXT = "Nội dung chỉ có ở VB1"


def deliver(root: Path, *, level: str) -> None:
    transfer = province(root).change("VB1", AccessLevel=level)
    transfer.data["VB1.txt"] = SECRET_TEXT.encode()
    take(transfer.write())


def assert_secluded(home: Path) -> None:
    storage, apart = FolderStorage(home / "storage"), FolderStorage(home / "quarantine")
    name = sha256(SECRET_TEXT)
    assert not storage.has(name)
    assert apart.read(name) == SECRET_TEXT.encode()
    gone = record("VB1")
    with reading() as session:
        assert session.scalars(select(RecordFile).where(RecordFile.record_id == gone.id)).all() == []
        assert session.scalars(select(Page).where(Page.record_id == gone.id)).all() == []
        assert session.get(StoredObject, name) is None
        kept = session.scalars(select(QuarantinedRow).where(QuarantinedRow.ground == "record.withdrawn")).one()
    assert [name] == [file[2] for file in kept.files]
    if engine().dialect.name == "sqlite":  # PostgreSQL's own files are the operator's (docs/handbook/postgresql.md)
        with reading() as session:
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        assert SECRET_TEXT.encode() not in (home / "catalogue.sqlite3").read_bytes()


def test_bytes_and_texts_go_to_quarantine(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi", level="01")
    drain_all()
    image = derivative_path(home, sha256(SECRET_TEXT), 0, 300)
    keep_derivative(image, b"webp")
    deliver(tmp_path / "goi", level="03")
    assert_secluded(home)
    assert not image.exists()
    drain_all()
    assert "document VB1" not in versions()["pages"]
    assert "document VB2" in versions()["pages"]


def test_bytes_that_another_record_has_stay(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    transfer.data["VB1.txt"] = transfer.data["VB2.txt"] = SECRET_TEXT.encode()
    take(transfer.write())
    take(transfer.change("VB1", AccessLevel="03").write())
    assert FolderStorage(home / "storage").has(sha256(SECRET_TEXT))
    assert FolderStorage(home / "quarantine").has(sha256(SECRET_TEXT))


@pytest.mark.parametrize("step", ["_set_apart", "_forget_objects", "drop_derivatives"])
def test_interrupted_it_is_repeated(step: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(tmp_path / "goi", level="01")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(seclusion, step, stop)
        with pytest.raises(KeyboardInterrupt):
            deliver(tmp_path / "goi", level="03")
    assert record("VB1").withdrawn, "withdrawn before, whatever happens to its bytes"
    deliver(tmp_path / "goi", level="03")
    assert_secluded(home)
