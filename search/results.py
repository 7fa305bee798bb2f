"""What comes back from the gateway: already checked for the viewer, ready to be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from search.criteria import RECOGNISED, Criteria

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
class Members:
    """Documents of a file that hold what was asked, the best of them by name (``code`` is their number, if they have
    one), each with its best page where the viewer may search its text, and how many there are; 0 where they were not
    counted."""

    named: tuple[Step, ...] = ()
    count: int = 0
    pages: Mapping[str, PageHit] = field(default_factory=dict)  # by the document's identifier


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found.  ``access`` is ``open``, ``until`` (with ``opens_on``) or ``conditional``, of its content.

    ``snippet`` and ``pages`` are empty where the viewer may not search the text; ``readable`` says whether he may read;
    ``inside`` is of a file that a question in words found.
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
    snippet: Parts
    pages: tuple[PageHit, ...]
    mark_title: Callable[[str], Parts] = field(compare=False, repr=False)
    inside: Members = Members()

    @property
    def title_parts(self) -> Parts:
        """The title, what matches marked: looked for when it is shown (programs take the title as it is)."""
        return self.mark_title(self.title)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with its count among the records found (without the facet's own choice)."""

    value: str
    label_vi: str
    label_en: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetPage:
    """A page of the values of a facet; ``next`` is the signed cursor of the following one, empty on the last."""

    values: tuple[FacetValue, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole result: identifiers in their order, how many records the whole has, and the cursor of what
    follows (empty on the last part) and of what precedes (where it was asked for)."""

    ids: tuple[str, ...]
    total: int
    next: str
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on typing, with how many records it leads to (counted for someone who has not signed in).

    ``kind`` is ``number``, ``title`` or ``beginning`` (the words with which several titles begin), ``issuer`` or
    ``place``.  ``id`` is the record's (of a title: of one that has it) or the name's, empty for a beginning;
    ``level`` the record's; ``note`` the title of the only record that has the number.
    """

    text: str
    kind: str
    id: str = ""
    count: int = 1
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the search did that a reader should know: a code, the two texts, and the question without it (or none).

    A part of the question that was recognised (`search.understanding.parts`) also has the question narrowed to it,
    where that finds something (``found`` records).
    """

    code: str
    vi: str
    en: str
    undo: Criteria | None = None
    only: Criteria | None = None
    found: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another question where one finds nothing, with how many records it finds for the same viewer.

    ``kind`` is ``filter`` (``text`` names the one left out: ``level``, ``years`` or a facet), ``filters`` (all left
    out), ``part`` (``text`` is the part of the question left out), ``unquoted`` or ``spelling`` (``text`` is asked).
    """

    kind: str
    text: str
    criteria: Criteria
    count: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a question."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    levels: tuple[FacetValue, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # year, records; only years with records
    undated: int = 0
    decades: Mapping[int, int] = field(default_factory=dict)  # records that touch each, by its first year
    corrections: tuple[str, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()  # where nothing is found
    next: str = ""  # signed cursor of the next page, empty on the last
    previous: str = ""
    total_is_exact: bool = True

    @property
    def recognised(self) -> tuple[Explanation, ...]:
        """The explanations that are parts of the question."""
        return tuple(one for one in self.explanations if one.code in RECOGNISED)

    @property
    def notes(self) -> tuple[Explanation, ...]:
        """The explanations that are not."""
        return tuple(one for one in self.explanations if one.code not in RECOGNISED)
