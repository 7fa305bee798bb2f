"""Which documents of a found file hold the words: a file's own text is its title, what is asked lies in its members.

One question to the engine for all files of a page of results; the database decides what the viewer may see.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from search.engines.protocol import Engine
from search.findings import Found, load_findings
from search.plan import Bool, Keyword, Plan
from search.planning import Asker
from search.results import Members, Step

MOST_LOOKED_AT = 60  # documents, of all the files together
MOST_NAMED = 3  # of each file


def find_inside(
    engine: Engine, session: Session, asker: Asker, plan: Plan, records: Sequence[Found]
) -> dict[str, Members]:
    """By the public identifier of each file: its documents that the plan's question finds, best first.

    ``plan`` is the search's own without its choice of a level.  Where more match than are looked at, no number is said.
    """
    files = tuple(one.public_id for one in records if one.level == "file")
    if not files:
        return {}
    here = (Keyword("lineage", files), Keyword("level", ("document",)))
    answer = engine.query(
        replace(plan, query=Bool(must=(plan.query,), filter=here), facets=(), sort="", size=MOST_LOOKED_AT, start=None)
    )
    found = load_findings(session, asker.viewer, asker.day, [own for own, _ in answer.hits], asker.vetoes).records
    counted = answer.total <= MOST_LOOKED_AT
    named: dict[str, list[Step]] = {}
    for one in found:
        for own in one.lineage.split()[1:]:
            named.setdefault(own, []).append(Step(one.public_id, one.level, one.title, one.number or one.code))
    return {
        own: Members(tuple(named[own][:MOST_NAMED]), len(named[own]) if counted else 0) for own in files if own in named
    }
