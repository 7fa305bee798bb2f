"""A delivery: a transfer folder in the shape of TT 02/2019/TT-BNV, or a zip of one, read row by row.

Nothing here writes anywhere. Rows come in sheet order with their findings; memory holds the listing of `data/`, one
entry a file and the document codes, never the rows.
"""

import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from archive.packages.cells import Cells
from archive.packages.checks import bind_access, check_access, check_date, check_main, check_period, settle_access
from archive.packages.contents import list_contents
from archive.packages.dates import read_span
from archive.packages.fields import ITEMS, TABLES
from archive.packages.findings import Finding, Notes, Outcome, quote, worst
from archive.packages.holdings import Holdings
from archive.packages.items import SORTS
from archive.packages.levels import Access
from archive.packages.overview import FileEntry, Overview, pair_of
from archive.packages.rows import DataFile, DocumentRow, FileRow, FondsRow, Kind, Level
from archive.packages.sources import DeliveryError, FolderSource, Source
from archive.packages.tables import Table
from archive.packages.zips import UNREADABLE, ZipSource

__all__ = [
    "DataFile",
    "Delivery",
    "DeliveryError",
    "DocumentRow",
    "FileRow",
    "Finding",
    "FondsRow",
    "Kind",
    "Level",
    "Outcome",
    "open_delivery",
]


def open_delivery(path: Path) -> "Delivery":
    """Open a transfer folder or a zip; raises DeliveryError (Vietnamese) when nothing of it can be taken."""
    source: Source
    if path.is_dir():
        source = FolderSource(path)
    elif not path.is_file():
        raise DeliveryError(f"Không có thư mục hay tệp {quote(path.name)}.")
    elif zipfile.is_zipfile(path) and path.suffix.lower() not in (".xlsx", ".ods", ".docx"):
        source = ZipSource(path)
    else:
        raise DeliveryError(_unreadable(path))
    try:
        return Delivery(source)
    except BaseException as error:
        source.close()
        if isinstance(error, DeliveryError) and isinstance(source, ZipSource) and source.encrypted:
            message = f"Tệp ZIP {quote(path.name)} có mật khẩu, không mở được; hãy giao lại không đặt mật khẩu."
            raise DeliveryError(message) from error
        raise


def _unreadable(path: Path) -> str:
    if not path.stat().st_size:
        return f"Tệp {quote(path.name)} rỗng, không có byte nào; hãy chép lại rồi giao lại."
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            return (
                f"{quote(path.name)} là tệp ZIP nhưng bị đứt hoặc hỏng, không có mục lục ở cuối; "
                "hãy chép lại rồi giao lại."
            )
    return f"{quote(path.name)} không phải thư mục giao nộp, cũng không phải tệp ZIP đọc được."


