"""How to go on typing: titles and names from what everyone may see and search, whoever asks.

So a suggestion says nothing that an anonymous search would not say; names are suggested only where such a record
carries them.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analyzers.tokens import keys
from archive.access import Viewer
from archive.catalogue.authorities import Agent, Place
from search.engines.protocol import Engine
from search.findings import load_findings
from search.plan import Beginning, Bool, Clause, Keyword, Plan, ValueFacet
from search.planning import Asker
from search.results import Suggestion

MOST_TITLES, MOST_NAMES = 6, 4
_CANDIDATES = 200  # names that match, before it is known whether everyone may know them
_TITLE_LETTERS = 200


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    id: str
    text: str
    folded: str  # words with a blank before each


class Suggester:
    """Suggests; keeps the authority names in memory until their tables change."""

    def __init__(self) -> None:
        self._state: object = None
        self._names: tuple[_Name, ...] = ()

    def suggest(
        self, engine: Engine, session: Session, day: int, vetoes: tuple[str, ...], text: str
    ) -> list[Suggestion]:
        """Names first, then titles, none twice; nothing for less than two letters."""
        words = tuple(keys(text).folded)
        if sum(map(len, words)) < 2:
            return []
        anyone = Asker(Viewer.anonymous(), day, vetoes)
        public = (*anyone.may_see(), *anyone.may_search())
        return self._from_names(engine, session, public, words) + _from_titles(engine, session, anyone, public, words)

    def _from_names(
        self, engine: Engine, session: Session, public: tuple[Clause, ...], words: tuple[str, ...]
    ) -> list[Suggestion]:
        begun = f" {' '.join(words)}"
        matching = [one for one in self._read(session) if begun in one.folded][:_CANDIDATES]
        if not matching:
            return []
        kinds = {one.kind for one in matching}
        facets = tuple(ValueFacet(kind, kind, 10_000) for kind in sorted(kinds))
        carried = tuple(Keyword(kind, tuple(one.id for one in matching if one.kind == kind)) for kind in sorted(kinds))
        query = Bool(filter=(*public, Bool(should=carried, minimum=1)))
        answer = engine.query(Plan("records", query, facets=facets, size=0))
        counts = {(kind, value): count for kind, buckets in answer.buckets.items() for value, count in buckets}
        known = [one for one in matching if counts.get((one.kind, one.id))]
        known.sort(key=lambda one: (not one.folded.startswith(begun), -counts[one.kind, one.id], one.text))
        return [Suggestion(one.text, one.kind, one.id) for one in known[:MOST_NAMES]]

    def _read(self, session: Session) -> tuple[_Name, ...]:
        tables = (("issuer", Agent), ("place", Place))
        state = [
            tuple(session.execute(select(func.count(), func.max(table.id), func.sum(table.version))).one())
            for _, table in tables
        ]
        if state != self._state:
            self._names = tuple(
                _Name(kind, own, name, f" {' '.join(keys(name).folded)}")
                for kind, table in tables
                for own, name in session.execute(select(table.public_id, table.name).order_by(table.name))
            )
            self._state = state
        return self._names


def _from_titles(
    engine: Engine, session: Session, anyone: Asker, public: tuple[Clause, ...], words: tuple[str, ...]
) -> list[Suggestion]:
    query = Bool(filter=(*public, Beginning("title_folded", words)))
    answer = engine.query(Plan("records", query, sort="by_title", size=4 * MOST_TITLES))
    ids = [own for own, _ in answer.hits]
    findings = load_findings(session, anyone.viewer, anyone.day, ids, anyone.vetoes)
    titles = {record.title: record.public_id for record in findings.searchable() if record.title}
    return [Suggestion(title[:_TITLE_LETTERS], "title", own) for title, own in list(titles.items())[:MOST_TITLES]]
