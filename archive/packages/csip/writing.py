"""A package of TT 05/2025/TT-BNV written: metadata and byte streams in, a folder or a zip out.

Knows nothing of a catalogue, so SIP, AIP and DIP come from whoever has rows and bytes.  The same input and moment give
the same bytes.  Nothing is at the place asked for before all of it is.
"""

import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Literal

from lxml import etree

from archive.packages.csip.annexes import Sheet
from archive.packages.csip.mets_writing import Header, MetsWriter, Written
from archive.packages.csip.premis import write_premis
from archive.packages.csip.schemas import schemas_of
from archive.packages.csip.stamps import VIETNAM, Stamps, package_id

Kind = Literal["SIP", "AIP", "DIP"]
REP, EAD = "representations/rep1/", "metadata/descriptive/EAD.xml"
PREMIS = "metadata/preservation/PREMIS.xml"
CHUNK = 1 << 20
ABOUT = "documentation/gioi-thieu.txt"
ABOUT_TEXT = """Gói dữ liệu theo Thông tư 05/2025/TT-BNV (E-ARK CSIP 2.0.4), do Văn Khố lập.
EAD.xml mô tả hồ sơ hoặc yêu cầu, mỗi tệp EAD_* mô tả một tài liệu; METS.xml ghi dung lượng và mã băm SHA-256
của mọi tệp.
metadata/other giữ các trường mà Thông tư không có phần tử. schemas/METS.xsd là METS 1.12; các lược đồ EAD do Văn Khố
lập theo bảng phần tử của Thông tư, không phải tệp lược đồ kèm Thông tư.
"""
#: The elements of a DIP's EAD.xml: the reader's request, all but the last demanded (TT 05/2025/TT-BNV, annex V).
REQUEST = ("requestID", "requestDate", "purpose", "purposeContent", "feeObjectType", "researchTopic", "description")


class WritingError(Exception):
    """The package cannot be written; nothing is left behind. The message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class DataPart:
    """A file of ``data/``: its name there (may hold folders), how to open it, its SHA-256 if known: it is compared."""

    name: str
    open: Callable[[], BinaryIO]
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A document, picture or recording: its elements in order and its files."""

    elements: Mapping[str, str]
    parts: Sequence[DataPart] = ()
    sort: Literal["doc", "pic", "media"] = "doc"


@dataclass(frozen=True, slots=True)
class Package:
    """What is to be written.

    ``seed`` says what it is of (a natural key, a request's number): identifiers come from it.  ``elements`` are those
    of EAD.xml, of a DIP the seven of the request.  ``parts`` are files of the whole; ``others`` further metadata by
    path below ``metadata/other/`` or ``representations/rep1/metadata/other/``.
    """

    kind: Kind
    seed: str
    organ: str
    elements: Mapping[str, str]
    items: Sequence[Item]
    written: datetime
    loose: bool = False
    parts: Sequence[DataPart] = ()
    others: Mapping[str, bytes] = field(default_factory=dict)
    organ_name: str = ""


def write_package(out: Path, package: Package, *, packed: bool = False) -> Path:
    """Writes below ``out`` a folder, or a zip of it, named by the package's OBJID; returns where it is.

    WritingError where it is there already, where a DIP lacks an element of the request, where there is no data file,
    where bytes are not what they should be.
    """
    stamps = Stamps("\x1f".join((package.kind, package.seed)), package.written)
    objid = package_id(package.kind, package.organ, stamps)
    name = objid.replace(":", "_")
    place = out / (f"{name}.zip" if packed else name)
    if place.exists() or place.is_symlink():
        raise WritingError(f"“{place.name}” đã có ở nơi xuất; không ghi đè.")
    _check(package)
    out.mkdir(parents=True, exist_ok=True)
    waiting = Path(mkdtemp(prefix=".dang-xuat-", dir=out))
    try:
        _Writer(waiting / name, package, stamps, objid).write()
        made = waiting / name
        if packed:
            made = waiting / f"{name}.zip"
            _pack(waiting / name, made, package.written)
        made.rename(place)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return place


