"""How a record was answered before: beside a request, so that like is answered alike."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.requests import ReadingRequest, RequestItem


@dataclass(frozen=True, slots=True)
class Precedents:
    """Answers to other requests for a record: how many granted it, how many refused it, and the latest request with
    its answer and ground ("" where there is none)."""

    granted: int = 0
    refused: int = 0
    code: str = ""
    answer: str = ""
    ground: str = ""


def precedents(session: Session, request: ReadingRequest, record_id: int) -> Precedents:
    """The answers that other requests got for the record."""
    others = (RequestItem.record_id == record_id, RequestItem.request_id != request.id, RequestItem.answer != "")
    counts: dict[str, int] = {}
    for answer, count in session.execute(select(RequestItem.answer, func.count()).where(*others).group_by("answer")):
        counts[answer] = count
    if not counts:
        return Precedents()
    code, answer, ground = session.execute(
        select(ReadingRequest.code, RequestItem.answer, RequestItem.ground)
        .join(RequestItem, RequestItem.request_id == ReadingRequest.id)
        .where(*others)
        .order_by(ReadingRequest.id.desc())
        .limit(1)
    ).one()
    return Precedents(counts.get("granted", 0), counts.get("refused", 0), code, answer, ground)
