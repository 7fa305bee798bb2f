"""What is known of a delivery before its rows are yielded: codes, files and their access, fonds, doubled codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archive.packages.cells import Cells
from archive.packages.checks import bind_access, check_access, check_main
from archive.packages.csip.elements import sort_of
from archive.packages.fields import ITEMS
from archive.packages.findings import Notes, Outcome, quote
from archive.packages.items import SORTS, check_words, complete, derive_file, derived_code
from archive.packages.levels import ALWAYS, Access, strictest
from archive.packages.rows import FileRow
from archive.packages.tables import Table

PAIR = ("Identifier", "OrganId")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What documents need to know of their file; no access means that the file is quarantined."""

    identifier: str
    organ: str
    access: Access | None


class Overview:
    """Read once from the tables: one entry a file, the document codes, the access of what is listed twice."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        """Reads ho-so whole, of the documents the codes."""
        self._tables = tables
        self._fonds = {pair_of(cells) for _, cells, _ in self.rows("phong")}
        self.files: dict[str, FileEntry] = {}
        for _, cells, notes, access in self.read_files():
            if code := notes.record:
                entry = self.files.get(code)
                access = strictest(entry.access, access) if entry else access
                pair = (entry.identifier, entry.organ) if entry else pair_of(cells)
                self.files[code] = FileEntry(*pair, access)
        self.derived: dict[tuple[str, str, str], FileRow] = {}
        self._derive_files()
        self.documents: set[str] = set()
        self.doubled: dict[str, Access | None] = {}
        self._read_documents()
        self.codes = self.documents | self.files.keys()

    def rows(self, table: str) -> Iterator[tuple[int, Cells, Notes]]:
        """Rows of a table, none when it is not there; those of pictures and recordings made like documents'."""
        if table not in self._tables:
            return
        for row, cells, notes in self._tables[table].rows():
            if table in SORTS:
                if "FileCode" not in cells.values:
                    self._complete_pair(cells, notes)
                complete(table, cells, notes)
                notes.findings = [replace(one, record=notes.record) for one in notes.findings]
            elif table == "van-ban" and (kinds := {"pic": "typePic", "media": "typeMedia"}.get(sort_of(cells.values))):
                check_words(cells, notes, kinds)
            yield row, cells, notes

    def _derive_files(self) -> None:
        """The files that hold what the tables of pictures and of recordings put into none."""
        for table in SORTS:
            for _, cells, _ in self.rows(table):
                identifier, organ = pair_of(cells)
                code = cells.values.get("FileCode", "")
                if organ and code == derived_code(table, organ) and code not in self.files:
                    self.derived[table, identifier, organ] = derive_file(
                        table, identifier, organ, cells.values.get("FileCatalog", "")
                    )
                    self.files[code] = FileEntry(identifier, organ, Access("01", ALWAYS))

    def _read_documents(self) -> None:
        twice = set[str]()
        for code in self._codes():
            (twice if code in self.documents else self.documents).add(code)
        if not twice:
            return
        for _, cells, notes in (row for table in ITEMS for row in self.rows(table)):
            if (code := cells.values.get("DocCode", "")) in twice:
                access = check_access("Mode", cells, notes)
                if entry := self.files.get(cells.values.get("FileCode", "")):
                    access = bind_access(access, entry.access, notes)
                self.doubled[code] = strictest(self.doubled[code], access) if code in self.doubled else access

    def _codes(self) -> Iterator[str]:
        if "van-ban" in self._tables:
            yield from self._tables["van-ban"].codes("DocCode")
        for table in SORTS:
            yield from (cells.values["DocCode"] for _, cells, _ in self.rows(table) if "DocCode" in cells.values)

    def read_files(self) -> Iterator[tuple[int, Cells, Notes, Access | None]]:
        """Rows of ho-so with their code in `notes.record` (None when rejected) and the access they declare."""
        seen: set[str] = set()
        for row, cells, notes in self.rows("ho-so"):
            code = notes.record = cells.values.get("FileCode")
            if code is None:
                notes.add("FileCode", "code.empty", "không có mã hồ sơ", "không lấy dòng này", Outcome.REJECTED)
            elif code in seen:
                wrong = f"mã hồ sơ {quote(code)} đã có ở dòng trên"
                notes.add(cells.headings["FileCode"], "code.double", wrong, "giữ dòng đầu", Outcome.QUARANTINED)
            else:
                seen.add(code)
            self._complete_pair(cells, notes)
            access = check_access("Rights", cells, notes)
            check_main(("Title",), cells, notes)
            yield row, cells, notes, access

    def _complete_pair(self, cells: Cells, notes: Notes) -> None:
        """Fill a missing Identifier or OrganId from phong, where only one fonds fits."""
        missing = [name for name in PAIR if name not in cells.values]
        if not missing:
            return
        fit = [p for p in self._fonds if all(cells.values.get(n, v) == v for n, v in zip(PAIR, p, strict=True))]
        found = dict(zip(PAIR, fit[0], strict=True)) if len(fit) == 1 else {}
        for name in missing:
            value = found.get(name, "")
            action = f"lấy theo phông duy nhất khớp: {quote(value)}" if value else "để trống"
            notes.add(None, "code.fonds", f"không có {name}", action)
            if value:
                cells.values[name] = value

    def identifier_of(self, organ: str) -> str:
        """The archive code that all files of a fonds carry, '' when they carry none or several."""
        found = {entry.identifier for entry in self.files.values() if entry.organ == organ} - {""}
        return found.pop() if len(found) == 1 else ""

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(Identifier, OrganId) of the files, or without files of the documents, with repetitions."""
        if self.files:
            yield from ((entry.identifier, entry.organ) for entry in self.files.values())
        else:
            yield from (pair_of(cells) for table in ITEMS for _, cells, _ in self.rows(table))


def pair_of(cells: Cells) -> tuple[str, str]:
    """(Identifier, OrganId) of a row, empty where it does not say."""
    return cells.values.get("Identifier", ""), cells.values.get("OrganId", "")
