"""One delivered row made ready: its files hashed, its pages and texts made, its first page looked at for stamps."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from archive.access_rules import Closure
from archive.accession.candidate import Candidate, HashedFile
from archive.boxes import encode
from archive.catalogue.records import ENCLOSED
from archive.packages.csip.elements import sort_of
from archive.packages.delivery import Delivery, DeliveryError
from archive.packages.fields import ITEMS
from archive.packages.findings import Finding, Notes, Outcome
from archive.packages.inspection import LIGHT, inspect_file
from archive.packages.rows import DataFile, DocumentRow, Row
from archive.packages.secrecy import looks_secret
from archive.storage.protocol import Batch
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.office import WAITING, office_reader
from indexer.extraction.pages import ExtractedPage, Source, build_pages
from indexer.extraction.sidecar import decode_text
from indexer.extraction.sources import SourceKind
from indexer.intake.recordings import make_recordings

CHUNK = 1 << 20
KEPT_IN_MEMORY = 8 << 20  # bytes of a file that is read once and kept for the row

LEVELS = {"phong": "fonds", "ho-so": "file", **dict.fromkeys(ITEMS, "document")}


@dataclass(slots=True)
class Prepared:
    """A row with its candidate, its data files' bytes at hand, what was found, and the ground of a quarantine."""

    sheet: str
    row: Row
    candidate: Candidate
    files: dict[str, DataFile]
    bytes: dict[str, bytes]
    findings: list[Finding] = field(default_factory=list)
    ground: str = ""


def prepare(sheet: str, row: Row, delivery: Delivery) -> Prepared:
    """Hashes the row's files and seals its candidate; pages are made later, only if something changed."""
    kept: dict[str, bytes] = {}
    hashed: list[HashedFile] = []
    findings = list(row.findings)
    for file in row.files:
        try:
            hashed.append(_hash(file, delivery, kept))
        except Exception as error:  # a zip's entry may fail in many ways; the row goes on without it
            notes = Notes(sheet, row.row, row.code)
            notes.add(
                None, "file.unreadable", f"không đọc được tệp “{file.name}” ({error})", "nhận hàng, không có tệp này"
            )
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
    )
    candidate.seal()
    return Prepared(sheet, row, candidate, {file.name: file for file in row.files}, kept, findings)


def make_pages(prepared: Prepared, delivery: Delivery) -> None:
    """Fills the candidate's pages, adds what went wrong to the findings, sets ``ground`` if the row looks secret."""
    hashes = {file.name: file.sha256 for file in prepared.candidate.files}
    notes = Notes(prepared.sheet, prepared.row.row, prepared.row.code)
    usable = _inspect(prepared, delivery, hashes)
    ways = (delivery.open, lambda file: _reader(prepared, file, delivery)())
    recorded = make_recordings(usable, hashes, prepared.row.values, ways, notes)
    sources = [
        Source(kind=cast(SourceKind, f.kind), page=f.page, read=_reader(prepared, f, delivery), name=f.name)
        for f in usable
        if f.kind not in ("audio", "video", "captions") and f.name not in recorded.used
    ]
    pages, troubles = build_pages(sources, office_reader())
    _keep_enclosed(prepared, pages, hashes)
    if recorded.rows:
        pages = [replace(page, n=page.n + len(recorded.rows)) for page in pages]
    for trouble in troubles:
        notes.add(None, trouble.code, trouble.message, "nhận hàng, giữ nguyên tệp", Outcome.WARNED)
    prepared.findings += notes.findings
    if any(trouble.code in WAITING for trouble in troubles):
        prepared.candidate.leave_open()
    prepared.candidate.recordings = recorded.rows
    prepared.candidate.pages = [*recorded.pages, *(_page(page, sources, hashes) for page in pages)]
    if sort_of(prepared.row.values) != "pic":  # in a photograph there is no text to be recognised
        prepared.candidate.unread = {page.n: page.unread for page in pages if page.unread}
    spoken = [one["text"] for one in recorded.pages]
    prepared.ground = next(
        (
            ground
            for first in (
                *spoken,
                *_first_pages(pages, sources, whole=prepared.sheet == "ho-so" or _holds_others(sources)),
            )
            if (ground := looks_secret(first, prepared.row.values))
        ),
        "",
    )


