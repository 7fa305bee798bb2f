"""The first candidates of a question in a finer order: their texts come from the database, never more than may be read.

Only the first FIRST hits change places, among themselves: every page of the same question reorders the same ones from
the same index and the same texts, so no hit stands on two pages or on none.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from sqlalchemy import Integer, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from analyzers.folded_line import folded_line
from analyzers.tokens import folded_key
from archive.access import Viewer, sql_condition
from archive.among import among_named
from archive.catalogue.records import Page, Record
from search.asked import Question
from search.closeness import Candidates, closeness
from search.criteria import Criteria
from search.excerpts import Texts
from search.numbering import keys_clause, words_clause
from search.plan import Answer
from search.planning import Asker
from search.tree import Query, phrases, runs
from search.understanding import Understood

FIRST = 24
FEWEST_WORDS = 4  # a shorter question stands or falls with all its words, wherever they are
MOST_PAGES = 10  # read of a record
MOST_LETTERS = 4_000  # of a page
OTHER_READING = 0.9  # of the closeness: what says the question in another name comes a little later
TEXTS_KEPT = 1_000  # of titles and pages: the same question comes again with every filter and page (some megabytes)
LETTERS_AT_ONCE = 150_000  # of all candidates: where texts are long, fewer of them are read


def is_reordered(criteria: Criteria, asked: Understood) -> bool:
    """Whether the first hits of a question are put in a finer order."""
    return criteria.sort == "relevance" and worth_reordering(asked)


def worth_reordering(asked: Understood) -> bool:
    """Whether the order of a question's hits gains by reading them: not where a document's number is in hand."""
    words = sum(len(run) for run in runs(asked.tree))
    return words >= FEWEST_WORDS and keys_clause(asked.numbered) is None and words_clause(asked.numbered) is None


def reorder(session: Session, question: Question, answer: Answer) -> Answer:
    """The answer (hits from the very first on, by relevance) with its first hits in their finer order.

    Pages that were read whole are kept with the question.
    """
    asked = question.asked
    first = answer.hits[:FIRST]
    titles, texts = read_candidates(session, question.asker, [own for own, _ in first], question.read)
    left = LETTERS_AT_ONCE
    entitled: list[bytes] = []
    written: list[bytes] = []
    for own, _ in first:
        pages = texts.get(own, ())
        left -= sum(map(len, pages))
        if left < 0:
            break
        entitled.append(_line(titles.get(own, "")))
        written.append(b" ".join(map(_line, pages)))
    said = Candidates([score for _, score in first[: len(written)]], entitled, written)
    # With its own names as phrases too: a pair across a name's border ("đất Tịnh") is asked of no other reading either.
    typed = (asked.tree, *((asked.exact,) if asked.exact else ()))
    weighed = [*((one, 1.0) for one in typed), *((one, OTHER_READING) for one in asked.others)]
    scores = np.max([weight * closeness(_words(one), said) for one, weight in weighed], axis=0).tolist()
    finer = sorted(zip(scores, first, strict=False), key=lambda one: (-one[0], one[1][0]))
    return Answer(answer.total, (*(hit for _, hit in finer), *answer.hits[len(finer) :]), answer.buckets)


def _words(tree: Query) -> list[list[str]]:
    asked = (*runs(tree), *(phrase.words for phrase in phrases(tree)))
    return [[folded_key(word.text) for word in run] for run in asked]


def read_candidates(
    session: Session, asker: Asker, ids: Sequence[str], whole: Texts | None = None
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Titles of what the viewer may see, texts page by page of what he may search, by public identifier.

    Into ``whole`` go the texts that were not cut.
    """
    titles: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    asked = {"ids": list(ids), "day": asker.day}
    rows = session.connection().execute(_candidates(tuple(sorted(asker.viewer.tags))), asked).all()
    for own, title, row, n, text in rows:
        if title is not None:
            titles[own] = title
        if text is not None:
            texts.setdefault(own, []).append(text)
            if whole is not None and len(text) < MOST_LETTERS:
                whole[row, n] = text
    return titles, texts


@lru_cache(maxsize=1_000)
def _candidates(tags: tuple[str, ...]) -> Select[str, str, int, int, str]:
    """What reads titles and texts for a viewer with the tags, each under its own right; building it costs more than
    running it."""
    viewer, day = Viewer(frozenset(tags)), bindparam("day", type_=Integer)
    here = (among_named(Record.public_id, "ids"), ~Record.withdrawn)
    may_see, may_search = sql_condition(viewer, "see", day), sql_condition(viewer, "search", day)
    shown = Record.public_id, case((may_see, Record.title))
    return (
        select(*shown, Record.id, Page.n, func.substr(Page.text, 1, MOST_LETTERS))
        .outerjoin(Page, and_(Page.record_id == Record.id, Page.n <= MOST_PAGES, may_search))
        .where(*here, or_(may_see, may_search))
        .order_by(Record.id, Page.n)
    )


@lru_cache(maxsize=TEXTS_KEPT)
def _line(text: str) -> bytes:
    """The line of a text that was read just now under the viewer's right: it is itself what it is kept by."""
    return folded_line(text)
