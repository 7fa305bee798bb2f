"""One delivered row made ready: its files hashed, its pages and texts made, its pages looked at for stamps."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import chain
from typing import Any, BinaryIO, cast

from archive.access_rules import Closure
from archive.accession.candidate import Candidate, HashedFile
from archive.catalogue.records import ENCLOSED
from archive.packages.csip.elements import sort_of
from archive.packages.delivery import Delivery, DeliveryError
from archive.packages.fields import ITEMS
from archive.packages.findings import Finding, Notes, Outcome
from archive.packages.hostile import hostile_file
from archive.packages.inspection import LIGHT, inspect_file, unreadable
from archive.packages.rows import DataFile, DocumentRow, Row
from archive.packages.secrecy import looks_secret, names_secret
from archive.packages.zips import UNREADABLE
from archive.storage.protocol import Batch
from indexer.extraction.apart import Given, ReadingApart
from indexer.extraction.kept import Enclosed, ReadPage
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.office import WAITING
from indexer.extraction.sidecar import decode_text
from indexer.extraction.sources import SourceKind
from indexer.intake.recordings import make_recordings

CHUNK = 1 << 20
KEPT_IN_MEMORY = 8 << 20  # bytes of a file that is read once and kept for the row

WITHOUT = "nhận tài liệu nhưng không có tệp này; hãy giao lại tệp"
REFUSED = frozenset({"file.program", "file.bomb", "file.entities", "file.unreadable"})
"""Lines that say that a file was delivered and not taken: somebody has to look at them."""

LEVELS = {"phong": "fonds", "ho-so": "file", **dict.fromkeys(ITEMS, "document")}


@dataclass(slots=True)
class Prepared:
    """A row with its candidate, its data files' bytes at hand, the scans put aside that lay in them, what was found,
    and the ground of a quarantine."""

    sheet: str
    row: Row
    candidate: Candidate
    files: dict[str, DataFile]
    bytes: dict[str, bytes]
    aside: dict[str, Enclosed] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ground: str = ""


class RefusedFileError(ValueError):
    """A file that is no document and is not taken; the text is a Vietnamese clause."""

    def __init__(self, code: str, wrong: str) -> None:
        super().__init__(wrong)
        self.code = code


def prepare(sheet: str, row: Row, delivery: Delivery) -> Prepared:
    """Hashes the row's files and seals its candidate; pages are made later, only if something changed."""
    kept: dict[str, bytes] = {}
    hashed: list[HashedFile] = []
    refused: list[str] = []
    findings = list(row.findings)
    for file in row.files:
        try:
            hashed.append(_hash(file, delivery, kept))
        except RefusedFileError as error:
            refused.append(file.name)
            notes = Notes(sheet, row.row, row.code)
            notes.add(None, error.code, f"tệp “{file.name}” {error}", WITHOUT, Outcome.REJECTED)
            findings += notes.findings
        except Exception as error:  # a zip's entry may fail in many ways; the row goes on without it
            notes = Notes(sheet, row.row, row.code)
            refused.append(file.name)
            wrong = f"không đọc được tệp “{file.name}” ({error})"
            notes.add(None, "file.unreadable", wrong, WITHOUT, Outcome.REJECTED)
            findings += notes.findings
    candidate = Candidate(
        level=LEVELS[sheet],
        identifier=row.values.get("Identifier", ""),
        organ=row.values.get("OrganId", ""),
        code=row.code,
        values=row.values,
        closure=Closure(row.level or "01", row.opens_on.toordinal() if row.opens_on else None),
        dates=row.dates,
        file_code=row.file_code if isinstance(row, DocumentRow) else "",
        files=hashed,
        row=row.row,
        lost=bool(refused),
    )
    candidate.seal()
    return Prepared(sheet, row, candidate, {file.name: file for file in row.files}, kept, findings=findings)


def make_pages(prepared: Prepared, delivery: Delivery, apart: ReadingApart) -> None:
    """Fills the candidate's pages, adds what went wrong to the findings, sets ``ground`` if the row looks secret.

    Foreign bytes are read ``apart``.
    """
    hashes = {file.name: file.sha256 for file in prepared.candidate.files}
    notes = Notes(prepared.sheet, prepared.row.row, prepared.row.code)
    usable = _inspect(prepared, delivery, hashes, apart)
    ways = (delivery.open, lambda file: _reader(prepared, file, delivery)(), apart.probe)
    recorded = make_recordings(usable, hashes, prepared.row.values, ways, notes)
    sources = [f for f in usable if f.kind not in ("audio", "video", "captions") and f.name not in recorded.used]
    read = apart.read(
        [Given(cast(SourceKind, f.kind), f.page, f.name, _opener(prepared, f, delivery)) for f in sources]
    )
    _keep_enclosed(prepared, read.enclosed, hashes)
    pages = [replace(page, n=page.n + len(recorded.rows)) for page in read.pages]
    for trouble in read.troubles:
        notes.add(None, trouble.code, trouble.message, "nhận hàng, giữ nguyên tệp", Outcome.WARNED)
    prepared.findings += notes.findings
    if any(trouble.code in WAITING for trouble in read.troubles):
        prepared.candidate.leave_open()
    prepared.candidate.recordings = recorded.rows
    prepared.candidate.pages = [*recorded.pages, *(_page(page, hashes) for page in pages)]
    if sort_of(prepared.row.values) != "pic":  # in a photograph there is no text to be recognised
        prepared.candidate.unread = {page.n: page.unread for page in pages if page.unread}
    spoken = [(one["n"], one["text"]) for one in recorded.pages]
    typed = [_reader(prepared, f, delivery) for f in sources if f.kind == "text"]
    texts = (*spoken, *_texts(pages, typed))
    looked = chain(map(names_secret, hashes), (looks_secret(text, prepared.row.values, n) for n, text in texts))
    prepared.ground = next(filter(None, looked), "")


