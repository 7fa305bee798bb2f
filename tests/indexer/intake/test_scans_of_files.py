"""The scan of a whole file shows its documents' pages: it is as closed as the strictest of them."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import Right, Viewer, may, tag
from archive.access_rules import STAFF, Closure, derive_access
from archive.accession.correction import apply_access
from archive.catalogue.records import Record
from archive.database import writing
from archive.storage.folder import FolderStorage
from search.criteria import Criteria
from search.gateway import Gateway
from tests.transfers import ORGAN, Transfer, drain_all, lines, province, record, sha256, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

DAY = date(2026, 11, 23).toordinal()
ANYONE = Viewer.anonymous()
SCAN = "Trang một thường\fTrang hai zqkin"


def has(right: Right, code: str = "HS1", viewer: Viewer = ANYONE, day: int = DAY) -> bool:
    return may(viewer, right, record(code), day)


def found() -> int:
    return Gateway(search_engine()).search(ANYONE, Criteria(q="zqkin")).total


def scanned(root: Path) -> Transfer:
    transfer = province(root)
    transfer.data["HS1.txt"] = SCAN.encode()
    return transfer


def test_a_scan_of_open_documents_is_open(home: Path, tmp_path: Path) -> None:
    take(scanned(tmp_path / "goi").write())
    assert has("read")
    assert found() == 1


def test_a_scan_with_a_conditional_document_is_closed_and_the_rest_of_the_file_is_not(
    home: Path, tmp_path: Path
) -> None:
    transfer = scanned(tmp_path / "goi").change("VB2", Mode="Hạn chế")
    take(transfer.write())
    assert has("see")
    assert not has("search")
    assert not has("read")
    assert has("read", "VB1"), "only the scan is closed"
    assert found() == 0
    for one in (*STAFF, tag("grant", record("HS1").public_id)):
        assert has("read", viewer=Viewer(frozenset({one})))
    told = [(one.outcome, one.record) for one in lines() if one.code == "scan.closed"]
    assert told == [("warned", "HS1")]
    counted = take(transfer.change("HS1", Title="Tên khác").write()).counts
    assert (counted.get("held", 0), record("HS1").title) == (0, "Tên khác"), "not taken for a loosening"
    assert not has("read")


def test_a_scan_opens_with_the_last_of_its_documents(home: Path, tmp_path: Path) -> None:
    transfer = scanned(tmp_path / "goi").change("VB2", Mode="Hạn chế", OpenDate="01/01/2030")
    take(transfer.change("VB3", OpenDate="01/01/2031").write())
    assert not has("read", day=date(2030, 12, 31).toordinal())
    assert has("read", day=date(2031, 1, 1).toordinal())


def test_a_document_tightened_later_closes_the_scan_at_once(home: Path, tmp_path: Path) -> None:
    from indexer.intake.taking import take_package

    transfer = scanned(tmp_path / "goi")
    take(transfer.write())
    take_package(transfer.change("VB2", Mode="Hạn chế").write())
    assert not has("read")
    assert found() == 0, "vetoed before the index knows"
    drain_all()
    assert found() == 0


def test_a_scan_that_comes_later_is_as_closed_as_what_is_there(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").change("VB2", Mode="Hạn chế")
    take(transfer.write())
    assert has("read")
    transfer.data["HS1.txt"] = SCAN.encode()
    take(transfer.write())
    assert not has("read")
    assert found() == 0


def test_a_scan_stays_closed_when_the_fonds_is_delivered_again(home: Path, tmp_path: Path) -> None:
    transfer = scanned(tmp_path / "goi").change("VB2", Mode="Hạn chế")
    take(transfer.write())
    take(transfer.change("HS1", OpenDate="01/01/2027").write())
    assert not has("read", day=date(2027, 1, 2).toordinal())
    assert has("read", "VB1", day=date(2027, 1, 2).toordinal())


def test_a_document_that_turns_out_secret_takes_the_scan_with_it(home: Path, tmp_path: Path) -> None:
    transfer = scanned(tmp_path / "goi")
    take(transfer.write())
    take(transfer.change("VB2", AccessLevel="03").write())
    assert [(one.outcome, one.record) for one in lines() if one.code == "scan.closed"] == [("quarantined", "HS1")]
    assert not has("read")
    assert not has("read", viewer=Viewer(STAFF)), "what holds a secret is for the quarantine"
    assert found() == 0
    assert has("read", "VB1")


def test_what_was_sealed_stays_sealed_when_the_fonds_changes(home: Path, tmp_path: Path) -> None:
    take(scanned(tmp_path / "goi").change("VB2", AccessLevel="03").write())
    with writing() as session:
        fonds = session.scalars(select(Record).where(Record.level == "fonds")).one()
        before, fonds.level_code = fonds.access, "02"
        closed = derive_access((Closure("02"),), lineage=(fonds.public_id,), agency=ORGAN)
        apply_access(session, fonds, closed, before)
    drain_all()
    assert not has("read", "VB1")
    assert has("read", "VB1", Viewer(STAFF))
    assert not has("read", viewer=Viewer(STAFF))


def test_the_bytes_and_texts_of_a_sealed_scan_leave_the_open_storage(home: Path, tmp_path: Path) -> None:
    transfer = scanned(tmp_path / "goi").change("VB2", AccessLevel="03")
    for title in ("Một", "Hai"):  # also when the same scan is delivered again with another description
        take(transfer.change("HS1", Title=title).write())
        assert record("HS1").title == title
        assert record("HS1").page_count == 0
        assert not FolderStorage(home / "storage").has(sha256(SCAN))
        assert FolderStorage(home / "quarantine").has(sha256(SCAN))


def test_a_scan_that_comes_after_a_secret_document_is_sealed(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").change("VB2", AccessLevel="03")
    take(transfer.write())
    assert has("read"), "without a scan nothing of it shows"
    transfer.data["HS1.txt"] = SCAN.encode()
    take(transfer.write())
    assert not has("read", viewer=Viewer(STAFF))
    assert found() == 0


def test_a_scan_that_comes_with_a_secret_document_stays_apart(home: Path, tmp_path: Path) -> None:
    take(scanned(tmp_path / "goi").change("VB2", AccessLevel="03").write())
    assert [one.outcome for one in lines() if one.code == "scan.closed"] == ["quarantined"]
    assert not has("read", viewer=Viewer(STAFF))
    assert found() == 0


def test_a_stamp_on_any_page_of_a_scan_counts(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    transfer.data["HS1.txt"] = "Trang một thường\fMẬT\nTrang hai zqkin".encode()
    assert take(transfer.write()).counts["quarantined"] >= 1
    assert found() == 0
