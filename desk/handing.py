"""Results that are handed out at the desk or posted: copies on paper, and what was asked by people who came or wrote.

They wait with a slip: signed when they are fetched, sent along where the reader wants them by post (number of copies:
TT 10/2014/TT-BNV Annex VI).  A refusal goes on the same slip, with its ground and what can be done: who came or wrote
may have no other way to learn of it.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestItem
from archive.clock import VIET_NAM, today_number
from archive.terms import Term, term
from desk.covered import cover, on_paper_only
from desk.fees.assessing import bill_of
from desk.fees.receipts import receipt_of, shown
from desk.kinds import KINDS
from desk.printing import GONE, FilledForm, form_lines
from desk.requests import events_of, items_of

SLIP = "result"  # as a kind of form
ANSWERED = frozenset({"resolved", "returned", "refused"})
OF_REFUSAL = frozenset({"refused", "remedies"})  # lines that stand there only where something is refused


def has_paper() -> ColumnElement[bool]:
    """Requests of which something that is granted is copied on paper."""
    granted = (
        select(RequestItem.request_id)
        .join(Record, Record.id == RequestItem.record_id)
        .where(RequestItem.request_id == ReadingRequest.id, RequestItem.answer == "granted", RequestItem.copying)
    )
    return and_(
        ReadingRequest.kind.in_([name for name, kind in KINDS.items() if kind.paper]),
        or_(
            and_(ReadingRequest.paper_copies > 0, exists(granted)),
            exists(granted.where(on_paper_only())),
        ),
    )


def waits_to_be_handed() -> ColumnElement[bool]:
    """Requests that are granted and whose result somebody has to hand over."""
    given = [name for name, kind in KINDS.items() if kind.copies or not kind.records]
    came = and_(ReadingRequest.channel != "online", ReadingRequest.kind.in_(given))
    return and_(ReadingRequest.state == "resolved", or_(has_paper(), came))


def is_to_be_handed(session: Session, request: ReadingRequest) -> bool:
    """Whether the result of this request waits at the desk."""
    asked = select(ReadingRequest.id).where(ReadingRequest.id == request.id, waits_to_be_handed())
    return session.scalar(asked) is not None


def hands_files(session: Session, officer: Viewer, request: ReadingRequest) -> bool:
    """Whether staff fetch the files of its copies to hand them over: of who came or wrote, who may have no way to sign
    in, until it is noted that they were handed over; nobody his own."""
    mine = session.scalar(select(Account.name).where(Account.id == request.account_id)) == officer.name
    return officer.is_staff and not mine and request.channel != "online" and is_to_be_handed(session, request)


def paper_records(session: Session, request: ReadingRequest) -> list[Record]:
    """Of what was granted with a copy, the records of which any is on paper only: that is copied on paper, and no file
    is ever made of it."""
    granted = [record for item, record in items_of(session, request) if item.answer == "granted" and item.copying]
    whole = cover(session, granted) if KINDS[request.kind].paper else {}
    return [one.record for one in whole.values() if one.is_on_paper]


def fill_slip(session: Session, viewer: Viewer, request: ReadingRequest) -> FilledForm | None:
    """The slip by which results go to who asked, as the viewer may read it; None before it is answered."""
    if request.state not in ANSWERED:
        return None
    account, bill = session.get_one(Account, request.account_id), bill_of(session, request)
    receipt = receipt_of(session, bill) if bill else None
    given = session.scalar(
        select(RequestEvent).where(RequestEvent.request_id == request.id, RequestEvent.after == "returned")
    )
    told = {
        "person": account.full_name or account.name if not account.erased_at else request.asker,
        "behalf": request.behalf,
        "post": request.post_to,
        "fee": f"{bill.total:,} đồng".replace(",", ".") if bill else "",
        "receipt": shown(receipt) if receipt else "",
        "resolved": _moment(request.ended_at) if request.ended_at else "",
        "handed": f"{_moment(given.at)} ({given.actor})" if given else "",
    }
    filled: dict[str, tuple[str, ...]] = {name: (text,) for name, text in told.items() if text}
    filled["results"] = tuple(_results(session, viewer, request))
    if refused := _refused(session, viewer, request):
        filled |= {"refused": tuple(refused), "remedies": tuple(_remedies(request))}
    lines = [
        one for one in form_lines(SLIP, request.received_at.toordinal())
        if one.kind == SLIP and (one.field in filled or one.field not in OF_REFUSAL)
    ]  # fmt: skip
    return FilledForm(request.code, tuple((one, filled.get(one.field, ())) for one in lines))


def _results(session: Session, viewer: Viewer, request: ReadingRequest) -> list[str]:
    """What is handed out, a line for each record that was granted; of information, that it is the answer."""
    if request.state == "refused":
        return ["không có: yêu cầu bị từ chối"]
    day, kind, lines = today_number(), KINDS[request.kind], []
    items = items_of(session, request)
    whole = cover(session, [record for _item, record in items])
    for item, record in items:
        if item.answer != "granted" or (kind.copies and not item.copying):
            continue
        named = ", ".join(one for one in (record.code, record.number, record.title) if one)
        pages = f"; trang {item.pages}" if item.pages else f"; {item.sheets} trang" if item.sheets else ""
        many = max(request.paper_copies, 1) if whole[record.id].is_on_paper else request.paper_copies
        paper = f"; {many:02d} bản giấy" if kind.paper and many else ""
        lines.append(f"{named}{pages}{paper}" if may(viewer, "see", record, day) else f"{GONE}{paper}")
    return lines or ["văn bản trả lời"]


def _refused(session: Session, viewer: Viewer, request: ReadingRequest) -> list[str]:
    """What was refused, each record with its ground."""
    day, items = today_number(), items_of(session, request)
    if not items:
        return [one.reason for one in events_of(session, request) if one.after == "refused"]
    return [
        f"{record.code if may(viewer, 'see', record, day) else GONE}: {item.ground}"
        for item, record in items if item.answer == "refused"
    ]  # fmt: skip


def remedies() -> dict[str, Term]:
    """How long who was refused may complain, complain again, sue."""
    return {name: term(name, today_number()) for name in ("appeal.days", "appeal.again", "appeal.court")}


def _remedies(request: ReadingRequest) -> list[str]:
    """What can be done against a refusal, within which terms, by which law."""
    first, again, court = remedies().values()
    return [
        f"Khiếu nại đến người đứng đầu Trung tâm trong {first.value} ngày kể từ ngày nhận được trả lời này "
        f"({first.basis}); đơn ghi ngày, họ tên, địa chỉ, mã yêu cầu {request.code[:8]}, điều khiếu nại và lý do, có "
        "chữ ký hoặc điểm chỉ; hoặc đến trình bày trực tiếp.",
        f"Không đồng ý với trả lời khiếu nại, hoặc quá hạn mà không có trả lời: khiếu nại lần hai đến Sở Nội vụ trong "
        f"{again.value} ngày ({again.basis}).",
        f"Hoặc khởi kiện tại Tòa án có thẩm quyền trong {court.value} năm kể từ ngày nhận được trả lời này "
        f"({court.basis}).",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIET_NAM):%H:%M ngày %d/%m/%Y}"
