"""Packages of TT 05/2025/TT-BNV made of what the archive holds: rows from the catalogue, bytes from the storage.

Sources: TT 05/2025/TT-BNV, Điều 17 and annexes I to IV.  What is secret or withdrawn never leaves; what else cannot be
written as the circular demands is told, one line each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.access_rules import Closure, derive_access
from archive.audit import record_event
from archive.catalogue.records import ENCLOSED, Record, RecordFile
from archive.packages.csip import own
from archive.packages.csip.annexes import Sheet, measure
from archive.packages.csip.elements import BACKED_UP, FILE, ITEM, Sort, encode_all, sort_of
from archive.packages.csip.own import write_rows
from archive.packages.csip.writing import DataPart, Item, Kind, Package, item_path, write_package
from archive.packages.levels import read_access
from archive.storage.protocol import Storage, StorageError

PART = 500


class PackingError(Exception):
    """These records make no package; the message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Line:
    """Of one record: what was left out, or what the circular demands and the catalogue lacks, and why."""

    record: str  # its code
    code: str
    message: str


@dataclass(slots=True)
class Packed:
    """A package as it was written; ``left_out`` counts documents."""

    place: Path
    documents: int
    files: int
    left_out: int
    lines: list[Line] = field(default_factory=list)


def pack(
    session: Session,
    storage: Storage,
    identifiers: Sequence[str],
    kind: Kind,
    out: Path,
    *,
    written: datetime,
    day: int,
    actor: str,
    packed: bool = False,
) -> list[Packed]:
    """One package for each file (hồ sơ) named by its public identifier, one for all loose documents together.

    ``day`` decides what is open.  Each export is an event of the audit trail, in the caller's transaction.
    PackingError where a record is not there, is withdrawn or secret, or is neither file nor document, or where loose
    documents are of several fonds; WritingError, StorageError where the bytes cannot be had.
    """
    records = [_find(session, one) for one in dict.fromkeys(identifiers)]
    files = [one for one in records if one.level == "file"]
    loose = [one for one in records if one.level == "document"]
    if len({one.fonds_id for one in loose}) > 1:
        raise PackingError("Các tài liệu rời của một gói phải cùng một phông.")
    made = []
    for file in files:
        members = select(Record).where(Record.parent_id == file.id, Record.level == "document")
        documents = list(session.scalars(members.order_by(Record.order_key, Record.id)))
        made.append(_Packing(session, storage, kind, day, written).make(file, documents, out, packed))
    if loose:
        made.append(_Packing(session, storage, kind, day, written).make(None, loose, out, packed))
    for subject, one in zip([*files, *loose[:1]], made, strict=True):
        detail: dict[str, Any] = {"documents": one.documents, "left_out": one.left_out}
        record_event(session, actor, "package-exported", subject.public_id, kind=kind, package=one.place.name, **detail)
        for document in loose if subject.level == "document" else ():
            if document is not subject:
                record_event(session, actor, "package-exported", document.public_id, kind=kind, package=one.place.name)
    return made


def _find(session: Session, identifier: str) -> Record:
    record = session.scalar(select(Record).where(Record.public_id == identifier))
    if record is None:
        raise PackingError(f"Không có mục nào mang mã “{identifier}”.")
    if record.level not in ("file", "document"):
        raise PackingError(f"“{identifier}” không phải hồ sơ hay tài liệu; hãy nêu từng hồ sơ.")
    if reason := barred(record):
        raise PackingError(f"“{identifier}” {reason}; không xuất.")
    return record


def barred(record: Record) -> str:
    """Why a record never leaves the archive in a package, '' where it may: withdrawn or secret, itself or above."""
    at: Record | None = record
    while at is not None:
        if at.withdrawn:
            return "đã rút khỏi khai thác"
        mode = "Rights" if at.level == "file" else "Mode"
        said = read_access({k: v for k, v in visible(at).items() if v}, mode).access
        if at.level_code == "03" or (at.level in ("file", "document") and (said is None or said.level == "03")):
            return "là mật (mức 03) hoặc chưa rõ mức"
        at = at.parent
    return ""


def visible(record: Record) -> dict[str, str]:
    """The fields as people see them: curated over delivered, personal numbers masked; empty ones left out."""
    names = dict.fromkeys([*record.delivered, *record.curated])
    return {name: text for name in names if (text := record.value(name))}


