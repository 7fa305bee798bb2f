"""Trying again what failed: after pauses that grow, and not for ever without a person."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from archive.clock import now

#: Minutes between attempts, the last one again and again.
PAUSES = (1, 2, 5, 15, 30, 60, 120)
MOST_ATTEMPTS = 8
"""So many attempts of work that fails or kills its process; then it waits for a person."""


def next_attempt(attempts: int) -> datetime:
    """When work that was tried so often (1 and more) is due again."""
    return now() + timedelta(minutes=PAUSES[min(attempts, len(PAUSES)) - 1])


def is_due(column: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """SQL: the moment kept there has come, or lies farther ahead than any pause: a clock that ran ahead wrote it and
    was set right since."""
    at = now()
    return or_(column <= at, column > at + timedelta(minutes=max(PAUSES)))
