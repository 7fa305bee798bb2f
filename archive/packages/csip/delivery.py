"""A package of TT 05/2025/TT-BNV as a delivery: its metadata become the tables, its files are found through METS.

A document whose file or metadata are not what METS says is quarantined; a package whose EAD.xml or METS of the
representation are not is refused whole, since access is declared there.  Row n of van-ban is the (n-1)th metadata file.
"""

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from archive.packages.cells import Cells, clean_cell
from archive.packages.csip import own
from archive.packages.csip.annexes import measure
from archive.packages.csip.judging import REFUSED, judge, refusing
from archive.packages.csip.markup import LARGEST_XML, flat, parse
from archive.packages.csip.measuring import ACTIONS, measure_whole, sheet_of, told_once
from archive.packages.csip.mets import Claim, Mets, differs, read_mets
from archive.packages.csip.rows import DOCUMENT, FILE, plain_code, to_row
from archive.packages.csip.rules import cited, found, rules
from archive.packages.csip.views import REPS, Composed, Within, choose_representation
from archive.packages.csip.writing import ABOUT
from archive.packages.delivery import Delivery
from archive.packages.findings import Finding, Notes, Outcome, quote
from archive.packages.levels import read_access, read_level
from archive.packages.registers.delivery import Context
from archive.packages.rows import DocumentRow, FileRow, FondsRow
from archive.packages.secrecy import cell_says
from archive.packages.sources import DeliveryError, FolderSource, Source, is_system_file
from archive.packages.zips import UNREADABLE, ZipSource

