"""What a reader hears of his requests by e-mail: every step that concerns him, only ends, or nothing, as he chose.

A letter names the request's code only; what it says is composed when it is sent (desk.request_letters).
"""

from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.identity.registration import send_letter

CHOICES = ("each", "ends", "none")
#: States of which a reader is told: what he must do, and ends.
OWED = frozenset({"supplement", "payment"})
ENDS = frozenset({"resolved", "refused"})
EACH = OWED | ENDS | {"received", "approval", "returned", "withdrawn"}


def tell_reader(session: Session, request: ReadingRequest) -> None:
    """Writes a letter to be sent about the state the request is in now, if its reader has an address and wants it."""
    account = session.get_one(Account, request.account_id)
    wanted = EACH if account.notices == "each" else OWED | ENDS if account.notices == "ends" else frozenset()
    if account.email and account.active and request.state in wanted:
        send_letter(
            session, "request", account.email, "vi", account=account.id, request=request.code, state=request.state
        )
