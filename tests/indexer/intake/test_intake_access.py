"""Restrictions on the way in: a loosening waits, a tightening acts at once, what is secret never comes in."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import Access, Viewer, may
from archive.accession.correction import withdraw
from archive.catalogue.deliveries import HeldChange, QuarantinedRow
from archive.catalogue.outbox import Veto
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.storage.folder import FolderStorage
from indexer.intake.taking import take_package
from search.plan import All, Keyword, Plan
from tests.transfers import Transfer, codes, counts, drain_all, dump, lines, province, record, sha256, take, versions
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

DAY = date(2026, 11, 23).toordinal()
ANYONE = Viewer.anonymous()


def is_open(code: str) -> bool:
    return may(ANYONE, "read", record(code), DAY)


def vetoed() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(Veto.record)))


def everyone_from(code: str, index: str) -> set[int]:
    """From which day everybody may search it, as the index has it."""
    field, own = ("id", "record")[index == "pages"], record(code).public_id
    found = set()
    for day in (0, DAY, 9_999_999):
        clause = Keyword("everyone_from_search", (str(day),))
        answer = search_engine().query(Plan(index, All(), size=0, choices={"a": clause, "b": Keyword(field, (own,))}))
        found |= {day} if answer.total else set()
    return found


def held() -> list[HeldChange]:
    with reading() as session:
        return list(session.scalars(select(HeldChange)))


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("VB1", {"Mode": "Hạn chế", "OpenDate": "01/01/2090"}, {"OpenDate": "01/01/2027"}),
        ("HS2", {"Rights": "Hạn chế"}, {"Rights": "Không hạn chế"}),
        ("HS2", {"Rights": "Hạn chế"}, {"AccessLevel": "02", "OpenDate": "01/01/2027"}),
        ("VB1", {"Mode": "Hạn chế"}, {"Mode": "Không hạn chế", "Subject": "khác"}),
        ("VB1", {"Mode": "Không hạn chế", "OpenDate": "01/01/2090"}, {"OpenDate": ""}),
    ],
)
def test_a_loosening_is_held_and_stands_once(
    home: Path, tmp_path: Path, code: str, before: dict[str, str], after: dict[str, str]
) -> None:
    transfer = province(tmp_path / "goi").change(code, **before)
    take(transfer.write())
    there, indexed = record(code), versions()["records"]
    taken = take(transfer.change(code, **after).write())
    assert taken.counts["held"] == 1
    assert [(one.outcome, one.record) for one in lines(taken.package) if one.code == "access.loosened"] == [
        ("held", code)
    ]
    assert record(code).access == there.access
    assert record(code).title == there.title, "the row is held, not half of it"
    assert versions()["records"][f"{there.level} {code}"] == indexed[f"{there.level} {code}"]
    proposed = held()
    assert len(proposed) == 1
    assert (proposed[0].record_id, proposed[0].decided_at) == (there.id, None)
    assert proposed[0].values["values"].items() >= {k: v for k, v in after.items() if v}.items()
    rows = counts()
    assert take(transfer.root).counts["held"] == 1
    assert counts() == rows
    transfer.data["them.txt"] = b"another package with the same proposal"
    take(transfer.write())
    assert len(held()) == 1


def test_a_tightened_document_is_vetoed_until_both_indices_know(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    assert is_open("VB1")
    take_package(transfer.change("VB1", Mode="Hạn chế").write())
    assert not is_open("VB1")
    assert vetoed() == {record("VB1").public_id}
    assert everyone_from("VB1", "records") == everyone_from("VB1", "pages") == {0}, "the index does not know yet"
    drain_all()
    assert vetoed() == set()
    assert everyone_from("VB1", "records") == everyone_from("VB1", "pages") == {9_999_999}


def test_the_members_of_a_tightened_file_follow(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    before = versions()
    taken = take_package(transfer.change("HS1", Rights="Hạn chế").write())
    assert taken.counts["held"] == 0
    assert record("HS1").public_id in vetoed()
    assert not any(is_open(code) for code in ("HS1", "VB1", "VB2", "VB3"))
    drain_all()
    assert vetoed() == set()
    for code in ("VB1", "VB2", "VB3"):
        assert everyone_from(code, "records") == everyone_from(code, "pages") == {9_999_999}
        assert versions()["pages"][f"document {code}"] > before["pages"][f"document {code}"]
    assert versions()["records"]["document VB4"] == before["records"]["document VB4"]


def test_the_members_follow_also_where_only_the_file_is_delivered(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    transfer.rows["van-ban"].clear()
    transfer.data.clear()
    take_package(transfer.change("HS1", Rights="Hạn chế", OpenDate="01/01/2090").write())
    assert not any(is_open(code) for code in ("HS1", "VB1", "VB2", "VB3"))
    opens = date(2090, 1, 1).toordinal()
    assert {record(code).everyone_from_read for code in ("HS1", "VB1", "VB3")} == {opens}
    assert vetoed() == {record("HS1").public_id}
    drain_all()
    assert everyone_from("VB3", "pages") == everyone_from("VB3", "records") == set()


STAMPED = "TUYỆT MẬT\nỦY BAN NHÂN DÂN\nNội dung không ai được biết"
ALTO = """<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>
<Page WIDTH="1000" HEIGHT="1400"><PrintSpace><TextBlock ID="b1"><TextLine HPOS="1" VPOS="1" WIDTH="90" HEIGHT="20">
<String CONTENT="TỐI" HPOS="1" VPOS="1" WIDTH="40" HEIGHT="20"/><SP WIDTH="5"/>
<String CONTENT="MẬT" HPOS="50" VPOS="1" WIDTH="40" HEIGHT="20"/></TextLine></TextBlock>
<TextBlock ID="b2"><TextLine HPOS="1" VPOS="50" WIDTH="90" HEIGHT="20">
<String CONTENT="Nội" HPOS="1" VPOS="50" WIDTH="40" HEIGHT="20"/></TextLine></TextBlock></PrintSpace></Page>
</Layout></alto>
"""


def make_secret(transfer: Transfer, how: str) -> dict[str, bytes]:
    """Makes VB1 (with ``file`` all of HS1) secret; the files that must stay apart then."""
    if how == "level":
        transfer.change("VB1", AccessLevel="03")
    elif how == "mode":
        transfer.change("VB1", Mode="Tối mật")
    elif how == "priority":
        transfer.change("VB1", Priority="Mật")
    elif how == "stamp":
        transfer.data["VB1.txt"] = STAMPED.encode()
    elif how == "alto":
        del transfer.data["VB1.txt"]
        transfer.data["VB1.alto.xml"] = ALTO.encode()
    elif how == "file":
        transfer.change("HS1", AccessLevel="03")
    elif how == "file-priority":
        transfer.change("HS1", Priority="Tuyệt mật")
    elif how == "file-scan":
        transfer.data["HS1.txt"] = STAMPED.encode()
    secret = ("VB1", "VB2", "VB3", "HS1") if how.startswith("file") else ("VB1",)
    return {name: body for name, body in transfer.data.items() if name.split(".")[0] in secret}


WAYS = ["level", "mode", "priority", "stamp", "alto", "file", "file-priority", "file-scan"]


@pytest.mark.parametrize("how", WAYS)
def test_what_is_secret_stays_apart(home: Path, tmp_path: Path, how: str) -> None:
    transfer = province(tmp_path / "goi")
    apart = make_secret(transfer, how)
    taken = take(transfer.write())
    secret = sorted({name.split(".")[0] for name in apart} | ({"HS1"} if how.startswith("file") else set()))
    with reading() as session:
        there = set(session.scalars(select(Record.code)))
        rows = list(session.scalars(select(QuarantinedRow)))
    assert not there & set(secret)
    assert taken.counts["quarantined"] == len(rows) == len(secret)
    assert {one.ground for one in rows} <= {"access.secret", "secrecy.stamp", "file.orphan"}
    assert sorted(row[2] for one in rows for row in one.files) == sorted(sha256(body) for body in apart.values())
    assert set(FolderStorage(home / "quarantine").all()) == {sha256(body) for body in apart.values()}
    stored = set(FolderStorage(home / "storage").all())
    assert not stored & {sha256(body) for body in apart.values()}
    assert not set(versions()["records"]) & {f"{level} {code}" for code in secret for level in ("file", "document")}
    for row in rows:
        told = [one for one in lines(taken.package) if (one.sheet, one.row) == (row.sheet, row.row)]
        assert "quarantined" in {one.outcome for one in told}
        assert all(one.message.startswith(f"Dòng {one.row}") for one in told)
        code = row.natural_key.split("\x1f")[2]  # a person reads the row's number, and looks it up where it lies
        assert {one.record for one in told} == {code if row.ground == "file.orphan" else None}


@pytest.mark.parametrize("how", WAYS)
def test_an_open_record_that_turns_out_secret_is_withdrawn_at_once(home: Path, tmp_path: Path, how: str) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    secret = {name.split(".")[0] for name in make_secret(transfer, how)} - {"HS1"}
    take_package(transfer.write())
    assert not any(is_open(code) for code in secret)
    everyone = Viewer(frozenset({"role:head", f"grant:{record('VB1').public_id}"}))
    for code in secret:
        assert not may(everyone, "see", record(code), DAY)
        assert set(record(code).lineage.split()) & vetoed()
    assert set(versions()["pages"]) >= {f"document {code}" for code in secret}, "the index does not know yet"
    drain_all()
    assert vetoed() == set()
    gone = {f"document {code}" for code in secret} | ({"file HS1"} if how.startswith("file") else set())
    for index in ("records", "pages"):
        assert not set(versions()[index]) & gone
        assert set(versions()[index]) >= {"document VB4", "document VB5"}
    rows, public = counts(), {code: record(code).public_id for code in secret}
    take(transfer.root)
    assert counts() == rows
    fresh = province(tmp_path / "goi")
    fresh.data["khac.txt"] = b"now it is delivered as open again"
    taken = take(fresh.write())
    assert taken.counts["held"] >= 1
    assert not any(is_open(code) for code in secret), "only people bring back what was withdrawn"
    assert {code: record(code).public_id for code in secret} == public


def test_an_unknown_access_value_keeps_the_row_apart(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").change("VB1", Mode="nội bộ")
    taken = take(transfer.write())
    assert ("access.unknown", None) in codes(taken.package)
    assert taken.counts["quarantined"] == 1
    with reading() as session:
        row = session.scalars(select(QuarantinedRow)).one()
    assert (row.ground, row.sheet, row.row, row.values["Mode"]) == ("access.unknown", "van-ban", 2, "nội bộ")


def test_the_ground_of_a_quarantine_is_the_gravest_finding(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").document("VB6", "HS1", body=None, AccessLevel="03", IssuedDate="31/02/1998")
    take(transfer.write())
    with reading() as session:
        assert session.scalars(select(QuarantinedRow.ground)).one() == "access.secret"


def test_orphans_wait_for_their_file(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").document("VB6", "HS3")
    taken = take(transfer.write())
    assert ("file.orphan", "VB6") in codes(taken.package)
    assert list(FolderStorage(home / "quarantine").all()) == [sha256("Nội dung của văn bản VB6")]
    assert sha256("Nội dung của văn bản VB6") not in set(FolderStorage(home / "storage").all())
    take(transfer.file("HS3").write())
    assert record("VB6").parent_id == record("HS3").id
    assert FolderStorage(home / "storage").has(sha256("Nội dung của văn bản VB6"))


def test_a_duplicate_stays_apart_and_the_first_stays(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").document("VB1", "HS2", Subject="Dòng trùng", body=None)
    transfer.file("HS1", Title="Hồ sơ trùng")
    taken = take(transfer.write())
    assert {("code.double", "VB1"), ("code.double", "HS1")} <= codes(taken.package)
    assert taken.counts["quarantined"] == 2
    assert (record("VB1").title, record("VB1").withdrawn) == ("Về việc VB1", False)
    assert record("HS1").title == "Hồ sơ HS1"
    assert [row["ground"] for row in dump("quarantined_row")["quarantined_row"]] == ["code.double"] * 2


def test_withdrawing_reaches_all_that_lies_below(home: Path, tmp_path: Path) -> None:
    take(province(tmp_path / "goi").write())
    with writing() as session:
        withdraw(session, session.scalars(select(Record).where(Record.level == "inventory")).one())
    below = {f"document VB{n}" for n in range(1, 6)} | {"file HS1", "file HS2", "inventory 1998"}
    assert all(record(one.split()[1]).access == Access() for one in below)
    assert vetoed() == {record("1998", "inventory").public_id}
    drain_all()
    assert set(versions()["records"]) == {"fonds H48.01"}
    assert versions()["pages"] == {}