EAD = "metadata/descriptive/EAD.xml"
METADATA = ("METS.xml", "metadata/", "schemas/")
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
        self._look_beside([name for name in every if not name.startswith(self._base)])
        self.rep = choose_representation(self.all)
        self._items = f"{self.rep}metadata/descriptive/"
        self._metadata = (*METADATA, f"{self.rep}METS.xml", f"{self.rep}metadata/")
        self._demand("METS.xml", EAD, f"{self.rep}METS.xml")
        self._rep_name = self.rep.split("/")[1]
        if self._rep_name != "rep1":
            told = found("representation.named", f"Biểu diễn của gói mang tên {quote(self._rep_name)}", "vẫn đọc")
            self.findings.append(told)
        root = read_mets(self._within(), "METS.xml")
        for name in (EAD, f"{self.rep}METS.xml"):
            if wrong := differs(self._within(), name, root.claims.get(name, [])):
                wrong = cited("package.differs", f"{name} {wrong}")
                raise DeliveryError(f"Gói {quote(self.name)}: {wrong}; không lấy gì, hãy giao lại gói.")
        self.mets: Mets = read_mets(self._within(), f"{self.rep}METS.xml")
        self.findings += [*root.findings, *self.mets.findings]
        self._check_kind(root.kind)
        self.claims: dict[str, list[Claim]] = {name: list(said) for name, said in root.claims.items()}
        for name, said in self.mets.claims.items():
            self.claims.setdefault(name, []).extend(said)
        self._judge(root.kind)
        self._by_metadata, self._by_stem = self._index()
        self.names_files = False  # the files of loose documents are told beside them, they are not what is delivered
        self.items: dict[str, tuple[str, str]] = {}  # code -> (metadata file, what is wrong with it)
        self.measured: dict[str, list[tuple[str, str]]] = {}  # metadata file -> rules that it breaks
        self._tables = self._read_tables(context, root)
        self.scans = self._find_scans()
        self._look_for_lost()

    def names(self) -> Iterator[str]:
        """The tables, then everything that is no metadata: what no document takes gets its line."""
        yield from self._tables
        yield from (
            f"data/{name}"
            for name in sorted(self.all)
            if not (name.startswith(self._metadata) or self._is_further(name) or name == ABOUT)
        )

    def data_of(self, code: str) -> list[str]:
        """Paths of the data files that METS gives to a document, else those named as its metadata file is."""
        metadata = self.items[code][0]
        stem = posixpath.basename(metadata).removesuffix(".xml").split("_", 2)[-1]
        own = self._by_metadata.get(metadata, [])
        return own or [*self._by_stem.get(stem, ()), *(self._by_stem.get(code, ()) if code != stem else ())]

    def _index(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Data files by the metadata that METS gives to them, and by their names without extension."""
        described, named = dict[str, list[str]](), dict[str, list[str]]()
        for name in self.mets.claims:
            if name.startswith(f"{self.rep}data/"):
                for metadata in dict.fromkeys(self.mets.described.get(name, ())):
                    described.setdefault(metadata, []).append(name)
                named.setdefault(posixpath.basename(name).rsplit(".", 1)[0], []).append(name)
        return described, named

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

    def _within(self) -> Source:
        return Within(self._inner, self._base)

    def _look_beside(self, names: list[str]) -> None:
        """What lies beside the package's own folder is told; a second package there is not passed over."""
        others = [
            name.removesuffix("/METS.xml") for name in names if name.count("/") == 1 and name.endswith("/METS.xml")
        ]
        if others:
            packages = f"{len(others) + 1} gói SIP, AIP ({', '.join(map(quote, (self._base[:-1], *others[:5])))})"
            raise DeliveryError(f"Gói {quote(self.name)} chứa {packages}; không lấy gì. Hãy giao từng gói.")
        for name in names:
            wrong = f"Tệp {quote(name)} nằm ngoài thư mục {quote(self._base.rstrip('/'))} của gói"
            told = Finding("package", None, None, "file.unlisted", wrong, "không lấy tệp này", Outcome.WARNED)
            self.findings.append(told)

    def _demand(self, *names: str) -> None:
        if missing := [name for name in names if name not in self.all]:
            wrong = cited("package.missing", f"thiếu {', '.join(missing)}")
            raise DeliveryError(f"Gói {quote(self.name)} {wrong}; không lấy gì.")

    def _check_kind(self, kind: str) -> None:
        if kind not in ("SIP", "AIP"):
            wrong = cited("package.kind", f"khai loại {quote(kind)}")
            raise DeliveryError(f"Gói {quote(self.name)} {wrong}; chỉ nhận SIP và AIP.")

    def _judge(self, kind: str) -> None:
        """Lines on METS and PREMIS; DeliveryError with all of them where one forbids to take the package."""
        folders = {
            "premis.missing": "metadata/preservation/",
            "premis.representation": f"{self.rep}metadata/preservation/",
        }
        for code, folder in folders.items():
            there = sorted(n for n in self.all if n.startswith(f"{folder}PREMIS") and n.endswith(".xml"))
            if kind == "AIP" and not there:
                self.findings.append(found(code, f"Gói AIP không có PREMIS trong {folder}", "vẫn lấy, báo để bổ sung"))
            for name in there:
                if wrong := self.wrong(name):
                    told = found("premis.differs", f"Tệp {quote(name)}: {wrong}", "vẫn lấy, báo để giao lại PREMIS")
                    self.findings.append(told)
                try:
                    self.findings += judge(parse(self._within(), name), name, "premis")
                except DeliveryError as error:
                    self.findings.append(found("premis.unreadable", str(error), REFUSED))
        if broken := refusing(self.findings):
            reasons = "; ".join(one.message.rstrip(".") for one in broken)
            raise DeliveryError(f"Gói {quote(self.name)}: METS, PREMIS không đúng quy định, không lấy gì. {reasons}.")

    def _read_tables(self, context: Context, root: Mets) -> dict[str, bytes]:
        fonds, files = self._own_rows(own.FONDS, "phong"), self._own_rows(own.FILES, "ho-so")
        beside = {row.get(own.LINK, ""): row for row in self._own_rows(self.rep + own.DOCUMENTS, "van-ban")}
        organ, identifier = context.place(root.organ, files[0].get("Identifier", "") if files else "")
        if not organ or not identifier:
            what = "mã cơ quan lưu trữ" if organ else "mã phông và cơ quan lưu trữ"
            raise DeliveryError(
                f"Gói {quote(self.name)} không ghi {what}; hãy nêu kèm khi giao.", "--fonds --identifier"
            )
        pair = {"Identifier": identifier, "OrganId": organ}
        whole = self._flat(EAD, parse(self._within(), EAD))
        names = sorted(n for n in self.all if n.startswith(self._items + "EAD_") and n.endswith(".xml"))
        self.findings += measure_whole(EAD, root, whole, len(names))
        loose = "mode" not in whole
        file = self._row(EAD, FILE, whole)
        secret = {"mode": whole["mode"]} if loose and "mode" in whole else {}  # of the whole, said in other words
        if "FileCode" in file:
            file["FileCode"] = plain_code(file["FileCode"], identifier, organ)
        if files and not loose:
            files = [{**own.refine(file, files[0], whole, "ho-so", _level(whole)), **pair}]
        elif files:
            self.names_files = True
            files = [{**one, **pair} for one in files]
        floors = {one.get("FileCode", ""): _floor(one) for one in files}
        documents = []
        for name in names:
            try:
                told = self._flat(name, parse(self._within(), name))
            except DeliveryError as error:
                self.findings.append(found("metadata.unreadable", str(error), "không lấy tài liệu này"))
                continue
            self.measured[name] = measure(sheet_of(name), root.kind, told)
            told |= secret
            row = self._item(name, told, whole, (identifier, organ))
            row = {"FileCode": file.get("FileCode", ""), **row}
            if mine := beside.get(posixpath.basename(name)):
                row = own.refine(row, mine, told, "van-ban", _level(told), floors.get(mine.get("FileCode", ""), "01"))
            self.items.setdefault(_cleaned(row.get("DocCode", "")), (name, self.wrong(name)))
            documents.append({**row, **pair})
        # Packages of loose documents declare no access of the whole: open only where all of it is.
        if loose and documents and all(read_level(d.get("Mode", "")) == "01" for d in documents):
            file["Rights"] = "01"
        tables = {"ho-so.csv": files or [{**file, **pair}], "van-ban.csv": documents}
        if fonds and fonds[0].get("OrganId") == organ:
            tables = {"phong.csv": [{**fonds[0], **pair}], **tables}
        return {name: own.write_rows(rows) for name, rows in tables.items()}

    def _item(self, name: str, told: dict[str, str], whole: dict[str, str], pair: tuple[str, str]) -> dict[str, str]:
        """The row of a document by its elements alone."""
        if told.get("maintenance") == whole.get("maintenance"):
            told.pop("maintenance", None)  # the file says it
        row = self._row(name, DOCUMENT, told)
        if "DocCode" in row:
            row["DocCode"] = plain_code(row["DocCode"], *pair)
        file = whole.get("arcFileCode") or whole.get("fileCode")
        if (said := told.get("arcFileCode") or told.get("fileCode")) and "mode" in whole and said != file:
            wrong = f"Tệp {quote(name)}: ghi hồ sơ {quote(said)}, gói là của hồ sơ {quote(file or '')}"
            self.findings.append(found("file.other", wrong, "lấy theo hồ sơ của gói"))
        return row

    def _flat(self, name: str, root: etree._Element) -> dict[str, str]:
        told, repeated = flat(root)
        if repeated:
            wrong = f"Tệp {quote(name)}: phần tử {', '.join(repeated)} có nhiều lần"
            self.findings.append(found("element.repeated", wrong, "giữ mọi giá trị, nối bằng “; ”"))
        return told

    def _row(self, name: str, fields: Mapping[str, tuple[str, ...]], told: dict[str, str]) -> dict[str, str]:
        """The row of elements; one that is no field and says a degree of secrecy makes the ``mode`` of ``told`` 03."""
        row, strange = to_row(fields, told)
        if any(cell_says(one, told[one]) for one in strange):
            told["mode"] = "03"
            row, _ = to_row(fields, told)
        if strange:
            wrong = f"Tệp {quote(name)}: không rõ phần tử {', '.join(strange)}"
            self.findings.append(found("element.unknown", wrong, "không lấy"))
        return row

    def _own_rows(self, name: str, table: str) -> list[dict[str, str]]:
        """Rows that Văn Khố wrote beside the elements, where METS bears them out."""
        if name not in self.all:
            return []
        wrong = self.wrong(name)
        rows = []
        if not wrong:
            with self._within().open(name) as stream:
                rows = own.read_rows(stream.read(LARGEST_XML), table)
        if not rows:
            wrong = f"Tệp {quote(name)}: {wrong or 'không đọc được thành bảng'}"
            self.findings.append(found("own.unusable", wrong, "đọc theo EAD"))
        return rows

    def _find_scans(self) -> list[str]:
        """Data files of the file itself: described by EAD.xml."""
        scans = []
        for name in self._by_metadata.get(EAD, ()):
            if wrong := self.wrong(name):
                code = "checksum.differs" if name in self.all else "file.lost"
                self.findings.append(found(code, f"Tệp {quote(name)}: {wrong}", "không lấy tệp này", Outcome.REJECTED))
            else:
                scans.append(f"data/{name}")
        return scans

    def _is_further(self, name: str) -> bool:
        return name.startswith(REPS) and not name.startswith(self.rep) and name.count("/") > 1

    def _look_for_lost(self) -> None:
        """A line for what METS names and no document takes, and is not there; and for representations left unread."""
        taken = {name for code in self.items for name in self.data_of(code)} | {n for n, _ in self.items.values()}
        taken |= set(self._by_metadata.get(EAD, ()))
        further = Counter(name.split("/")[1] for name in self.all if self._is_further(name))
        for name in sorted(self.claims.keys() - self.all - taken):
            wrong = f"METS nêu tệp {quote(name)} nhưng không có trong gói"
            self.findings.append(found("file.lost", wrong, "không lấy được tệp này"))
        for name, count in sorted(further.items()):
            wrong = f"Gói còn biểu diễn {quote(name)} ({count} tệp)"
            self.findings.append(found("representation.unread", wrong, f"không lấy, chỉ đọc {self._rep_name}"))


def _level(told: Mapping[str, str]) -> str:
    """The access that elements declare: nothing said is 02, what is unknown beats all."""
    return (read_level(told["mode"]) or "03") if "mode" in told else "02"


def _floor(file: dict[str, str]) -> str:
    access = read_access(file, "Rights").access
    return access.level if access else "01"


def _cleaned(code: str) -> str:
    """A code as the table's reader will leave it."""
    cells = Cells()
    clean_cell("van-ban", "DocCode", "DocCode", code, cells, Notes("van-ban", None))
    return cells.values.get("DocCode", "")


class CsipDelivery(Delivery):
    """See the module; the context gives the archives' code, and the fonds' where METS does not."""

    def __init__(self, path: Path, context: Context) -> None:
        """DeliveryError (Vietnamese) where nothing can be taken."""
        inner: Source = FolderSource(path) if path.is_dir() else ZipSource(path)
        try:
            self._package = CsipSource(Composed(inner), context)
            super().__init__(self._package)
            # The table of the fonds is ours, no package of the circular has it
            self._own = [one for one in self._own if (one.table, one.code) != ("phong", "table.missing")]
        except BaseException:
            inner.close()
            raise

    def fonds(self) -> Iterator[FondsRow]:
        """A fonds that only METS names is no fault: told, not warned of."""
        for row in super().fonds():
            if row.row:
                yield row
                continue
            identifier, organ, _ = row.key
            wrong = f"Gói ghi phông {quote(organ)} của cơ quan lưu trữ {quote(identifier)}"
            told = Finding(
                "phong", None, None, "fonds.derived", wrong, "lập phông nếu chưa có", Outcome.ACCEPTED, organ
            )
            yield replace(row, findings=(told,), outcome=Outcome.ACCEPTED)

    def files(self) -> Iterator[FileRow]:
        """Files that are only told for the sake of their documents overwrite nothing: row 0."""
        for row in super().files():
            yield told_once(replace(row, row=0) if self._package.names_files else row)

    def items(self, table: str) -> Iterator[DocumentRow]:
        """What the circular's own rules say of a document is not said again by the tables'."""
        return map(told_once, super().items(table))

    def _take(self, code: str, claimed: set[str], notes: Notes) -> list[str]:
        metadata, wrong = self._package.items[code]
        if wrong:
            _note(notes, "checksum.metadata", f"{quote(metadata)}: {wrong}", APART)
        for rule, clause in self._package.measured.get(metadata, ()):
            _note(notes, rule, clause, ACTIONS[rule])
        names = []
        for name in self._package.data_of(code):
            if f"data/{name}" in claimed:
                _note(notes, "file.shared", f"tệp {quote(name)} đã thuộc tài liệu khác", "không gắn hai lần")
                continue
            if wrong := self._package.wrong(name):
                absent = name not in self._package.all
                told = "file.lost" if absent else "checksum.differs"
                _note(notes, told, f"tệp {quote(name)}: {wrong}", APART, Outcome.QUARANTINED)
                if absent:
                    continue
            claimed.add(f"data/{name}")
            names.append(f"data/{name}")
        if not names:
            _note(notes, "file.missing", "METS không nêu tệp nào của tài liệu này", "chỉ lấy mô tả")
        return names

    def _unlisted(self, name: str) -> str:
        return f"Tệp {quote(name.removeprefix('data/'))} có trong gói nhưng METS và dữ liệu đặc tả không nêu"

    def _scans(self, code: str) -> list[str]:
        return self._package.scans


def _note(notes: Notes, code: str, wrong: str, action: str, outcome: Outcome | None = None) -> None:
    notes.add(None, code, cited(code, wrong), action, outcome or rules()[code].severity)
