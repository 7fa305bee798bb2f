"""Readers' requests: sending one, and finding those that are there.

Law 33/2024/QH15, TT 05/2025/TT-BNV Article 35 (request with purpose); terms of answer: procedure 1.013932
(config/desk/terms.tsv).  The steps of its way: desk.steps; the decision: desk.decision.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent, RequestItem
from archive.clock import now, today_number
from archive.identifiers import is_identifier, new_identifier
from archive.page_ranges import PagesError, read_pages
from archive.telling import said
from archive.terms import term
from desk.consents import SERVICE, WITHDRAWN, agrees
from desk.covered import Covered, cover
from desk.fees.counting import on_paper
from desk.fees.tariff import reduction
from desk.kinds import CHANNELS, KINDS, REQUESTERS
from desk.states import OPEN
from desk.steps import FormError, RequestError, allowed, is_own, move, note, take_step

LONGEST_PURPOSE = 2_000
LONGEST_ADDRESS = 300
MOST_OPEN = 20  # requests of one reader at a time


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for; ``ids`` are public identifiers, ``submission`` is the form's own number: sent again, it is
    the request that is there already.  ``payer``: who pays less, as declared (desk.fees.tariff); ``paper``: copies on
    paper beside the file, ``post_to`` the address they go to.  ``pages``: by identifier those that are wanted ("1-3,7")
    where it is not the whole."""

    kind: str
    purpose: str
    ids: Sequence[str] = ()
    wanted: str = ""
    requester: str = "citizen"
    submission: str = ""
    payer: str = ""
    paper: int = 0
    pages: Mapping[str, str] = made_by(default_factory=dict)
    post_to: str = ""

    @property
    def address(self) -> str:
        """Where copies on paper are posted to, in one line; "": they are fetched at the desk."""
        return " ".join(self.post_to.split())

    def pages_of(self, public_id: str) -> str:
        """The pages of a record that are wanted, without blanks; "" the whole."""
        return "".join(self.pages.get(public_id, "").split())


@dataclass(frozen=True, slots=True)
class Entry:
    """How a request came: online, or written down by staff for one who came or wrote, for whom, with which papers."""

    channel: str = "online"
    entered_by: str = ""
    behalf: str = ""
    proof: str = ""


class AlreadySentError(RequestError):
    """The form became a request already, and now says something else: ``code`` of that request."""

    def __init__(self, code: str) -> None:
        super().__init__(said("Mẫu này đã được gửi; những gì sửa sau đó chưa gửi."))
        self.code = code


def most_records() -> int:
    """How many files (hồ sơ) one request may name."""
    return term("request.most", today_number()).value


def submit(session: Session, viewer: Viewer, account_id: int, wish: Wish, entry: Entry | None = None) -> ReadingRequest:
    """Receives a request for records that the reader sees.  Raises FormError with all that is wrong,
    AlreadySentError where the form was sent before with something else in it.

    The term is the strictest of what is asked: 7 working days as soon as one record, or a document in a file that is
    asked for, is conditional.
    """
    entry = entry or Entry()
    if wish.submission and (there := _sent(session, account_id, wish, online=not entry.entered_by)):
        return there
    seen = _wished(session, viewer, wish)
    if wrong := list(_faults(session, account_id, wish, entry, seen)):
        raise FormError(wrong)
    records = [one.record for one in seen]
    day, purpose, wanted = today_number(), wish.purpose.strip(), wish.wanted.strip()
    closed = any(not one.is_open(day) for one in cover(session, records).values())
    counted = term("answer.conditional" if closed else KINDS[wish.kind].term, day)
    made = ReadingRequest(
        code=new_identifier(), account_id=account_id, kind=wish.kind, purpose=purpose, received_at=now(),
        due_on=counted.end(day), term=counted.name, state="received", officer="", requester=wish.requester,
        wanted=wanted, submission=wish.submission or None, channel=entry.channel, entered_by=entry.entered_by,
        behalf=entry.behalf, proof=entry.proof,
        payer_class=wish.payer, paper_copies=wish.paper, post_to=wish.address,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        RequestItem(
            request_id=made.id, record_id=one.id, answer="", ground="", pages_asked=wish.pages_of(one.public_id)
        )
        for one in records
    )
    if draft := session.get(RequestDraft, account_id):
        session.delete(draft)
    note(session, made, "", entry.entered_by or viewer.name, "")
    record_event(
        session, entry.entered_by or viewer.name, "request-received", request=made.code, records=len(records),
        channel=entry.channel,
    )  # fmt: skip
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


