"""What a reader hears of his requests by e-mail: every step at once, all of a day in one letter, or only what he must
do and how it ended (letters that the procedure owes him), as he chose.

A letter names the request's code only; what it says is composed when it is sent (desk.request_letters).
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest, RequestEvent
from archive.identity.registration import send_letter

CHOICES = ("each", "daily", "none")
#: States of which a reader is told: what he must do, and ends.
OWED = frozenset({"supplement", "payment"})
ENDS = frozenset({"resolved", "refused"})
EACH = OWED | ENDS | {"received", "approval", "making", "returned", "withdrawn"}


def tell_reader(session: Session, request: ReadingRequest) -> None:
    """Writes a letter to be sent about the state the request is in now, if its reader has an address and wants it."""
    account = session.get_one(Account, request.account_id)
    wanted = {"each": EACH, "daily": frozenset[str]()}.get(account.notices, OWED | ENDS)
    if account.email and account.active and request.state in wanted:
        send_letter(
            session, "request", account.email, "vi", account=account.id, request=request.code, state=request.state
        )


def choose(session: Session, account: Account, wish: str) -> None:
    """Notes the account's choice; letters of the day tell of what happens from now on."""
    if wish == "daily" and account.notices != "daily":
        account.told_event = session.scalar(select(func.max(RequestEvent.id))) or 0
    account.notices = wish


def write_news(session: Session) -> int:
    """Writes the letter of the day to each reader who wants one and in whose requests something happened since the
    last; returns how many.  Done twice it does nothing more."""
    last = select(ReadingRequest.account_id, func.max(RequestEvent.id).label("event"))
    newest = last.join(RequestEvent, RequestEvent.request_id == ReadingRequest.id).group_by(ReadingRequest.account_id)
    found = newest.subquery()
    wanting = select(Account, found.c.event).join(found, found.c.account_id == Account.id).where(
        Account.notices == "daily", Account.role == "reader", Account.active.is_(True), Account.email.is_not(None),
        found.c.event > Account.told_event,
    )  # fmt: skip
    rows = session.execute(wanting).all()
    for account, event in rows:
        if account.email:
            send_letter(session, "news", account.email, "vi", account=account.id, after=account.told_event, last=event)
        account.told_event = event
    return len(rows)
