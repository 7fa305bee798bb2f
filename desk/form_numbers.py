"""The number of the form that a reader has open: one until it is sent, in however many tabs, on however many devices.

Two tabs that send the same form make one request; after it, the next form has another number.  It is told to its owner
only and cannot be guessed.
"""

import hashlib
import hmac

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.requests import ReadingRequest
from archive.identifiers import identifier_of


def form_number(session: Session, account_id: int, secret: str) -> str:
    """The number of the next request that the account sends."""
    own = select(func.max(ReadingRequest.id)).where(
        ReadingRequest.account_id == account_id, ReadingRequest.entered_by == ""
    )
    told = f"form {account_id} {session.scalar(own) or 0}".encode()
    return identifier_of(int.from_bytes(hmac.new(secret.encode(), told, hashlib.sha256).digest()[:16]))
