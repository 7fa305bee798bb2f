"""Names of agencies and places as suggestions, where a record that everyone may see and search carries them."""

from dataclasses import dataclass

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from analyzers.tokens import keys
from archive.catalogue.authorities import Agent, Place
from search.engines.protocol import Engine
from search.plan import Bool, Keyword, Plan, ValueFacet
from search.planning import Asker
from search.results import Suggestion
from search.suggested_typing import Typed, written_out

_CANDIDATES = 200  # names that match, before it is known whether everyone may know them


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    id: str
    text: str
    folded: tuple[str, ...]  # words with a blank before each: as written, and with abbreviations written out

    def begins(self, words: str) -> bool:
        return any(one.startswith(words) for one in self.folded)

    def has(self, words: str) -> bool:
        return any(words in one for one in self.folded)


class NameSuggester:
    """Keeps the names in memory until their tables change."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._state: object = None
        self._names: tuple[_Name, ...] = ()

    def suggest(self, session: Session, anyone: Asker, typed: Typed) -> tuple[list[Suggestion], list[Suggestion]]:
        """The names that begin so, and those with the words elsewhere, side by side before apart; the most frequent
        first."""
        begun = f" {' '.join(typed.words)}"
        matching = [one for one in self._read(session) if any(map(typed.all_in, one.folded))]
        matching.sort(key=lambda one: (not one.begins(begun), not one.has(begun)))
        del matching[_CANDIDATES:]
        if not matching:
            return [], []
        kinds = sorted({one.kind for one in matching})
        facets = tuple(ValueFacet(kind, kind, 10_000) for kind in kinds)
        carried = tuple(Keyword(kind, tuple(one.id for one in matching if one.kind == kind)) for kind in kinds)
        query = Bool(filter=(*anyone.may_see(), *anyone.may_search(), Bool(should=carried, minimum=1)))
        answer = self._engine.query(Plan("records", query, facets=facets, size=0))
        counts = {(kind, value): count for kind, buckets in answer.buckets.items() for value, count in buckets}
        known = [(one, count) for one in matching if (count := counts.get((one.kind, one.id)))]
        known.sort(key=lambda one: (not one[0].has(begun), typed.disagreements(one[0].text), -one[1], one[0].text))
        first = [_suggest(one, count) for one, count in known if one.begins(begun)]
        return first, [_suggest(one, count) for one, count in known if not one.begins(begun)]

    def _read(self, session: Session) -> tuple[_Name, ...]:
        tables = (("issuer", Agent), ("place", Place))
        bodies = Agent.kind == "body"
        state = [
            tuple(session.execute(select(func.count(), func.max(table.id), func.sum(table.version))).one())
            for _, table in tables
        ]
        if state != self._state:
            self._names = tuple(
                _Name(kind, own, name, tuple(dict.fromkeys(map(_folded, (name, written_out(name) or name)))))
                for kind, table in tables
                for own, name in session.execute(
                    select(table.public_id, table.name).where(bodies if table is Agent else true()).order_by(table.name)
                )
            )
            self._state = state
        return self._names


def _folded(name: str) -> str:
    return f" {' '.join(keys(name).folded)}"


def _suggest(name: _Name, count: int) -> Suggestion:
    return Suggestion(name.text, name.kind, name.id, count)