class Delivery:
    """An open delivery. `findings` are those about the package and whole tables, and grow while rows are read."""

    def __init__(self, source: Source) -> None:
        """Take `source` over; see `open_delivery`."""
        self._source = source
        self.name = source.name
        contents = list_contents(source)
        self._own = contents.findings
        self._tables = {table: Table(source, table, name) for table, name in contents.tables.items()}
        self._holdings = Holdings(source, contents.data)
        self._known: Overview | None = None
        self._claimed, self._seen, self._read = set[str](), set[str](), set[str]()
        loose = self._tables.keys() & SORTS.keys()
        for table in ("phong", "ho-so", "van-ban"):
            if table not in self._tables and not (loose and table != "phong"):
                self._own.append(_missing_table(table))

    @property
    def findings(self) -> list[Finding]:
        """Findings about the package, its names and its tables so far."""
        return [*self._source.findings, *self._own, *chain.from_iterable(t.findings for t in self._tables.values())]

    def size_of_rows(self) -> dict[str, int]:
        """About how many rows each table has, for showing progress (quoted line breaks count as rows)."""
        known = [name for name in TABLES if name not in SORTS or name in self._tables]
        return {name: self._tables[name].size if name in self._tables else 0 for name in known}

    def fonds(self) -> Iterator[FondsRow]:
        """The fonds of the table, then those that only the files (or, without files, the documents) name."""
        seen: set[tuple[str, str]] = set()
        for row, cells, notes in self._overview.rows("phong"):
            code = notes.record = cells.values.get("OrganId")
            if code and "Identifier" not in cells.values and (value := self._overview.identifier_of(code)):
                notes.add(None, "code.fonds", "không có Identifier", f"lấy theo các hồ sơ của phông: {quote(value)}")
                cells.values["Identifier"] = value
            pair = pair_of(cells)
            if not code:
                notes.add("OrganId", "code.empty", "không có mã phông", "không lấy dòng này", Outcome.REJECTED)
            elif pair in seen:
                wrong = f"mã phông {quote(code)} đã có ở dòng trên"
                notes.add(cells.headings["OrganId"], "code.double", wrong, "giữ dòng đầu", Outcome.QUARANTINED)
            else:
                seen.add(pair)
                check_main(("Identifier", "FondName"), cells, notes)
            found = tuple(notes.findings)
            dates = read_span(cells.values.get("ArchivesTime", ""))
            yield FondsRow(row, cells.values, cells.raw, found, worst(found), dates=dates)
        for identifier, organ in self._overview.pairs():
            if (identifier, organ) not in seen:
                seen.add((identifier, organ))
                yield _derive_fonds(identifier, organ)

    def files(self) -> Iterator[FileRow]:
        """The files, in sheet order, rejected and quarantined ones among them."""
        seen: set[str] = set()
        for row, cells, notes, access in self._overview.read_files():
            files: tuple[DataFile, ...] = ()
            if notes.record and notes.record not in seen:
                seen.add(notes.record)
                access = settle_access(access, self._overview.files[notes.record].access, notes)
                files = self._holdings.describe(notes.record, self._scans(notes.record), notes)
            dates, found = check_period(cells, notes), tuple(notes.findings)
            level, opens = (access.level, access.opens_on) if access else (None, None)
            yield FileRow(row, cells.values, cells.raw, found, worst(found), level, opens, dates, files)
        yield from self._overview.derived.values()

    def documents(self) -> Iterator[DocumentRow]:
        """The documents, in sheet order, rejected and quarantined ones among them."""
        return self.items("van-ban")

    def items(self, table: str) -> Iterator[DocumentRow]:
        """The documents of one of the tables ITEMS; a code counts once in all of them, the first table's first."""
        if table in self._read:  # read again: by who looks for files that no row names
            self._claimed, self._seen, self._read = set(), set(), set()
        overview, seen, claimed = self._overview, self._seen, self._claimed
        for row, cells, notes in overview.rows(table):
            code = notes.record = cells.values.get("DocCode")
            own = check_access("Mode", cells, notes)
            names: list[str] = []
            if code is None:
                notes.add("DocCode", "code.empty", "không có mã văn bản", "không lấy dòng này", Outcome.REJECTED)
            elif code in seen:
                wrong = f"mã văn bản {quote(code)} đã có ở dòng trên"
                notes.add(cells.headings["DocCode"], "code.double", wrong, "giữ dòng đầu", Outcome.QUARANTINED)
            else:
                seen.add(code)
                names = self._take(code, claimed, notes)
            access = _place(cells, own, overview.files, notes)
            if code and code in overview.doubled:
                access = settle_access(access, overview.doubled[code], notes)
            check_main(("Subject",), cells, notes)
            dates = check_date("IssuedDate", cells, notes)
            data = self._holdings.describe(code, names, notes) if code else ()
            found = tuple(notes.findings)
            level, opens = (access.level, access.opens_on) if access else (None, None)
            yield DocumentRow(row, cells.values, cells.raw, found, worst(found), level, opens, dates, data)
        self._read.add(table)

    def unlisted(self) -> Iterator[Finding]:
        """A warning for each file in `data/` that no row names; reads the documents first if nobody has."""
        for table in ITEMS:
            if table not in self._read:
                for _ in self.items(table):
                    pass
        claimed = set(self._claimed)
        for code in self._overview.files:
            claimed.update(self._scans(code))
        for name in self._holdings.unclaimed(claimed):
            yield Finding(
                "data", None, None, "file.unlisted", self._unlisted(name), "không lấy tệp này", Outcome.WARNED
            )

    def _unlisted(self, name: str) -> str:
        return f"Tệp {quote(name)} nằm trong data/ nhưng không dòng nào nêu"

    def open(self, file: DataFile) -> BinaryIO:
        """Open a data file; DeliveryError when it cannot be opened."""
        return self._source.open(file.name)

    def read(self, file: DataFile) -> bytes:
        """All bytes of a data file; DeliveryError when it cannot be read whole."""
        try:
            with self.open(file) as stream:
                return stream.read()
        except UNREADABLE as error:
            raise DeliveryError(f"Không đọc được tệp {quote(file.name)} (bị hỏng).") from error

    def close(self) -> None:
        """Let go of the package."""
        for table in self._tables.values():
            table.close()
        self._source.close()

    def __enter__(self) -> "Delivery":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _overview(self) -> Overview:
        if self._known is None:
            self._known = Overview(self._tables)
        return self._known

    def _take(self, code: str, claimed: set[str], notes: Notes) -> list[str]:
        """The names of a document's files, each given to one document only."""
        found = self._holdings.find(code, self._overview.codes)
        names = [name for name in found if name not in claimed]
        claimed.update(names)
        if len(names) < len(found):
            notes.add(None, "file.shared", "tệp trong data/ đã thuộc văn bản khác gần giống mã", "không gắn hai lần")
        if not names:
            notes.add(None, "file.missing", f"không có tệp nào trong data/ mang mã {quote(code)}", "chỉ lấy mô tả")
        return names

    def _scans(self, code: str) -> list[str]:
        """The names of a file's own scans; a document of the same code goes first."""
        known = self._overview
        return [] if code in known.documents else self._holdings.find(code, known.codes)


