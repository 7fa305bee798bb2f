"""Counts that are dear: remembered by who asked, on which day, of which state of the catalogue.

A file of 100,000 documents is counted once for a state, not at every look.  Every change to the catalogue commits with
a row of the outbox, so the end of that log names the state: what is remembered is exact, never merely recent.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.outbox import end_of_log

MOST = 4_096

_Counted = TypeVar("_Counted")
_lock = threading.Lock()
_kept: OrderedDict[Hashable, Any] = OrderedDict()


def remembered(session: Session, viewer: Viewer, day: int, what: Hashable, count: Callable[[], _Counted]) -> _Counted:
    """``count()``, or what it gave for the same viewer's tags, day, state and ``what`` (a name and row ids)."""
    # The state is read before the counting: what is counted may be newer than its name, never older
    key = (str(session.get_bind().engine.url), end_of_log(session), viewer.tags, day, what)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast(_Counted, _kept[key])
    value = count()
    with _lock:
        _kept[key] = value
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return value
