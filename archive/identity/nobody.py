"""The account that is nobody's: what is kept without its person belongs to it.  Nobody signs in with it."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.clock import now
from archive.identifiers import new_identifier

NOBODY = "(đã xóa)"


def is_reserved(name: str) -> bool:
    """Whether no living account may bear the name."""
    return name.startswith(NOBODY)


def pseudonym() -> str:
    """A name for one account that was erased: it keeps together what was one person's, and names none."""
    return f"{NOBODY} {new_identifier()[:12]}"


def nobody(session: Session) -> Account:
    """The account, made when it is first needed."""
    found = session.scalar(select(Account).where(Account.name == NOBODY))
    if found is None:
        found = Account(
            name=NOBODY, password_hash="", role="reader", active=False, epoch=secrets.token_hex(16), created=now(),
            erased_at=now(), notices="none",
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found
