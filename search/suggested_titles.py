"""Titles and their beginnings as suggestions.

The engine counts the titles of what everyone may see and search, without what a veto keeps back; then each is shown
only if the database has a record of that title for everyone, too (the engine finds, the database decides).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.among import among_named
from archive.catalogue.records import Record
from search.completing import LONGEST_START, Group, folded_words, group_values, start_of
from search.engines.protocol import Engine
from search.plan import AtLeast, Beginning, Bool, Clause, Keyword, Plan, Prefix, ValueFacet
from search.planning import Asker
from search.results import Suggestion
from search.suggested_typing import Typed

MOST_BEGINNINGS = 3
FEWEST_BEGUN = 3  # records behind a beginning, beside those whose titles are shown
MOST_KNOWN = 20_000  # groups of which a record is kept in mind
_AGREED = 0.9  # a beginning goes on as long as so many of its records go on alike
_TITLES, _STARTS = 60, 120  # counted values
_HITS = 30  # records that are looked at for all suggestions together

_WHOLE = ValueFacet("title", "title_whole", _TITLES, rough=True)
_START = ValueFacet("start", "title_starts", _STARTS, rough=True)
Found = Row[str, str, str, str, str]  # public identifier, level, title, number, lineage


class TitleSuggester:
    """Suggests titles; keeps in mind a record of each title that it showed, so that most often only the database has
    to be asked whether everyone may still see it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, str] = {}  # folded words of a title or its beginning -> public identifier

    def that_begin(
        self, session: Session, anyone: Asker, typed: Typed, most: int
    ) -> tuple[list[Suggestion], list[Suggestion]]:
        """Titles that begin as typed, and the words with which most of the others go on."""
        here: tuple[Clause, ...] = (Prefix("title_starts", start_of(typed.words[:LONGEST_START])),)
        if len(typed.words) > LONGEST_START:
            here += (Beginning("title_folded", typed.words),)
        query = Bool(filter=(*public(anyone), *here))
        counted = self._count(query, _WHOLE)
        titles = _best(counted, typed, most)
        begun = _beginnings(self._count(query, _START), typed, titles) if len(counted) > most else []
        records = self._records(session, anyone, titles, begun)
        return _suggest(titles, records), [
            Suggestion(one.text, "beginning", count=one.count) for one in begun if one.words in records
        ]

    def anywhere(self, session: Session, anyone: Asker, typed: Typed, most: int) -> list[Suggestion]:
        """Titles with the words side by side in them, the last perhaps half typed."""
        query = Bool(filter=(*public(anyone), Beginning("title_folded", typed.words)))
        titles = _best(self._count(query, _WHOLE), typed, most)
        return _suggest(titles, self._records(session, anyone, titles, []))

    def apart(self, session: Session, anyone: Asker, typed: Typed, most: int) -> list[Suggestion]:
        """Titles with all of the words wherever, in the order typed before others; the last perhaps half typed."""
        head = typed.head
        if not head:
            return []
        words = (AtLeast("title_folded", head, len(head)), Beginning("title_folded", typed.words[-1:]))
        titles = _best(self._count(Bool(filter=(*public(anyone), *words)), _WHOLE), typed, most)
        return _suggest(titles, self._records(session, anyone, titles, []))

    def _count(self, query: Clause, facet: ValueFacet) -> list[Group]:
        answer = self._engine.query(Plan("records", query, facets=(facet,), size=0))
        return group_values(answer.buckets[facet.name])

    def _records(
        self, session: Session, anyone: Asker, titles: Sequence[Group], begun: Sequence[Group]
    ) -> dict[str, Found]:
        """By the words of each group, a record of it that the database has for everyone; none where it has none.

        Those kept in mind are asked of the database only; the others of the engine, together and then one by one where
        the records of one are crowded out by those of the others.
        """
        wanted = {one.words: Keyword("title_starts", one.values) for one in begun}
        wanted |= {one.words: Keyword("title_whole", one.values) for one in titles}
        found: dict[str, Found] = {}
        self._keep(found, wanted, visible(session, anyone, [own for one in wanted if (own := self._known.get(one))]))
        for together in (True, False):
            missing = [clause for words, clause in wanted.items() if words not in found]
            for some in [missing] if together and missing else [[one] for one in missing]:
                query = Bool(filter=(*public(anyone), Bool(should=tuple(some), minimum=1)))
                answer = self._engine.query(Plan("records", query, size=_HITS))
                self._keep(found, wanted, visible(session, anyone, [own for own, _ in answer.hits]))
        return found

    def _keep(self, found: dict[str, Found], wanted: Iterable[str], records: Iterable[Found]) -> None:
        for record in records:
            words = f"{' '.join(folded_words(record.title))} "
            for one in wanted:
                if one not in found and words.startswith(f"{one} "):
                    found[one] = record
                    self._known[one] = record.public_id
        if len(self._known) > MOST_KNOWN:
            self._known.clear()


