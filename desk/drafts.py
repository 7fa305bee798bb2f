"""What a reader wrote into the form and did not send yet: one draft an account, kept until it is sent."""

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from archive.catalogue.requests import RequestDraft
from archive.clock import now
from desk.requests import LONGEST_PURPOSE

FIELDS = ("kind", "purpose", "wanted", "requester", "submission", "payer", "paper", "post_to")


class DraftChangedError(ValueError):
    """The draft was saved elsewhere (another tab, another device) since this form was opened."""


def edition(draft: RequestDraft | None) -> str:
    """Which draft a form was filled with: a digest of what is kept; "" for none."""
    if draft is None:
        return ""
    return hashlib.sha256(json.dumps(draft.form, sort_keys=True).encode()).hexdigest()[:16]


def save_draft(session: Session, account_id: int, form: Mapping[str, str], seen: str) -> None:
    """Keeps the fields of the form in place of those kept before, if it was filled with them (``seen``, edition).
    Raises DraftChangedError: nobody's words go unseen."""
    kept = {name: form.get(name, "")[: 2 * LONGEST_PURPOSE] for name in FIELDS}
    draft = session.get(RequestDraft, account_id, with_for_update=True)
    if draft is None:
        session.add(RequestDraft(account_id=account_id, form=kept, saved_at=now()))
    elif seen != edition(draft) and kept != draft.form:
        raise DraftChangedError
    else:
        draft.form, draft.saved_at = kept, now()


def draft_of(session: Session, account_id: int) -> RequestDraft | None:
    """The draft of an account."""
    return session.get(RequestDraft, account_id)
