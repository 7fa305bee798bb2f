"""Taking back what a request was granted: money that went back, a right that was used for something else, a mistake.

The head does it, with a reason; what was granted ends at once everywhere, copies that are not fetched yet are not given
any more.  A certified copy that its reader has stays true: it says what was certified that day (desk.copies.verifying).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import deciding
from archive.access import NEVER
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account, Grant
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import today_number
from archive.identity.registration import send_letter
from desk.copies.ordering import every_copy
from desk.steps import StepError, take_step


def running(session: Session, request: ReadingRequest) -> list[int]:
    """The numbers of the request's grants that still run."""
    given = select(Grant.id).join(RequestItem, RequestItem.grant_id == Grant.id).where(
        RequestItem.request_id == request.id, Grant.revoked.is_(None), Grant.ended.is_(None),
        Grant.valid_to >= today_number(),
    )  # fmt: skip
    return list(session.scalars(given.order_by(Grant.id)))


def can_be_revoked(session: Session, request: ReadingRequest, copies: Sequence[IssuedCopy] | None = None) -> bool:
    """Whether there is anything to take back: a grant that runs or a copy that can still be had.  ``copies``: all of
    the request, where they were read already."""
    return bool(_lasting(every_copy(session, request.id) if copies is None else copies) or running(session, request))


def revoke(session: Session, request: ReadingRequest, role: str, actor: str, reason: str) -> None:
    """Ends what the request was granted, and tells its reader.  Raises StepError where nothing runs, RequestError
    without a reason."""
    if request.state in {"resolved", "returned"} and not can_be_revoked(session, request):
        raise StepError("Yêu cầu này không còn gì để thu hồi; hãy xem lại trang.")
    take_step(session, request, "revoke", role, actor, reason)
    end_all(session, request, actor, reason)
    account = session.get_one(Account, request.account_id)
    if account.email and account.active:  # whatever letters he chose: a right of his ends
        send_letter(session, "request", account.email, "vi", account=account.id, request=request.code, state="revoked")


def end_all(session: Session, request: ReadingRequest, actor: str, reason: str) -> None:
    """Ends the request's grants that run, and its copies: none is made or fetched any more."""
    for one in running(session, request):
        deciding.revoke(session, one, actor=actor, ground=" ".join(reason.split()))
    for copy in _lasting(every_copy(session, request.id)):
        if copy.state == "made":
            copy.until = min(copy.until or NEVER, today_number() - 1)  # the daily job deletes it
        else:
            copy.state, copy.next_at = "expired", None


def _lasting(copies: Sequence[IssuedCopy]) -> list[IssuedCopy]:
    """Those that can be had, or are still to be made."""
    return [
        one
        for one in copies
        if one.state in {"waiting", "failed"} or (one.state == "made" and (one.until or 0) >= today_number())
    ]
