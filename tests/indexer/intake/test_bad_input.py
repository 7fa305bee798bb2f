"""Bad input: each ends as a report row in Vietnamese (row, field, what, what was done); the rest is taken."""

import csv
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest

from archive.catalogue.deliveries import ReportRow
from archive.packages.delivery import DeliveryError
from archive.settings import settings
from indexer.drainer import INDICES
from tests.transfers import Transfer, counts, dump, lines, province, record, take, versions
from vankho.intake import export_report
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases


def only(code: str) -> ReportRow:
    """The one line of that code; its sentences are Vietnamese and whole."""
    found = [one for one in lines() if one.code == code]
    assert len(found) == 1, [(one.code, one.message) for one in lines()]
    assert found[0].message
    assert found[0].action
    return found[0]


def rewrite(path: Path, table: str, encoding: str = "utf-8", old: str = "", new: str = "") -> None:
    text = (path / f"{table}.csv").read_text("utf-8")
    assert old in text
    (path / f"{table}.csv").write_bytes((text.replace(old, new, 1) if old else text).encode(encoding))


@pytest.fixture
def transfer(home: Path, tmp_path: Path) -> Transfer:
    return province(tmp_path / "goi")


def test_a_missing_required_column(transfer: Transfer) -> None:
    path = transfer.write()
    rewrite(path, "van-ban", old="DocCode", new="Cột lạ")
    taken = take(path)
    line = only("heading.missing")
    assert (line.sheet, line.row, line.outcome) == ("van-ban", 1, "rejected")
    assert "Mã định danh văn bản (DocCode)" in line.message
    assert "5 dòng" in line.action
    assert only("heading.unknown").field == "Cột lạ"
    assert (taken.tables.keys(), taken.refused) == ({"phong", "ho-so"}, 1)
    assert counts()["record"] == 4


