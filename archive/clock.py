"""The archive's clock: what day it is in Viet Nam, and now in UTC.

A day begins at 00:00 Asia/Ho_Chi_Minh; records open by it.  ``VANKHO_NOW`` fixes it in tests and demonstrations.
Days are proleptic Gregorian ordinals (``date.toordinal``), so that periods compare as integers on any database.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from archive.settings import settings

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    fixed = settings().now
    if fixed is None:
        return datetime.now(UTC)
    return (fixed if fixed.tzinfo else fixed.replace(tzinfo=VIET_NAM)).astimezone(UTC)


def today() -> date:
    """The calendar day in Viet Nam."""
    return now().astimezone(VIET_NAM).date()


def today_number() -> int:
    """The calendar day in Viet Nam as a day number."""
    return today().toordinal()


def seconds_left(done: int, total: int, spent: float) -> int | None:
    """Seconds until the rest of ``total`` is done, at the pace of what was done in ``spent`` seconds; None: unknown."""
    return round(spent / done * max(0, total - done)) if done > 0 and total > 0 else None
