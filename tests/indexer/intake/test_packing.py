"""Packages that the archive writes: our reader takes them back whole, nothing secret leaves, same input same bytes."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record, RecordFile
from archive.clock import today_number
from archive.database import reading, writing
from archive.packages.csip.delivery import CsipDelivery
from archive.packages.csip.writing import DataPart, Item, Kind, Package, WritingError, write_package
from archive.packages.opening import Context, open_package
from archive.packing import Packed, PackingError, pack
from archive.storage.folder import FolderStorage
from indexer.intake.taking import take_package
from tests.csip_packages import Csip, remake
from tests.indexer.extraction.making import image
from tests.recorded_files import mp3
from tests.transfers import Transfer, counts, dump, lines, province, record
from vankho.wiring import storage

WRITTEN = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
KINDS = pytest.mark.parametrize("kind", ["AIP", "SIP"])
PACKED = pytest.mark.parametrize("packed", [False, True])
FULL = {
    "TypeName": "Sắc lệnh", "CodeNumber": "12", "CodeNotation": "SL", "IssuedDate": "1998", "OrganName": "Chủ tịch",
    "Language": "Tiếng Việt; Anh", "PageAmount": "3", "InforSign": "KH/1", "Keyword": "giao đất, tái cư",
    "ConfidenceLevel": "Số hóa", "Autograph": "Đồng ý", "Format": "Tốt", "Description": "x " * 300,
    "Signer": "Nguyễn A", "Place": "xã Tịnh Khê", "DocOrdinal": "7", "OpenDate": "01/01/2090", "AccessLevel": "02",
}  # fmt: skip


def export(out: Path, *codes: str, kind: Kind = "AIP", packed: bool = False) -> list[Packed]:
    names = [record(one).public_id for one in codes]
    with writing() as session:
        return pack(
            session, storage(), names, kind, out, written=WRITTEN, day=today_number(), actor="lan", packed=packed
        )


def rich(root: Path) -> Transfer:
    made = province(root).change("HS1", Maintenance="Vĩnh viễn", Language="Việt", StartDate="1998", EndDate="12/1998")
    made.change("HS1", TotalDoc="9", SheetNumber="1.200", FileNotation="01-HS", Keyword="đất đai")
    made.document("VB6", "HS1", **FULL).document("VB7", "HS1", body=None, TypeName="Ảnh", Place="cầu Trà Khúc")
    made.data["VB6-0001.jpg"] = made.data["VB6-0002.jpg"] = b"not a picture"
    made.data["HS1.txt"] = "Cả hồ sơ\fTrang hai".encode()
    return made


def complete(root: Path) -> Transfer:
    """HS2 with all that the circular demands of a file and its documents."""
    made = province(root).change("HS2", Maintenance="Vĩnh viễn", Language="Việt", StartDate="1998", EndDate="12/1998")
    made.change("HS2", SheetNumber="4", PageNumber="8")
    for code in ("VB4", "VB5"):
        made.change(code, TypeName="Quyết định", OrganName="UBND", IssuedDate="10/11/1998", Language="Tiếng Việt")
    return made


@KINDS
@PACKED
def test_what_is_written_comes_back_without_a_change(home: Path, tmp_path: Path, kind: Kind, packed: bool) -> None:
    take_package(rich(tmp_path / "goi").write())
    before = dump("record", "record_file", "page", "stored_object")
    (made,) = export(tmp_path / "xuat", "HS1", kind=kind, packed=packed)
    assert (made.documents, made.left_out) == (5, 0)
    taken = take_package(made.place)
    assert taken.tables == {"phong": {"unchanged": 1}, "ho-so": {"unchanged": 1}, "van-ban": {"unchanged": 5}}
    assert [one.message for one in lines(taken.package)] == []
    assert dump("record", "record_file", "page", "stored_object") == before


@KINDS
def test_pictures_and_recordings_come_back_without_a_change(home: Path, tmp_path: Path, kind: Kind) -> None:
    made = province(tmp_path / "goi")
    own = {
        "EventName": "Khánh thành",
        "ArchivesNumber": "PA 1",
        "DocAttached": "Sổ ghi kèm",
        "IssuedDate": "03/04/1981",
    }
    made.document("A1", "HS1", None, TypeName="Ảnh", Photographer="Trần A", Colour="Đen trắng", FilmSize="9x12", **own)
    made.document("G1", "HS1", None, TypeName="Âm thanh", Recorder="Đài", PlayTime="00:00:03", Quality="Khá", **own)
    said = "WEBVTT\n\n00:01.000 --> 00:02.000\nLời chào\n"
    made.data |= {"A1.jpg": image(form="JPEG"), "G1.mp3": mp3(), "G1.vtt": said.encode()}
    take_package(made.write())
    before = dump("record", "record_file", "page", "recording")
    assert len(before["recording"]) == 1
    (packed,) = export(tmp_path / "xuat", "HS1", kind=kind)
    items = "".join(file.read_text() for file in sorted(packed.place.rglob("EAD_*_*.xml")))
    for element in ("<colour>02<", "<docAttached>1<", "<playTime>00:00:03<", "<photographer>Trần A<", "<recorder>Đài<"):
        assert element in items
    assert take_package(packed.place).tables["van-ban"] == {"unchanged": 5}
    assert dump("record", "record_file", "page", "recording") == before


@KINDS
def test_what_circular_05_adds_has_its_own_fields_and_comes_back(home: Path, tmp_path: Path, kind: Kind) -> None:
    told = {"confidenceLevel": "02", "paperFileCode": "P-12/1998", "riskRecovery": "1", "riskRecoveryStatus": "01"}
    made = Csip(tmp_path / "sip").whole(**told)
    made.document(1, confidenceLevel="01", process="1", riskRecovery="1", riskRecoveryStatus="02")
    taken = take_package(made.write(), None, Context("000.00.34.H48", "H48.01"))
    file, document = record("H48.01.1998.01"), record("H48.01.1998.01.0000001")
    said = ("ConfidenceLevel", "PaperFileCode", "RiskRecovery", "RiskRecoveryStatus")
    assert [file.value(one) for one in said] == ["Số hóa", "P-12/1998", "Có", "Đã dự phòng"]
    said = ("ConfidenceLevel", "Process", "RiskRecovery", "RiskRecoveryStatus")
    assert [document.value(one) for one in said] == ["Gốc điện tử", "Có", "Có", "Chưa dự phòng"]
    assert "ự phòng" not in file.value("Description") + document.value("Description")
    assert not [one.message for one in lines(taken.package) if "riskRecovery" in one.message]
    before = dump("record", "record_file", "page")
    (packed,) = export(tmp_path / "xuat", file.code, kind=kind)
    whole = (packed.place / "metadata" / "descriptive" / "EAD.xml").read_text()
    assert all(f"<{name}>{text}<" in whole for name, text in told.items())
    items = "".join(one.read_text() for one in packed.place.rglob("EAD_doc*.xml"))
    assert "<process>1<" in items
    assert ("<riskRecoveryStatus>02<" in items) is (kind == "SIP")
    assert take_package(packed.place).tables["van-ban"] == {"unchanged": 1}
    assert dump("record", "record_file", "page") == before


@KINDS
def test_loose_documents_come_back_without_a_change(home: Path, tmp_path: Path, kind: Kind) -> None:
    take_package(rich(tmp_path / "goi").write())
    before = dump("record", "record_file", "page")
    (made,) = export(tmp_path / "xuat", "VB1", "VB4", kind=kind)
    taken = take_package(made.place)
    assert taken.tables["van-ban"] == {"unchanged": 2}
    assert [one.message for one in lines(taken.package)] == []
    assert dump("record", "record_file", "page") == before


@KINDS
def test_a_sound_file_has_no_finding_in_an_empty_archive(home: Path, tmp_path: Path, kind: Kind) -> None:
    take_package(complete(tmp_path / "goi").write())
    (made,) = export(tmp_path / "xuat", "HS2", kind=kind, packed=True)
    with open_package(made.place, Context()) as delivery:
        assert isinstance(delivery, CsipDelivery)
        rows = [*delivery.fonds(), *delivery.files(), *delivery.documents()]
        assert [row.code for row in rows] == ["H48.01", "HS2", "VB4", "VB5"]
        assert [f for row in rows for f in row.findings] + delivery.findings + [*delivery.unlisted()] == []
        assert [row.level for row in rows[1:]] == ["02", "02", "02"]


def test_the_same_input_and_date_give_the_same_bytes(home: Path, tmp_path: Path) -> None:
    take_package(rich(tmp_path / "goi").write())
    (one,), (other,) = (export(tmp_path / name, "HS1", packed=True) for name in ("a", "b"))
    assert one.place.name == other.place.name
    assert one.place.read_bytes() == other.place.read_bytes()


def test_secret_and_withdrawn_documents_stay_and_are_told(home: Path, tmp_path: Path) -> None:
    take_package(rich(tmp_path / "goi").write())
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB1").values(withdrawn=True))
        session.execute(update(Record).where(Record.code == "VB2").values(level_code="03"))
        session.execute(update(Record).where(Record.code == "VB3").values(curated={"AccessLevel": "03"}))
    (made,) = export(tmp_path / "xuat", "HS1")
    assert (made.documents, made.left_out) == (2, 3)
    assert {one.record for one in made.lines if one.code == "export.barred"} == {"VB1", "VB2", "VB3"}
    written = b"".join(one.read_bytes() for one in made.place.rglob("*") if one.is_file())
    assert not any(code in written for code in (b"VB1", b"VB2", b"VB3"))
    for code in ("VB1", "VB2", "VB3"):
        with pytest.raises(PackingError, match="không xuất"):
            export(tmp_path / "xuat", code)
    with writing() as session:
        session.execute(update(Record).where(Record.level == "fonds").values(withdrawn=True))
    with pytest.raises(PackingError, match="không xuất"):
        export(tmp_path / "khac", "HS1")
    assert not (tmp_path / "khac").exists()


def test_the_export_is_in_the_audit_trail(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    (made,) = export(tmp_path / "xuat", "HS2", kind="SIP")
    export(tmp_path / "roi", "VB1", "VB4")
    with reading() as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.action == "package-exported")).all()
        assert [one.record for one in found] == [record(code).public_id for code in ("HS2", "VB1", "VB4")]
        assert found[0].detail == {"kind": "SIP", "package": made.place.name, "documents": 2, "left_out": 0}


def test_damaged_bytes_are_never_exported(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    with reading() as session:
        name = session.scalars(select(RecordFile.sha256)).first()
    path = FolderStorage(home / "storage").path(str(name))
    path.chmod(0o600)
    path.write_bytes(b"khac")
    with pytest.raises(Exception, match=r"kho|mã băm"):
        export(tmp_path / "xuat", "HS1", "HS2")
    left = [one.name for one in (tmp_path / "xuat").iterdir()]
    assert not [one for one in left if one.startswith(".")]


def test_nothing_is_overwritten_and_nothing_empty_written(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").file("HS9").document("VB9", "HS9", body=None).write())
    export(tmp_path / "xuat", "HS1")
    with pytest.raises(WritingError, match="không ghi đè"):
        export(tmp_path / "xuat", "HS1")
    with pytest.raises(WritingError, match="ít nhất một tệp"):
        export(tmp_path / "xuat", "HS9")
    with pytest.raises(PackingError, match="Không có mục"), writing() as session:
        pack(session, storage(), ["x"], "AIP", tmp_path, written=WRITTEN, day=1, actor="lan")
    assert len([*(tmp_path / "xuat").iterdir()]) == 1


def test_a_package_altered_beside_its_elements_is_read_as_the_elements_say(home: Path, tmp_path: Path) -> None:
    """The rows beside EAD say 01 and another title; METS was made anew for them, so every checksum is right."""
    take_package(province(tmp_path / "goi").write())
    before = counts()["record"]
    (made,) = export(tmp_path / "xuat", "HS2")
    own = made.place / "representations/rep1/metadata/other/van-ban.csv"
    files = made.place / "metadata/other/ho-so.csv"
    bodies = {
        one: one.read_text().replace("Hạn chế", "Công khai").replace("Về việc VB4", "Khác") for one in (own, files)
    }
    remake(made.place, bodies)
    taken = take_package(made.place)
    assert taken.tables["van-ban"].get("accepted", 0) + taken.tables["van-ban"].get("warned", 0) == 2
    assert counts()["record"] == before
    assert (record("VB4").title, record("VB4").level_code, record("HS2").level_code) == ("Về việc VB4", "02", "02")


def request_package(**changes: str) -> Package:
    told = {"requestID": "YC-1", "requestDate": "28/11/2026", "purpose": "01", "purposeContent": "Tra cứu"}
    told |= {"feeObjectType": "10", "researchTopic": "Đất đai", **changes}
    part = DataPart("ban-sao.pdf", lambda: io.BytesIO(b"%PDF-1.7"))
    items = [Item({"docId": "VB1", "subject": "Về việc giao đất"}, [part])]
    return Package("DIP", "YC-1", "H48.01", told, items, WRITTEN)


def test_a_dip_carries_the_request(tmp_path: Path) -> None:
    place = write_package(tmp_path, request_package())
    ead = (place / "metadata/descriptive/EAD.xml").read_text()
    assert "<requestID>YC-1</requestID>" in ead
    assert "<feeObjectType>10</feeObjectType>" in ead
    assert 'OAISPACKAGETYPE="DIP"' in (place / "METS.xml").read_text()
    assert not (place / "metadata/preservation").exists()
    for wrong in ({"purpose": ""}, {"title": "x"}):
        with pytest.raises(WritingError, match="DIP"):
            write_package(tmp_path / "sai", request_package(**wrong))


@KINDS
def test_masked_personal_numbers_come_back_as_what_is_held(home: Path, tmp_path: Path, kind: Kind) -> None:
    made = rich(tmp_path / "goi").change("HS1", Title="Hồ sơ ông Ba, CCCD 051088001234")
    made.change("VB1", Subject="Cấp đất cho ông Ba (CCCD 051088001234)", Description="ĐT 0912.345.678, STK 19034567890")
    take_package(made.write())
    before = dump("record", "record_file", "page", "personal_mark")
    (package,) = export(tmp_path / "xuat", "HS1", kind=kind)
    bodies = b"".join(one.read_bytes() for one in package.place.rglob("*") if one.is_file())
    assert not any(number in bodies for number in (b"051088001234", b"0912.345.678", b"19034567890"))
    taken = take_package(package.place)
    assert taken.tables == {"phong": {"unchanged": 1}, "ho-so": {"unchanged": 1}, "van-ban": {"unchanged": 5}}
    assert dump("record", "record_file", "page", "personal_mark") == before
    told = [(one.sheet, one.code, one.outcome, one.message.split()[0]) for one in lines(taken.package)]
    assert told == [("ho-so", "mask.kept", "accepted", "1"), ("van-ban", "mask.kept", "accepted", "2")]


def test_what_people_wrote_comes_back_unmasked(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").write())
    wrote = "Về đất của bà Tư, điện thoại 0913 456 789"
    with writing() as session:
        session.execute(update(Record).where(Record.code == "VB2").values(curated={"Subject": wrote}))
    (package,) = export(tmp_path / "xuat", "HS1")
    assert take_package(package.place).tables["van-ban"] == {"unchanged": 2, "warned": 1}
    assert record("VB2").delivered["Subject"] == record("VB2").curated["Subject"] == wrote


def test_a_mask_of_something_else_is_told_and_taken(home: Path, tmp_path: Path) -> None:
    take_package(province(tmp_path / "goi").change("VB1", Subject="Ông Ba, CCCD 051088001234").write())
    made = province(tmp_path / "goi").change("VB1", Subject="Ông Bảy, CCCD ••••••••••••")
    taken = take_package(made.write())
    assert taken.tables["van-ban"] == {"warned": 1, "unchanged": 4}
    assert [(one.code, one.record, one.field) for one in lines(taken.package)] == [("mask.other", "VB1", "Subject")]
    assert record("VB1").title == "Ông Bảy, CCCD ••••••••••••"
