"""Noting a consent that a request needs before it is decided (desk.chains)."""

from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.requests import ReadingRequest, RequestConsent
from archive.clock import now
from desk.chains import deciders, given, missing_consent
from desk.steps import LONGEST_REASON, RequestError, StepError, allowed, move


def consent(session: Session, request: ReadingRequest, role: str, actor: str, reference: str) -> None:
    """Notes the next consent, with the number and day of the paper that gives it.  Raises StepError, RequestError."""
    step = allowed(session, request, "consent", role, actor)
    due, reference = missing_consent(session, request), " ".join(reference.split())
    if due is None:
        raise StepError("Yêu cầu này không chờ ý kiến nào nữa; hãy xem lại trang.")
    if not due.name and role not in {due.consent, *deciders(session, request)}:
        raise StepError("Ý kiến này không do bạn cho; hãy xem lại trang.")
    if not reference or len(reference) > LONGEST_REASON:
        raise RequestError("Cần ghi số, ngày của văn bản đồng ý (hoặc ý kiến).", "ly-do")
    session.add(
        RequestConsent(
            request_id=request.id, round=request.round, ordinal=len(given(session, request)) + 1,
            approver=due.consent, actor=actor, at=now(), reference=reference,
        )
    )  # fmt: skip
    move(session, request, step, actor, f"{due.name}: {reference}" if due.name else reference)
    record_event(session, actor, "request-consent", request=request.code, ground=reference, approver=due.consent)
