"""What a payment gateway tells us: a signed notice of money, read once.

The signature is HMAC-SHA256 over ``<timestamp>.<body>`` in hexadecimal digits, the timestamp in seconds of Unix time.
A notice of another time is refused, so that one that was overheard is of no use; one that is told twice within the
window is known by its reference (desk.fees.taking).
"""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from desk.fees.taking import LONGEST_OUTSIDE, LONGEST_TOLD, MOST, Money

WINDOW = 300  # seconds before and after our clock
LARGEST = 16 * 1024


class ForgedError(ValueError):
    """Not signed with our secret, or not now."""


class UnreadableError(ValueError):
    """Signed, but no notice: the text says what is wrong."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a notice."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def read_notice(secret: str, timestamp: str, signed: str, body: bytes, moment: datetime) -> Money:
    """The money that a notice tells of: a JSON object, ``reference`` (the gateway's own), ``amount`` (whole đồng) and
    ``content`` (the text of the transfer).  Raises ForgedError, UnreadableError."""
    plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    wanted = signature(secret, timestamp, body) if plain else ""
    if not plain or not hmac.compare_digest(wanted.encode(), signed.lower().encode()):
        raise ForgedError("signature")
    if abs(moment.timestamp() - int(timestamp)) > WINDOW:
        raise ForgedError("time")
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("body") from error
    if not isinstance(told, dict):
        raise UnreadableError("body")
    reference, amount, content = told.get("reference"), told.get("amount"), told.get("content", "")
    if not isinstance(reference, str) or not 0 < len(reference.strip()) <= LONGEST_OUTSIDE:
        raise UnreadableError("reference")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount < MOST:
        raise UnreadableError("amount")
    if not isinstance(content, str):
        raise UnreadableError("content")
    return Money("gateway", reference.strip(), amount, content[:LONGEST_TOLD])
