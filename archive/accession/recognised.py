"""Text that comes late: what a machine read on a page enters the catalogue by the same rules as what was delivered.

A stamp of secrecy takes the record out of everybody's sight in the transaction that learns of it (the text is never
kept in the open, and the index never sees it); personal numbers are masked and their image is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from analyzers.legibility import judge
from archive.accession.concealing import BY_HAND, conceal_text
from archive.accession.correction import withdraw
from archive.accession.kept_lines import keep_corrections
from archive.accession.proposing import propose_for
from archive.accession.releases import was_released
from archive.boxes import PageBoxes, encode
from archive.catalogue.deliveries import Package, ReportRow
from archive.catalogue.personal import PersonalMark
from archive.catalogue.reading import RecognitionTask
from archive.catalogue.records import Page, Record
from archive.outbox import announce
from archive.packages.findings import Outcome
from archive.packages.secrecy import looks_secret

Settled = Literal["taken", "secret", "gone"]
ATTEMPTS = 3
"""How often a page is tried before it waits for a person."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page to be recognised: where its image lies, and what the image counts in."""

    record_id: int
    n: int
    sha256: str
    kind: Literal["image", "pdf"]
    index: int


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page; ``language`` is an id of analyzers.languages or ""."""

    text: str
    boxes: PageBoxes | None
    confidence: float | None
    language: str


def next_pages(session: Session, limit: int) -> list[Waiting]:
    """The pages of the record that waits longest, in order; what nobody may read waits for nobody."""
    columns = (Page.record_id, Page.n, Page.image_sha256, Page.image_kind, Page.image_index)
    waiting = (
        select(*columns)
        .join(RecognitionTask, (RecognitionTask.record_id == Page.record_id) & (RecognitionTask.n == Page.n))
        .join(Record, Record.id == Page.record_id)
        .where(~RecognitionTask.failed, Page.image_sha256.is_not(None), ~Record.withdrawn, Record.allow_read != "")
        .order_by(Page.record_id, Page.n)
    )
    first = session.execute(waiting.limit(1)).first()
    if first is None:
        return []
    rows = session.execute(waiting.where(Page.record_id == first[0]).limit(limit))
    return [Waiting(i, n, sha or "", "pdf" if kind == "pdf" else "image", index) for i, n, sha, kind, index in rows]


def begin_attempt(session: Session, page: Waiting) -> bool:
    """Counts an attempt before it is made, so that a page that kills the process is not tried for ever.

    False where the page does not wait any more, or has had its attempts.
    """
    task = session.get(RecognitionTask, (page.record_id, page.n), with_for_update=True)
    if task is None or task.failed:
        return False
    if task.attempts >= ATTEMPTS:
        task.failed = True
        task.message = task.message or "tiến trình nhận dạng bị dừng giữa chừng nhiều lần ở trang này"
        _announce_when_done(session, page.record_id)
        return False
    task.attempts += 1
    return True


def fail_page(session: Session, page: Waiting, message: str, *, final: bool = False) -> None:
    """Keeps why a page could not be read; after ATTEMPTS, or at once if ``final``, it waits for a person."""
    task = session.get(RecognitionTask, (page.record_id, page.n), with_for_update=True)
    if task is not None:
        task.message, task.failed = message, final or task.attempts >= ATTEMPTS
        session.flush()
        _announce_when_done(session, page.record_id)


def take_page(session: Session, page: Waiting, read: Read) -> Settled:
    """Gives the page its text and ends its task.

    ``secret``: the record was withdrawn instead (archive.accession.seclusion moves its files).  ``gone``: the page
    was replaced or taken away meanwhile.
    """
    task = session.get(RecognitionTask, (page.record_id, page.n), with_for_update=True)
    row = session.get(Page, (page.record_id, page.n))
    record = session.get(Record, page.record_id)
    if task is None or row is None or record is None or record.withdrawn:
        return "gone"
    if (row.image_sha256, row.image_index) != (page.sha256, page.index):
        return "gone"
    if (ground := looks_secret(read.text, {}, page.n)) and not was_released(session, record, page.sha256):
        _seclude(session, record, task, ground)
        return "secret"
    if task.reason == "no-marks" and row.text and not _has_marks(read.text):
        session.delete(task)  # the paper has no marks either: what was delivered was right
        session.flush()
        _announce_when_done(session, record.id)
        return "taken"
    own = PersonalMark.record_id == record.id
    by_hand = session.scalars(select(PersonalMark.original).where(own, PersonalMark.kind == BY_HAND).distinct()).all()
    text, marks = conceal_text(read.text, by_hand)
    session.execute(delete(PersonalMark).where(own, PersonalMark.page == page.n, PersonalMark.field == ""))
    if marks:
        place = {"record_id": record.id, "page": page.n, "field": ""}
        session.execute(insert(PersonalMark), [place | mark for mark in marks])
        row.image_held = row.image_held or "held"
    row.text, row.language, row.confidence = text, read.language, read.confidence
    row.text_source = "ocr" if text else "none"
    boxes = read.boxes.scaled(row.width, row.height) if read.boxes and row.width and row.height else read.boxes
    row.boxes = encode(boxes) if boxes else None
    session.delete(task)
    session.flush()
    keep_corrections(session, {record.id: package_of(session, [record.id]) or None}, page.n)
    _announce_when_done(session, record.id)
    if record.level == "document" and (page.n == 1 or page.n == record.page_count):
        asked = select(Page.n, Page.text, Page.confidence).where(Page.record_id == record.id).order_by(Page.n)
        pages = session.execute(asked).all()
        certainty = {n: sure for n, _, sure in pages if sure is not None}
        values = {**record.delivered, **record.curated}
        propose_for(session, record.id, values, [(n, told) for n, told, _ in pages], certainty)
    return "taken"


def _has_marks(text: str) -> bool:
    """Whether a page has words and they bear the marks of Vietnamese."""
    told = judge(text)
    return told.words > 0 and not told.unmarked


def waiting_counts(session: Session) -> tuple[int, int]:
    """How many pages wait for recognition, and how many of all failed."""
    rows = session.execute(select(RecognitionTask.failed, func.count()).group_by(RecognitionTask.failed))
    counts = {bool(failed): count for failed, count in rows}
    return counts.get(False, 0), counts.get(True, 0)


def has_waiting(session: Session) -> bool:
    """Whether any page of a record that is there waits."""
    return bool(next_pages(session, 1))


def retry_failed(session: Session) -> int:
    """Puts the pages that failed back into the queue; returns how many."""
    failed = update(RecognitionTask).where(RecognitionTask.failed)
    done = session.execute(failed.values(failed=False, attempts=0).returning(RecognitionTask.n))
    return len(done.all())


def package_of(session: Session, record_ids: Sequence[int]) -> int:
    """The package that brought the pages of these records; the newest where an old catalogue does not know."""
    own = select(func.max(RecognitionTask.package_id)).where(RecognitionTask.record_id.in_(record_ids))
    return session.scalar(own) or session.scalar(select(func.max(Package.id))) or 0


def _announce_when_done(session: Session, record_id: int) -> None:
    """The index is told once a record's last waiting page is settled, in that page's own transaction."""
    left = exists().where(RecognitionTask.record_id == record_id, ~RecognitionTask.failed)
    if not session.scalar(select(left)):
        announce(session, [record_id])


def _seclude(session: Session, record: Record, task: RecognitionTask, ground: str) -> None:
    closed = withdraw(session, record)
    sheet = "ho-so" if record.level == "file" else "van-ban"
    package_id = package_of(session, [record.id])
    told = [(sheet, record.code, "secrecy.stamp", f"{ground} (đọc được khi nhận dạng trang {task.n})")]
    told += [("ho-so", one.code, "scan.closed", "bản quét cả hồ sơ có trang của văn bản mật") for one in closed]
    for table, code, kind, message in told:
        session.add(
            ReportRow(
                package_id=package_id,
                sheet=table,
                row=None,
                field=None,
                code=kind,
                message=message[:1].upper() + message[1:],
                action="để riêng (cách ly), không đưa lên cổng",
                outcome=Outcome.QUARANTINED,
                record=code,
            )
        )
