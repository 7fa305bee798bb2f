"""A question as the gateway has it, and its hits with what is shown of them."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from search.criteria import Criteria
from search.engines.protocol import Engine
from search.excerpts import Excerpts, Texts, excerpt_pages
from search.findings import Findings
from search.planning import Asker
from search.results import Hit
from search.understanding import Understood


@dataclass(frozen=True, slots=True)
class Question:
    """A question, how it is understood, and who asks it.

    ``read`` are whole pages that were read for it, each under his right to search it: no text is read twice.
    """

    asker: Asker
    criteria: Criteria
    asked: Understood
    read: Texts = field(default_factory=dict, compare=False, repr=False)


def hits_of(
    engine: Engine, session: Session, question: Question, findings: Findings, excerpts: Excerpts | None = None
) -> tuple[Hit, ...]:
    """The found records as hits: titles and passages with the words of the question (``excerpts`` of it, where they
    are made already), pages in their order."""
    excerpts, asker = excerpts or Excerpts(question.asked.marked), question.asker
    pages = excerpt_pages(engine, session, asker, question.asked, findings.searchable(), excerpts, known=question.read)
    hits = []
    for record in findings.records:
        shown = pages.get(record.id, ())
        snippet = shown[0].snippet if shown else ()
        in_order = tuple(sorted(shown, key=lambda page: page.n))
        hits.append(findings.hit(record, snippet, in_order, excerpts.title))
    return tuple(hits)
