"""The one door to the index.  Whoever asks says who he is; the engine finds, the database decides."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.tokens import keys
from archive.access import Viewer, sql_condition
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from search.criteria import Criteria
from search.cursor import Cursors, Place
from search.engines.protocol import Engine
from search.excerpts import excerpt, excerpt_pages, mark_title, matching_pages, read_texts
from search.explaining import explain
from search.facets import facet as facet_definition
from search.findings import DROPPED, Findings, load_findings, read_vetoes
from search.labels import label_facets, level_values
from search.language import canonical
from search.matching import WIDEST, can_widen
from search.plan import DEEPEST, Answer, Facet, Plan
from search.planning import ALL_VALUES, MOST_VALUES, Asker, all_facets, plan_records, plan_similar, value_facet
from search.reordering import FIRST, reorder, worth_reordering
from search.results import FacetValue, Hit, PageHit, Results, Suggestion
from search.suggesting import Suggester
from search.understanding import Understood, understand

Sessions = Callable[[], AbstractContextManager[Session]]

MOST_PAGES_INSIDE = 50
MOST_SIMILAR = 6


@dataclass(frozen=True, slots=True)
class _Question:
    """A question, how it is understood, and who asks it."""

    asker: Asker
    criteria: Criteria
    asked: Understood


class Gateway:
    """Every search goes through here.  No score leaves it.

    ``secret`` signs the cursors: all server processes of an installation share it; without one, cursors hold within
    this process only.
    """

    def __init__(self, engine: Engine, sessions: Sessions = reading, *, secret: str = "") -> None:
        self._engine, self._sessions = engine, sessions
        self._cursors = Cursors(secret or secrets.token_hex(32))
        self._suggester = Suggester()

    def search(self, viewer: Viewer, criteria: Criteria) -> Results:
        """The answer to a question.  Raises QueryError on a question that cannot be read, CriteriaError on a cursor
        that is not of this question and this viewer."""
        place = self._cursors.read(viewer, criteria)
        with self._sessions() as session:
            question = self._question(session, viewer, criteria)
            facets = all_facets(criteria, question.asker.day)
            answer, widening = self._ordered(session, question, place, facets)
            findings = self._load(session, question.asker, answer)
            total = answer.total - (len(answer.hits) - len(findings.records))
            return Results(
                total=total,
                hits=self._hits(session, question, findings),
                facets=label_facets(session, viewer, question.asker.day, criteria, answer.buckets, MOST_VALUES),
                levels=level_values(criteria, answer.buckets["level"]),
                years=tuple((int(year), count) for year, count in answer.buckets["years"]),
                undated=dict(answer.buckets["undated"]).get("undated", 0),
                explanations=(*question.asked.explanations, *(explain(question.asked, widening) if total else ())),
                next=self._turn(viewer, criteria, place.offset + criteria.size, widening, answer.total),
                previous=self._turn(viewer, criteria, place.offset - criteria.size, widening, answer.total),
            )

    def count(self, viewer: Viewer, criteria: Criteria) -> int:
        """How many records the question finds as it stands (never widened).  Raises QueryError."""
        with self._sessions() as session:
            question = self._question(session, viewer, replace(criteria, size=0, cursor=""))
            return self._engine.query(self._plan(question, Place())).total

    def facet_values(
        self, viewer: Viewer, criteria: Criteria, facet: str, prefix: str = "", size: int = MOST_VALUES
    ) -> tuple[FacetValue, ...]:
        """The values of one facet for a question, most frequent first: those with a word of their label that begins
        like ``prefix`` (marks and case do not count).  KeyError if there is no such facet."""
        definition = facet_definition(facet)
        with self._sessions() as session:
            question = self._question(session, viewer, replace(criteria, size=0, cursor=""))
            day = question.asker.day
            counted = (value_facet(definition.name, day, ALL_VALUES),)
            answer, _ = self._widened(question, Place(), counted)
            labelled = label_facets(session, viewer, day, criteria, answer.buckets, ALL_VALUES)[facet]
        begun = f" {' '.join(keys(canonical(prefix)).folded)}"
        if not begun.strip():
            return labelled[:size]
        return tuple(one for one in labelled if begun in f" {' '.join(keys(one.label_vi).folded)}")[:size]

    def suggest(self, viewer: Viewer, text: str) -> tuple[Suggestion, ...]:
        """How to go on typing: names and titles of what everyone may see and search, the same for every viewer."""
        with self._sessions() as session:
            vetoes = read_vetoes(session)
            return tuple(self._suggester.suggest(self._engine, session, today_number(), vetoes, canonical(text)))

    def similar(self, viewer: Viewer, record_id: str) -> tuple[Hit, ...]:
        """Records whose words are like the title of this one, best first; nothing if the viewer may not see it."""
        with self._sessions() as session:
            asker = Asker(viewer, today_number(), read_vetoes(session))
            own = load_findings(session, viewer, asker.day, [record_id], asker.vetoes).records
            if not own:
                return ()
            plan = plan_similar(asker, own[0].public_id, own[0].title, MOST_SIMILAR)
            findings = self._load(session, asker, self._engine.query(plan))
            return tuple(findings.hit(one, ((one.title, False),), (), ()) for one in findings.records)

    def inside(self, viewer: Viewer, record_id: str, q: str) -> tuple[PageHit, ...]:
        """The pages of a record on which the question matches, in their order, the best MOST_PAGES_INSIDE of them.

        Nothing where the viewer may not see the record or search its text, as for a record that is not there.
        """
        with self._sessions() as session:
            question = self._question(session, viewer, Criteria(q=q))
            asker, asked = question.asker, question.asked
            if asked.is_empty():
                return ()
            row = session.execute(
                select(Record.id, Record.lineage).where(
                    Record.public_id == record_id,
                    ~Record.withdrawn,
                    sql_condition(viewer, "see", asker.day),
                    sql_condition(viewer, "search", asker.day),
                )
            ).one_or_none()
            if row is None or not set(asker.vetoes).isdisjoint(row.lineage.split()):
                return ()
            found: list[int] = []
            for widening in range(WIDEST + 1 if can_widen(asked.tree) else 1):
                found = matching_pages(self._engine, asker, record_id, asked, MOST_PAGES_INSIDE, widening)
                if found:
                    break
            texts = read_texts(session, {row.id: found}) if found else {}
            return tuple(excerpt(asked.marked, ((n, texts.get((row.id, n), "")) for n in sorted(found))))

    def _question(self, session: Session, viewer: Viewer, criteria: Criteria) -> _Question:
        asker = Asker(viewer, today_number(), read_vetoes(session))
        return _Question(asker, criteria, understand(criteria))

    def _plan(self, question: _Question, place: Place, facets: tuple[Facet, ...] = ()) -> Plan:
        return plan_records(
            question.asker,
            question.criteria,
            question.asked,
            widening=place.widening,
            offset=place.offset,
            facets=facets,
        )

    def _widened(self, question: _Question, place: Place, facets: tuple[Facet, ...]) -> tuple[Answer, int]:
        """The answer, and how far the question had to be widened; a later page stays as wide as the first was."""
        last = WIDEST if can_widen(question.asked.tree) and not question.criteria.cursor else place.widening
        for widening in range(place.widening, last + 1):
            answer = self._engine.query(self._plan(question, Place(place.offset, widening), facets))
            if answer.total:
                return answer, widening
        return answer, 0

    def _ordered(
        self, session: Session, question: _Question, place: Place, facets: tuple[Facet, ...]
    ) -> tuple[Answer, int]:
        """The answer with the first hits of a question in words in their finer order, and how far it was widened."""
        criteria = question.criteria
        last = place.offset + criteria.size
        if criteria.sort != "relevance" or place.offset >= FIRST or not worth_reordering(question.asked):
            return self._widened(question, place, facets)
        whole = replace(question, criteria=replace(criteria, size=max(last, FIRST)))
        answer, widening = self._widened(whole, replace(place, offset=0), facets)
        finer = reorder(session, question.asker, question.asked, answer)
        return replace(finer, hits=finer.hits[place.offset : last]), widening

    def _load(self, session: Session, asker: Asker, answer: Answer) -> Findings:
        ids = [own for own, _ in answer.hits]
        findings = load_findings(session, asker.viewer, asker.day, ids, asker.vetoes)
        DROPPED.add(len(ids) - len(findings.records))
        return findings

    def _hits(self, session: Session, question: _Question, findings: Findings) -> tuple[Hit, ...]:
        tree = question.asked.marked
        pages = excerpt_pages(self._engine, session, question.asker, question.asked, findings.searchable())
        hits = []
        for record in findings.records:
            shown = pages.get(record.id, ())
            snippet = shown[0].snippet if shown else ()
            in_order = tuple(sorted(shown, key=lambda page: page.n))
            hits.append(findings.hit(record, mark_title(tree, record.title), snippet, in_order))
        return tuple(hits)

    def _turn(self, viewer: Viewer, criteria: Criteria, offset: int, widening: int, total: int) -> str:
        if offset >= total or offset + criteria.size > DEEPEST or offset <= -criteria.size:
            return ""
        return self._cursors.write(viewer, criteria, Place(max(offset, 0), widening))
