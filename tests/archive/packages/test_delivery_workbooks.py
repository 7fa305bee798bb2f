"""XLSX tables: values as a person sees them, and limits on what a workbook may do."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from archive.packages.delivery import open_delivery
from archive.packages.unpacking import show_cell
from archive.packages.workbooks import WorkbookError, WorkbookSheet
from tests.archive.packages.transfer_folders import DOCUMENTS, Maker


def to_xlsx(rows: Iterable[Iterable[object]], first_row: int = 1) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for r, row in enumerate(rows, first_row):
        for c, value in enumerate(row, 1):
            sheet.cell(r, c, value)  # type: ignore[arg-type]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(root: Path, content: bytes) -> Path:
    (root / "Van-Ban.XLSX").write_bytes(content)
    return root


def test_workbook_reads_like_a_table(make: Maker) -> None:
    rows = [
        ("Mã định danh văn bản", "mã HỒ SƠ (*)", "TRICH YEU NOI DUNG", "Ngày ban hành", "Số trang", "Chế độ sử dụng"),
        ("VB1", "HS1", "Về việc giao đất", datetime.fromisoformat("1998-11-10"), 3.0, "Không hạn chế"),
        (None, None, None, None, None, None),
        ("VB2", "HS2", "=1+1", date(1999, 2, 1), 1998, "Hạn chế"),
    ]
    with open_delivery(put(make(van_ban=None), to_xlsx(rows))) as delivery:
        one, two = delivery.documents()
        assert delivery.findings == []
        assert delivery.size_of_rows()["van-ban"] == 3
    assert (one.row, one.values["IssuedDate"], one.values["PageAmount"]) == (2, "10/11/1998", "3")
    assert one.dates == (date(1998, 11, 10).toordinal(),) * 2
    assert (two.row, two.values["PageAmount"]) == (4, "1998")
    assert "Subject" not in two.values  # a formula never computed has no value
    assert [f.code for f in two.findings] == ["field.missing"]


def test_headings_below_a_title_keep_their_row_numbers(make: Maker) -> None:
    with open_delivery(put(make(van_ban=None), to_xlsx([("DANH MỤC",), (), *DOCUMENTS], 3))) as delivery:
        assert [d.row for d in delivery.documents()] == [6, 7]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1998.0, "1998"), (1.5, "1.5"), (True, "1"), (None, ""), (" x ", " x "), (date(2021, 1, 2), "02/01/2021")],
)
def test_cells_as_a_person_reads_them(cell: object, text: str) -> None:
    assert show_cell(cell) == text


def rewrite(content: bytes, part: str, change: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == part else body)  # type: ignore[operator]
    return out.getvalue()


def test_a_row_at_the_end_of_the_sheet_ends_quietly(make: Maker) -> None:
    content = rewrite(
        to_xlsx(DOCUMENTS),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:G3"', b'ref="A1:XFD1048576"').replace(
            b"</sheetData>", b'<row r="1048576"/><row r="99999999999"/></sheetData>'
        ),
    )
    with open_delivery(put(make(van_ban=None), content)) as delivery:
        assert [d.code for d in delivery.documents()] == ["VB1", "VB2"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "bị hỏng"),
        (b"PK\x03\x04", "bị hỏng"),
        (rewrite(to_xlsx(DOCUMENTS), "xl/workbook.xml", lambda xml: b"<!DOCTYPE a>" + xml), "DOCTYPE"),
        (rewrite(to_xlsx(DOCUMENTS), "xl/theme/theme1.xml", lambda xml: bytes(200 << 20)), "quá lớn"),
    ],
)
def test_unsafe_and_broken_workbooks_are_refused(make: Maker, content: bytes, wrong: str) -> None:
    with pytest.raises(WorkbookError, match=wrong):
        WorkbookSheet(content)
    with open_delivery(put(make(van_ban=None), content)) as delivery:
        assert list(delivery.documents()) == []
        (finding,) = delivery.findings
    assert (finding.code, finding.outcome) == ("table.broken", "rejected")
    assert wrong in finding.message


def test_a_workbook_cut_inside_its_sheet_is_said(make: Maker) -> None:
    content = rewrite(to_xlsx(DOCUMENTS), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with open_delivery(put(make(van_ban=None), content)) as delivery:
        list(delivery.documents())
        assert {f.code for f in delivery.findings} <= {"table.broken", "table.cut"}
        assert delivery.findings


def test_a_workbook_with_broken_parts_never_stops_the_run(make: Maker) -> None:
    for part in ("xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        content = rewrite(to_xlsx(DOCUMENTS), part, lambda xml: xml[:-20])
        with open_delivery(put(make(van_ban=None, name=part.replace("/", "-")), content)) as delivery:
            assert list(delivery.documents()) == []
            assert [f.code for f in delivery.findings] == ["table.broken"]
