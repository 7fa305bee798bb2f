"""The days of a request from its receipt to its due day: which count, and the number of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from archive.catalogue.requests import ReadingRequest, RequestEvent
from archive.clock import VIET_NAM
from archive.working_days import is_working_day
from desk.states import OPEN, WAITS_FOR_READER

LONGEST = 42  # days that are shown, the last ones: a request may rest for months

Kind = Literal["received", "off", "stopped", "counted", "due"]


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day number and what it is to the term; ``number`` is which day of the term it is, 0 where it does not count."""

    day: int
    kind: Kind
    number: int


def counted_days(request: ReadingRequest, events: Sequence[RequestEvent]) -> list[CountedDay]:
    """The days up to the due day, both ends included; none where the term rests or has ended."""
    if request.state not in OPEN or request.paused_on is not None:
        return []
    received = request.received_at.astimezone(VIET_NAM).date().toordinal()
    stopped = _stopped(events)
    found, number = [CountedDay(received, "received", 0)], 0
    for day in range(received + 1, request.due_on + 1):
        if day in stopped:
            found.append(CountedDay(day, "stopped", 0))
        elif is_working_day(day):
            number += 1
            found.append(CountedDay(day, "due" if day == request.due_on else "counted", number))
        else:
            found.append(CountedDay(day, "off", 0))
    return found[-LONGEST:]


def _stopped(events: Sequence[RequestEvent]) -> set[int]:
    """The days after which the reader was asked, up to the day he answered (desk.steps.move adds what was left)."""
    days: set[int] = set()
    for asked, answered in pairwise(events):
        if asked.after in WAITS_FOR_READER:
            first, last = (one.at.astimezone(VIET_NAM).date().toordinal() for one in (asked, answered))
            days.update(range(first + 1, last + 1))
    return days
