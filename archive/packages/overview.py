"""What is known of a delivery before its rows are yielded: codes, files and their access, fonds, doubled codes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archive.packages.cells import Cells
from archive.packages.checks import bind_access, check_access, check_main
from archive.packages.findings import Notes, Outcome, quote
from archive.packages.levels import Access, strictest
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
        """Reads ho-so whole, of van-ban the codes."""
        self._tables = tables
        self._fonds = {pair_of(cells) for _, cells, _ in self.rows("phong")}
        self.files: dict[str, FileEntry] = {}
        for _, cells, notes, access in self.read_files():
            if code := notes.record:
                entry = self.files.get(code)
                access = strictest(entry.access, access) if entry else access
                pair = (entry.identifier, entry.organ) if entry else pair_of(cells)
                self.files[code] = FileEntry(*pair, access)
        self.documents: set[str] = set()
        self.doubled: dict[str, Access | None] = {}
        self._read_documents()
        self.codes = self.documents | self.files.keys()

    def rows(self, table: str) -> Iterator[tuple[int, Cells, Notes]]:
        """Rows of a table, none when it is not there."""
        return self._tables[table].rows() if table in self._tables else iter(())

    def _read_documents(self) -> None:
        twice = set[str]()
        for code in self._tables["van-ban"].codes("DocCode") if "van-ban" in self._tables else ():
            (twice if code in self.documents else self.documents).add(code)
        if not twice:
            return
        for _, cells, notes in self.rows("van-ban"):
            if (code := cells.values.get("DocCode", "")) in twice:
                access = check_access("Mode", cells, notes)
                if entry := self.files.get(cells.values.get("FileCode", "")):
                    access = bind_access(access, entry.access, notes)
                self.doubled[code] = strictest(self.doubled[code], access) if code in self.doubled else access

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
            yield from (pair_of(cells) for _, cells, _ in self.rows("van-ban"))


def pair_of(cells: Cells) -> tuple[str, str]:
    """(Identifier, OrganId) of a row, empty where it does not say."""
    return cells.values.get("Identifier", ""), cells.values.get("OrganId", "")
