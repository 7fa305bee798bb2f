"""Readers' requests: sending one, the steps of its way, the decision that grants or refuses each record.

Law 33/2024/QH15, TT 05/2025/TT-BNV Article 35 (request with purpose), 37 (reading at most 15 days); terms of answer:
procedure 1.013932 (config/desk/terms.tsv).  A grant made here acts at once everywhere (archive.access).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import deciding
from archive.access import Viewer, may, sql_condition
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestItem
from archive.clock import now, today_number
from archive.identifiers import is_identifier, new_identifier
from archive.terms import term
from archive.working_days import add_working_days, working_days_between
from desk.states import OPEN, STEPS, Act, Step

KINDS = ("reading", "copy")
LONGEST_PURPOSE = 2_000
LONGEST_REASON = 1_000
MOST_OPEN = 20  # requests of one reader at a time


class RequestError(ValueError):
    """The request, or the step, cannot be; the text is Vietnamese and says why."""


class StepError(RequestError):
    """Not from this state, or not by this person: somebody else was quicker, or it is not his to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is decided for one record: until which day number it may be read (0: refused), copies, and why."""

    until: int
    copying: bool = False
    ground: str = ""


def most_records() -> int:
    """How many records one request may name."""
    return term("request.most", today_number()).value


def submit(
    session: Session, viewer: Viewer, account_id: int, kind: str, purpose: str, ids: Sequence[str]
) -> ReadingRequest:
    """Receives a request for records (public identifiers) that the reader sees.  Raises RequestError.

    The term is the strictest of what is asked: 7 working days as soon as one record is conditional.
    """
    day, purpose = today_number(), purpose.strip()
    if kind not in KINDS:
        raise RequestError("Chọn đọc tài liệu hoặc cấp bản sao.")
    if not purpose:
        raise RequestError("Cần ghi mục đích sử dụng.")
    if len(purpose) > LONGEST_PURPOSE:
        raise RequestError(f"Mục đích sử dụng dài quá {LONGEST_PURPOSE} ký tự.")
    records = seen_records(session, viewer, ids)
    if not records:
        raise RequestError("Danh sách chưa có tài liệu nào.")
    if len(records) > most_records():
        limit = term("request.most", day)
        raise RequestError(f"Mỗi yêu cầu không quá {limit.value} tài liệu ({limit.basis}).")
    running = select(func.count()).select_from(ReadingRequest)
    mine = running.where(ReadingRequest.account_id == account_id, ReadingRequest.state.in_(OPEN))
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        raise RequestError(f"Bạn đang có {MOST_OPEN} yêu cầu chưa xong; hãy đợi hoặc rút bớt.")
    closed = any(not may(Viewer.anonymous(), "read", one, day) for one in records)
    counted = term("answer.conditional" if closed else f"answer.{kind}", day)
    made = ReadingRequest(
        code=new_identifier(), account_id=account_id, kind=kind, purpose=purpose, received_at=now(),
        due_on=counted.end(day), term=counted.name, state="received", officer="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(RequestItem(request_id=made.id, record_id=one.id, answer="", ground="") for one in records)
    _note(session, made, "", viewer.name, "")
    record_event(session, viewer.name, "request-received", request=made.code, records=len(records))
    return made


def seen_records(session: Session, viewer: Viewer, ids: Sequence[str]) -> list[Record]:
    """Those of the records that the viewer sees, in the order given, each once."""
    wanted = [one for one in dict.fromkeys(ids) if is_identifier(one)]
    rows = session.scalars(
        select(Record).where(Record.public_id.in_(wanted), sql_condition(viewer, "see", today_number()))
    )
    found = {one.public_id: one for one in rows}
    return [found[one] for one in wanted if one in found]


def find_request(session: Session, code: str) -> ReadingRequest | None:
    """The request of that code."""
    if not is_identifier(code):
        return None
    return session.scalar(select(ReadingRequest).where(ReadingRequest.code == code))


def take_step(session: Session, request: ReadingRequest, act: Act, role: str, actor: str, reason: str = "") -> None:
    """Takes a step that is not a decision (:func:`decide`).  Raises StepError, or RequestError without its reason."""
    step = _step(request, act, role)
    reason = " ".join(reason.split())
    if (step.reason and not reason) or len(reason) > LONGEST_REASON:
        raise RequestError(f"Cần ghi lý do (không quá {LONGEST_REASON} ký tự).")
    before, request.state = request.state, step.after
    day = today_number()
    if step.after == "supplement":  # the clock stands still while the reader owes something
        request.paused_on = day
    elif before == "supplement" and request.paused_on is not None:
        left = max(working_days_between(request.paused_on, request.due_on), 0)
        request.due_on, request.paused_on = add_working_days(day, left), None
    if act == "take":
        request.officer = actor
    if step.after not in OPEN:
        request.ended_at = now()
    session.flush()
    _note(session, request, before, actor, reason)
    record_event(session, actor, f"request-{act}", request=request.code, ground=reason)


def decide(session: Session, request: ReadingRequest, answers: Mapping[int, Answer], role: str, actor: str) -> None:
    """Grants or refuses each record (by record id) of the request: all refused is a refusal.

    A record that everybody may read needs no grant; the others get one for the purpose, until the day, which is at
    most the reading period away (TT 05/2025 Article 37).  Raises StepError, RequestError.
    """
    items = items_of(session, request)
    if {item.record_id for item, _ in items} != set(answers):
        raise RequestError("Cần quyết định cho từng tài liệu của yêu cầu.")
    granted = [one for one in answers.values() if one.until]
    act: Act = "decide" if granted else "refuse"
    step = _step(request, act, role)
    day, period = today_number(), term("reading.days", today_number())
    account = session.get_one(Account, request.account_id)
    for item, record in items:
        answer = answers[item.record_id]
        ground = " ".join(answer.ground.split())
        if not ground:
            raise RequestError(f"“{record.code}”: cần ghi căn cứ hoặc lý do.")
        if answer.until and not day <= answer.until <= period.end(day):
            last = date.fromordinal(period.end(day))
            raise RequestError(f"“{record.code}”: chỉ được đọc từ hôm nay đến {last:%d/%m/%Y} ({period.basis}).")
        item.answer, item.ground = ("granted", ground) if answer.until else ("refused", ground)
        if answer.until and not may(Viewer.anonymous(), "read", record, day):
            try:
                made = deciding.grant(
                    session, account.name, record.public_id, (day, answer.until), actor=actor, ground=ground,
                    purpose=request.purpose, copying=answer.copying and request.kind == "copy",
                )  # fmt: skip
            except deciding.DecisionError as error:
                raise RequestError(str(error)) from error
            item.grant_id = made.id
    before, request.state, request.ended_at = request.state, step.after, now()
    session.flush()
    _note(session, request, before, actor, "")
    record_event(session, actor, f"request-{act}", request=request.code, granted=len(granted), records=len(items))


def items_of(session: Session, request: ReadingRequest) -> list[tuple[RequestItem, Record]]:
    """The records of a request with what was answered, in the order of the catalogue."""
    rows = session.execute(
        select(RequestItem, Record)
        .join(Record, Record.id == RequestItem.record_id)
        .where(RequestItem.request_id == request.id)
        .order_by(Record.id)
    )
    return [(item, record) for item, record in rows]


def events_of(session: Session, request: ReadingRequest) -> list[RequestEvent]:
    """The steps that were taken, oldest first."""
    rows = select(RequestEvent).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id)
    return list(session.scalars(rows))


def requests_of(session: Session, account_id: int, limit: int = 100) -> list[ReadingRequest]:
    """The requests of a reader, newest first."""
    rows = select(ReadingRequest).where(ReadingRequest.account_id == account_id)
    return list(session.scalars(rows.order_by(ReadingRequest.id.desc()).limit(limit)))


def queue(session: Session, *, ended: bool = False, limit: int = 200) -> list[ReadingRequest]:
    """The requests that wait for staff, those due first; or the last ones that ended."""
    rows = select(ReadingRequest)
    if ended:
        rows = rows.where(ReadingRequest.ended_at.is_not(None)).order_by(ReadingRequest.ended_at.desc())
    else:
        rows = rows.where(ReadingRequest.state.in_(OPEN)).order_by(ReadingRequest.due_on, ReadingRequest.id)
    return list(session.scalars(rows.limit(limit)))


def _step(request: ReadingRequest, act: Act, role: str) -> Step:
    step = STEPS.get((request.state, act))
    if step is None or role not in step.by:
        raise StepError("Yêu cầu không còn ở bước ấy, hoặc bước ấy không do bạn làm; hãy xem lại trang.")
    return step


def _note(session: Session, request: ReadingRequest, before: str, actor: str, reason: str) -> None:
    told = {"before": before, "after": request.state, "at": now(), "actor": actor, "reason": reason}
    session.add(RequestEvent(request_id=request.id, **told))
    session.flush()
