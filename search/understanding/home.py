"""Which provinces' archive this is, learned of the places in its catalogue; nothing is told of any of them.

An archive of the whole country has none.  Only the province leaves here, never a name of the catalogue.
"""

import time
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.authorities import Place
from archive.gazetteer import places

MOST_READ = 2_000
SHARE = 0.2
"""Of the places read, what must lie in a province for it to be home."""
FEWEST = 3
"""Places that it takes at least."""
GROWTH = 1.25
"""Read again when there are so many times as many places as when they were read last."""

LOOK_SECONDS = 10.0
"""For so long nobody looks whether it has grown."""

_NEWEST = select(func.max(Place.id))


class Home:
    """Keeps what it learned until the catalogue has grown."""

    def __init__(self) -> None:
        self._read_at, self._looked = -1, 0.0
        self._provinces: frozenset[str] = frozenset()

    def provinces(self, session: Session) -> frozenset[str]:
        """The ids of the provinces of today (`archive.gazetteer`); empty where no province stands out."""
        now = time.monotonic()
        if self._read_at >= 0 and now - self._looked < LOOK_SECONDS:
            return self._provinces
        newest = session.connection().scalar(_NEWEST) or 0
        if self._read_at < 0 or newest > self._read_at * GROWTH or newest < self._read_at:
            names = session.scalars(select(Place.name).order_by(Place.id).limit(MOST_READ))
            self._provinces = home_of(names.all())
            self._read_at = newest
        self._looked = now
        return self._provinces


def home_of(names: Sequence[str]) -> frozenset[str]:
    """The provinces in which at least SHARE of the places lie, of those whose province is certain."""
    known = places()
    counted: Counter[str] = Counter()
    for name in names:
        tops = {top for mention in known.gazetteer.find(name) for own in mention.ids for top in known.tops(own)}
        counted.update(tops if len(tops) == 1 else ())
    least = max(FEWEST, SHARE * counted.total())
    return frozenset(own for own, times in counted.items() if times >= least)
