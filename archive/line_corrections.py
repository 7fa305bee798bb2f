"""Corrections of lines: a reader proposes one, an archivist accepts or refuses it, and what was accepted can be undone.

An accepted correction is a new version of the page's text: the old line, who decided and when stay with it.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from analyzers.normal import canon
from archive.access import Viewer, sql_condition
from archive.accession.concealing import conceal_text
from archive.accession.line_text import hand_masked, put_line
from archive.audit import record_event
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.records import Page, Record
from archive.clock import now
from archive.lines import TextLine, find_line, lines_of
from archive.outbox import announce
from archive.packages.secrecy import looks_secret

LONGEST = 2_000
"""Code points of a line that can be corrected: longer ones are whole chapters of office files."""

MOST_AN_HOUR = 60
WINDOW = 20
OPEN = ("waiting", "contested")
DECIDED = ("Đề nghị này đã có người xử lý.", "Somebody has decided this already.")


class CorrectionError(ValueError):
    """The correction cannot be taken or decided: why, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi, self.en = vi, en


class TooManyCorrections(Exception):
    """MOST_AN_HOUR came from one account within an hour."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with its record, its page, what it says, and the line as the page has it now (None: there is no such
    line any more)."""

    correction: LineCorrection
    record: Record
    page: Page | None
    before: str
    after: str
    now: TextLine | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A stretch of what waits: ``start`` counts from 1, ``total`` is all."""

    rows: tuple[Shown, ...]
    start: int
    total: int


def propose(
    session: Session, account_id: int, name: str, page: Page, public_id: str, number: int, before: str, after: str
) -> LineCorrection:
    """Keeps a reader's proposal for line ``number``; a second one for the same line replaces what he said before.

    ``before`` is the line as he saw it.  Raises CorrectionError, TooManyCorrections.
    """
    lines = lines_of(page.text)
    line = lines[number - 1] if 0 < number <= len(lines) else None
    text = " ".join(canon(after).split())
    if line is None or line.text != before:
        raise CorrectionError(
            "Dòng này vừa đổi từ khi bạn mở trang; hãy xem chữ hiện nay rồi sửa tiếp.",
            "This line has changed since you opened the page; look at it as it is now, then go on.",
        )
    if not text:
        raise CorrectionError(
            "Cần viết chữ đúng của dòng; để trống thì không biết phải sửa thành gì.",
            "Write what the line should say; an empty field does not tell.",
        )
    if max(len(text), len(before)) > LONGEST:
        raise CorrectionError(
            f"Dòng dài quá {LONGEST} ký tự không sửa được ở đây; hãy báo lỗi cho Trung tâm.",
            f"Lines of more than {LONGEST} characters cannot be corrected here; report the error instead.",
        )
    if text == before:
        raise CorrectionError(
            "Chữ bạn viết giống chữ hiện nay; hãy sửa chỗ sai rồi gửi.",
            "What you wrote is what the line says now; correct what is wrong, then send.",
        )
    own = (LineCorrection.account_id == account_id, LineCorrection.proposed_at > now() - timedelta(hours=1))
    if (session.scalar(select(func.count()).select_from(LineCorrection).where(*own)) or 0) >= MOST_AN_HOUR:
        raise TooManyCorrections
    masked, marks = conceal_text(text)
    same = (LineCorrection.account_id == account_id, LineCorrection.record_id == page.record_id)
    at = (LineCorrection.page == page.n, LineCorrection.line == number, LineCorrection.state == "waiting")
    found = session.scalar(select(LineCorrection).where(*same, *at))
    if found is None:
        found = LineCorrection(record_id=page.record_id, page=page.n, line=number, account_id=account_id)
        session.add(found)
    found.before, found.after, found.marks_after, found.proposed_at = before, masked, marks, now()
    session.flush()
    record_event(session, name, "correction-proposed", public_id, page=page.n, line=number)
    return found


def waiting_corrections(session: Session, viewer: Viewer, day: int, start: int = 1) -> Queue:
    """What waits in records that the viewer may read, the oldest first."""
    asked = (
        select(LineCorrection, Record)
        .join(Record, Record.id == LineCorrection.record_id)
        .where(LineCorrection.state.in_(OPEN), sql_condition(viewer, "read", day))
    )
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    start = max(1, min(start, total))
    rows = session.execute(asked.order_by(LineCorrection.id).offset(start - 1).limit(WINDOW)).all()
    return Queue(tuple(_shown(session, one, record) for one, record in rows), start, total)


def decided_corrections(session: Session, viewer: Viewer, day: int, limit: int = 20) -> list[Shown]:
    """What was accepted last, and stands, in records that the viewer may read."""
    asked = (
        select(LineCorrection, Record)
        .join(Record, Record.id == LineCorrection.record_id)
        .where(LineCorrection.state == "accepted", sql_condition(viewer, "read", day))
        .order_by(LineCorrection.decided_at.desc(), LineCorrection.id.desc())
    )
    return [_shown(session, one, record) for one, record in session.execute(asked.limit(limit))]


def words_of(session: Session, one: LineCorrection) -> tuple[str, str]:
    """The line before and after; what people masked by hand in the record since then is masked in both."""
    by_hand = hand_masked(session, one.record_id)
    return conceal_text(one.before, by_hand)[0], conceal_text(one.after, by_hand)[0]


def accepted_on(session: Session, record_id: int, n: int) -> int:
    """How many corrections stand on a page."""
    own = (LineCorrection.record_id == record_id, LineCorrection.page == n, LineCorrection.state == "accepted")
    return session.scalar(select(func.count()).select_from(LineCorrection).where(*own)) or 0


def find_correction(session: Session, viewer: Viewer, day: int, number: int) -> tuple[LineCorrection, Record] | None:
    """The correction of that id in a record that the viewer may read, for deciding it."""
    readable = sql_condition(viewer, "read", day)
    asked = select(LineCorrection, Record).join(Record, Record.id == LineCorrection.record_id)
    row = session.execute(asked.where(LineCorrection.id == number, readable).with_for_update()).first()
    return (row[0], row[1]) if row else None


def accept(session: Session, actor: str, one: LineCorrection, record: Record) -> None:
    """Makes the correction the page's text and announces the record.  Raises CorrectionError."""
    if one.state not in OPEN:
        raise CorrectionError(*DECIDED)
    session.get(Page, (record.id, one.page), with_for_update=True)
    page, line = _now(session, one)
    if page is None or line is None:
        raise CorrectionError(
            "Dòng này không còn như khi bạn đọc đề nghị; hãy bỏ đề nghị, hoặc sửa lại từ trang.",
            "The line is no longer what the reader saw; refuse this, or correct it from the page.",
        )
    text = page.text[: line.start] + one.after + page.text[line.end :]
    if looks_secret(text, {}) and not looks_secret(page.text, {}):
        raise CorrectionError(
            "Chữ mới giống dấu chỉ mức độ mật nên chưa nhận. Hãy đối chiếu ảnh; nếu đúng thì rút tài liệu trước.",
            "This looks like a stamp of secrecy and was not taken. Compare the image; withdraw the record first.",
        )
    replaced = put_line(session, page, line, one.after, one.marks_after)
    one.before, one.line, one.marks_before, one.boxes_before = line.text, line.number, replaced.marks, replaced.boxes
    _decide(session, actor, one, record, "accepted")
    others = (LineCorrection.record_id == record.id, LineCorrection.page == page.n, LineCorrection.id != one.id)
    stale = (LineCorrection.before == line.text, LineCorrection.line == line.number, LineCorrection.state == "waiting")
    session.execute(
        update(LineCorrection)
        .where(*others, *stale)
        .values(state="outdated", decided_at=now(), decided_by=actor, version=LineCorrection.version + 1)
    )
    announce(session, [record.id])


