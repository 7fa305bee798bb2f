"""A request that ends unpaid: nothing is owed for it any more."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.fees import Bill
from archive.catalogue.requests import ReadingRequest
from desk.fees.settling import balance, cancel


def drop_bill(session: Session, request: ReadingRequest, actor: str) -> None:
    """Cancels the bill of a request that ended before it was paid; where part of it was paid the bill stays, so that
    staff see the money and give it back."""
    bill = session.scalar(select(Bill).where(Bill.request_id == request.id, Bill.state == "due"))
    if bill is not None and not balance(session, bill):
        cancel(session, bill, actor, "Yêu cầu kết thúc trước khi nộp phí.")
