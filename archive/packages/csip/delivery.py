"""A package of TT 05/2025/TT-BNV as a delivery: its metadata become the tables, its files are found through METS.

A document whose file or metadata are not what METS says is quarantined; a package whose EAD.xml or METS of the
representation are not is refused whole, since access is declared there.  Row n of van-ban is the (n-1)th metadata file.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.packages.cells import Cells, clean_cell
from archive.packages.csip.markup import flat, parse
from archive.packages.csip.mets import Claim, Mets, differs, read_mets
from archive.packages.csip.rows import DOCUMENT, FILE, to_row, to_table
from archive.packages.delivery import Delivery
from archive.packages.findings import Finding, Notes, Outcome, quote
from archive.packages.levels import read_level
from archive.packages.registers.delivery import Context
from archive.packages.sources import DeliveryError, FolderSource, Source, is_system_file
from archive.packages.zips import UNREADABLE, ZipSource

EAD, PREMIS, REP = "metadata/descriptive/EAD.xml", "metadata/preservation/PREMIS.xml", "representations/rep1/"
ITEMS = REP + "metadata/descriptive/"
METADATA = ("METS.xml", "metadata/", "schemas/", REP + "METS.xml", REP + "metadata/")
APART = "để riêng (cách ly), chờ giao lại gói đúng"


def is_csip(path: Path) -> bool:
    """Whether a METS.xml lies at the top of a folder or zip, or in the only folder there."""
    if path.is_dir():
        tops = ["METS.xml", *(one.relative_to(path).as_posix() for one in path.glob("*/METS.xml"))]
        return any(name != "data/METS.xml" and (path / name).is_file() for name in tops)
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            names = [name.replace("\\", "/") for name in packed.namelist()]
    except UNREADABLE:
        return False
    return any(name.split("/", 1)[-1] == "METS.xml" and name != "data/METS.xml" for name in names)


class CsipSource:
    """The package's source with its metadata as tables; names of files are their paths below 'data/'."""

    def __init__(self, inner: Source, context: Context) -> None:
        """DeliveryError where the package is not whole enough to trust what it says of access."""
        self.name, self._inner = inner.name, inner
        every = [name for name in inner.names() if not is_system_file(name)]
        top = min((n for n in every if n.rsplit("/", 1)[-1] == "METS.xml"), key=lambda n: n.count("/"), default="")
        self._base = top.removesuffix("METS.xml")
        self.all = {name.removeprefix(self._base) for name in every if name.startswith(self._base)}
        self.findings = inner.findings  # complete once the names are read; what is found here goes on it
        self._demand("METS.xml", EAD, REP + "METS.xml")
        root = read_mets(self._within(), "METS.xml")
        for name in (EAD, REP + "METS.xml"):
            if wrong := differs(self._within(), name, root.claims.get(name, [])):
                raise DeliveryError(f"Gói {quote(self.name)}: {name} {wrong}; không lấy gì, hãy giao lại gói.")
        self.mets: Mets = read_mets(self._within(), REP + "METS.xml")
        self.findings += [*root.findings, *self.mets.findings]
        self._check_kind(root.kind)
        self.claims: dict[str, list[Claim]] = {name: list(found) for name, found in root.claims.items()}
        for name, found in self.mets.claims.items():
            self.claims.setdefault(name, []).extend(found)
        self.items: dict[str, tuple[str, str]] = {}  # code -> (metadata file, what is wrong with it)
        self._tables = self._read_tables(context, root.organ)
        self._look_for_lost()

    def names(self) -> Iterator[str]:
        """The tables, then everything that is no metadata: what no document takes gets its line."""
        yield from self._tables
        yield from (f"data/{name}" for name in sorted(self.all) if not name.startswith(METADATA))

    def data_of(self, code: str) -> list[str]:
        """Paths of the data files that METS gives to a document, else those named as its metadata file is."""
        metadata = self.items[code][0]
        stem = posixpath.basename(metadata).removesuffix(".xml").split("_", 2)[-1]
        data = [name for name in self.mets.claims if name.startswith(REP + "data/")]
        own = [n for n in data if metadata in self.mets.described.get(n, ())]
        return own or [n for n in data if posixpath.basename(n).rsplit(".", 1)[0] in (stem, code)]

    def wrong(self, name: str) -> str:
        """What is wrong with a file, '' where it is what METS says."""
        if name not in self.all:
            return "METS nêu nhưng không có trong gói"
        return differs(self._within(), name, self.claims.get(name, []))

    def size(self, name: str) -> int:
        """Bytes of a table or file."""
        return len(self._tables[name]) if name in self._tables else self._inner.size(self._path(name))

    def open(self, name: str) -> BinaryIO:
        """See `Source.open`."""
        return io.BytesIO(self._tables[name]) if name in self._tables else self._inner.open(self._path(name))

    def close(self) -> None:
        """Let go of the folder or zip."""
        self._inner.close()

    def _path(self, name: str) -> str:
        return self._base + name.removeprefix("data/")

    def _within(self) -> "Source":
        return _Within(self._inner, self._base)

    def _demand(self, *names: str) -> None:
        if missing := [name for name in names if name not in self.all]:
            raise DeliveryError(f"Gói {quote(self.name)} thiếu {', '.join(missing)}; không lấy gì.")

    def _say(self, code: str, wrong: str, action: str, outcome: Outcome = Outcome.WARNED) -> None:
        self.findings.append(Finding("package", None, None, code, wrong, action, outcome))

    def _check_kind(self, kind: str) -> None:
        if kind not in ("SIP", "AIP"):
            raise DeliveryError(f"Gói {quote(self.name)} khai loại {quote(kind)}, chỉ nhận SIP và AIP.")
        if kind == "AIP" and PREMIS not in self.all:
            self._say("premis.missing", f"Gói AIP không có {PREMIS}", "vẫn lấy, báo để bổ sung")

    def _read_tables(self, context: Context, organ: str) -> dict[str, bytes]:
        organ = context.organ or organ
        if not organ or not context.identifier:
            what = "mã cơ quan lưu trữ (--identifier)" if organ else "mã phông (--fonds) và cơ quan lưu trữ"
            raise DeliveryError(
                f"Gói {quote(self.name)} không ghi {what}; hãy nêu kèm khi giao (--fonds --identifier)."
            )
        pair = {"Identifier": context.identifier, "OrganId": organ}
        file, strange = to_row(FILE, flat(parse(self._within(), EAD)))
        self._tell_strange(EAD, strange)
        documents = []
        for name in sorted(n for n in self.all if n.startswith(ITEMS + "EAD_") and n.endswith(".xml")):
            try:
                root = parse(self._within(), name)
            except DeliveryError as error:
                self._say("metadata.unreadable", str(error), "không lấy tài liệu này", Outcome.REJECTED)
                continue
            row, strange = to_row(DOCUMENT, flat(root))
            self._tell_strange(name, strange)
            self.items.setdefault(_cleaned(row.get("DocCode", "")), (name, self.wrong(name)))
            documents.append({"FileCode": file.get("FileCode", ""), **row, **pair})
        # Packages of loose documents declare no access of the whole: open only where all of it is.
        if "Rights" not in file and documents and all(read_level(d.get("Mode", "")) == "01" for d in documents):
            file["Rights"] = "01"
        return {"ho-so.csv": to_table([{**file, **pair}]), "van-ban.csv": to_table(documents)}

    def _tell_strange(self, name: str, strange: list[str]) -> None:
        if strange:
            self._say("element.unknown", f"Tệp {quote(name)}: không rõ phần tử {', '.join(strange)}", "không lấy")

    def _look_for_lost(self) -> None:
        """A line for what METS names and no document takes, and is not there; and for metadata without METS."""
        taken = {name for code in self.items for name in self.data_of(code)} | {n for n, _ in self.items.values()}
        for name in sorted(self.claims.keys() - self.all - taken):
            wrong = f"METS nêu tệp {quote(name)} nhưng không có trong gói"
            self._say("file.lost", wrong, "không lấy được tệp này", Outcome.REJECTED)


