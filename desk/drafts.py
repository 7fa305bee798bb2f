"""What a reader wrote into the form and did not send yet: one draft an account, kept until it is sent."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from archive.catalogue.requests import RequestDraft
from archive.clock import now
from desk.requests import LONGEST_PURPOSE

FIELDS = ("kind", "purpose", "wanted", "requester", "submission")


def save_draft(session: Session, account_id: int, form: Mapping[str, str]) -> None:
    """Keeps the fields of the form in place of those kept before."""
    kept = {name: form.get(name, "")[: 2 * LONGEST_PURPOSE] for name in FIELDS}
    draft = session.get(RequestDraft, account_id, with_for_update=True)
    if draft is None:
        session.add(RequestDraft(account_id=account_id, form=kept, saved_at=now()))
    else:
        draft.form, draft.saved_at = kept, now()


def draft_of(session: Session, account_id: int) -> RequestDraft | None:
    """The draft of an account."""
    return session.get(RequestDraft, account_id)
