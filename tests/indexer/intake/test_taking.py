"""A package taken whole, taken again, corrected: what the catalogue, the storage and the index hold then."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.authorities import Agent
from archive.catalogue.deliveries import Package
from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading, writing
from archive.outbox import last_seq
from archive.storage.folder import FolderStorage
from tests.transfers import Transfer, codes, counts, drain_all, lines, province, record, sha256, take, versions

pytestmark = pytest.mark.both_databases


def test_a_whole_delivery(home: Path, tmp_path: Path) -> None:
    taken = take(province(tmp_path / "goi").write())
    assert taken.counts == {
        "accepted": 8, "warned": 0, "held": 0, "quarantined": 0, "rejected": 0, "unchanged": 0,
    }  # fmt: skip
    assert taken.tables == {"phong": {"accepted": 1}, "ho-so": {"accepted": 2}, "van-ban": {"accepted": 5}}
    assert lines(taken.package) == []
    assert counts() | {"record": 9, "page": 5, "record_file": 5, "stored_object": 5, "package": 1} == counts()
    stored = sorted(FolderStorage(home / "storage").all())
    assert stored == sorted(sha256(f"Nội dung của văn bản VB{n}") for n in range(1, 6))
    with reading() as session:
        files = session.execute(select(Record.code, RecordFile.sha256).join(RecordFile)).all()
        pages = session.execute(select(Record.code, Page.n, Page.text, Page.text_source).join(Page)).all()
    assert {tuple(one) for one in files} == {(f"VB{n}", sha256(f"Nội dung của văn bản VB{n}")) for n in range(1, 6)}
    assert {tuple(one) for one in pages} == {
        (f"VB{n}", 1, f"Nội dung của văn bản VB{n}", "sidecar") for n in range(1, 6)
    }
    found = versions()
    assert set(found["records"]) == {
        "fonds H48.01", "inventory 1998", "file HS1", "file HS2", *(f"document VB{n}" for n in range(1, 6)),
    }  # fmt: skip
    assert set(found["pages"]) == {f"document VB{n}" for n in range(1, 6)}
    one = record("VB1")
    assert (one.title, one.type_slug, one.medium, one.page_count) == ("Về việc VB1", "quyet-dinh", "text", 1)
    assert one.date_from == one.date_to is not None
    path = [one, record("HS1"), record("1998", "inventory"), record("H48.01")]
    assert one.lineage.split() == [r.public_id for r in path]
    assert [r.parent_id for r in path] == [path[1].id, path[2].id, path[3].id, None]


def test_taking_again_changes_nothing(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").document("VB9", "HS9").document("VB6", "HS1", IssuedDate="31/02/1998").write()
    first = take(path)
    assert first.counts["quarantined"] == first.counts["warned"] == 1
    rows, indexed, said = counts(), versions(), codes()
    with reading() as session:
        end = last_seq(session)
    again = take(path)
    assert again.package == first.package
    assert again.counts == {
        "accepted": 0, "warned": 0, "held": 0, "quarantined": 1, "rejected": 0, "unchanged": 9,
    }  # fmt: skip
    assert (counts(), versions(), codes()) == (rows, indexed, said)
    with reading() as session:
        assert last_seq(session) == end


def test_a_corrected_package_changes_exactly_what_it_corrects(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    before, files = versions(), counts()
    transfer.change("VB2", Subject="Về việc đã sửa").data["VB3.txt"] = "Nội dung mới của văn bản ba".encode()
    taken = take(transfer.write())
    assert (taken.counts["accepted"], taken.counts["unchanged"]) == (2, 6)
    after = versions()
    for index in ("records", "pages"):
        changed = {one for one in after[index] if after[index][one] != before[index][one]}
        assert changed == {"document VB2", "document VB3"}
        assert min(after[index][one] for one in changed) > max(before[index].values())
    assert record("VB2").title == "Về việc đã sửa"
    with reading() as session:
        text = session.scalars(select(Page.text).join(Record).where(Record.code == "VB3")).all()
    assert text == ["Nội dung mới của văn bản ba"]
    assert counts() | {"record": files["record"], "page": files["page"], "package": 2} == counts()
    assert counts()["stored_object"] == files["stored_object"] + 1, "the former bytes stay"


def test_a_sidecar_that_comes_or_goes(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").document("VB6", "HS1", body=None)
    taken = take(transfer.write())
    assert ("file.missing", "VB6") in codes(taken.package)
    assert record("VB6").medium == "paper"
    transfer.data["VB6.txt"] = "trang một\ftrang hai".encode()
    del transfer.data["VB1.txt"]
    take(transfer.write())
    assert (record("VB6").page_count, record("VB6").medium) == (2, "text")
    assert (record("VB1").page_count, record("VB1").medium) == (0, "paper")
    assert "document VB6" in versions()["pages"]
    assert "document VB1" not in versions()["pages"]


def test_a_row_that_is_not_there_any_more_is_no_deletion(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    before = versions()
    transfer.rows["van-ban"].pop(0)
    transfer.rows["ho-so"].pop(1)
    transfer.rows["van-ban"] = [row for row in transfer.rows["van-ban"] if row["FileCode"] == "HS1"]
    taken = take(transfer.write())
    assert taken.counts["unchanged"] == 4
    assert versions() == before
    assert record("VB1").title == "Về việc VB1"
    assert record("VB5").parent_id == record("HS2").id


def test_a_curated_field_stays_and_its_denial_is_flagged(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    with writing() as session:
        one = session.scalars(select(Record).where(Record.code == "VB1")).one()
        one.curated = {"Subject": "Về việc giao đất", "IssuedDate": "12/11/1998", "Keyword": "đất"}
        one.title = "Về việc giao đất"
    transfer.change("VB1", Subject="Về việc cấp đất", Signer="Nguyễn Văn A")
    take(transfer.write())
    one = record("VB1")
    assert one.title == one.value("Subject") == "Về việc giao đất"
    assert one.delivered["Subject"] == "Về việc cấp đất"
    assert one.value("Signer") == "Nguyễn Văn A", "what nobody curated follows the delivery"
    assert one.contradicted == ["Subject"]
    assert one.date_from == one.date_to
    assert one.date_from == record("VB2").date_from + 2, "curated dates stay, too"  # type: ignore[operator]
    transfer.change("VB1", Keyword="rừng")
    take(transfer.write())
    assert record("VB1").contradicted == ["Keyword", "Subject"], "a further denial does not hide the first"
    transfer.change("VB1", Subject="Về việc giao đất")
    take(transfer.write())
    assert record("VB1").contradicted == ["Keyword"], "who agrees at last no longer denies"


def test_two_packages_with_the_same_rows(home: Path, tmp_path: Path) -> None:
    take(province(tmp_path / "mot").write())
    before, rows = versions(), counts()
    other = province(tmp_path / "hai")
    other.data["khong-ai-neu.txt"] = b"x"
    taken = take(other.write())
    assert taken.counts["unchanged"] == 8
    assert versions() == before
    assert counts() == rows | {"package": 2, "report_row": 1}
    assert [one.code for one in lines(taken.package)] == ["file.unlisted"]


def test_inventories_are_made_once(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").file("HS3", FileCatalog="02").file("HS4", FileCatalog="").file("HS5")
    take(transfer.write())
    take(transfer.file("HS6", FileCatalog="02").write())
    with reading() as session:
        found = session.execute(select(Record.code, Record.title).where(Record.level == "inventory")).all()
    assert {tuple(one) for one in found} == {
        ("1998", "Hồ sơ năm 1998"), ("02", "Mục lục số 02"), ("", "Chưa xếp mục lục"),
    }  # fmt: skip
    assert record("HS6").parent_id == record("HS3").parent_id


def test_spellings_of_a_name_are_one_agent(home: Path, tmp_path: Path) -> None:
    transfer = Transfer(tmp_path / "goi").fonds().file("HS1")
    names = ("Uỷ ban nhân dân xã Hoà Bình", "Ủy ban nhân dân xã Hòa Bình", "ỦY BAN NHÂN DÂN XÃ HÒA BÌNH")
    for n, name in enumerate(names):
        transfer.document(f"VB{n}", "HS1", OrganName=name)
    take(transfer.document("VB3", "HS1", OrganName="Ủy ban nhân dân xã Hòa Bính").write())
    with reading() as session:
        assert len(session.scalars(select(Agent)).all()) == 2
    assert record("VB0").issuer_id == record("VB1").issuer_id == record("VB2").issuer_id != record("VB3").issuer_id


def test_who_signs_is_an_agent_and_who_issues_a_body(home: Path, tmp_path: Path) -> None:
    transfer = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB0", "HS1", OrganName="Sở Nội vụ")
    transfer.document("VB1", "HS1", OrganName="", Signer="Lê Hòa;  LÊ  HOÀ | Trần Văn	Bình")
    transfer.document("VB2", "HS1", OrganName="", Signer="Sở Nội Vụ; Đài Truyền thanh")
    take(transfer.document("VB3", "HS1", OrganName="", Signer="x" * 2_000).write())
    kinds = {"Sở Nội vụ": "body", "Lê Hòa": "person", "Trần Văn Bình": "person", "Đài Truyền thanh": "person"}
    assert agents() == kinds
    take(transfer.change("VB3", OrganName="Đài truyền thanh", Signer="").write())
    assert agents() == kinds | {"Đài Truyền thanh": "body"}


def agents() -> dict[str, str]:
    with reading() as session:
        return {one.name: one.kind for one in session.scalars(select(Agent))}


def test_a_document_that_names_another_archive_follows_its_file(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi").document("VB6", "HS1", Identifier="000.99", OrganId="H48.99")
    transfer.fonds("H48.02", "Sở Nội vụ", Identifier="").file("HS3", "H48.02", Identifier="")
    transfer.document("VB7", "HS3", OrganId="H48.02")  # says an Identifier where its file has none
    taken = take(transfer.write())
    assert taken.counts["quarantined"] == 0
    assert record("VB6").parent_id == record("HS1").id
    assert record("VB7").parent_id == record("HS3").id
    assert {("code.differs", "VB6"), ("code.differs", "VB7")} <= codes(taken.package)


def test_a_derived_fonds_never_overwrites_a_described_one(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    transfer.rows["phong"].clear()
    taken = take(transfer.change("VB1", Subject="khác").write())
    assert record("H48.01").title == "Ủy ban nhân dân tỉnh"
    assert taken.tables["phong"] == {"unchanged": 1}


def test_a_fonds_that_nobody_describes_is_told_and_described_later(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    fonds = transfer.rows["phong"].pop()
    taken = take(transfer.write())
    assert record("H48.01").title == ""
    assert {("fonds.derived", "H48.01"), ("table.missing", None)} <= codes(taken.package)
    again = take(transfer.root)
    assert codes(again.package) == codes(taken.package), "what was said of it stays in the report"
    transfer.rows["phong"].append(fonds)
    take(transfer.write())
    assert record("H48.01").title == "Ủy ban nhân dân tỉnh"


def test_records_move_within_their_fonds(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    transfer.change("VB1", FileCode="HS3").file("HS3", FileCatalog="02").change("HS2", FileCatalog="02")
    taken = take(transfer.write())
    assert taken.counts["held"] == 0
    assert record("VB1").lineage.split()[1] == record("HS3").public_id
    assert record("VB1").parent_id == record("HS3").id
    moved = [record("VB4"), record("HS2"), record("02", "inventory"), record("H48.01")]
    assert moved[0].lineage.split() == [one.public_id for one in moved]
    assert f"grant:{moved[2].public_id}" in moved[0].access.read.allow
    assert f"grant:{record('1998', 'inventory').public_id}" not in moved[0].access.read.allow
    assert counts()["veto"] == 0
    assert drain_all() == 0


def test_a_package_keeps_its_name_and_first_counts(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi-2026").write()
    first = take(path)
    take(path)
    with reading() as session:
        package = session.scalars(select(Package)).one()
    assert (package.name, package.finished, package.counts) == ("goi-2026", True, first.counts)
    assert package.last_taken > package.first_taken


def test_a_line_about_a_whole_table_is_not_doubled_by_taking_again(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    text = (path / "van-ban.csv").read_text("utf-8")
    (path / "van-ban.csv").write_text(text.replace("Subject", "Cột lạ"), encoding="utf-8")
    before = sorted((one.sheet, one.row, one.code) for one in lines(take(path).package))
    assert ("van-ban", 1, "heading.unknown") in before
    assert sorted((one.sheet, one.row, one.code) for one in lines(take(path).package)) == before