def test_a_doubled_column(transfer: Transfer) -> None:
    path = transfer.change("VB2", Subject="Một", Signer="Hai").write()
    rewrite(path, "van-ban", old="Signer", new="Trích yếu")
    take(path)
    assert only("heading.doubled").field == "Trích yếu"
    line = only("cell.differs")
    assert (line.row, line.field, line.record) == (3, "Trích yếu", "VB2")
    assert "“Hai”" in line.message
    assert "“Một”" in line.message
    assert record("VB2").title == "Một"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator(transfer: Transfer, separator: str) -> None:
    path = transfer.change("VB1", Subject="Về đất, rừng").write()
    for table in ("phong", "ho-so", "van-ban"):
        with (path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            text = "\n".join(separator.join(row) for row in csv.reader(file))
        (path / f"{table}.csv").write_text(text, encoding="utf-8")
    assert take(path).counts["accepted"] == 8
    assert record("VB1").title == "Về đất, rừng"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_unicode_in_other_forms(transfer: Transfer, encoding: str) -> None:
    path = transfer.write()
    rewrite(path, "van-ban", encoding)
    assert take(path).counts["accepted"] == 8
    assert record("VB1").title == "Về việc VB1"


def to_1258(letter: str) -> str:
    """The letter as Windows-1258 writes it: the tone apart, behind its vowel."""
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones


def test_windows_1258_is_read_and_told(transfer: Transfer) -> None:
    path = transfer.write()
    text = (path / "ho-so.csv").read_text("utf-8").replace("Hồ sơ HS1", "Phụ lục đất đai")
    (path / "ho-so.csv").write_bytes("".join(map(to_1258, text)).encode("cp1258"))
    assert take(path).counts["accepted"] == 8
    line = only("encoding.windows-1258")
    assert (line.sheet, line.outcome) == ("ho-so", "warned")
    assert record("HS1").title == "Phụ lục đất đai"
    assert record("HS2").level_code == "02", "the restriction is read in any encoding"


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_table(transfer: Transfer, body: bytes) -> None:
    path = transfer.write()
    (path / "van-ban.csv").write_bytes(body)
    assert take(path).counts["accepted"] == 3
    assert only("table.empty").sheet == "van-ban"


def test_an_empty_file_and_a_truncated_pdf(transfer: Transfer) -> None:
    transfer.data["VB1.txt"] = b""
    transfer.data["VB2.pdf"] = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"
    path = transfer.write()
    assert take(path).counts["warned"] == 2
    empty, cut = only("file.empty"), only("pdf.broken")
    assert (empty.row, empty.record, empty.sheet) == (2, "VB1", "van-ban")
    assert (cut.row, cut.record) == (3, "VB2")
    assert "VB2.pdf" in cut.message
    assert record("VB2").page_count == 1, "its sidecar is a page"
    assert counts()["record_file"] == 6, "the bytes are kept as they came"


def test_an_image_that_declares_too_much(transfer: Transfer) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    transfer.data["VB1-0001.png"] = b"\x89PNG\r\n\x1a\n" + parts
    assert take(transfer.write()).counts["warned"] == 1
    line = only("image.too-large")
    assert (line.row, line.record) == (2, "VB1")
    assert record("VB1").page_count == 1


def test_orphans_doubles_and_dates(transfer: Transfer) -> None:
    transfer.document("VB1", "HS1", body=None).document("VB6", "HS9")
    transfer.document("VB7", "HS1", IssuedDate="31/02/1998").document("", "HS1", body=None)
    taken = take(transfer.write())
    assert taken.counts | {"accepted": 8, "warned": 1, "quarantined": 2, "rejected": 1} == taken.counts
    told = {one.code: (one.row, one.field, one.record, one.outcome) for one in lines()}
    assert told == {
        "code.double": (7, "DocCode", "VB1", "quarantined"),
        "file.orphan": (8, "FileCode", "VB6", "quarantined"),
        "date.impossible": (9, "IssuedDate", "VB7", "warned"),
        "code.empty": (10, "DocCode", None, "rejected"),
    }
    assert "31/02/1998" in only("date.impossible").message
    assert (record("VB7").date_from, record("VB7").delivered["IssuedDate"]) == (None, "31/02/1998")


def test_overlong_fields_are_kept_and_searchable(transfer: Transfer) -> None:
    long = "đất " * 2_000
    fields = dict.fromkeys(("Subject", "Keyword", "TypeName", "CodeNumber", "CodeNotation", "OrganName", "Place"), long)
    transfer.change("VB1", **fields, Description="x" * 150_000).change("HS1", Title=long * 10, FileNotation=long)
    transfer.document("VB6", "HS1", Subject="a" * 100_000, CodeNumber="1" * 70_000)
    transfer.document("VB7", "HS1", CodeNumber="///", TypeName="?!", OrganName="…", Keyword="-")
    taken = take(transfer.write())
    assert taken.counts["warned"] == 3
    assert {one.field for one in lines() if one.code == "field.long" and one.record == "VB1"} >= set(fields)
    assert dump("dead_letter") == {"dead_letter": []}
    assert {"document VB1", "document VB6", "file HS1"} <= set(versions()["records"])
    assert record("VB1").title == long.strip(), "nothing is cut"


def test_control_characters(transfer: Transfer) -> None:
    transfer.change("VB1", Subject="Về\x00 việc\x07 đất").data["VB2.txt"] = "chữ\x00 có\x01 lỗi".encode()
    take(transfer.write())
    line = only("cell.control")
    assert (line.row, line.field, line.record) == (2, "Subject", "VB1")
    assert record("VB1").title == "Về việc đất"
    assert "document VB2" in versions()["pages"]


def test_listed_without_a_file_and_a_file_without_a_row(transfer: Transfer) -> None:
    transfer.document("VB6", "HS1", body=None).data["LA.txt"] = b"x"
    assert take(transfer.write()).counts["warned"] == 1
    assert (only("file.missing").row, only("file.missing").record) == (7, "VB6")
    line = only("file.unlisted")
    assert (line.row, line.sheet) == (None, "data")
    assert "LA.txt" in line.message


def test_a_name_that_leaves_the_folder(transfer: Transfer, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("outside")
    path = transfer.document("VB6", "HS1", body=None).write()
    (path / "data" / "VB6.txt").symlink_to("../../secret.txt")
    taken = take(path)
    assert (only("path.outside").outcome, taken.refused) == ("rejected", 1)
    assert record("VB6").page_count == 0
    packed = tmp_path / "goi.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for table in ("phong", "ho-so", "van-ban"):
            archive.write(path / f"{table}.csv", f"{table}.csv")
        archive.writestr("data/../../VB6.txt", "outside")
        archive.writestr("/etc/VB6.txt", "outside")
    taken = take(packed)
    assert taken.refused == 2
    assert record("VB6").page_count == 0


def test_code_never_becomes_a_path(transfer: Transfer, tmp_path: Path) -> None:
    transfer.document("../../../x", "HS1", body=None).document("/etc/passwd", "HS1", body=None)
    before = sorted(p for p in tmp_path.iterdir())
    assert take(transfer.write()).counts["warned"] == 2
    assert sorted(p for p in tmp_path.iterdir()) == sorted({*before, transfer.root, settings().home})
    assert {"../../../x", "/etc/passwd"} <= {one.record for one in lines()}


@pytest.mark.parametrize("name", ["khong-co", "trong", "tep.txt"])
def test_what_is_no_package(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "trong").mkdir()
    (tmp_path / "tep.txt").write_text("x")
    with pytest.raises(DeliveryError, match=name):
        take(tmp_path / name)
    assert counts()["package"] == 0


def test_the_report_is_a_table_for_a_spreadsheet(transfer: Transfer) -> None:
    taken = take(transfer.document("=1+1", "HS9").write())
    text = export_report(taken.package).read_text("utf-8-sig")
    head, *rows = text.splitlines()
    assert head == "Kết quả,Bảng,Dòng,Cột,Mã bản ghi,Điều phát hiện,Đã xử lý,Mã lỗi"
    assert len(rows) == len(lines())
    assert rows[0].startswith("Để riêng (cách ly),van-ban,7,FileCode,'=1+1,")
    assert all(search_engine().current(index) for index in INDICES)
