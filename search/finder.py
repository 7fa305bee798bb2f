"""A page of what a question finds: planned, asked of the engine, widened where nothing is there, put in its finer
order, and read from the database, which decides what is shown."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from search.ahead import Ahead
from search.asked import Question
from search.beside import Shown
from search.cursor import Place, lost_place
from search.engines.protocol import Engine
from search.findings import DROPPED, Findings, load_findings
from search.matching import WIDEST, can_widen
from search.plan import Answer, Buckets, Facet, LostPlaceError, Plan
from search.planning import Asker, plan_records
from search.reordering import FIRST, is_reordered, reorder
from search.size import refuse_too_many
from search.turning import asked_size, cut, position, start_of, turn


class Finder:
    """Finds pages of results in an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(self, question: Question, place: Place, facets: tuple[Facet, ...] = ()) -> Plan:
        """What is asked of the engine.  Raises QueryError where that is more than an engine takes."""
        plan = plan_records(
            question.asker,
            question.criteria,
            question.asked,
            widening=place.widening,
            size=asked_size(question.criteria.size),
            start=start_of(place),
            facets=facets,
        )
        refuse_too_many(question.asked.text, plan.query)
        return plan

    def widened(
        self, question: Question, place: Place, facets: tuple[Facet, ...], ahead: Ahead | None = None
    ) -> tuple[Answer, int]:
        """The answer, and how far the question had to be widened; a later page stays as wide as the first was.

        Where nothing is found each facet tells what its other values would give: at the step at which they do.
        """
        buckets: dict[str, Buckets] = {}
        wide = can_widen(question.asked.tree) and "widened" not in question.criteria.verbatim
        last = WIDEST if wide and not question.criteria.cursor else place.widening
        for widening in range(place.widening, last + 1):
            plan = self.plan(question, replace(place, widening=widening), facets)
            first = ahead if widening == place.widening else None
            try:
                answer = self._engine.query(plan, counted=first.counted if first else None)
            except LostPlaceError:
                if first:
                    first.check(wait=True)  # a place in what was meant is not lost
                raise lost_place() from None
            if first:
                first.check(wait=not answer.total)  # what is misspelled finds nothing however wide it is asked
            if answer.total:
                return answer, widening
            buckets |= {name: found for name, found in answer.buckets.items() if not buckets.get(name)}
        return replace(answer, buckets=buckets), 0

    def _page(
        self, session: Session, question: Question, place: Place, facets: tuple[Facet, ...], ahead: Ahead | None
    ) -> tuple[Answer, int, Place, list[str]]:
        """The engine's answer, how far it was widened, where the page begins, and its hits (one more if there is one).

        Pages that begin among the first hits of a question in words are cut from those in their finer order.
        """
        size = question.criteria.size
        if is_reordered(question.criteria, question.asked) and (place.near - size * place.back) < FIRST:
            most = max(FIRST, place.near + size)
            whole = replace(question, criteria=replace(question.criteria, size=most))
            answer, widening = self.widened(whole, Place(widening=place.widening), facets, ahead)
            ordered = [own for own, _ in reorder(session, question, answer).hits]
            near = position(ordered, place, size)
            return answer, widening, Place(near, widening, place.ids), ordered[near : near + size + 1]
        answer, widening = self.widened(question, place, facets, ahead)
        if place.back and len(answer.hits) < size:  # the beginning is a whole page, too
            place = Place(widening=widening)
            answer, _ = self.widened(question, place, facets)
        return answer, widening, place, [own for own, _ in answer.hits]

    def shown(
        self,
        session: Session,
        question: Question,
        place: Place,
        facets: tuple[Facet, ...] = (),
        ahead: Ahead | None = None,
    ) -> Shown:
        """The page that begins at a place.  Raises MisspelledError where ``ahead`` knows that it is not wanted."""
        answer, widening, place, found = self._page(session, question, place, facets, ahead)
        size = question.criteria.size
        page, _ = cut(found, place, size)
        findings = load_page(session, question.asker, page)
        turned = turn(found, [one.public_id for one in findings.records], place, size, widening)
        if turned.next and is_reordered(question.criteria, question.asked) and place.near < FIRST <= turned.next.near:
            turned = replace(turned, next=self._behind(session, question, answer, turned.next))
        return Shown(answer, widening, answer.total - (len(page) - len(findings.records)), findings, turned)

    def _behind(self, session: Session, question: Question, answer: Answer, place: Place) -> Place:
        """The same place told by the engine's own order: from there on that is the order of the hits."""
        before = [own for own, _ in answer.hits[: place.near][::-1][:3]]
        kept = [one.public_id for one in load_page(session, question.asker, before).records]
        return replace(place, ids=tuple(kept), skip=before.index(kept[0]) if kept else len(before))


def load_page(session: Session, asker: Asker, ids: Sequence[str]) -> Findings:
    """What the viewer may see of what an engine found; what the catalogue withholds is counted and logged."""
    findings = load_findings(session, asker.viewer, asker.day, ids, asker.vetoes)
    DROPPED.add(len(ids) - len(findings.records))
    return findings
