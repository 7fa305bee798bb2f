"""What happened to a reader's requests since he last looked, and how he says it was."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.requests import ReadingRequest, RequestEvent
from desk.states import OPEN
from desk.steps import RequestError

LONGEST_NOTE = 1_000


def with_news(session: Session, account_id: int) -> set[int]:
    """The requests of an account in which a step was taken since he looked at them."""
    last = select(RequestEvent.request_id, func.max(RequestEvent.id).label("last")).group_by(RequestEvent.request_id)
    newest = last.subquery()
    rows = (
        select(ReadingRequest.id)
        .join(newest, newest.c.request_id == ReadingRequest.id)
        .where(ReadingRequest.account_id == account_id, newest.c.last > ReadingRequest.seen_event)
    )
    return set(session.scalars(rows))


def mark_seen(session: Session, request: ReadingRequest) -> None:
    """Notes that the reader looks at all that happened until now."""
    last = session.scalar(select(func.max(RequestEvent.id)).where(RequestEvent.request_id == request.id)) or 0
    if last > request.seen_event:
        request.seen_event = last


def rate(session: Session, request: ReadingRequest, points: str, words: str) -> None:
    """The reader says how it was, 1 to 5, and perhaps why, once it is over.  Raises RequestError."""
    if request.state in OPEN:
        raise RequestError("Chỉ đánh giá được khi yêu cầu đã xong.")
    if points not in {"1", "2", "3", "4", "5"}:
        raise RequestError("Chọn từ 1 đến 5.", "diem")
    request.rating, request.rating_note = int(points), " ".join(words.split())[:LONGEST_NOTE]
    session.flush()
