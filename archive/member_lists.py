"""A record's members by title, by day or by number, from a letter, a year or a number on.

A list begins next to a member (a key and a row id), never at a count: the index leads there, whatever stands before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, select, tuple_
from sqlalchemy.orm import Session

from analyzers.collation import letter_start, letters
from archive.access import Viewer, sql_condition
from archive.catalogue.records import Record
from archive.filing import filing_number
from archive.identifiers import is_identifier
from archive.remembering import remembered

Order = Literal["title", "day", "number"]

WINDOW = 50
_KEYS: dict[str, ColumnElement[Any]] = {
    "title": Record.filing_title.expression,
    "day": Record.filing_day.expression,
    "number": Record.filing_number.expression,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of members in an order; whether there are more of them before and behind."""

    records: tuple[Record, ...]
    more_before: bool
    more_behind: bool


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a record, of one level or (empty) of any, that a viewer may see on a day."""

    viewer: Viewer
    day: int
    parent: Record
    level: str = ""

    def _all(self, *columns: Any) -> Select[Any]:
        found = select(*columns).where(Record.parent_id == self.parent.id, sql_condition(self.viewer, "see", self.day))
        return found.where(Record.level == self.level) if self.level else found

    def letters(self, session: Session) -> tuple[str, ...]:
        """The letters with which a title begins, in their order."""
        return remembered(
            session, self.viewer, self.day, ("letters", self.parent.id, self.level), lambda: self._letters(session)
        )

    def _letters(self, session: Session) -> tuple[str, ...]:
        key, known = Record.filing_title, letters()
        there = [
            exists(self._all(1).where(key >= letter_start(one), key < chr(ord(letter_start(one)) + 1))) for one in known
        ]
        row = session.execute(select(*there)).one()
        return tuple(letter for letter, found in zip(known, row, strict=True) if found)

    def from_letter(self, session: Session, letter: str) -> Stretch | None:
        """From the first title that begins with the letter, or with a later one; None where there is none, or the text
        is no letter."""
        start = letter_start(letter)
        return self._from(session, "title", start) if start else None

    def from_year(self, session: Session, year: int) -> Stretch | None:
        """From the first member of the year (1 to 9999), or of a later one; None where there is none with a day."""
        found = self._from(session, "day", date(year, 1, 1).toordinal())
        return found if found and found.records[0].date_from is not None else None

    def from_number(self, session: Session, text: str) -> Stretch | None:
        """From the member of that number or code; else from the first one with its numeral or a higher one."""
        natural = self.parent.natural_key.split("\x1f")[:2]
        # Asked without the parent: the unique index of codes answers, not the members one by one
        coded = select(Record.parent_id, Record.filing_number, Record.id).where(
            Record.level.in_(("inventory", "file", "document")),
            Record.natural_key == "\x1f".join((*natural, text)),
            sql_condition(self.viewer, "see", self.day),
        )
        for parent, number, row_id in session.execute(coded):
            if parent == self.parent.id:
                return self._beside(session, "number", (number, row_id))
        numeral = filing_number(text, "")
        same = self._all(Record.id).where(Record.filing_number == numeral, Record.number == text)
        exact = session.scalar(same.order_by(Record.id).limit(1))
        return self._from(session, "number", numeral, exact or 0) if text.strip() else None

    def beginning(self, session: Session, order: Order) -> Stretch:
        """From the first member."""
        return self._from(session, order, "" if order == "title" else 0) or Stretch((), False, False)

    def behind(self, session: Session, order: Order, public_id: str) -> Stretch | None:
        """What follows that member; None if it is no member that may be seen."""
        found = self._anchor(session, order, public_id)
        return self._beside(session, order, found, included=False) if found else None

    def before(self, session: Session, order: Order, public_id: str) -> Stretch | None:
        """What precedes that member; None if it is no member that may be seen."""
        anchor = self._anchor(session, order, public_id)
        if anchor is None:
            return None
        key = _KEYS[order]
        earlier = self._all(Record.id).where(tuple_(key, Record.id) < tuple_(*anchor))
        ids = session.scalars(earlier.order_by(key.desc(), Record.id.desc()).limit(WINDOW + 1)).all()
        return Stretch(_load(session, ids[:WINDOW][::-1]), len(ids) > WINDOW, True)

    def _anchor(self, session: Session, order: Order, public_id: str) -> tuple[Any, int] | None:
        if not is_identifier(public_id):
            return None
        own = self._all(_KEYS[order], Record.id).where(Record.public_id == public_id)
        row = session.execute(own).one_or_none()
        return (row[0], row[1]) if row else None

    def _from(self, session: Session, order: Order, start: Any, row_id: int = 0) -> Stretch | None:
        found = self._beside(session, order, (start, row_id))
        return found if found.records else None

    def _beside(self, session: Session, order: Order, anchor: tuple[Any, int], *, included: bool = True) -> Stretch:
        key, place, at = _KEYS[order], tuple_(_KEYS[order], Record.id), tuple_(*anchor)
        behind = self._all(Record.id).where(place >= at if included else place > at)
        ids = session.scalars(behind.order_by(key, Record.id).limit(WINDOW + 1)).all()
        before = self._all(Record.id).where(place < at if included else place <= at).order_by(key.desc())
        more_before = session.scalar(before.order_by(Record.id.desc()).limit(1)) is not None
        return Stretch(_load(session, ids[:WINDOW]), more_before, len(ids) > WINDOW)


def _load(session: Session, ids: Sequence[int]) -> tuple[Record, ...]:
    rows = {one.id: one for one in session.scalars(select(Record).where(Record.id.in_(ids)))}
    return tuple(rows[one] for one in ids if one in rows)
