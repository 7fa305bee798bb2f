"""Names as authority records: one agent, place or term for each name, whatever its spelling."""

import hashlib
from collections.abc import Iterable
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.fold import fold
from analyzers.tokens import keys
from archive.catalogue.authorities import Agency, Agent, Place, Term
from archive.identifiers import new_identifier

LONGEST_SLUG = 120


def name_key(name: str) -> str:
    """The normal form under which spellings of a name are one: case, tone placement and y/i do not count."""
    return " ".join(keys(name).marked)


def slug(label: str) -> str:
    """A stable id made of the label's letters: "Quyết định" is ``quyet-dinh``; a long one ends in its digest.

    No index takes a value of any length, and one overlong keyword must not keep a record from being found.
    """
    whole = "-".join(keys(fold(label)).folded)
    if len(whole) <= LONGEST_SLUG:
        return whole
    return f"{whole[:LONGEST_SLUG]}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


class NameBook:
    """Finds or makes authority records within a session's transaction; remembers what it found across sessions."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._terms: set[tuple[str, str]] = set()
        self._fresh: list[tuple[str, str]] = []

    def forget_fresh(self) -> None:
        """Call when the transaction rolled back: what it made is not there."""
        for key in self._fresh:
            self._known.pop(key, None)
            self._terms.discard(key)
        self._fresh.clear()

    def settle(self) -> None:
        """Call when the transaction committed."""
        self._fresh.clear()

    def agent(self, session: Session, name: str) -> int | None:
        """The id of the agent of that name, which is a body from now on; None for an empty name."""
        return self._find(session, Agent, name)

    def people(self, session: Session, names: Iterable[str]) -> None:
        """Makes an agent of each name that has none: the index tells persons by them."""
        for name in names:
            self._find(session, Agent, name, "person")

    def places(self, session: Session, names: Iterable[str]) -> list[int]:
        """The ids of places, each once."""
        found = [self._find(session, Place, name) for name in names]
        return list(dict.fromkeys(one for one in found if one is not None))

    def agency(self, session: Session, code: str, name: str) -> int:
        """The id of the agency of that code."""
        key = ("agency", code)
        if key not in self._known:
            row = session.scalar(select(Agency).where(Agency.code == code))
            if row is None:
                row = Agency(public_id=new_identifier(), code=code, name=name or code)
                session.add(row)
                session.flush()
                self._fresh.append(key)
            self._known[key] = row.id
        return self._known[key]

    def term(self, session: Session, vocabulary: str, label: str) -> str | None:
        """The slug of a term, added to the vocabulary if new; None for an empty label."""
        if not (name := slug(label)):
            return None
        key = (vocabulary, name)
        if key not in self._terms:
            if session.get(Term, key) is None:
                session.add(Term(vocabulary=vocabulary, slug=name, label=label))
                session.flush()
                self._fresh.append(key)
            self._terms.add(key)
        return name

    def _find(self, session: Session, table: type[Agent] | type[Place], name: str, kind: str = "body") -> int | None:
        if not (normal := name_key(name)):
            return None
        key = (f"{table.__tablename__} {kind}", normal)
        if key not in self._known:
            row = cast("Agent | Place | None", session.scalar(select(table).where(table.name_key == normal)))
            if row is None:
                row = table(public_id=new_identifier(), name=name, name_key=normal)
                session.add(row)
                self._fresh.append(key)
                if isinstance(row, Agent):
                    row.kind = kind
            elif isinstance(row, Agent) and row.kind != kind == "body":
                row.kind = kind  # what issues is a body, whoever was said to have signed under its name before
                self._fresh.append(key)
            session.flush()
            self._known[key] = row.id
        return self._known[key]
