"""What comes back from the gateway: already checked for the viewer, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.criteria import Criteria

Parts = tuple[tuple[str, bool], ...]  # text pieces, each with whether it is a hit


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the path to a record: an ancestor that the viewer may see."""

    id: str
    level: str
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page on which the question matches."""

    n: int
    snippet: Parts


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found.  ``access`` is ``open``, ``until`` (with ``opens_on``) or ``conditional``, of its content.

    ``snippet`` and ``pages`` are empty where the viewer may not search the text; ``readable`` says whether he may read.
    """

    id: str
    level: str
    title: str
    code: str
    number: str
    issuer: str
    type: str
    dates: tuple[int, int] | None  # day numbers
    fonds: str
    path: tuple[Step, ...]
    access: str
    opens_on: int | None
    readable: bool
    medium: str
    page_count: int
    title_parts: Parts
    snippet: Parts
    pages: tuple[PageHit, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with its count among the records found (without the facet's own choice)."""

    value: str
    label_vi: str
    label_en: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on typing: ``kind`` is ``title``, ``issuer`` or ``place``; ``id`` the record's or the name's."""

    text: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the search did that a reader should know: a code, the two texts, and the question without it (or none)."""

    code: str
    vi: str
    en: str
    undo: Criteria | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a question."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    levels: tuple[FacetValue, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # year, records; only years with records
    undated: int = 0
    corrections: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    next: str = ""  # signed cursor of the next page, empty on the last
    previous: str = ""
    total_is_exact: bool = True
