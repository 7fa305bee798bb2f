"""What was granted and is still to be made: copies, scans of what was asked to be digitised, copies on paper.

A request is answered when its reader can have the result: until then it is in the making, its term runs, and officers
see it.  Copies and scans end by themselves; copies on paper when an officer says so.
"""

from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.database import reading, writing
from desk.covered import on_paper_only
from desk.handing import has_paper
from desk.revoking import end_all
from desk.states import SYSTEM
from desk.steps import RequestError, StepError, allowed, take_step

Left = Literal["copies", "scans", "paper"]


def _conditions() -> dict[Left, ColumnElement[bool]]:
    """What may be left of a request, each as SQL on the requests table."""
    own = IssuedCopy.request_id == ReadingRequest.id
    granted = (
        select(RequestItem.request_id)
        .join(Record, Record.id == RequestItem.record_id)
        .where(RequestItem.request_id == ReadingRequest.id, RequestItem.answer == "granted", on_paper_only())
    )
    return {
        "copies": exists().where(own, IssuedCopy.state.in_(("waiting", "failed"))),
        "scans": and_(ReadingRequest.kind == "digitisation", exists(granted)),
        "paper": has_paper(),
    }


def left(session: Session, request: ReadingRequest) -> frozenset[Left]:
    """What of a granted request is still to be made: ``copies`` (files), ``scans``, ``paper`` (copies on paper)."""
    asked = _conditions()
    told = session.execute(select(*asked.values()).where(ReadingRequest.id == request.id)).one()
    return frozenset(name for name, waits in zip(asked, told, strict=True) if waits)


def finish(session: Session, request: ReadingRequest, role: str, actor: str) -> None:
    """An officer says that what was to be made on paper is done.  Raises StepError, or RequestError while something is
    left that ends by itself."""
    allowed(session, request, "finish", role, actor)
    waits = left(session, request)
    if "scans" in waits:
        raise RequestError("Tài liệu chưa có trang nào trên hệ thống: quét rồi giao nộp, yêu cầu sẽ tự xong.")
    if "copies" in waits:
        raise RequestError("Còn bản sao điện tử chưa làm xong; làm xong yêu cầu sẽ tự chuyển bước.")
    take_step(session, request, "finish", role, actor)


def finish_made(session: Session, request: ReadingRequest) -> bool:
    """The request is answered if nothing is left to be made; whether it is now."""
    if request.state != "making" or left(session, request):
        return False
    take_step(session, request, "finish", SYSTEM, SYSTEM)
    return True


def finish_all() -> int:
    """The same for every request in the making, each in a transaction of its own; returns how many were answered."""
    ready = select(ReadingRequest.id).where(ReadingRequest.state == "making", ~or_(*_conditions().values()))
    with reading() as session:  # one question: it is asked every few seconds
        done = session.scalars(ready).all()
    ended = 0
    for one in done:
        try:
            with writing() as session:
                ended += finish_made(session, session.get_one(ReadingRequest, one))
        except (StepError, StaleDataError):
            continue  # somebody was quicker
    return ended


def give_up(session: Session, request: ReadingRequest, role: str, actor: str, reason: str) -> None:
    """The head ends what cannot be made: copies are neither made nor fetched any more, what was granted with them ends,
    all money goes back (desk.fees.owing).  Raises StepError, RequestError without its reason."""
    take_step(session, request, "give_up", role, actor, reason)
    end_all(session, request, actor, reason)
