"""What the index holds of a record and of a page: every engine's input, built by the indexer from the catalogue."""

from dataclasses import dataclass

from archive.access import Access


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A record for the ``records`` index.

    ``description`` is matched under the right *see*; ``content`` (title and the text of the record's own pages, pages
    parted by form feeds) under *search*.  ``version`` is the outbox's ``seq``: a lower one loses.
    """

    id: str  # public identifier
    version: int
    level: str
    lineage: tuple[str, ...]  # own identifier first, then the ancestors'
    access: Access
    title: str
    description: str
    content: str
    number_keys: tuple[str, ...]  # normal forms of its number: analyzers.numbers.number_key
    facets: dict[str, tuple[str, ...]]  # by FacetDefinition.name, derived ones absent
    date_from: int | None  # day numbers
    date_to: int | None
    title_key: str  # Vietnamese sort key
    number_sort: str  # sort key of the number
    roles: tuple[str, ...] = ()  # persons with what each was: id, blank, role


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page for the ``pages`` index; it carries the access and lineage of its record."""

    record: str  # public identifier
    n: int
    version: int
    lineage: tuple[str, ...]
    access: Access
    content: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the engine refused, and why: it goes to the dead letters."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordPages:
    """All pages of a record, for the ``pages`` index: they replace whatever pages it had.

    ``version`` is that of the whole; none of the pages may belong to another record.
    """

    record: str  # public identifier
    version: int
    pages: tuple[PageDocument, ...]
