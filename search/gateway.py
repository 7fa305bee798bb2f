"""The one door to the index.  Whoever asks says who he is; the engine finds, the database decides."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from search.ahead import Ahead, MisspelledError
from search.alternatives import MOST_ALTERNATIVES, count_without, other_questions, without_each_filter
from search.asked import Question, hits_of
from search.beside import Beside, Shown, look_beside
from search.criteria import Criteria
from search.cursor import Cursors, FacetCursors, Place, lost_place
from search.decades import decades_of
from search.engines.protocol import Engine
from search.excerpts import matching_pages
from search.explaining import REORDERED, explain, narrowed, told
from search.facet_pages import FacetQuestion, Reading
from search.facets import facet as facet_definition
from search.fielding import settle_fields
from search.finder import Finder, load_page
from search.findings import load_findings, read_vetoes
from search.inside_files import find_inside
from search.labels import label_facets, level_values
from search.language import canonical, parse
from search.matching import WIDEST, can_widen
from search.members import SORTS, plan_members
from search.plan import Bool, Buckets, Keyword, LostPlaceError
from search.planning import ALL_VALUES, Asker, all_facets, plan_roles, value_facet
from search.reasons import Reasons, Why
from search.reordering import is_reordered
from search.results import Alternative, FacetPage, FacetValue, Hit, Members, Part, Results, Suggestion
from search.similarity import plan_similar, read_telling
from search.spellings import IndexSpellings
from search.suggesting import Suggester
from search.tree import Query
from search.turning import asked_size, cut, start_of, turn
from search.understanding import understand
from search.understanding.home import Home

Sessions = Callable[[], AbstractContextManager[Session]]

MOST_PAGES_INSIDE = 2_000
MOST_SIMILAR = 6
MOST_AT_ONCE = 500  # records of which it is asked whether they are found


class Gateway:
    """Every search goes through here.  No score leaves it.

    ``secret`` signs the cursors: all server processes of an installation share it; without one, cursors hold within
    this process only.
    """

    def __init__(self, engine: Engine, sessions: Sessions = reading, *, secret: str = "") -> None:
        self._engine, self._sessions, self._finder = engine, sessions, Finder(engine)
        self._cursors = Cursors(secret or secrets.token_hex(32))
        self._facet_cursors = FacetCursors(secret or secrets.token_hex(32))
        self._suggester = Suggester(engine)
        self._home = Home()
        self.most_values = ALL_VALUES  # of a facet that are counted at once

    def search(self, viewer: Viewer, criteria: Criteria) -> Results:
        """The answer to a question.  Raises QueryError on a question that cannot be read, CriteriaError on a cursor
        that is not of this question and this viewer."""
        place = self._cursors.read(viewer, criteria)
        with self._sessions() as session:
            question, ahead, shown = self._searched(session, viewer, criteria, place)
            answer, total = shown.answer, shown.total
            inside = self._inside(session, question, shown)
            return Results(
                total=total,
                hits=tuple(
                    replace(hit, inside=inside[hit.id]) if hit.id in inside else hit
                    for hit in hits_of(self._engine, session, question, shown.findings, ahead.excerpts())
                ),
                facets=ahead.labelled(session, answer.buckets),
                levels=level_values(criteria, answer.buckets["level"]),
                years=tuple((int(year), count) for year, count in answer.buckets["years"]),
                undated=dict(answer.buckets["undated"]).get("undated", 0),
                decades=decades_of(answer.buckets),
                corrections=question.asked.offers,
                alternatives=() if total or criteria.cursor else self._alternatives(session, viewer, question),
                explanations=narrowed(
                    told(question.asked, shown.widening if total else None, criteria),
                    lambda only: self._count(session, viewer, only),
                ),
                next=self._cursor(viewer, criteria, shown.turned.next),
                previous=self._cursor(viewer, criteria, shown.turned.previous),
            )

    def beside(self, viewer: Viewer, criteria: Criteria, record_id: str) -> Beside | None:
        """What stands before and after a record in the results, asked anew for this viewer; None where it is not on the
        page of the criteria's cursor.  Raises QueryError, and CriteriaError on a cursor of another question."""
        place = self._cursors.read(viewer, criteria)
        with self._sessions() as session:
            question = self._question(session, viewer, criteria)

            def turn_to(beyond: Place) -> tuple[Criteria, Shown]:
                listed = replace(criteria, cursor=self._cursor(viewer, criteria, beyond))
                return listed, self._finder.shown(session, replace(question, criteria=listed), beyond)

            return look_beside(record_id, criteria, self._finder.shown(session, question, place), turn_to)

    def part(self, viewer: Viewer, criteria: Criteria) -> Part:
        """The identifiers on one page of the results, for who reads them all: never widened, nothing counted but the
        total.  Raises QueryError, CriteriaError on a cursor of another question."""
        place = self._cursors.read(viewer, criteria)
        with self._sessions() as session:
            question = self._question(session, viewer, criteria)
            try:
                answer = self._engine.query(self._finder.plan(question, place))
            except LostPlaceError:
                raise lost_place() from None
            found = [own for own, _ in answer.hits]
            page, _ = cut(found, place, criteria.size)
            shown = [one.public_id for one in load_page(session, question.asker, page).records]
        following = turn(found, shown, place, criteria.size, place.widening).next
        return Part(tuple(shown), answer.total, self._cursor(viewer, criteria, following))

    def listed(self, viewer: Viewer, ids: Sequence[str]) -> tuple[Hit, ...]:
        """Those of the records that the viewer may see now, in the order given, without snippets."""
        with self._sessions() as session:
            asker = Asker(viewer, today_number(), read_vetoes(session))
            findings = load_findings(session, viewer, asker.day, ids, asker.vetoes)
            return tuple(findings.plain_hit(one) for one in findings.records)

    def members(self, viewer: Viewer, parent: str, level: str, criteria: Criteria) -> Part:
        """The members of a record that have the words of the criteria in title or number, in its order (``title``,
        ``number``, else by date), a page of them.  CriteriaError on a cursor of another question or viewer."""
        bound = replace(criteria, q=f"{parent} {level} {criteria.q}")
        place = self._cursors.read(viewer, bound)
        sort = criteria.sort if criteria.sort in SORTS else "date"
        with self._sessions() as session:
            asker = Asker(viewer, today_number(), read_vetoes(session))
            size, start = asked_size(criteria.size), start_of(place)
            try:
                answer = self._engine.query(
                    plan_members(asker, parent, level, canonical(criteria.q), sort, size, start)
                )
            except LostPlaceError:
                raise lost_place() from None
            found = [own for own, _ in answer.hits]
            page, _ = cut(found, place, criteria.size)
            shown = [one.public_id for one in load_page(session, asker, page).records]
        turned = turn(found, shown, place, criteria.size, 0)
        cursors = [self._cursor(viewer, bound, one) for one in (turned.next, turned.previous)]
        return Part(tuple(shown), answer.total - (len(page) - len(shown)), *cursors)

    def among(self, viewer: Viewer, criteria: Criteria, ids: Sequence[str]) -> frozenset[str]:
        """Those of the records that the question finds as it stands (never widened).  Raises QueryError."""
        found: set[str] = set()
        with self._sessions() as session:
            question = self._question(session, viewer, replace(criteria, size=MOST_AT_ONCE, cursor=""))
            plan = self._finder.plan(question, Place())
            for start in range(0, len(ids), MOST_AT_ONCE):
                here = Keyword("id", tuple(ids[start : start + MOST_AT_ONCE]))
                answer = self._engine.query(replace(plan, query=Bool(must=(plan.query,), filter=(here,))))
                shown = load_page(session, question.asker, [own for own, _ in answer.hits])
                found |= {one.public_id for one in shown.records}
        return frozenset(found)

    def count(self, viewer: Viewer, criteria: Criteria) -> int:
        """How many records the question finds as it stands (never widened).  Raises QueryError."""
        with self._sessions() as session:
            return self._count(session, viewer, criteria)

    def facet_page(self, viewer: Viewer, criteria: Criteria, asked: FacetQuestion) -> FacetPage:
        """A page of the values of one facet for a question, from the criteria's cursor on.  KeyError if there is no
        such facet, CriteriaError on a cursor of another question, QueryError."""
        definition = facet_definition(asked.facet)
        after = self._facet_cursors.read(viewer, criteria, asked)
        with self._sessions() as session:
            question = self._question(session, viewer, replace(criteria, size=0, cursor=""))
            day = question.asker.day

            def count(only: tuple[str, ...]) -> Buckets:
                counted = (value_facet(definition.name, day, max(len(only), ALL_VALUES), only),)
                answer, _ = self._finder.widened(question, Place(), counted)
                return answer.buckets[definition.name]

            def labelled(buckets: Buckets) -> tuple[FacetValue, ...]:
                return label_facets(session, viewer, day, criteria, {asked.facet: buckets}, len(buckets))[asked.facet]

            values, more = Reading(session, viewer, day, count, labelled, self.most_values).page(
                definition, asked, after
            )
        return FacetPage(values, self._facet_cursors.write(viewer, criteria, asked, values[-1]) if more else "")

    def roles(self, viewer: Viewer, person: str) -> dict[str, int]:
        """In which roles the records that the viewer may see name the person, and how many records do in each."""
        with self._sessions() as session:
            asker = Asker(viewer, today_number(), read_vetoes(session))
            buckets = self._engine.query(plan_roles(asker, person)).buckets["roles"]
        return {value.rpartition(" ")[2]: count for value, count in buckets}

    def suggest(self, viewer: Viewer, text: str) -> tuple[Suggestion, ...]:
        """How to go on typing: names and titles of what everyone may see and search, the same for every viewer."""
        with self._sessions() as session:
            vetoes = read_vetoes(session)
            return tuple(self._suggester.suggest(session, today_number(), vetoes, canonical(text)))

    def similar(self, viewer: Viewer, record_id: str) -> tuple[Hit, ...]:
        """Records that share the words that tell this one from others, best first; nothing if the viewer may not see
        it.  Its text takes part where he may search it."""
        with self._sessions() as session:
            asker = Asker(viewer, today_number(), read_vetoes(session))
            own = load_findings(session, viewer, asker.day, [record_id], asker.vetoes).records
            if not own:
                return ()
            telling = read_telling(session, asker, own[0])
            plan = plan_similar(asker, tuple(own[0].lineage.split()), telling, MOST_SIMILAR)
            findings = load_page(session, asker, [own for own, _ in self._engine.query(plan).hits])
            return tuple(findings.plain_hit(one) for one in findings.records)

    def why(self, viewer: Viewer, record_id: str, criteria: Criteria) -> Why | None:
        """Why the record is among what the question finds; None where it is not, or nothing was asked in words.  Raises
        QueryError."""
        with self._sessions() as session:
            question = self._question(session, viewer, replace(criteria, size=0, cursor=""))
            asked = question.asked
            if asked.is_empty():
                return None
            _, widening = self._finder.widened(question, Place(), ())
            plan = self._finder.plan(question, Place(0, widening))
            here = replace(plan, query=Bool(must=(plan.query,), filter=(Keyword("id", (record_id,)),)))
            findings = load_page(session, question.asker, [record_id] if self._engine.query(here).total else [])
            if not findings.records:
                return None
            told = (*explain(asked, widening, criteria), *((REORDERED,) if is_reordered(criteria, asked) else ()))
            return Reasons(session, self._engine, question.asker, asked, widening).why(
                hits_of(self._engine, session, question, findings)[0],
                findings.records[0],
                searchable=bool(findings.searchable()),
                told=told,
            )

    def marked(self, viewer: Viewer, criteria: Criteria) -> Query:
        """What is to be marked in a text for the question, as it is understood.  Raises QueryError."""
        with self._sessions() as session:
            return self._question(session, viewer, criteria).asked.marked

    def inside(self, viewer: Viewer, record_id: str, criteria: Criteria) -> tuple[int, ...]:
        """The numbers of a record's pages on which the question matches, in their order, the best MOST_PAGES_INSIDE.

        Nothing where the viewer may not see the record or search its text, as for a record that is not there.
        """
        with self._sessions() as session:
            question = self._question(session, viewer, criteria)
            asker, asked = question.asker, question.asked
            if asked.is_empty():
                return ()
            lineage = session.scalar(
                select(Record.lineage).where(
                    Record.public_id == record_id,
                    ~Record.withdrawn,
                    sql_condition(viewer, "see", asker.day),
                    sql_condition(viewer, "search", asker.day),
                )
            )
            if lineage is None or not set(asker.vetoes).isdisjoint(lineage.split()):
                return ()
            found: list[int] = []
            for widening in range(WIDEST + 1 if can_widen(asked.tree) else 1):
                found = matching_pages(self._engine, asker, record_id, asked, MOST_PAGES_INSIDE, widening)
                if found:
                    break
            return tuple(sorted(found))

    def _count(self, session: Session, viewer: Viewer, criteria: Criteria) -> int:
        question = self._question(session, viewer, replace(criteria, size=0, cursor=""))
        return self._engine.query(self._finder.plan(question, Place())).total

    def _question(self, session: Session, viewer: Viewer, criteria: Criteria, *, spelled: bool = True) -> Question:
        asker = Asker(viewer, today_number(), read_vetoes(session))
        spellings = IndexSpellings(self._engine, session, asker) if spelled else None
        asked = understand(criteria, self._home.provinces(session), spellings)
        return Question(asker, criteria, settle_fields(session, viewer, asker.day, asked))

    def _searched(
        self, session: Session, viewer: Viewer, criteria: Criteria, place: Place
    ) -> tuple[Question, Ahead, Shown]:
        """The question with its page of results; its spelling is looked at while they are looked for."""
        question = self._question(session, viewer, criteria, spelled=False)
        facets = all_facets(criteria, question.asker.day)
        ahead = Ahead(self._engine, self._sessions, question)
        try:
            shown = self._finder.shown(session, question, place, facets, ahead)
            return replace(question, asked=replace(question.asked, offers=ahead.offers())), ahead, shown
        except MisspelledError:
            question = self._question(session, viewer, criteria)
            return question, ahead, self._finder.shown(session, question, place, facets)

    def _inside(self, session: Session, question: Question, shown: Shown) -> dict[str, Members]:
        if question.asked.is_empty():
            return {}
        below = replace(question, criteria=replace(question.criteria, level=()))
        planned = partial(self._finder.plan, below, Place(widening=shown.widening))
        return find_inside(self._engine, session, question, planned, shown.findings.records)

    def _alternatives(self, session: Session, viewer: Viewer, question: Question) -> tuple[Alternative, ...]:
        """Questions that find something where this one does not: without each filter in one request for all of them."""
        filters = without_each_filter(question.criteria)
        nothing = replace(question, criteria=replace(question.criteria, size=0))
        found: dict[str, int] = {}
        wide = can_widen(question.asked.tree) and "widened" not in question.criteria.verbatim
        for widening in range(WIDEST + 1 if wide else 1):
            if waiting := [name for name in filters if name not in found]:
                facets = tuple(map(count_without, waiting))
                buckets = self._engine.query(self._finder.plan(nothing, Place(0, widening), facets)).buckets
                found |= {n: count for n in waiting for _, count in buckets[count_without(n).name]}
        told = [Alternative("filter", name, one, found[name]) for name, one in filters.items() if name in found]
        asked = question.asked
        typed = parse(asked.text)  # fields as they are named, not as ids
        for other in islice(other_questions(question.criteria, typed, asked.offers), MOST_ALTERNATIVES):
            changed = self._question(session, viewer, replace(other.criteria, size=0))
            answer, _ = self._finder.widened(changed, Place(), ())
            if answer.total:
                told.append(replace(other, count=answer.total))
        return tuple(told)

    def _cursor(self, viewer: Viewer, criteria: Criteria, place: Place | None) -> str:
        return self._cursors.write(viewer, criteria, place) if place else ""