def officers(session: Session) -> list[str]:
    """Who answers requests: archivists and heads whose accounts are open."""
    rows = select(Account.name).where(Account.role.in_(("archivist", "head")), Account.active.is_(True))
    return list(session.scalars(rows.order_by(Account.name)))


def hand_over(session: Session, request: ReadingRequest, role: str, actor: str, to: str) -> None:
    """Gives the request to another officer.  Raises StepError, RequestError where that is none."""
    step = allowed(session, request, "hand_over", role, actor)
    if to not in officers(session) or to == request.officer or is_own(session, request, to):
        raise RequestError("Chọn một lưu trữ viên khác đang có tài khoản, không phải người yêu cầu.", "nguoi")
    request.officer = to
    move(session, request, step, actor, f"→ {to}")
    record_event(session, actor, "request-hand_over", request=request.code, to=to)


def assign(session: Session, request: ReadingRequest, role: str, actor: str, to: str) -> None:
    """Makes the request that officer's work, taking it up first where nobody has; with "" it is nobody's again.

    Raises StepError, RequestError where there is no such officer.  Who has it already keeps it.
    """
    if request.officer == to:
        return
    if not to:
        take_step(session, request, "release", role, actor)
        return
    if not request.officer:
        take_step(session, request, "take", role, actor)
    if request.officer != to:
        hand_over(session, request, role, actor, to)


def sent_with(session: Session, submission: str) -> ReadingRequest | None:
    """What the form of that number became."""
    return session.scalar(select(ReadingRequest).where(ReadingRequest.submission == submission))


def _sent(session: Session, account_id: int, wish: Wish, *, online: bool) -> ReadingRequest | None:
    """What this form became, or an open request that asks for the very same: browsers fill a form in again when one
    goes back to it, also one with a new number."""
    there = sent_with(session, wish.submission)
    if there is None and not online:
        return None
    if there is None:
        running = select(ReadingRequest).where(
            ReadingRequest.account_id == account_id, ReadingRequest.state.in_(OPEN), ReadingRequest.entered_by == ""
        )
        return next((one for one in session.scalars(running) if _asks_the_same(session, one, wish)), None)
    if there.account_id != account_id:
        raise RequestError("Mẫu này đã được gửi bằng tài khoản khác; hãy mở lại danh sách.")
    if not _asks_the_same(session, there, wish):
        raise AlreadySentError(there.code)
    return there


def _asks_the_same(session: Session, there: ReadingRequest, wish: Wish) -> bool:
    words = (wish.kind, wish.purpose.strip(), wish.wanted.strip(), wish.requester, wish.payer, wish.paper, wish.address)
    sent = (
        there.kind, there.purpose, there.wanted, there.requester, there.payer_class, there.paper_copies, there.post_to
    )  # fmt: skip
    if words != sent:
        return False
    asked = {record.public_id: item.pages_asked for item, record in items_of(session, there)}
    return asked == ({one: wish.pages_of(one) for one in wish.ids} if KINDS[there.kind].records else {})


def faults(
    session: Session, viewer: Viewer, account_id: int | None, wish: Wish, entry: Entry | None = None
) -> list[RequestError]:
    """All that a form asks for and cannot be, in the order of its fields; the account is None while there is none."""
    return list(_faults(session, account_id, wish, entry or Entry(), _wished(session, viewer, wish)))


def _wished(session: Session, viewer: Viewer, wish: Wish) -> list[Covered]:
    """What is asked for, with the documents in it that the viewer sees."""
    if wish.kind not in KINDS or not KINDS[wish.kind].records:
        return []
    return list(cover(session, seen_records(session, viewer, wish.ids), viewer, today_number()).values())


def _faults(
    session: Session, account_id: int | None, wish: Wish, entry: Entry, seen: Sequence[Covered]
) -> Iterator[RequestError]:
    day = today_number()
    if entry.channel not in CHANNELS:
        yield RequestError("Chọn cách yêu cầu đến.", "cach")
    if wish.kind not in KINDS:
        yield RequestError("Chọn một hình thức sử dụng.", "hinh-thuc")
    elif KINDS[wish.kind].records:
        yield from _wrong_records(wish, seen, day)
    yield from _wrong_words(wish)
    if wish.requester not in REQUESTERS:
        yield RequestError("Chọn người yêu cầu là ai.", "nguoi")
    yield from _wrong_pages(wish, [one.record for one in seen])
    yield from _wrong_fee(wish, seen, day)
    running = select(func.count()).select_from(ReadingRequest)
    mine = running.where(ReadingRequest.account_id == account_id, ReadingRequest.state.in_(OPEN))
    if account_id is not None and agrees(session, account_id, SERVICE) is False:
        yield RequestError(WITHDRAWN)
    if account_id is not None and (session.scalar(mine) or 0) >= MOST_OPEN:
        yield RequestError("Bạn đang có %(n)s yêu cầu chưa xong; hãy đợi hoặc rút bớt.", n=MOST_OPEN)


