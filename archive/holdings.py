"""How much of the holdings one may see is on the screen: what the province's two targets count (MISSION S6; Quyết định
1077/QĐ-UBND: at least 30 % of what is not electronic digitised, 80 % of what is not restricted usable online).

The unit is the document.  No field of the circulars says that a paper is much used, so all of what is not electronic
is counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.catalogue.authorities import Agency
from archive.catalogue.records import Record

ELECTRONIC = "text"  # of the medium: delivered as text, never a sheet of paper or a film here
ON_SHELVES_ONLY = "paper"
UNREAD = ""  # a file was delivered, and there is nothing to look at


@dataclass(frozen=True, slots=True)
class Standing:
    """Documents of a fonds or an agency: all, those not electronic and of these digitised, those that everyone may read
    and of these usable online.  ``id`` is the fonds' public identifier; empty for agencies and sums."""

    name: str = ""
    id: str = ""
    documents: int = 0
    physical: int = 0
    digitised: int = 0
    unrestricted: int = 0
    usable: int = 0


@dataclass(frozen=True, slots=True)
class Holdings:
    """The whole, every fonds and every agency that hands over, those with most documents first."""

    whole: Standing
    fonds: tuple[Standing, ...]
    agencies: tuple[Standing, ...]


def holdings(session: Session, viewer: Viewer, day: int) -> Holdings:
    """What the viewer may see, counted in one statement."""
    open_now = case((Record.everyone_from_read <= day, 1), else_=0)
    facts = (Record.fonds_id, Record.agency_id, Record.medium, open_now)
    counted = session.execute(
        select(*facts, func.count())
        .where(Record.level == "document", ~Record.withdrawn, sql_condition(viewer, "see", day))
        .group_by(*facts)
    ).all()
    named = session.execute(
        select(Record.id, Record.title, Record.public_id).where(
            Record.level == "fonds", ~Record.withdrawn, sql_condition(viewer, "see", day)
        )
    )
    fonds: dict[int | None, tuple[str, str]] = {own: (title, public) for own, title, public in named}
    agencies: dict[int | None, tuple[str, str]] = {
        own: (name, "") for own, name in session.execute(select(Agency.id, Agency.name))
    }
    of_fonds: dict[int | None, list[_Row]] = defaultdict(list)
    of_agency: dict[int | None, list[_Row]] = defaultdict(list)
    for own, agency, *row in counted:
        of_fonds[own].append(row)
        of_agency[agency].append(row)
    return Holdings(
        standing(("", ""), [row for rows in of_fonds.values() for row in rows]),
        _ordered(standing(fonds.get(own, ("", "")), rows) for own, rows in of_fonds.items()),
        _ordered(standing(agencies.get(own, ("", "")), rows) for own, rows in of_agency.items()),
    )


_Row = Sequence[Any]  # medium, whether everyone may read, documents


def _ordered(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(standings, key=lambda one: (-one.documents, one.name)))


def standing(named: tuple[str, str], rows: Iterable[_Row]) -> Standing:
    """The sums of rows of medium, whether everyone may read, documents."""
    documents = physical = digitised = unrestricted = usable = 0
    for medium, free, count in rows:
        documents += count
        if medium != ELECTRONIC:
            physical += count
            digitised += count if medium not in (ON_SHELVES_ONLY, UNREAD) else 0
        if free:
            unrestricted += count
            usable += count if medium not in (ON_SHELVES_ONLY, UNREAD) else 0
    return Standing(*named, documents, physical, digitised, unrestricted, usable)