def _check(package: Package) -> None:
    if package.kind == "DIP":
        told = package.elements
        if missing := [one for one in REQUEST[:-1] if not told.get(one)]:
            raise WritingError(f"Gói DIP thiếu thông tin yêu cầu: {', '.join(missing)}.")
        if strange := sorted(told.keys() - set(REQUEST)):
            raise WritingError(f"Gói DIP có phần tử ngoài yêu cầu: {', '.join(strange)}.")
    if not package.parts and not any(one.parts for one in package.items):
        raise WritingError("Gói phải có ít nhất một tệp dữ liệu; các tài liệu này không có tệp nào.")


class _Writer:
    def __init__(self, root: Path, package: Package, stamps: Stamps, objid: str) -> None:
        self._root, self._package, self._stamps, self._objid = root, package, stamps, objid
        self._version = version("vankho")
        self._taken = set[str]()

    def write(self) -> None:
        package = self._package
        ead = self._put(EAD, simple(package.elements))
        other = [self._put(name, body) for name, body in sorted(package.others.items()) if not name.startswith(REP)]
        inner = [self._put(name, body) for name, body in sorted(package.others.items()) if name.startswith(REP)]
        described: dict[str, str] = {}
        data: list[Written] = []
        for part in package.parts:
            data.append(self._copy(part))
            described[data[-1].path] = EAD
        metadata: list[Written] = []
        for number, item in enumerate(package.items, 1):
            body = simple(item.elements)
            metadata.append(self._put(item_path(item.sort, number), body))
            for part in item.parts:
                data.append(self._copy(part))
                described[data[-1].path] = metadata[-1].path
        kept = package.kind == "AIP"
        premis = []
        if kept:
            body = write_premis(self._objid, self._stamps, self._version, data, "rep1")
            premis.append(self._put(f"{REP}metadata/preservation/PREMIS_rep1.xml", body))
        rep = self._begin(REP)
        rep.describe([*metadata, *inner, *([ead] if package.parts else [])])
        rep.preserve(premis)
        rep.list_files({"Data": data}, described)
        rep_mets = self._put(f"{REP}METS.xml", rep.finish())
        top = self._begin("")
        top.describe([ead, *other])
        whole = write_premis(self._objid, self._stamps, self._version)
        top.preserve([self._put(PREMIS, whole)] if kept else [])
        sheet: Sheet = "request" if package.kind == "DIP" else "loose" if package.loose else "file"
        made = schemas_of(sheet, package.kind, {one.sort for one in package.items})
        schemas = [self._put(f"schemas/{name}", body) for name, body in sorted(made.items())]
        about = self._put(ABOUT, ABOUT_TEXT.encode())
        groups = {"Documentation": [about], "Schemas": schemas, "Representations/rep1": [rep_mets]}
        top.list_files(groups, {}, points=True)
        self._put("METS.xml", top.finish())

    def _begin(self, base: str) -> MetsWriter:
        package = self._package
        category = "MIXED" if package.kind == "DIP" else "Collection" if package.loose else "Mixed"
        header = Header(self._objid, package.kind, category, package.organ, self._version, package.organ_name)
        return MetsWriter(header, self._stamps, base)

    def _copy(self, part: DataPart) -> Written:
        steps = part.name.split("/")
        if part.name in self._taken or any(step in ("", ".", "..") or "\\" in step or "\0" in step for step in steps):
            raise WritingError(f"Tên tệp dữ liệu “{part.name}” không dùng được hoặc có hai lần.")
        self._taken.add(part.name)
        with part.open() as source:
            written = self._put(f"{REP}data/{part.name}", source)
        if part.sha256 and part.sha256.upper() != written.sha256:
            raise WritingError(f"Tệp “{part.name}” không còn đúng mã băm; không xuất.")
        return written

    def _put(self, path: str, source: bytes | BinaryIO) -> Written:
        place = self._root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        with place.open("wb") as out:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        return Written(path, size, digest.hexdigest().upper())


def item_path(sort: str, number: int) -> str:
    """Where the metadata of the n-th item lies (from 1)."""
    return f"{REP}metadata/descriptive/EAD_{sort}_{number:07}.xml"


def simple(elements: Mapping[str, str]) -> bytes:
    """A ``simpledc``: flat elements, empty ones left out."""
    root = etree.Element("simpledc")
    for name, text in elements.items():
        if text:
            etree.SubElement(root, name).text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _pack(folder: Path, out: Path, written: datetime) -> None:
    moment = written.astimezone(VIETNAM).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            info = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix(), moment)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with file.open("rb") as source, packed.open(info, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, CHUNK)
