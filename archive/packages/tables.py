"""A table of the delivery: heading line found, columns matched to fields, rows cleaned one by one."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from archive.packages.cells import Cells, clean_cell, required_name
from archive.packages.encodings import detect_encoding
from archive.packages.fields import CODE, FIELD, REQUIRED, match_heading
from archive.packages.findings import Finding, Notes, Outcome, quote
from archive.packages.sheets import Record, Sheet, TextSheet, numbers_columns, sniff_separator
from archive.packages.sources import DeliveryError, Source
from archive.packages.workbooks import WorkbookError, WorkbookSheet, is_workbook

LARGEST_WORKBOOK = 512 << 20
HEADING_WITHIN = 20  # records in which the heading line is looked for, since registers begin with titles
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, WorkbookError, DeliveryError)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, the heading as written, the field it means."""

    place: int
    heading: str
    field: str


class Table:
    """One of the tables of a delivery. `usable` is false when no row of it can be taken; `findings` say why."""

    def __init__(self, source: Source, table: str, name: str) -> None:
        self.table, self.name, self.findings = table, name, list[Finding]()
        self.columns: tuple[Column, ...] = ()
        self.size, self.usable = 0, False
        self._width, self._head_row, self._cut, self._headings = 0, 0, False, dict[int, str]()
        sheet = self._sheet = self._open_sheet(source)
        if sheet is None:
            return
        try:
            top = list(islice(sheet.records(), HEADING_WITHIN))
        except BROKEN as error:
            self._say("table.broken", f"không đọc được bảng: {error or 'tệp hỏng'}", "không lấy dòng nào")
            return
        if not top:
            self._say("table.empty", "bảng trống, không có dòng nào", "không có gì để lấy", Outcome.WARNED)
            return
        self._match_columns(top)

    def _say(
        self, code: str, wrong: str, action: str, outcome: Outcome = Outcome.REJECTED, heading: str | None = None
    ) -> None:
        row = self._head_row or None
        place = f"Bảng {self.name}" + (f", cột “{heading}”" if heading else "")
        finding = Finding(self.table, row, heading, code, f"{place}: {wrong}", action, outcome)
        if finding not in self.findings:
            self.findings.append(finding)

    def _open_sheet(self, source: Source) -> Sheet | None:
        try:
            with source.open(self.name) as stream:
                head = stream.read(512)
            if is_workbook(self.name, head):
                if source.size(self.name) > LARGEST_WORKBOOK:
                    raise WorkbookError("bảng tính lớn quá 512 MiB, hãy giao dạng CSV")
                with source.open(self.name) as stream:
                    book = WorkbookSheet(stream.read())
                self.size = book.last_row
                for code, wrong, done in book.notes():
                    self._say(code, wrong, done, Outcome.WARNED)
                return book
            with source.open(self.name) as stream:
                found = detect_encoding(stream)
            with io.TextIOWrapper(source.open(self.name), found.name, "replace", newline="") as text:
                sample = text.read(1 << 16)
        except BROKEN as error:
            self._say("table.broken", f"không đọc được bảng: {error or 'tệp hỏng'}", "không lấy dòng nào")
            return None
        if found.name == "cp1258":
            wrong = "viết bằng bảng mã Windows-1258, không phải UTF-8"
            done = f"đã chuyển sang Unicode, {found.marked_lines} dòng có chữ được chuyển"
            self._say("encoding.windows-1258", wrong, done, Outcome.WARNED)
        elif found.name == "latin-1":
            done = f"đã chuyển sang Unicode từng ô, {found.marked_lines} dòng có chữ được chuyển"
            self._say("encoding.legacy", "viết bằng phông TCVN3 hoặc VNI", done, Outcome.WARNED)
        elif found.damaged:
            wrong = f"có {found.damaged} chỗ không giải mã được theo {found.name.upper()}"
            self._say("encoding.damaged", wrong, "thay bằng ký tự �, báo ở từng dòng", Outcome.WARNED)
        self.size = found.lines
        separator = sniff_separator(sample, self._known)
        return TextSheet(lambda: source.open(self.name), found.name, separator)

    def close(self) -> None:
        """Let go of temporary files."""
        if self._sheet is not None:
            self._sheet.close()

    def _known(self, cells: list[str]) -> int:
        return len({match_heading(self.table, cell) for cell in cells} - {None})

    def _match_columns(self, top: list[Record]) -> None:
        most = max(top, key=lambda record: self._known(record[1]))
        self._head_row, cells = most if self._known(most[1]) > 1 else top[0]
        self.size = max(0, self.size - self._head_row)
        self._headings = {i: " ".join(cell.split()) for i, cell in enumerate(cells) if cell.strip()}
        self._width = max((i + 1 for i, cell in enumerate(cells) if cell.strip()), default=0)
        columns, seen = [], set[str]()
        for place, cell in enumerate(cells[: self._width]):
            heading = " ".join(cell.split())
            name = match_heading(self.table, heading)
            if name is None:
                shown = heading or f"(cột {place + 1}, không có tên)"
                action = "không lấy cột này; các cột khác vẫn lấy"
                self._say("heading.unknown", "không rõ là trường nào", action, Outcome.WARNED, shown)
                continue
            if name in seen:
                action = "lấy ô có chữ đầu tiên của mỗi dòng; chỗ khác nhau báo ở dòng đó"
                self._say("heading.doubled", f"trường {name} có nhiều cột", action, Outcome.WARNED, heading)
            seen.add(name)
            columns.append(Column(place, heading, name))
        self.columns = tuple(columns)
        if numbers_columns(dict(top).get(self._head_row + 1, [])):
            self._head_row += 1
            self._say("row.heading", "đánh số các cột, thuộc về tiêu đề", "không lấy dòng này", Outcome.ACCEPTED)
        missing = [required_name(FIELD[self.table][name]) for name in REQUIRED[self.table] if name not in seen]
        if missing:
            count = sum(1 for _ in self._records())
            wrong = f"thiếu cột bắt buộc {', '.join(missing)}"
            self._say("heading.missing", wrong, f"không lấy dòng nào ({count} dòng còn nguyên trong tệp đã giao)")
            return
        self.usable = True
        if next(self._records(), None) is None:
            self._say("table.empty", "bảng chỉ có dòng tiêu đề", "không có gì để lấy", Outcome.WARNED)

    def _records(self) -> Iterator[Record]:
        """Records below the heading line; a table that breaks midway ends there, with a finding."""
        row = self._head_row
        try:
            for row, cells in self._sheet.records() if self._sheet else ():
                if row > self._head_row and any(map(str.strip, cells)):
                    yield row, cells
        except BROKEN:
            done = f"đã lấy đến dòng {row}, phần sau không lấy được"
            self._say("table.cut", "tệp bị hỏng hoặc bị cắt giữa chừng", done)

    def codes(self, name: str) -> Iterator[str]:
        """The delivered texts of one field, as cleaning would leave them, without findings."""
        for _, cells, _ in self._clean((name,)):
            if code := cells.values.get(name):
                yield code

    def rows(self) -> Iterator[tuple[int, Cells, Notes]]:
        """Rows in sheet order: line number, cells, notes (to be added to by whoever checks further)."""
        return self._clean(None)

    def _clean(self, only: tuple[str, ...] | None) -> Iterator[tuple[int, Cells, Notes]]:
        if not self.usable or self._sheet is None:
            return
        columns = [c for c in self.columns if only is None or c.field in only]
        runaway, taken = self._sheet.runaway, {c.place for c in self.columns}
        for row, delivered in self._records():
            cells, notes = Cells(), Notes(self.table, row)
            count = len(delivered)
            for column in columns:
                if column.place < count and (text := delivered[column.place]):
                    if column.field in cells.values:
                        cells.pass_over(column.heading, text, column.field)
                        self._merge(column, text, cells, notes)
                    else:
                        clean_cell(self.table, column.field, column.heading, text, cells, notes)
            for place, text in enumerate(delivered):
                if place not in taken:
                    cells.pass_over(self._headings.get(place, f"cột {place + 1}"), text)
            if runaway and runaway[-1] == row:
                action = "đọc riêng dòng này, bỏ qua dấu ngoặc kép; các dòng sau vẫn lấy"
                notes.add(None, "row.quote", "dấu ngoặc kép mở mà không đóng", action)
            if count < self._width and isinstance(self._sheet, TextSheet):
                notes.add(None, "row.short", f"chỉ có {count} ô, dòng tiêu đề có {self._width}", "ô thiếu coi là trống")
            elif count > self._width and (rest := [cell for cell in delivered[self._width :] if cell.strip()]):
                wrong = f"thừa {len(rest)} ô ngoài các cột: {quote(' | '.join(rest))}"
                notes.add(None, "row.long", wrong, "không lấy phần thừa")
            if notes.findings:
                record = cells.values.get(CODE[self.table])
                notes.findings = [replace(finding, record=record) for finding in notes.findings]
            yield row, cells, notes

    def _merge(self, column: Column, text: str, cells: Cells, notes: Notes) -> None:
        """A second column of the same field: kept only where the first is empty, said where they differ."""
        other = Cells()
        clean_cell(self.table, column.field, column.heading, text, other, notes)
        again, first = other.values.get(column.field), cells.values[column.field]
        if again is None or again == first:
            return
        # A known slip of the printed circular: the second `Maintenance` of a file is the number of its sheets.
        if (self.table, column.field) == ("ho-so", "Maintenance") and again.isdigit():
            cells.values.setdefault("SheetNumber", again)
            cells.headings.setdefault("SheetNumber", column.heading)
            return
        wrong = f"cột trùng ghi {quote(again)}, cột trước ghi {quote(first)}"
        notes.add(column.heading, "cell.differs", wrong, "lấy cột trước")
