"""The decision on a request: each record is granted or refused; what is granted acts at once, or when its fee is paid.

TT 05/2025/TT-BNV Articles 37 (reading at most 15 days), 40 to 42 (copies).  Who decides, or
who acts in his place, and whose consents come before it: desk.chains.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from archive import deciding
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import today_number
from archive.page_ranges import PagesError, read_pages
from archive.telling import said
from archive.terms import term
from desk.chains import missing_consent
from desk.copies.ordering import GRADES, every_copy, order
from desk.copies.rights import beside_masks, lock_masks, masked_below
from desk.covered import cover
from desk.delegation import deputises
from desk.fees.assessing import MOST, assess, expected
from desk.finishing import left
from desk.kinds import KINDS
from desk.requests import check_payer, items_of
from desk.states import SYSTEM, Act
from desk.steps import LONGEST_REASON, FormError, RequestError, StepError, allowed, move, take_step


@dataclass(frozen=True, slots=True)
class Answer:
    """What is decided for one record: until which day number it may be read (0: refused), copies, of which pages
    (``"1-3,7"``, empty: all), why, and how many pages were counted where it is on paper only."""

    until: int
    copying: bool = False
    ground: str = ""
    pages: str = ""
    sheets: int = 0


def decide(
    session: Session,
    request: ReadingRequest,
    answers: Mapping[int, Answer],
    role: str,
    actor: str,
    ground: str = "",
    *,
    refuse: bool = False,
    payer: str = "",
) -> None:
    """Grants or refuses each record (by record id) of the request: all refused is a refusal.  A request without records
    (supply of information) is answered with ``ground``, or refused with it.

    A record that everybody may read with all that is in it needs no grant; the others get one for the purpose, until
    the day, which is at most the reading period away.  ``payer``: who pays less (desk.fees.tariff), as the papers show.
    Raises StepError, FormError with all that is wrong (wrong_answers), RequestError.
    """
    items = items_of(session, request)
    if {item.record_id for item, _ in items} != set(answers):
        raise RequestError("Cần quyết định cho từng tài liệu của yêu cầu.")
    if (due := missing_consent(session, request)) is not None:
        told = {"whose": due.name or due.consent, "basis": due.basis}
        raise StepError("Chưa quyết định được: còn chờ ý kiến (%(whose)s; %(basis)s).", **told)
    granted = [one for one in answers.values() if one.until]
    grants = bool(granted) if items else not refuse
    act: Act = "decide" if grants else "refuse"
    step = allowed(session, request, act, role, actor)
    lock_masks(session, request)
    if wrong := wrong_answers(session, request, answers, ground, payer):
        raise FormError(wrong)
    for item, record in items:
        _note(item, answers[item.record_id])
        _check_masks(session, request, item, record)
    session.flush()
    request.payer_class = payer
    owed = grants and expected(session, request, payer).total > 0
    if owed:
        act, step = "charge", allowed(session, request, "charge", role, actor)
    elif grants:
        fulfil(session, request)
        if left(session, request):
            step = allowed(session, request, "commission", role, actor)
    move(session, request, step, actor, " ".join(ground.split()))
    if owed:
        bill = assess(session, request, who=payer, actor=actor)
        bill.due_on = min(bill.due_on, _useful_until(session, request) or bill.due_on)
    record_event(
        session, actor, f"request-{act}", request=request.code, granted=len(granted), records=len(items), payer=payer,
        deputises=deputises(session, actor, request.account_id),
    )  # fmt: skip


def wrong_answers(
    session: Session, request: ReadingRequest, answers: Mapping[int, Answer], ground: str, payer: str
) -> list[RequestError]:
    """All that is wrong with what is decided, in the order of the form: each with its field."""
    items = items_of(session, request)
    wrong = [one for _item, record in items if record.id in answers for one in _wrong(record, answers[record.id])]
    if not items and not ground.strip():
        wrong.append(RequestError("Cần ghi thông tin trả lời hoặc lý do từ chối.", "can-cu"))
    try:
        check_payer(payer, today_number())
    except RequestError as error:
        wrong.append(error)
    return wrong


def settle(session: Session, request: ReadingRequest) -> None:
    """What was charged is paid: what was granted acts now.  Raises StepError where the request does not wait for it."""
    step = allowed(session, request, "pay", SYSTEM, SYSTEM)
    fulfil(session, request)
    if left(session, request):
        step = allowed(session, request, "commission", SYSTEM, SYSTEM)
    move(session, request, step, SYSTEM)
    record_event(session, SYSTEM, "request-pay", request=request.code)


def paid(session: Session, request_id: int) -> None:
    """What a settled bill leads to (desk.fees.settling): the request goes on; one that ended meanwhile stays ended, and
    its money is on the bill for staff to give back, as is that which came when the days that were granted are over."""
    request = session.get_one(ReadingRequest, request_id)
    if request.state != "payment":
        return
    last = _useful_until(session, request)
    if last is not None and last < today_number():
        reason = f"Tiền đến sau ngày cuối được đọc ({date.fromordinal(last):%d/%m/%Y}); Trung tâm hoàn lại phí."
        take_step(session, request, "lapse", SYSTEM, SYSTEM, reason)
    else:
        settle(session, request)


def _useful_until(session: Session, request: ReadingRequest) -> int | None:
    """The last day number on which all that was granted can still be had; None where no day ends it."""
    items = items_of(session, request)
    open_now = _open_now(session, items)
    granted = [item.until for item, record in items if item.answer == "granted" and record.id not in open_now]
    return min(granted, default=None)


def _open_now(session: Session, items: Sequence[tuple[RequestItem, Record]]) -> set[int]:
    """Those of the records (by row id) that everyone may read today with all that is in them; of a file of which pages
    are granted, which are its own, the documents in it do not count."""
    day, whole = today_number(), cover(session, [record for _item, record in items])
    parts = {item.record_id: whole[record.id].part(item.pages) for item, record in items}
    return {number for number, one in parts.items() if one.is_open(day)}


def fulfil(session: Session, request: ReadingRequest) -> None:
    """Gives the grants that the decision promised and were not given yet, on the pages without masks, and orders
    copies."""
    day, items = today_number(), items_of(session, request)
    account, open_now = session.get_one(Account, request.account_id), _open_now(session, items)
    copies = every_copy(session, request.id)
    for item, record in items:
        needless = item.grant_id is not None or record.id in open_now
        if item.answer != "granted" or item.until < day or needless:
            continue
        beside = beside_masks(copies, item, record)
        if beside and not beside.read:
            continue  # the copy only
        try:
            made = deciding.grant(
                session, account.name, record.public_id, (day, item.until), actor=SYSTEM, ground=item.ground,
                purpose=request.purpose, copying=item.copying and KINDS[request.kind].copies,
                pages=beside.read if beside else item.pages,
            )  # fmt: skip
        except deciding.DecisionError as error:
            raise RequestError(error.words, "", **error.values) from error
        item.grant_id = made.id
    session.flush()
    if grade := GRADES.get(request.kind):
        order(session, request, grade)


def _check_masks(session: Session, request: ReadingRequest, item: RequestItem, record: Record) -> None:
    """Refuses a grant on a whole in which a record with masks lies; what everyone may read needs none."""
    if item.answer != "granted" or item.pages or cover(session, [record])[record.id].is_open(today_number()):
        return
    if inside := masked_below(session, request, record):
        words = said("“%(record)s” chứa “%(inside)s” đang có chỗ che: hãy cho đọc từng văn bản, hoặc bỏ chỗ che.")
        raise RequestError(words, f"tra-loi-{item.record_id}", record=record.code, inside=inside.code)


def _wrong(record: Record, answer: Answer) -> Iterator[RequestError]:
    day, period, ground = today_number(), term("reading.days", today_number()), " ".join(answer.ground.split())
    own = str(record.id)
    if answer.until and not day <= answer.until <= period.end(day):
        last = date.fromordinal(period.end(day))
        told = {"record": record.code, "day": f"{last:%d/%m/%Y}", "basis": period.basis}
        yield RequestError("“%(record)s”: chỉ được đọc từ hôm nay đến %(day)s (%(basis)s).", f"den-{own}", **told)
    if answer.pages:
        try:
            read_pages(answer.pages, record.page_count)
        except PagesError as error:
            yield RequestError("“%(record)s”: %(why)s", f"trang-{own}", record=record.code, why=error)
    if not 0 <= answer.sheets <= MOST:
        words = said("“%(record)s”: số trang đếm được phải từ 0 đến %(n)s.")
        yield RequestError(words, f"to-{own}", record=record.code, n=MOST)
    if not ground or len(ground) > LONGEST_REASON:
        yield RequestError("“%(record)s”: cần ghi căn cứ hoặc lý do.", f"can-cu-{own}", record=record.code)


def _note(item: RequestItem, answer: Answer) -> None:
    ground, item.sheets = " ".join(answer.ground.split()), answer.sheets
    item.answer, item.ground = ("granted", ground) if answer.until else ("refused", ground)
    item.until, item.copying = answer.until, answer.copying
    item.pages = "".join(answer.pages.split()) if answer.until else ""