def _keep_enclosed(prepared: Prepared, pages: list[ExtractedPage], hashes: dict[str, str]) -> None:
    """Scans that lay in messages and archives become objects of the record's own, that its pages are shown from.

    They are no part of the digest: the delivered file that they lay in is.
    """
    kept = list(prepared.candidate.files)
    for page in pages:
        if page.image and isinstance(scan := page.image.source, Source) and scan.name not in hashes:
            data = prepared.bytes[scan.name] = scan.read()
            hashes[scan.name] = hashlib.sha256(data).hexdigest()
            kept.append(HashedFile(scan.name, ENCLOSED, hashes[scan.name], len(data)))
    prepared.candidate.files = kept


def keep_files(prepared: Prepared, delivery: Delivery, batch: Batch) -> None:
    """Puts the row's files into a storage batch; DeliveryError if one is no longer what was hashed."""
    for file in prepared.candidate.files:
        if file.name in prepared.bytes:
            stored = batch.put(prepared.bytes[file.name])
        else:
            with delivery.open(prepared.files[file.name]) as source:
                stored = batch.put(source)
        if stored.sha256 != file.sha256:
            raise DeliveryError(f"Tệp “{file.name}” bị thay đổi trong khi đang nhận; hãy chạy lại khi gói đã yên.")
    prepared.bytes.clear()


def _first_pages(pages: list[ExtractedPage], sources: list[Source], *, whole: bool) -> Iterator[str]:
    """The first page as it was chosen and as each text sidecar has it: a stamp that one layer missed counts too.

    In the scan of a ``whole`` file, in a message and in an archive any page may be the first of a document.
    """
    yield pages[0].text.text if pages else ""
    if whole:
        yield from (page.text.text for page in pages[1:])
    for source in sources:
        if source.kind == "text" and source.page in (None, 1):
            yield from decode_runs(decode_text(source.read())[0])[0].split("\f")[: None if whole else 1]


def _holds_others(sources: list[Source]) -> bool:
    return any(source.kind in ("mail", "archive") for source in sources)


def _inspect(prepared: Prepared, delivery: Delivery, hashes: dict[str, str]) -> list[DataFile]:
    usable = []
    for file in prepared.row.files:
        if file.name not in hashes:
            continue
        found = inspect_file(file, delivery.open)
        row = prepared.row
        prepared.findings += [
            replace(one, table=prepared.sheet, row=row.row, field=None, record=row.code) for one in found
        ]
        if all(one.code in LIGHT for one in found):
            usable.append(file)
    return usable


def _hash(file: DataFile, delivery: Delivery, kept: dict[str, bytes]) -> HashedFile:
    if file.size <= KEPT_IN_MEMORY:
        data = delivery.read(file)
        kept[file.name] = data
        return HashedFile(file.name, file.kind, hashlib.sha256(data).hexdigest(), len(data))
    digest, size = hashlib.sha256(), 0
    with delivery.open(file) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return HashedFile(file.name, file.kind, digest.hexdigest(), size)


def _reader(prepared: Prepared, file: DataFile, delivery: Delivery) -> Callable[[], bytes]:
    return lambda: prepared.bytes.get(file.name) or delivery.read(file)


def _page(page: ExtractedPage, sources: list[Source], hashes: dict[str, str]) -> dict[str, Any]:
    image = page.image.source if page.image else None
    image = sources[image] if isinstance(image, int) else image
    return {
        "n": page.n,
        "text": page.text.text,
        "text_source": page.text.source,
        "confidence": page.text.confidence,
        "boxes": encode(page.text.boxes) if page.text.boxes else None,
        "image_sha256": hashes[image.name] if image else None,
        "image_kind": image.kind if image else None,
        "image_index": (page.image.page_index or 0) if page.image else 0,
        "width": page.width or None,
        "height": page.height or None,
    }