class _Packing:
    def __init__(self, session: Session, storage: Storage, kind: Kind, day: int, written: datetime) -> None:
        self._session, self._storage, self._kind, self._day, self._written = session, storage, kind, day, written
        self._lines: list[Line] = []
        self._names = set[str]()

    def make(self, file: Record | None, documents: list[Record], out: Path, packed: bool) -> Packed:
        kept = [one for one in documents if not self._bar(one)]
        if not kept and (file is None or not self._files([file])):
            raise PackingError(f"Hồ sơ “{file.code if file else ''}” không có tài liệu nào được xuất.")
        parents = {one.parent_id: one.parent for one in kept if one.parent is not None}
        above = [file] if file else list(parents.values())
        fonds = above[0].fonds or above[0]
        rows = [visible(one) for one in above]
        if file and self._is_closed_by_scan(file):
            rows[0][own.SCAN] = "02"
        parts = self._parts(above, 0) if file else []
        items, beside = self._items(kept, file)
        package = Package(
            kind=self._kind,
            seed="\n".join(one.natural_key for one in ([file] if file else kept)),
            organ=fonds.code,
            elements=self._whole(file, above[0], kept),
            items=items,
            written=self._written,
            loose=file is None,
            parts=parts,
            others={own.FONDS: write_rows([visible(fonds)]), own.FILES: write_rows(rows), **beside},
        )
        place = write_package(out, package, packed=packed)
        number = len(parts) + sum(len(one.parts) for one in items)
        return Packed(place, len(items), number, len(documents) - len(kept), self._lines)

    def _bar(self, record: Record) -> bool:
        if reason := barred(record):
            self._lines.append(Line(record.code, "export.barred", f"Tài liệu “{record.code}” {reason}: không xuất"))
        return bool(reason)

    def _mode(self, record: Record) -> str:
        return "01" if may(Viewer.anonymous(), "read", record, self._day) else "02"

    def _is_closed_by_scan(self, file: Record) -> bool:
        """Whether only its scan closes a file: readers of the documents are not bound by that."""
        if self._mode(file) == "01" or not self._files([file]):
            return False
        closures, at = list[Closure](), [file]
        while at:
            closures += at[-1].closures
            at = [one for one in (at[-1].parent,) if one is not None]
        access = derive_access(closures, lineage=(file.public_id,), agency="", hidden_when_closed=False)
        return access.read.everyone_from <= self._day

    def _tell(self, record: Record, sheet: Sheet, told: Mapping[str, str], cut: list[str]) -> None:
        """What a reader of the package will say of these elements, and what of the record they do not hold."""
        wrong = measure(sheet, self._kind, told)
        if cut:
            wrong.append(("element.cut", f"không ghi trọn được phần tử {', '.join(cut)}"))
        self._lines += [Line(record.code, code, f"“{record.code}” {one}") for code, one in wrong]

    def _whole(self, file: Record | None, above: Record, kept: list[Record]) -> dict[str, str]:
        code = "arcFileCode" if self._kind == "AIP" else "fileCode"
        value = archival_code(above) if self._kind == "AIP" else above.code
        if file is None:
            told = {code: value, "title": f"Tài liệu rời: {above.title}"[:1000]}
            told |= {"totalDoc": str(len(kept))} if self._kind == "SIP" else {}
            self._tell(above, "loose", told, [])
            return told
        values = visible(file)
        pages = file.page_count + sum(one.page_count for one in kept)
        values = {"PageNumber": str(pages), **values, "TotalDoc": str(len(kept))}
        told, cut = encode_all(FILE, values, self._kind)
        note = {"description": told.pop("description")} if "description" in told else {}
        told = {code: value, "riskRecovery": "0", **told, "mode": self._mode(file), **note}
        self._tell(file, "file", told, cut)
        return told

    def _items(self, kept: list[Record], file: Record | None) -> tuple[list[Item], dict[str, bytes]]:
        files, sides = self._files(kept), list[dict[str, str]]()
        taken, items = set[int](), list[Item]()
        following = max((one.ordinal or 0 for one in kept), default=0) + 1
        for number, record in enumerate(kept, 1):
            ordinal = record.ordinal if record.ordinal and record.ordinal > 0 else 0
            if not ordinal or ordinal in taken:
                ordinal, following = following, following + 1
            taken.add(ordinal)
            values = visible(record)
            sort = sort_of(values)
            told = self._item(record, values, ordinal)
            items.append(Item(told, self._parts([record], number, files), sort))
            link = item_path(sort, number).rsplit("/", 1)[-1]
            sides.append({own.LINK: link, **values})
        return items, {f"representations/rep1/{own.DOCUMENTS}": write_rows(sides)} if sides else {}

    def _item(self, record: Record, values: dict[str, str], ordinal: int) -> dict[str, str]:
        parent, sort = record.parent, sort_of(values)
        file = parent if parent is not None else record
        counted = {"DocOrdinal": str(ordinal), "PageAmount": str(record.page_count) if record.page_count else ""}
        told, cut = encode_all(ITEM[sort], {**counted, **values, "DocOrdinal": str(ordinal)}, self._kind)
        code = {"docCode": f"{file.code}.{ordinal:07}"}
        if self._kind == "AIP":
            code = {"arcFileCode": archival_code(file), **code}
        told = compose_item(record, sort, self._kind, {**told, "mode": self._mode(record)}, code)
        self._tell(record, sort, told, cut)
        return told

    def _files(self, records: list[Record]) -> dict[int, list[RecordFile]]:
        found: dict[int, list[RecordFile]] = {}
        ids = [one.id for one in records]
        for start in range(0, len(ids), PART):
            own = RecordFile.record_id.in_(ids[start : start + PART])
            asked = select(RecordFile).where(own, RecordFile.kind != ENCLOSED)
            for one in self._session.scalars(asked.order_by(RecordFile.record_id, RecordFile.id)):
                found.setdefault(one.record_id, []).append(one)
        return found

    def _parts(
        self, records: list[Record], number: int, files: dict[int, list[RecordFile]] | None = None
    ) -> list[DataPart]:
        files = self._files(records) if files is None else files
        parts = []
        for record in records:
            for one in files.get(record.id, ()):
                if not self._storage.has(one.sha256):
                    raise StorageError(
                        f"Tệp “{one.name}” của “{record.code}” không có trong kho; hãy chạy vankho check."
                    )
                name = one.name.rsplit("/", 1)[-1]
                if name.casefold() in self._names:
                    name = f"{number:07}/{name}"
                self._names.add(name.casefold())
                parts.append(DataPart(name, partial(self._storage.open, one.sha256), one.sha256))
            if not files.get(record.id) and record.level == "document":
                self._lines.append(
                    Line(record.code, "file.missing", f"“{record.code}” không có tệp nào: chỉ xuất mô tả")
                )
        return parts


