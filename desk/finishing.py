"""What was granted and is still to be made: copies, scans of what was asked to be digitised, copies on paper.

A request is answered when its reader can have the result: until then it is in the making, its term runs, and officers
see it.  Copies and scans end by themselves; copies on paper when an officer says so.
"""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive import deciding
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Grant
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import today_number
from archive.database import reading, writing
from desk.covered import cover
from desk.kinds import KINDS
from desk.requests import items_of
from desk.states import SYSTEM
from desk.steps import RequestError, StepError, allowed, take_step

Left = Literal["copies", "scans", "paper"]


def left(session: Session, request: ReadingRequest) -> frozenset[Left]:
    """What of a granted request is still to be made: ``copies`` (files), ``scans``, ``paper`` (copies on paper)."""
    found: set[Left] = set()
    unmade = select(IssuedCopy.id).where(
        IssuedCopy.request_id == request.id, IssuedCopy.state.in_(("waiting", "failed"))
    )
    if session.scalar(unmade.limit(1)) is not None:
        found.add("copies")
    kind, granted = KINDS[request.kind], [one for one in items_of(session, request) if one[0].answer == "granted"]
    whole = cover(session, [record for _item, record in granted])
    for item, record in granted:
        on_paper = whole[record.id].is_on_paper
        if request.kind == "digitisation" and on_paper:
            found.add("scans")
        if kind.paper and item.copying and (request.paper_copies or on_paper):
            found.add("paper")
    return frozenset(found)


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
    with reading() as session:
        waiting = session.scalars(select(ReadingRequest).where(ReadingRequest.state == "making")).all()
        done = [one.id for one in waiting if not left(session, one)]
    ended = 0
    for one in done:
        try:
            with writing() as session:
                ended += finish_made(session, session.get_one(ReadingRequest, one))
        except (StepError, StaleDataError):
            continue  # somebody was quicker
    return ended


def give_up(session: Session, request: ReadingRequest, role: str, actor: str, reason: str) -> None:
    """The head ends what cannot be made: copies are not made any more, what was granted with them ends, money goes back
    (desk.fees.owing).  Raises StepError, RequestError without its reason."""
    take_step(session, request, "give_up", role, actor, reason)
    for copy in session.scalars(select(IssuedCopy).where(IssuedCopy.request_id == request.id)):
        if copy.state in {"waiting", "failed"}:
            copy.state, copy.next_at = "expired", None
    given = select(Grant.id).join(RequestItem, RequestItem.grant_id == Grant.id).where(
        RequestItem.request_id == request.id, Grant.revoked.is_(None), Grant.valid_to >= today_number()
    )  # fmt: skip
    for one in session.scalars(given).all():
        deciding.revoke(session, one, actor=actor, ground=" ".join(reason.split()))