def _keep_enclosed(prepared: Prepared, enclosed: list[Enclosed], hashes: dict[str, str]) -> None:
    """Scans that lay in messages and archives become objects of the record's own, that its pages are shown from.

    They are no part of the digest: the delivered file that they lay in is.
    """
    kept = list(prepared.candidate.files)
    for scan in enclosed:
        if scan.name not in hashes:
            prepared.aside[scan.name] = scan
            hashes[scan.name] = scan.sha256
            kept.append(HashedFile(scan.name, ENCLOSED, scan.sha256, scan.size))
    prepared.candidate.files = kept


def keep_files(prepared: Prepared, delivery: Delivery, batch: Batch) -> None:
    """Puts the row's files into a storage batch; DeliveryError if one is no longer what was hashed."""
    for file in prepared.candidate.files:
        if file.name in prepared.bytes:
            stored = batch.put(prepared.bytes[file.name])
        elif file.name in prepared.aside:
            with prepared.aside[file.name].path.open("rb") as scan:
                stored = batch.put(scan)
        else:
            with delivery.open(prepared.files[file.name]) as source:
                stored = batch.put(source)
        if stored.sha256 != file.sha256:
            raise DeliveryError(f"Tệp “{file.name}” bị thay đổi trong khi đang nhận; hãy chạy lại khi gói đã yên.")
    prepared.bytes.clear()
    for one in prepared.aside.values():
        one.path.unlink()
    prepared.aside.clear()


def _texts(pages: list[ReadPage], typed: list[Callable[[], bytes]]) -> Iterator[tuple[int, str]]:
    """Number and text of each page, as it was chosen and as each text sidecar has it: a stamp that one layer missed
    counts, too.  Any page may be the first of an annex."""
    yield from ((page.n, page.text) for page in pages) if pages else [(1, "")]
    for read in typed:
        yield from enumerate(decode_runs(decode_text(read())[0])[0].split("\f"), 1)


def _inspect(prepared: Prepared, delivery: Delivery, hashes: dict[str, str], apart: ReadingApart) -> list[DataFile]:
    usable = []
    for file in prepared.row.files:
        if file.name not in hashes:
            continue
        foreign = file.kind in ("pdf", "image")
        found = _inspect_apart(prepared, file, delivery, apart) if foreign else inspect_file(file, delivery.open)
        row = prepared.row
        prepared.findings += [
            replace(one, table=prepared.sheet, row=row.row, field=None, record=row.code) for one in found
        ]
        if all(one.code in LIGHT for one in found):
            usable.append(file)
    return usable


def _inspect_apart(prepared: Prepared, file: DataFile, delivery: Delivery, apart: ReadingApart) -> list[Finding]:
    try:
        return apart.check(file, _opener(prepared, file, delivery))
    except (DeliveryError, *UNREADABLE) as error:
        return [unreadable(file, error)]


def _hash(file: DataFile, delivery: Delivery, kept: dict[str, bytes]) -> HashedFile:
    if file.size <= KEPT_IN_MEMORY:
        data = delivery.read(file)
        _refuse(data[:64], data)
        kept[file.name] = data
        return HashedFile(file.name, file.kind, hashlib.sha256(data).hexdigest(), len(data))
    digest, size = hashlib.sha256(), 0
    with delivery.open(file) as source:
        while chunk := source.read(CHUNK):
            if not size:
                _refuse(chunk[:64], None)
            digest.update(chunk)
            size += len(chunk)
    return HashedFile(file.name, file.kind, digest.hexdigest(), size)


def _refuse(head: bytes, whole: bytes | None) -> None:
    code, wrong = hostile_file(head, whole)
    if code:
        raise RefusedFileError(code, wrong)


def _reader(prepared: Prepared, file: DataFile, delivery: Delivery) -> Callable[[], bytes]:
    return lambda: prepared.bytes.get(file.name) or delivery.read(file)


def _opener(prepared: Prepared, file: DataFile, delivery: Delivery) -> Callable[[], BinaryIO]:
    return lambda: BytesIO(kept) if (kept := prepared.bytes.get(file.name)) else delivery.open(file)


def _page(page: ReadPage, hashes: dict[str, str]) -> dict[str, Any]:
    return {
        "n": page.n,
        "text": page.text,
        "text_source": page.text_source,
        "confidence": page.confidence,
        "boxes": page.boxes,
        "image_sha256": hashes[page.image] if page.image else None,
        "image_kind": page.image_kind or None,
        "image_index": page.image_index,
        "width": page.width or None,
        "height": page.height or None,
    }