def refuse(session: Session, actor: str, one: LineCorrection, record: Record) -> None:
    """Keeps the page as it is.  Raises CorrectionError where somebody was quicker."""
    if one.state not in OPEN:
        raise CorrectionError(*DECIDED)
    _decide(session, actor, one, record, "refused")


def undo(session: Session, actor: str, one: LineCorrection, record: Record) -> None:
    """Puts the line back as it was, with its boxes and marks; the correction stays told.  Raises CorrectionError."""
    page = session.get(Page, (record.id, one.page), with_for_update=True)
    line = find_line(lines_of(page.text), one.line, words_of(session, one)[1]) if page else None
    if one.state != "accepted" or page is None or line is None:
        raise CorrectionError(
            "Dòng này đã đổi tiếp sau lần sửa ấy; hãy hoàn tác lần sửa sau trước.",
            "The line was changed again after that; undo the later correction first.",
        )
    put_line(session, page, line, one.before, one.marks_before, one.boxes_before)
    one.state, one.undone_at, one.undone_by = "undone", now(), actor
    record_event(session, actor, "correction-undone", record.public_id, page=one.page, line=one.line)
    announce(session, [record.id])


def _decide(session: Session, actor: str, one: LineCorrection, record: Record, state: str) -> None:
    one.state, one.decided_at, one.decided_by = state, now(), actor
    session.flush()
    record_event(session, actor, f"correction-{state}", record.public_id, page=one.page, line=one.line)


def _now(session: Session, one: LineCorrection) -> tuple[Page | None, TextLine | None]:
    """The page, and the line that the correction is about; a contested one is about whatever stands at its number."""
    page = session.get(Page, (one.record_id, one.page))
    lines = lines_of(page.text) if page else []
    if one.state == "contested":
        return page, lines[one.line - 1] if one.line <= len(lines) else None
    return page, find_line(lines, one.line, words_of(session, one)[0])


def _shown(session: Session, one: LineCorrection, record: Record) -> Shown:
    page, line = _now(session, one)
    before, after = words_of(session, one)
    if one.state == "accepted" and page:
        line = find_line(lines_of(page.text), one.line, after)
    return Shown(one, record, page, before, after, line)