def _cleaned(code: str) -> str:
    """A code as the table's reader will leave it."""
    cells = Cells()
    clean_cell("van-ban", "DocCode", "DocCode", code, cells, Notes("van-ban", None))
    return cells.values.get("DocCode", "")


class _Within:
    """A source seen from the folder that the package's METS.xml lies in."""

    def __init__(self, inner: Source, base: str) -> None:
        self.name, self.findings, self._inner, self._base = inner.name, inner.findings, inner, base

    def names(self) -> Iterator[str]:
        """See `Source.names`."""
        return self._inner.names()

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return self._inner.size(self._base + name)

    def open(self, name: str) -> BinaryIO:
        """See `Source.open`."""
        return self._inner.open(self._base + name)

    def close(self) -> None:
        """The inner source is closed by its owner."""


class CsipDelivery(Delivery):
    """See the module; the context gives the archives' code, and the fonds' where METS does not."""

    def __init__(self, path: Path, context: Context) -> None:
        """DeliveryError (Vietnamese) where nothing can be taken."""
        inner: Source = FolderSource(path) if path.is_dir() else ZipSource(path)
        try:
            self._package = CsipSource(inner, context)
            super().__init__(self._package)
        except BaseException:
            inner.close()
            raise

    def _take(self, code: str, claimed: set[str], notes: Notes) -> list[str]:
        metadata, wrong = self._package.items[code]
        if wrong:
            notes.add(None, "checksum.metadata", f"{quote(metadata)}: {wrong}", APART, Outcome.QUARANTINED)
        names = []
        for name in self._package.data_of(code):
            if f"data/{name}" in claimed:
                notes.add(None, "file.shared", f"tệp {quote(name)} đã thuộc tài liệu khác", "không gắn hai lần")
                continue
            if wrong := self._package.wrong(name):
                absent = name not in self._package.all
                told = "file.lost" if absent else "checksum.differs"
                notes.add(None, told, f"tệp {quote(name)}: {wrong}", APART, Outcome.QUARANTINED)
                if absent:
                    continue
            claimed.add(f"data/{name}")
            names.append(f"data/{name}")
        if not names:
            notes.add(None, "file.missing", "METS không nêu tệp nào của tài liệu này", "chỉ lấy mô tả")
        return names

    def _scans(self, code: str) -> list[str]:
        return []
