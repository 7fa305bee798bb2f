"""Which documents of a found file hold the words: a file's own text is its title, what is asked lies in its members.

One question to the engine for all files of a page of results; the database decides what the viewer may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from search.asked import Question
from search.engines.protocol import Engine
from search.excerpts import FURTHER_WIDTH, Excerpts, excerpt_pages
from search.findings import Found, load_findings
from search.plan import Bool, Keyword, Plan
from search.results import Members, PageHit, Step

MOST_LOOKED_AT = 60  # documents, of all the files together
MOST_NAMED = 3  # of each file


def find_inside(
    engine: Engine, session: Session, question: Question, planned: Callable[[], Plan], records: Sequence[Found]
) -> dict[str, Members]:
    """By the public identifier of each file: its documents that the question finds, best first.

    ``planned`` makes the search's own plan without its choice of a level, asked where there is a file.  Where more
    match than are looked at, no number is said.
    """
    files = tuple(one.public_id for one in records if one.level == "file")
    if not files:
        return {}
    plan = planned()
    here = (Keyword("lineage", files), Keyword("level", ("document",)))
    answer = engine.query(
        replace(plan, query=Bool(must=(plan.query,), filter=here), facets=(), sort="", size=MOST_LOOKED_AT, start=None)
    )
    asker = question.asker
    findings = load_findings(session, asker.viewer, asker.day, [own for own, _ in answer.hits], asker.vetoes)
    counted = answer.total <= MOST_LOOKED_AT
    named: dict[str, list[Found]] = {}
    for one in findings.records:
        for own in one.lineage.split()[1:]:
            named.setdefault(own, []).append(one)
    best = {own: named[own][:MOST_NAMED] for own in files if own in named}
    shown = {one.public_id for some in best.values() for one in some}
    pages = _best_pages(engine, session, question, [one for one in findings.searchable() if one.public_id in shown])
    return {
        own: Members(
            tuple(Step(one.public_id, one.level, one.title, one.number or one.code) for one in some),
            len(named[own]) if counted else 0,
            {one.public_id: pages[one.public_id] for one in some if one.public_id in pages},
        )
        for own, some in best.items()
    }


def _best_pages(engine: Engine, session: Session, question: Question, records: Sequence[Found]) -> dict[str, PageHit]:
    excerpts = Excerpts(question.asked.marked)
    pages = excerpt_pages(engine, session, question.asker, question.asked, records, excerpts, FURTHER_WIDTH)
    return {one.public_id: pages[one.id][0] for one in records if pages.get(one.id)}
