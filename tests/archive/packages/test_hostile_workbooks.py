"""Spreadsheets made to harm, and spreadsheets as life has them: read in a child, bounded, everything told."""

import errno
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from archive.children import bare_environment
from archive.packages.delivery import open_delivery
from archive.packages.registers.sheets import open_register
from archive.packages.sources import DeliveryError
from archive.packages.unpacking import MEMORY
from archive.packages.workbooks import WorkbookError, WorkbookSheet
from tests.archive.packages.transfer_folders import Maker
from tests.indexer.extraction.office_files import old_table

HEAD, ROW = ("Số", "Trích yếu"), ("1", "Về việc đê điều")


def cells(*texts: str, repeated: str = "") -> str:
    one = '<table:table-cell office:value-type="string" {}><text:p>{}</text:p></table:table-cell>'
    return "".join(one.format(repeated, text) for text in texts)


def ods(rows: str) -> bytes:
    space = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in ("office", "text", "table"))
    body = f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        parts.writestr("META-INF/manifest.xml", "<m/>")
        content = f'<?xml version="1.0"?><office:document-content {space}>{body}</office:body>'
        parts.writestr("content.xml", f"{content}</office:document-content>")
    return packed.getvalue()


def row(inner: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def xlsx(*sheets: tuple[str, str, tuple[tuple[str, ...], ...]], far: str = "") -> bytes:
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, state, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for one in rows:
            sheet.append(one)
        if far:
            sheet[far] = "xa"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_every_kind_of_spreadsheet_is_read_alike() -> None:
    blank = row("<table:table-cell/>", 1_048_574)  # as LibreOffice ends a sheet
    for content in (
        ods(row(cells(*HEAD)) + row(cells(*ROW)) + blank),
        old_table("S", HEAD, (1.0, ROW[1])),
        xlsx(("S", "visible", (HEAD, ROW))),
    ):
        sheet = WorkbookSheet(content)
        assert [*sheet.records()] == [(1, [*HEAD]), (2, [*ROW])]
        sheet.close()


@pytest.mark.parametrize(
    "rows",
    [
        row(cells(*HEAD)) + row(cells(*ROW), 1_048_574),
        row(cells("x", repeated='table:number-columns-repeated="16384"'), 1_000_000),
        row(cells("x", repeated='table:number-columns-repeated="4000000000"'), 4_000_000_000),
    ],
)
def test_rows_and_cells_that_are_only_claimed_end_in_the_child(rows: str) -> None:
    with pytest.raises(WorkbookError, match=r"quá lớn|không mở được|quá nhiều"):
        WorkbookSheet(ods(rows))


def test_cells_at_the_end_of_the_sheet_are_told_not_lost() -> None:
    for content, last in (
        (xlsx(("S", "visible", (HEAD, ROW)), far="XFD1048576"), 1_048_576),
        (old_table("S", HEAD, ROW, *[()] * 40, (*[None] * 255, "xa")), 43),
    ):
        sheet = WorkbookSheet(content)
        assert [*sheet.records()] == [(1, [*HEAD]), (2, [*ROW])]
        assert [(code, str(last) in wrong) for code, wrong, _ in sheet.notes()] == [("column.beyond", True)]
        sheet.close()


def test_hidden_and_further_sheets_are_told_with_their_rows(tmp_path: Path, make: Maker) -> None:
    content = xlsx(
        ("Nháp", "hidden", (ROW,)), ("2018", "visible", (HEAD, ROW)), ("Trống", "visible", ()),
        ("2019", "visible", (HEAD, ROW, ROW)),
    )  # fmt: skip
    path = tmp_path / "so.xlsx"
    path.write_bytes(content)
    register = open_register(path)
    assert (register.headings, len([*register.rows()])) == ([*HEAD], 1)
    told = [one.message for one in register.findings if one.code == "sheet.unread"]
    assert ["“2019” có 3 dòng" in told[0], "trang tính ẩn “Nháp” có 1 dòng" in told[1], len(told)] == [True, True, 2]
    register.close()
    root = make(van_ban=None)
    (root / "van-ban.xlsx").write_bytes(content)
    with open_delivery(root) as delivery:
        assert [one.code for one in delivery.findings].count("sheet.unread") == 2


SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def parts_of_xlsx(**parts: bytes) -> bytes:
    """A sound workbook of which some parts are others; ``sharedStrings`` is put beside them."""
    source, made = io.BytesIO(xlsx(("S", "visible", (HEAD, ROW)))), io.BytesIO()
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sound.namelist():
            body = parts.get(name.rsplit("/", 1)[-1].removesuffix(".xml")) or sound.read(name)
            packed.writestr(name, body.replace(b"</Types>", SHARED) if "sharedStrings" in parts else body)
        if "sharedStrings" in parts:
            packed.writestr("xl/sharedStrings.xml", parts["sharedStrings"])
    return made.getvalue()


SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = b"<sst " + SPACE + b">%s</sst>"
STYLES = b"<styleSheet " + SPACE + b"><cellXfs>%s</cellXfs></styleSheet>"
SHEET = b"<worksheet " + SPACE + b"><sheetData>%s</sheetData></worksheet>"
INLINE = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>'
SMALL = 160 << 20  # bytes: enough to start and to read what is harmless


def many(piece: bytes, size: int) -> bytes:
    """The piece again and again, up to that many bytes; not quite the same, so that the zip's own ratio is no bar."""
    return b"".join(piece.replace(b"@", b"%d" % n) for n in range(size // (len(piece) + 4)))


@pytest.mark.parametrize(
    "bomb",
    [
        {"sharedStrings": STRINGS % many(b"<si><t>@</t></si>", 30 << 20)},
        {"styles": STYLES % many(b'<xf fontId="@"/>', 6 << 20)},
        {"sheet1": SHEET % (INLINE % (1, 1, b"x" * (40 << 20)))},
        {"sheet1": SHEET % b"" + b" " * (101 << 20)},
    ],
    ids=["shared strings", "styles", "one string", "ratio"],
)
def test_parts_that_unfold_end_in_the_child(bomb: dict[str, bytes]) -> None:
    """In a tenth of the memory that it has else, so that a small one is a bomb."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n, n, n - 1) for n in (1, 2))
    strings = STRINGS % b"".join(b"<si><t>%s</t></si>" % text.encode() for text in HEAD)
    sound = WorkbookSheet(parts_of_xlsx(sharedStrings=strings, sheet1=SHEET % cells), memory=SMALL)
    assert [*sound.records()] == [(1, [HEAD[0]]), (2, [HEAD[1]])]
    sound.close()
    content = parts_of_xlsx(**bomb)
    with pytest.raises(WorkbookError, match=r"quá lớn|quá nhiều|không mở được"):
        WorkbookSheet(content, memory=SMALL)


@pytest.mark.parametrize(
    ("module", "content"),
    [
        ("archive.packages.unpacking", xlsx(("S", "visible", (HEAD, ROW)))),
        ("archive.packages.registers.objects", b'{"So": "1"}\n'),
    ],
)
def test_a_full_disk_is_no_fault_of_the_file(module: str, content: bytes) -> None:
    """What the child of a table says then is the disk's; the delivery waits instead of being refused."""
    command = [sys.executable, "-m", module, "/dev/full", str(MEMORY)]
    done = subprocess.run(command, input=content, capture_output=True, env=bare_environment(), check=False)
    assert (done.returncode, done.stdout) == (errno.ENOSPC, b"")


def test_strings_in_the_cells_are_read() -> None:
    rows = b"".join(INLINE % (n, n, text.encode()) for n, text in enumerate(HEAD, 1))
    sheet = WorkbookSheet(parts_of_xlsx(sheet1=SHEET % rows))
    assert [*sheet.records()] == [(1, [HEAD[0]]), (2, [HEAD[1]])]
    sheet.close()


def test_xls_that_is_none(tmp_path: Path, make: Maker) -> None:
    path = tmp_path / "so.xls"
    path.write_text("Số\tTrích yếu\n1\tVề việc đê điều\n", encoding="utf-16")
    register = open_register(path)
    assert [*register.rows()] == [(2, [*ROW])]
    register.close()
    page = "<html><body><table><tr><td>Số</td></tr></table></body></html>"
    path.write_text(page)
    with pytest.raises(DeliveryError, match="trang web mang đuôi"):
        open_register(path)
    root = make(van_ban=None)
    (root / "van-ban.xls").write_text(page)
    with open_delivery(root) as delivery:
        assert ["trang web" in one.message for one in delivery.findings if one.code == "table.broken"] == [True]


def test_columns_numbered_below_the_headings_and_folders_in_folders(make: Maker) -> None:
    root = make(van_ban=None)
    table = (("DocCode", "FileCode", "Subject", "Mode"), ("(1)", "(2)", "(3)", "(4)"), ("VB1", "HS1", "Đê", "01"))
    (root / "van-ban.xlsx").write_bytes(xlsx(("S", "visible", table)))
    outer = root.parent / "giao-nop"
    (outer / "nam 2024").mkdir(parents=True)
    root.rename(outer / "nam 2024" / "goi")
    with open_delivery(outer) as delivery:
        assert [(one.row, one.code) for one in delivery.documents()] == [(3, "VB1")]
        assert [one.row for one in delivery.findings if one.code == "row.heading"] == [2]
