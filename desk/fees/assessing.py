"""What a request costs: told before it is sent, written once when it is decided."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.fees import Bill, BillLine
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import now, today_number
from archive.terms import term
from desk.copies.recordings import recordings_in
from desk.covered import Covered, asked_for
from desk.fees import settling
from desk.fees.counting import Extent, counted, posted
from desk.fees.references import new_reference
from desk.fees.tariff import ITEMS, POSTAGE, SURE, Fee, fee, reduction
from desk.kinds import KINDS

MOST = 100_000  # of one item


@dataclass(frozen=True, slots=True)
class Line:
    """So many of an item, and what they cost in đồng."""

    fee: Fee
    count: int

    @property
    def amount(self) -> int:
        """In đồng, before any reduction."""
        return self.fee.price * self.count


@dataclass(frozen=True, slots=True)
class Estimate:
    """Lines, what is taken off and by what basis, what remains to be paid; in đồng.  ``sure``: none of it is a
    figure that still has to be confirmed."""

    lines: tuple[Line, ...]
    reduction: int
    ground: str
    total: int
    sure: bool


def estimate(kind: str, counts: Mapping[str, int], who: str, day: int) -> Estimate:
    """What so many of each item cost on that day for that class of people (feeObjectType; "": pays whole).

    A share of a đồng is given to the reader.  KeyError for an item that the tariff does not have or that is none of
    the kind of request (reading, copy), ValueError for a count that is none.
    """
    lines, less = [], reduction(who, day)
    for item, count in counts.items():
        if not item.startswith(ITEMS[kind]):
            raise KeyError(item)
        if not 0 <= count <= MOST:
            raise ValueError(f"{item}: {count}")
        if count:
            lines.append(Line(fee(item, day), count))
    whole = sum(one.amount for one in lines)
    reducible = sum(one.amount for one in lines if one.fee.item != POSTAGE)
    taken = -(-reducible * less.percent // 100) if less else 0
    sure = all(one.fee.sure in SURE for one in lines) and (less is None or not taken or less.sure in SURE)
    return Estimate(tuple(lines), taken, less.basis if less and taken else "", whole - taken, sure)


def assess(
    session: Session, request: ReadingRequest, lines: Mapping[str, int] | None = None, *, who: str = "",
    actor: str = "system",
) -> Bill:  # fmt: skip
    """The bill of a request, written by the first call and given back by every other, in the caller's transaction.

    ``lines``: how many of each item, where staff counted; else those of the records not refused.  A bill of nothing
    is settled at once, and the hooks (desk.fees.settling) are called.  Errors as of :func:`estimate`.
    """
    session.execute(select(ReadingRequest.id).where(ReadingRequest.id == request.id).with_for_update())
    if there := bill_of(session, request):
        return there
    day = today_number()
    told = estimate(request.kind, _counts(session, request, day) if lines is None else lines, who, day)
    made = Bill(
        code=_free_reference(session), request_id=request.id, total=told.total, reduction=told.reduction,
        payer_class=who, ground=told.ground, state="due", made_at=now(), due_on=term("payment.days", day).end(day),
        paid_at=None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(_line(made.id, n, one) for n, one in enumerate(told.lines, 1))
    record_event(session, actor, "bill-assessed", request=request.code, bill=made.code, total=made.total)
    settling.settle(session, made, actor)
    return made


def bill_of(session: Session, request: ReadingRequest) -> Bill | None:
    """The bill of a request, if it has one."""
    return session.scalar(select(Bill).where(Bill.request_id == request.id))


def lines_of(session: Session, bill: Bill) -> list[BillLine]:
    """The lines of a bill, in their order."""
    return list(session.scalars(select(BillLine).where(BillLine.bill_id == bill.id).order_by(BillLine.n)))


def expected(session: Session, request: ReadingRequest, who: str = "") -> Estimate:
    """What will be owed for what was not refused of the request by that class of people."""
    return expected_by(session, request, [who])[who]


def expected_by(
    session: Session, request: ReadingRequest, classes: Iterable[str], whole: Mapping[int, Covered] | None = None
) -> dict[str, Estimate]:
    """The same by each of these classes.  ``whole``: what the records stand for, where it was read already."""
    day = today_number()
    counts = _counts(session, request, day, whole)
    return {who: estimate(request.kind, counts, who, day) for who in classes}


def settled(session: Session, request: ReadingRequest) -> bool:
    """Whether the request has a bill and nothing of it is owed any more."""
    bill = bill_of(session, request)
    return bill is not None and bill.state == "paid"


def _line(bill_id: int, n: int, one: Line) -> BillLine:
    fee = one.fee
    told = {"item": fee.item, "unit": fee.unit, "price": fee.price, "basis": fee.basis, "sure": fee.sure}
    return BillLine(bill_id=bill_id, n=n, count=one.count, amount=one.amount, **told)


def _counts(
    session: Session, request: ReadingRequest, day: int, whole: Mapping[int, Covered] | None = None
) -> dict[str, int]:
    asked = select(RequestItem).where(RequestItem.request_id == request.id, RequestItem.answer != "refused")
    kept = session.scalars(asked).all()
    extents = {item.record_id: Extent(item.pages if item.answer else item.pages_asked, item.sheets) for item in kept}
    whole = {n: one for n, one in (whole or asked_for(session, request)).items() if n in extents}
    # who asked for a copy and may only read pays for reading
    apart = {item.record_id for item in kept if item.answer == "granted" and not item.copying}
    apart = apart if KINDS[request.kind].copies else set()
    taken = [one for number, one in whole.items() if number not in apart]
    heard = recordings_in(session, [part for one in taken for part in one.digitised])
    total = Counter(counted(taken, request.kind, day, extents, request.paper_copies, heard))
    total.update(counted([whole[number] for number in apart], "reading", day, extents))
    return dict(total) | posted(taken, request.kind, request.paper_copies, request.post_to)


def _free_reference(session: Session) -> str:
    while True:
        code = new_reference()
        if session.scalar(select(Bill.id).where(Bill.code == code)) is None:
            return code
