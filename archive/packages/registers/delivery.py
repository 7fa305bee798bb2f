"""A register as a delivery: its rows become documents without files, in a file for each year of a fonds.

A register of outgoing documents has no files (hồ sơ); agencies keep their copies by year (NĐ 30/2020/NĐ-CP, article
30: tập lưu văn bản), and so does the catalogue.  What the register does not say (archives, fonds, issuer, access)
comes with the delivery as its context.  Rows in = records + duplicates with a line each.
"""

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from analyzers.fold import fold as unmarked
from archive.packages.cells import Cells, clean_cell, clean_text
from archive.packages.checks import check_access, check_date, check_main
from archive.packages.delivery import Delivery
from archive.packages.fields import FIELD
from archive.packages.findings import Finding, Notes, Outcome, quote, worst
from archive.packages.levels import NEVER, Access, read_level
from archive.packages.registers.columns import ATTACHMENT, EFFECTIVE, LINE, NUMBER, STATUS, Column, recognise
from archive.packages.registers.numbering import repair_number, take_apart
from archive.packages.registers.sheets import RegisterSheet, open_register
from archive.packages.rows import DocumentRow, FileRow, FondsRow
from archive.packages.sources import DeliveryError

SHEET = "van-ban"
TOLD = {STATUS: "Tình trạng", EFFECTIVE: "Ngày có hiệu lực", ATTACHMENT: "Tệp đính kèm"}
_SAMPLE = 300
_COUNTED = r"(van ban|ho so|trang|so|to)"
_TOTAL = re.compile(rf"(tong cong|tong so|tong|cong)( {_COUNTED})*\s*[:.]?\s*[\d.,]*( {_COUNTED})*\s*[.]?")
_WORDS = {"01": "Không hạn chế", "02": "Hạn chế"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a register (or a message) does not say itself; empty where it is not given.

    ``identifier`` is the archives' code, ``organ`` the fonds', ``issuer`` the issuing agency's name, ``access`` 01 or
    02 for rows that say nothing, ``file`` the code of the one file that all rows go into, ``mapping`` heading to field,
    ``only`` the code of the one agency whose records may come.  ``archives`` has the archives' code of each fonds that
    is there; ``alike`` names the register whose kept mapping this is, where the headings are not all the same; with
    ``yields`` (a watched folder) what is told here is only for deliveries that name no such fonds.
    """

    identifier: str = ""
    organ: str = ""
    fonds_name: str = ""
    issuer: str = ""
    access: str = ""
    file: str = ""
    mapping: Mapping[str, str] | None = None
    only: str = ""
    archives: Mapping[str, str] = dataclasses.field(default_factory=dict)
    yields: bool = False
    alike: str = ""

    def place(self, organ: str, said: str = "") -> tuple[str, str]:
        """The codes of fonds and archives ("": not known) for a delivery naming fonds ``organ``, archives ``said``."""
        organ = organ if self.yields and organ in self.archives else self.organ or organ
        known = self.archives.get(organ, "")
        return organ, (said or known or self.identifier) if self.yields else (self.identifier or said or known)

    def told(self) -> str:
        """For the digest of a package: the same sheet in another context is another package."""
        mapping = sorted((self.mapping or {}).items())
        return repr((self.identifier, self.organ, self.fonds_name, self.issuer, self.access, self.file, mapping))


@dataclass(slots=True)
class _Read:
    row: int
    cells: Cells
    notes: Notes
    access: Access | None
    days: tuple[int, int] | None
    year: str


class RegisterDelivery(Delivery):
    """See the module; DeliveryError where a needed part of the context is neither in the sheet nor given."""

    _what = "Sổ"  # what lines call it

    def __init__(self, path: Path, context: Context) -> None:
        """Opens the register and recognises its columns."""
        self.name, self.context = path.name, context
        self._sheet = self._open(path)
        try:
            first = [cells for _, cells in islice(self._sheet.rows(), _SAMPLE)]
            if not first:
                raise DeliveryError(f"Sổ {quote(self.name)} không có dòng nào dưới dòng tiêu đề; không lấy gì.")
            self._recognise(first)
            self._fields = {column.field for column in self.columns if column.field}
            self._own = [*self._sheet.findings, *self._say_columns()]
            self._require()
        except BaseException:
            self._sheet.close()
            raise
        self._size = 0
        self._files: dict[tuple[str, str, str], str] | None = None

    def _open(self, path: Path) -> RegisterSheet:
        return open_register(path)

    def _recognise(self, rows: list[list[str]]) -> None:
        self.columns = recognise(self._sheet.headings, rows, self.context.mapping)

    @property
    def findings(self) -> list[Finding]:
        """About the sheet and its columns."""
        return list(self._own)

    def size_of_rows(self) -> dict[str, int]:
        """As far as is known."""
        return {SHEET: self._size}

    def fonds(self) -> Iterator[FondsRow]:
        """The fonds that the rows go into; one that is described already stays as it is."""
        for identifier, organ in dict.fromkeys((i, o) for i, o, _ in self._found_files()):
            values = {"Identifier": identifier, "OrganId": organ}
            if self.context.fonds_name and organ == self.context.organ:
                values["FondName"] = self.context.fonds_name
            message = f"Phông {quote(organ)} lấy theo {self._what.lower()}, không có bảng phông"
            told = Finding(
                "phong", None, None, "fonds.derived", message, "lập phông nếu chưa có", Outcome.ACCEPTED, organ
            )
            yield FondsRow(0, values, {}, (told,), Outcome.ACCEPTED)

    def files(self) -> Iterator[FileRow]:
        """One file a year, open by itself: each document says its own access."""
        for (identifier, organ, code), year in self._found_files().items():
            if code == self.context.file:
                continue  # it is there, or its documents are kept apart as orphans
            title = f"Tập lưu văn bản năm {year}" if year else "Tập lưu văn bản chưa rõ năm"
            values = {"FileCode": code, "Identifier": identifier, "OrganId": organ, "Title": title}
            values |= {"Rights": _WORDS["01"], **({"FileCatalog": year} if year else {})}
            message = f"{self._what} không nêu hồ sơ; văn bản năm {year or 'chưa rõ'} xếp vào {quote(code)}"
            told = Finding("ho-so", None, None, "file.derived", message, "lập tập lưu theo năm", Outcome.ACCEPTED, code)
            days = (date(int(year), 1, 1).toordinal(), date(int(year), 12, 31).toordinal()) if year else None
            yield FileRow(0, values, {}, (told,), Outcome.ACCEPTED, "01", None, days)

    def documents(self) -> Iterator[DocumentRow]:
        """The rows, each a document or a line that says why not."""
        seen: dict[str, tuple[int, dict[str, str]]] = {}
        numbers: dict[tuple[str, str, str], int] = {}
        for read in self._rows():
            values, notes = read.cells.values, read.notes
            self._name_row(read, seen, numbers)
            found = tuple(replace(one, record=values.get("DocCode")) for one in notes.findings)
            level, opens = (read.access.level, read.access.opens_on) if read.access else (None, None)
            yield DocumentRow(read.row, values, read.cells.raw, found, worst(found), level, opens, read.days)

    def unlisted(self) -> Iterator[Finding]:
        """A register brings no files."""
        return iter(())

    def close(self) -> None:
        """Let go of the sheet."""
        self._sheet.close()

    def _found_files(self) -> dict[tuple[str, str, str], str]:
        if self._files is None:
            self._files = {}
            self._size = 0
            for read in self._rows():
                self._size += 1
                values = read.cells.values
                if worst(read.notes.findings) != Outcome.REJECTED:
                    key = values["Identifier"], values["OrganId"], values["FileCode"]
                    self._files.setdefault(key, read.year)
        return self._files

    def _rows(self) -> Iterator[_Read]:
        taken = [column for column in self.columns if column.field and column.field != LINE]
        places = {column.place for column in taken}
        for row, delivered in self._sheet.rows():
            cells, notes = Cells(), Notes(SHEET, row)
            told: list[str] = []
            for column in taken:
                text = delivered[column.place] if column.place < len(delivered) else ""
                if text.strip():
                    self._take_cell(column, text, cells, notes, told)
            for place, text in enumerate(delivered):
                if place not in places:
                    heading = self._sheet.headings[place] if place < len(self._sheet.headings) else ""
                    cells.pass_over(heading or f"cột {place + 1}", text)
            # A sum may stand in the column of numbers, alone
            known = cells.values.keys()
            alone = "CodeNumber" not in known or not {"CodeNotation", "Subject"} & known
            total = _is_total(delivered) and "IssuedDate" not in known and alone
            yield self._finish(row, cells, notes, told, total=total)

    def _take_cell(self, column: Column, text: str, cells: Cells, notes: Notes, told: list[str]) -> None:
        heading = column.heading or f"cột {column.place + 1}"
        field = column.field or ""
        if field in TOLD:
            cells.pass_over(heading, text)
            told.append(f"{TOLD[field]}: {clean_text(heading, text, notes)}")
        elif field == NUMBER:
            if "CodeNumber" in cells.values or "CodeNotation" in cells.values:
                cells.pass_over(heading, text, "CodeNotation")
                return
            clean, signs, font = repair_number(clean_text(heading, text, notes))
            if signs:
                wrong = f"{signs} chữ viết bằng bảng mã {font} trong {quote(text)}"
                notes.add(
                    heading, "encoding.legacy", wrong, f"đã chuyển sang Unicode: {quote(clean)}", Outcome.ACCEPTED
                )
            read = take_apart(clean)
            for name, value in (("CodeNumber", read.number), ("CodeNotation", read.notation)):
                if value:
                    cells.values[name], cells.headings[name] = value, heading
            if read.written != text:
                cells.raw[NUMBER] = text
            if read.trouble:
                done = "giữ chữ đã giao" if read.trouble == "number.unreadable" else f"đã ghi {quote(read.written)}"
                notes.add(heading, read.trouble, f"số, ký hiệu {quote(text)} {read.wrong}", done)
        elif field in cells.values:
            cells.pass_over(heading, text, field)
            other = Cells()
            clean_cell(SHEET, field, heading, text, other, Notes(SHEET, None))
            again = other.values.get(field, "")
            if again and again != cells.values[field] and not _same_day(field, again, cells.values[field]):
                wrong = f"cột trùng ghi {quote(again)}, cột trước ghi {quote(cells.values[field])}"
                notes.add(heading, "cell.differs", wrong, "lấy cột trước")
        else:
            clean_cell(SHEET, field, heading, text, cells, notes)

    def _finish(self, row: int, cells: Cells, notes: Notes, told: list[str], *, total: bool) -> _Read:
        values, context = cells.values, self.context
        for name, given in (
            ("Identifier", context.identifier),
            ("OrganId", context.organ),
            ("OrganName", context.issuer),
        ):
            if given:
                values.setdefault(name, given)
        if told:
            values["Description"] = "; ".join([*filter(None, [values.get("Description")]), *told])
        days = check_date("IssuedDate", cells, notes)
        year = str(date.fromordinal(days[0]).year) if days else ""
        if "FileCode" not in values:
            values["FileCode"] = context.file or f"{values.get('OrganId', '')}.{year or '0000'}.TL"
        if year:
            values.setdefault("FileCatalog", year)
        if missing := [name for name in ("Identifier", "OrganId") if name not in values]:
            wrong = f"không có {', '.join(missing)}"
            notes.add(None, "code.empty", wrong, "không lấy dòng này", Outcome.REJECTED)
        if total:
            notes.add(None, "row.total", "là dòng cộng của sổ", "không lấy dòng này", Outcome.REJECTED)
        elif not {"CodeNumber", "CodeNotation", "Subject"} & values.keys():
            notes.add(None, "row.empty", "không có số, ký hiệu lẫn trích yếu", "không lấy dòng này", Outcome.REJECTED)
        elif not {"CodeNumber", "CodeNotation"} & values.keys():
            notes.add(None, "number.empty", "không có số, ký hiệu văn bản", "vẫn lấy, để trống")
        if worst(notes.findings) != Outcome.REJECTED:  # of what is not taken nothing is left empty
            check_main(("Subject",), cells, notes)
        if cells.secret or {"Mode", "AccessLevel", "Priority"} & self._fields:
            silent = not {"Mode", "AccessLevel"} & self._fields  # said once, of the whole register
            if (context.access or silent) and not {"Mode", "AccessLevel"} & values.keys():
                values["Mode"] = _WORDS[context.access or "02"]
            access = check_access("Mode", cells, notes)
        else:
            level = context.access or "02"
            access = Access(read_level(level) or "02", date.min if level == "01" else NEVER)
            values["Mode"] = _WORDS[level]
        return _Read(row, cells, notes, access, days, year)

    def _name_row(
        self, read: _Read, seen: dict[str, tuple[int, dict[str, str]]], numbers: dict[tuple[str, str, str], int]
    ) -> None:
        """Gives the row its code, and says where another row has the same."""
        values, notes = read.cells.values, read.notes
        if worst(notes.findings) == Outcome.REJECTED:
            return
        number = f"{values.get('CodeNumber', '')}/{values.get('CodeNotation', '')}"
        told = {name: value for name, value in values.items() if name != "DocCode"}
        code = values.get("DocCode") or make_code(values, read.days, with_subject=number == "/")
        if code in seen and "DocCode" not in values and told != seen[code][1]:
            first, other = seen[code]
            if _key(other.get("Subject", "")) != _key(told.get("Subject", "")):
                code = make_code(values, read.days, with_subject=True)
        values["DocCode"] = code
        if code in seen:
            first, other = seen[code]
            differing = [name for name in {**told, **other} if told.get(name) != other.get(name)]
            if not differing:
                wrong = f"giống hệt dòng {first}"
                done = f"không lập bản ghi lần nữa, đã có bản ghi của dòng {first}"
                notes.add(None, "row.duplicate", wrong, done, Outcome.REJECTED)
            else:
                names = ", ".join(quote(read.cells.headings.get(name, _label(name))) for name in sorted(differing))
                wrong = f"cùng số, ngày (hay mã) với dòng {first} nhưng khác ở {names}"
                notes.add(None, "row.differs", wrong, "để riêng (cách ly), giữ dòng đầu", Outcome.QUARANTINED)
            return
        seen[code] = read.row, told
        if values.get("CodeNumber"):
            key = unmarked(number.casefold()), read.year, _key(values.get("OrganName", ""))
            first = numbers.setdefault(key, read.row)
            if first != read.row:
                when = f"năm {read.year}" if read.year else "chưa rõ năm"
                wrong = f"số {quote(number.strip('/'))} đã dùng ở dòng {first} ({when}) cho văn bản khác"
                notes.add(read.cells.headings.get("CodeNumber"), "number.reused", wrong, "lấy cả hai")

    def _say_columns(self) -> Iterator[Finding]:
        if like := self.context.alike:
            message = f"Tiêu đề gần giống sổ {quote(like)}: các cột cùng tên được đọc như đã lưu cho sổ ấy"
            action = "hãy xem lại các cột; lưu thì sổ sau được đọc như vậy"
            yield Finding(SHEET, self._sheet.head_row or None, None, "heading.alike", message, action, Outcome.WARNED)
        for column in self.columns:
            shown = quote(column.heading) if column.heading else f"số {column.place + 1} (không tên)"
            row = self._sheet.head_row or None
            if column.field is None and column.place >= len(self._sheet.headings) and not column.example:
                continue  # it only stands before another one that has cells
            if column.field is None:
                message, action = (
                    f"Cột {shown}: không rõ là trường nào",
                    "không lấy cột này đến khi nêu rõ nghĩa",
                )
                yield Finding(SHEET, row, column.heading or None, "heading.unknown", message, action, Outcome.WARNED)
            elif column.by == "content":
                message = f"Cột {shown}: đoán theo nội dung, ví dụ {quote(column.example)}"
                action = f"lấy làm {_label(column.field)}"
                yield Finding(SHEET, row, column.heading or None, "heading.guessed", message, action, Outcome.WARNED)
        if not {"Mode", "AccessLevel"} & self._fields and not self.context.access:
            message = f"{self._what} {quote(self.name)} không nêu chế độ sử dụng"
            action = "coi tất cả là hạn chế (02); nếu được công khai, hãy nêu mức 01 khi giao"
            yield Finding(SHEET, None, None, "access.empty", message, action, Outcome.WARNED)

    def _require(self) -> None:
        if not {NUMBER, "CodeNumber", "CodeNotation", "Subject"} & self._fields:
            raise DeliveryError(
                f"Sổ {quote(self.name)}: không cột nào nhận ra được là số, ký hiệu hay trích yếu; cần nêu nghĩa cột.",
                "--column (vankho register show)",
            )
        needed = {"OrganId": ("mã phông", "--fonds"), "Identifier": ("mã cơ quan lưu trữ", "--identifier")}
        given = {"OrganId": self.context.organ, "Identifier": self.context.identifier}
        gone = [words for name, words in needed.items() if not given[name] and name not in self._fields]
        if gone:
            what, options = " và ".join(a for a, _ in gone), " ".join(b for _, b in gone)
            raise DeliveryError(f"{self._what} {quote(self.name)} không ghi {what}; hãy nêu kèm khi giao.", options)


def _is_total(cells: Sequence[str]) -> bool:
    """Whether a row sums up: its first words are "Tổng cộng", "Cộng trang" …, with at most a number behind them."""
    return bool(_TOTAL.fullmatch(_key(next((cell for cell in cells if cell.strip()), ""))))


def make_code(values: Mapping[str, str], days: tuple[int, int] | None, *, with_subject: bool) -> str:
    """A DocCode (at most 25 characters) of what names a document in a register: number, day, issuer."""
    told: Sequence[str] = [values.get(name, "") for name in ("CodeNumber", "CodeNotation", "IssuedDate", "OrganName")]
    parts = [_key(one) for one in told] + ([_key(values.get("Subject", ""))] if with_subject else [])
    day = date.fromordinal(days[0]).strftime("%Y%m%d") if days else "00000000"
    digits = "".join(ch for ch in values.get("CodeNumber", "").split("-")[0] if ch.isdigit())[:6]
    return f"{day}.{digits.zfill(5)}.{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:8]}"


def _key(text: str) -> str:
    return " ".join(unmarked(text.casefold()).split())


def _label(field: str) -> str:
    known = FIELD[SHEET].get(field)
    return known.labels[0] if known else field


def _same_day(field: str, one: str, other: str) -> bool:
    from archive.packages.dates import read_date

    return field == "IssuedDate" and read_date(one).days == read_date(other).days