def public(anyone: Asker) -> tuple[Clause, ...]:
    """What everyone may see and search."""
    return (*anyone.may_see(), *anyone.may_search())


def _best(groups: Iterable[Group], typed: Typed, most: int) -> list[Group]:
    """The titles to show: agreeing marks before others, whole words side by side before begun ones, words in the order
    typed before others, the frequent before the rare."""
    words = " ".join(typed.words)

    def order(one: Group) -> tuple[int, bool, bool, int]:
        there = f"{one.words} "
        return typed.disagreements(one.text), f"{words} " not in there, not _in_order(typed, there), -one.count

    return sorted(groups, key=order)[:most]


def _in_order(typed: Typed, there: str) -> bool:
    at = 0
    for word in typed.words:
        at = f" {there}".find(f" {word}", at) + 1
        if not at:
            return False
    return True


def _beginnings(groups: Iterable[Group], typed: Typed, shown: Sequence[Group]) -> list[Group]:
    """How the titles that are not shown go on: by the next word, and on from there as far as nearly all agree."""
    starts = sorted(groups, key=lambda one: one.length)
    found = []
    for one in starts:
        rest = one.count - sum(title.count for title in shown if f"{title.words} ".startswith(f"{one.words} "))
        if one.length == len(typed.words) + 1 and rest >= FEWEST_BEGUN:
            far = one
            for other in starts:
                if other.words.startswith(f"{far.words} ") and other.count >= _AGREED * one.count:
                    far = other
            found.append((rest, far))
    found.sort(key=lambda pair: (-pair[0], pair[1].words))
    return [one for _, one in found[:MOST_BEGINNINGS]]


def _suggest(titles: Iterable[Group], records: dict[str, Found]) -> list[Suggestion]:
    known = ((one, records[one.words]) for one in titles if one.words in records)
    return [Suggestion(one.text, "title", record.public_id, one.count, record.level) for one, record in known]


@lru_cache(maxsize=1)
def _statement() -> Select[str, str, str, str, str]:
    """Records by their identifiers (``ids``), for someone without a tag on a day (``day``): built once."""
    day: int = bindparam("day")  # type: ignore[assignment]
    anyone = Viewer.anonymous()
    return select(Record.public_id, Record.level, Record.title, Record.number, Record.lineage).where(
        among_named(Record.public_id, "ids"),
        ~Record.withdrawn,
        sql_condition(anyone, "see", day),
        sql_condition(anyone, "search", day),
    )


def visible(session: Session, anyone: Asker, ids: Sequence[str]) -> list[Found]:
    """Those of the records that everyone may see and search, in the order given."""
    if not ids:
        return []
    kept_back = set(anyone.vetoes)
    rows = session.execute(_statement(), {"ids": list(ids), "day": anyone.day})
    found = {one.public_id: one for one in rows if kept_back.isdisjoint(one.lineage.split())}
    return [found[own] for own in ids if own in found]
