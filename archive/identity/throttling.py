"""How guessing is slowed, for all processes together, without shutting out who did nothing wrong.

Three counts over fifteen minutes.  A *name* on a device that never signed in to it: 10 failures, and only devices that
did may go on (so nobody locks out somebody else by guessing).  A *device* known for a name: 10 failures of its own.  An
*address*: 50 failures, and 20 more for each different name that signed in from it meanwhile (a mobile network puts
thousands of people behind one address, and most of them know their passwords); devices known for a name go on.
"""

import hashlib
import unicodedata
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from archive.catalogue.sign_in import SignInAttempt
from archive.clock import now

MOST_BY_NAME = 10
MOST_BY_DEVICE = 10
MOST_BY_ADDRESS = 50
MORE_BY_GOOD_NAME = 20
WINDOW = timedelta(minutes=15)


def name_digest(name: str) -> str:
    """What is kept of a typed name."""
    return hashlib.sha256(unicodedata.normalize("NFC", name.strip()).encode()).hexdigest()[:32]


def is_throttled(session: Session, name: str, address: str, device: str = "") -> bool:
    """Whether another attempt must wait.  ``name`` and ``device`` are digests; the device empty unless known for it."""
    if device:
        return _count(session, SignInAttempt.name == name, SignInAttempt.device == device) > MOST_BY_DEVICE
    if _count(session, SignInAttempt.name == name, SignInAttempt.device == "") > MOST_BY_NAME:
        return True
    if not address or _count(session, SignInAttempt.address == address) <= MOST_BY_ADDRESS:
        return False
    good = session.scalar(
        select(func.count(SignInAttempt.name.distinct())).where(
            SignInAttempt.at > now() - WINDOW, SignInAttempt.address == address, SignInAttempt.success
        )
    )
    allowed = MOST_BY_ADDRESS + MORE_BY_GOOD_NAME * (good or 0)
    return _count(session, SignInAttempt.address == address) > allowed


def note_attempt(session: Session, name: str, address: str, device: str, *, success: bool) -> None:
    """Adds an attempt; it is kept as long as the rule says (desk.retention)."""
    session.add(SignInAttempt(at=now(), name=name, address=address, device=device, success=success))


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    found = select(func.count()).select_from(SignInAttempt)
    return session.scalar(found.where(SignInAttempt.at > now() - WINDOW, ~SignInAttempt.success, *which)) or 0
