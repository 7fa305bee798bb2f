"""Snippets of what was found: the pages index says which pages, the database gives their text, one highlighter marks.

Only records whose text the viewer may search come here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.among import among_named
from archive.catalogue.records import Page
from search.engines.protocol import Engine
from search.findings import Found
from search.focus import Focus
from search.highlight import marker
from search.planning import Asker, plan_pages
from search.results import PageHit, Parts
from search.tree import Query, phrases, runs
from search.understanding import Understood

Texts = dict[tuple[int, int], str]  # of pages, by record row id and page number

MOST_PAGES = 3  # shown with a hit
FEW_PAGES = 3  # a record with no more is not worth asking the index for
WIDTH, FURTHER_WIDTH = 240, 120  # letters of a snippet, and of those of a hit's further pages
MOST_LETTERS = 200_000  # of a page, read for a snippet: some papers come as one page of text
MOST_TOKENISED = 40_000  # of them, where no window has a match: tokens cost more than looking
TITLE_LETTERS = 2_000

_BEGINNINGS = select(Page.record_id, Page.n, func.substr(Page.text, 1, MOST_LETTERS)).where(
    among_named(Page.record_id, "records"), among_named(Page.n, "numbers")
)


class Excerpts:
    """What is shown of titles and pages for one question."""

    def __init__(self, tree: Query) -> None:
        self._marker, self._focus = marker(tree), Focus(tree)

    def title(self, title: str) -> Parts:
        """The whole title, what matches marked."""
        parts: list[tuple[str, bool]] = []
        at = 0
        for start, end in self._marker.spans(title[:TITLE_LETTERS]):
            parts += [(title[at:start], False), (title[start:end], True)]
            at = end
        return tuple(part for part in (*parts, (title[at:], False)) if part[0])

    def pages(self, texts: Iterable[tuple[int, str]], further: int = WIDTH, width: int = WIDTH) -> Iterator[PageHit]:
        """The pages that match, each with its snippet of a width, in the order given; those behind the first of a
        ``further`` width."""
        for n, text in texts:
            window = self._focus.window(text)
            found = self._marker.snippet(window, width)
            if found is None and len(window) < len(text):  # the window is a guess: tokens may match elsewhere
                found = self._marker.snippet(text[:MOST_TOKENISED], width)
            if found:
                yield PageHit(n, found.parts)
                width = further


def excerpt_pages(
    engine: Engine,
    session: Session,
    asker: Asker,
    asked: Understood,
    records: Sequence[Found],
    excerpts: Excerpts,
    width: int = WIDTH,
    known: Texts | None = None,
) -> dict[int, tuple[PageHit, ...]]:
    """Up to MOST_PAGES pages with snippets for each record (by its row id), the best first.

    ``known``: whole texts that were read for the same viewer.
    """
    tree = asked.marked
    if not any(True for _ in runs(tree)) and not any(True for _ in phrases(tree)):
        return {}
    wanted: dict[int, list[int]] = {}
    for record in records:
        if 0 < record.page_count <= FEW_PAGES:
            wanted[record.id] = list(range(1, record.page_count + 1))
        elif record.page_count:
            wanted[record.id] = matching_pages(engine, asker, record.public_id, asked, MOST_PAGES, None)
    texts = read_texts(session, wanted, known)
    return {
        own: tuple(excerpts.pages(((n, texts.get((own, n), "")) for n in pages), FURTHER_WIDTH, width))
        for own, pages in wanted.items()
    }


def matching_pages(
    engine: Engine, asker: Asker, record: str, asked: Understood, size: int, widening: int | None
) -> list[int]:
    """The numbers of the pages of a record that match, best first."""
    answer = engine.query(plan_pages(asker, record, asked, widening=widening, size=size))
    return [int(own.rpartition(".")[2]) for own, _ in answer.hits]


def read_texts(session: Session, wanted: Mapping[int, Iterable[int]], known: Texts | None = None) -> Texts:
    """The beginnings of the texts of pages, those that are not known in one query."""
    pages = {(own, n) for own, numbers in wanted.items() for n in numbers}
    found = {page: known[page] for page in pages & known.keys()} if known else {}
    if unread := pages - found.keys():
        owners, numbers = {own for own, _ in unread}, {n for _, n in unread}
        rows = session.connection().execute(_BEGINNINGS, {"records": list(owners), "numbers": list(numbers)})
        found |= {(own, n): text for own, n, text in rows.all() if (own, n) in unread}
    return found
