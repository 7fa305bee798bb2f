"""Who sees the evidence of a request: who asked, and the officers of that request, nobody else of the staff."""

from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.catalogue.requests import ReadingRequest
from desk.chains import STAFF, deciders, missing_consent
from desk.delegation import acting_role


def may_see_evidence(session: Session, request: ReadingRequest, viewer: Viewer) -> bool:
    """Whether an officer sees the evidence: who took the request up, who decides (or who deputises), who
    wrote it down until somebody takes it up, and who is to consent while it waits for that."""
    role = acting_role(session, viewer, request)
    if role not in STAFF:
        return False
    if viewer.name == request.officer or (not request.officer and viewer.name == request.entered_by):
        return True
    if role in deciders(session, request):
        return True
    if request.state != "approval":
        return False
    due = missing_consent(session, request)
    return due is not None and due.consent == role