def _wrong_words(wish: Wish) -> Iterator[RequestError]:
    purpose, wanted = wish.purpose.strip(), wish.wanted.strip()
    if not purpose:
        yield RequestError("Cần ghi mục đích sử dụng.", "muc-dich")
    elif len(purpose) > LONGEST_PURPOSE:
        yield RequestError("Mục đích sử dụng dài quá %(n)s ký tự.", "muc-dich", n=LONGEST_PURPOSE)
    if not wanted and wish.kind in KINDS and not KINDS[wish.kind].records:
        yield RequestError("Cần ghi thông tin mà bạn muốn được cung cấp.", "noi-dung")
    elif len(wanted) > LONGEST_PURPOSE:
        yield RequestError("Thông tin cần cung cấp dài quá %(n)s ký tự.", "noi-dung", n=LONGEST_PURPOSE)


def _wrong_records(wish: Wish, seen: Sequence[Covered], day: int) -> Iterator[RequestError]:
    limit = term("request.most", day)
    if not seen:
        yield RequestError("Danh sách chưa có tài liệu nào.", "tai-lieu")
    elif len({one.unit_id for one in seen}) > limit.value:
        told = {"n": limit.value, "basis": limit.basis}
        words = said("Mỗi yêu cầu không quá %(n)s hồ sơ, các văn bản của một hồ sơ tính là một (%(basis)s).")
        yield RequestError(words, "tai-lieu", **told)
    if wish.kind == "digitisation" and (there := [one.record for one in seen if not one.is_on_paper]):
        words = said("%(records)s đã được số hoá; hãy bỏ khỏi yêu cầu này hoặc chọn hình thức khác.")
        yield RequestError(words, "tai-lieu", records=_named(there))
    if wish.kind == "dip" and (paper := [one.record for one in seen if not one.digitised]):
        words = said(
            "%(records)s chỉ có bản giấy, không làm được gói DIP; hãy xin số hoá theo yêu cầu, hoặc cấp bản sao trên "
            "giấy."
        )
        yield RequestError(words, "tai-lieu", records=_named(paper))


def _named(records: Sequence[Record]) -> str:
    return ", ".join(f"“{one.number or one.code}”" for one in records)


def _wrong_pages(wish: Wish, records: Sequence[Record]) -> Iterator[RequestError]:
    for one in records:
        try:
            read_pages(wish.pages_of(one.public_id), one.page_count)
        except PagesError as error:
            told = {"record": one.number or one.code, "why": error}
            yield RequestError("“%(record)s”: %(why)s", f"trang-{one.public_id}", **told)


def _wrong_fee(wish: Wish, seen: Sequence[Covered], day: int) -> Iterator[RequestError]:
    most = term("paper.most", day)
    if not 0 <= wish.paper <= most.value:
        told = {"n": most.value, "basis": most.basis}
        yield RequestError("Số bản giấy từ 0 đến %(n)s (%(basis)s).", "so-ban", **told)
    elif wish.paper and wish.kind in KINDS and not KINDS[wish.kind].paper:
        yield RequestError("Bản giấy chỉ có khi xin cấp bản sao (không phải gói).", "so-ban")
    elif wish.address and wish.kind in KINDS and not on_paper(seen, wish.kind, wish.paper):
        yield RequestError("Qua bưu chính chỉ gửi bản giấy: ghi số bản giấy, hoặc bỏ trống địa chỉ.", "dia-chi")
    if len(wish.address) > LONGEST_ADDRESS:
        yield RequestError("Địa chỉ dài quá %(n)s ký tự.", "dia-chi", n=LONGEST_ADDRESS)
    try:
        check_payer(wish.payer, day)
    except RequestError as error:
        yield error


def check_payer(who: str, day: int) -> None:
    """Raises RequestError where that is no class of people who pay less on that day; "" is everybody else."""
    if who and reduction(who, day) is None:
        raise RequestError("Chọn đối tượng được giảm, miễn phí có trong danh sách.", "doi-tuong")