def _place(cells: Cells, own: Access | None, files: dict[str, FileEntry], notes: Notes) -> Access | None:
    """Put a document into its file: fonds and access come from there."""
    code = cells.values.get("FileCode")
    if code is None:
        notes.add("FileCode", "code.empty", "không có mã hồ sơ", "không lấy dòng này", Outcome.REJECTED)
        return own
    entry = files.get(code)
    if entry is None:
        wrong = f"hồ sơ {quote(code)} không có trong bảng ho-so"
        action = "để riêng (cách ly), chờ bổ sung hồ sơ"
        notes.add(cells.headings["FileCode"], "file.orphan", wrong, action, Outcome.QUARANTINED)
        return own
    for name, value in (("Identifier", entry.identifier), ("OrganId", entry.organ)):
        said = cells.values.get(name)
        if (said or "") != value:
            if said:
                wrong = f"ghi {quote(said)}, hồ sơ của nó {f'ghi {quote(value)}' if value else 'để trống'}"
                notes.add(cells.headings[name], "code.differs", wrong, "lấy theo hồ sơ")
                cells.raw.setdefault(name, said)
            cells.values[name] = value
            if not value:
                del cells.values[name]
    return bind_access(own, entry.access, notes)


def _missing_table(table: str) -> Finding:
    action = {
        "phong": "lấy tên phông theo mã ghi trong các dòng",
        "ho-so": "các văn bản không có hồ sơ, để riêng (cách ly)",
        "van-ban": "chỉ lấy phông và hồ sơ",
    }[table]
    return Finding(table, None, None, "table.missing", f"Gói không có bảng {table}", action, Outcome.WARNED)


def _derive_fonds(identifier: str, organ: str) -> FondsRow:
    message = f"Phông {quote(organ)} của cơ quan lưu trữ {quote(identifier)} không có trong bảng phong"
    finding = Finding(
        "phong", None, None, "fonds.derived", message, "lập phông theo mã ghi trong các dòng", Outcome.WARNED, organ
    )
    return FondsRow(0, {"Identifier": identifier, "OrganId": organ}, {}, (finding,), Outcome.WARNED)