def compose_item(
    record: Record, sort: Sort, kind: Kind, told: Mapping[str, str], code: Mapping[str, str]
) -> dict[str, str]:
    """All elements of a document in a package, of those that its description and ``mode`` gave (``told``) and of the
    codes that name it there."""
    head, kept, backup = dict[str, str](), dict[str, str](), dict[str, str]()
    if kind != "AIP":
        head = {"docId": record.code[:25]} if sort == "doc" else {}
        kept = encode_all(FILE[1:2], visible(record.parent or record), kind)[0]  # for how long: the file says
        backup = {"riskRecovery": "0"} | {name: told[name] for name in BACKED_UP & told.keys()}
    # No workflow lies in what we write: asked of what was electronic from the start
    process = {"process": "0"} if sort == "doc" and told.get("confidenceLevel") in ("01", "03") else {}
    last = {"mode", "description", *BACKED_UP}
    rest = {name: text for name, text in told.items() if name not in last}
    end = {"description": told["description"]} if "description" in told else {}
    return {**head, **code, **kept, **process, **rest, "mode": told["mode"], **backup, **end}


def archival_code(file: Record) -> str:
    """The archives' code, then the file's (TT 05/2025/TT-BNV, annex I, arcFileCode)."""
    identifier, organ, _ = file.natural_key.split("\x1f")
    told = file.code.startswith(f"{identifier}.") and not file.code.startswith(f"{organ}.")
    return file.code if told or not identifier else f"{identifier}.{file.code}"
