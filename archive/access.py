"""Who may see what: one rule, three renderings (DESIGN section 5).

Three rights on every record: *see* (that it exists, its description), *search* (its text takes part in matching and
snippets), *read* (images, files, text).  For each right a record carries allow tags, deny tags and the day from which
everyone has it.  A viewer carries tags.  The right is there when today has reached that day or the allow tags meet the
viewer's, and the deny tags do not.  :func:`may` decides on an object, :func:`sql_condition` is the same for SQL,
:class:`AccessFilter` the same for a search engine; a property test holds the three together.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from sqlalchemy import BindParameter, ColumnElement, and_, or_, true

from archive.page_ranges import read_pages

if TYPE_CHECKING:
    from archive.catalogue.records import Record

Right = Literal["see", "search", "read"]
RIGHTS: tuple[Right, ...] = get_args(Right)

#: The day number that never comes: a right that everyone gets on no day.
NEVER = 9_999_999

_TAG = re.compile(r"[a-z0-9][a-z0-9:.\-]*")


def tag(kind: str, value: str = "") -> str:
    """A tag such as ``role:archivist``, lower case.

    Characters of the value outside ``[a-z0-9.-]`` become ``-``, and its digest follows: two agencies whose codes differ
    in such a character only must never share a tag.
    """
    text = value.lower()
    if (plain := re.sub(r"[^a-z0-9.\-]", "-", text)) != text:
        plain += f":{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return f"{kind.lower()}:{plain}" if value else kind.lower()


def pack(tags: frozenset[str]) -> str:
    """Tags as one text with a blank on both sides of each, as the catalogue stores them; ValueError on a bad tag."""
    for one in tags:
        if not _TAG.fullmatch(one):
            raise ValueError(f"not a tag: {one!r}")
    return f" {' '.join(sorted(tags))} " if tags else ""


def unpack(text: str) -> frozenset[str]:
    """The tags of a packed text."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a value, never absent.  ``tags`` decide; the name is for the audit trail and the page's head."""

    tags: frozenset[str]
    name: str = ""
    role: str = "anonymous"
    agency: str = ""
    #: Pages of records that grants let in on: public identifier, and page numbers as people write them ("1-3,7").
    parts: frozenset[tuple[str, str]] = frozenset()
    copied_parts: frozenset[tuple[str, str]] = frozenset()  # those of them that may be copied, too

    def __post_init__(self) -> None:
        """ValueError on what is no tag: LIKE takes letter case lightly, so the three renderings need clean tags."""
        for one in self.tags:
            if not _TAG.fullmatch(one):
                raise ValueError(f"not a tag: {one!r}")

    @classmethod
    def anonymous(cls) -> "Viewer":
        """The reader who has not signed in."""
        return cls(tags=frozenset())

    @property
    def is_staff(self) -> bool:
        """Whether the viewer works with records: sees declared counts, reports and unprocessed material."""
        return self.role in {"archivist", "head"}

    @property
    def reads_trail(self) -> bool:
        """Whether the viewer searches the audit trail: auditors do, and nobody who acts in the archive.  The role gives
        no right on any record."""
        return self.role == "auditor"

    @property
    def sees_acts(self) -> bool:
        """Whether the viewer is shown, beside a record, who read it and what was decided on it: its archivists."""
        return self.role in {"archivist", "head"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One right of one record: from which day everyone has it, who else has it, who has not."""

    everyone_from: int = NEVER
    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """The three rights of a record."""

    see: Rule = field(default_factory=Rule)
    search: Rule = field(default_factory=Rule)
    read: Rule = field(default_factory=Rule)


class Guarded(Protocol):
    """Anything that says what its access is: a record of the catalogue, an index document."""

    @property
    def access(self) -> Access:
        """The three rights."""


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """The rule for a search engine: (everyone_from <= day or allow in tags) and not deny in tags."""

    right: Right
    tags: tuple[str, ...]
    day: int


def may(viewer: Viewer, right: Right, guarded: Guarded, day: int) -> bool:
    """Whether the viewer has the right on the object on that day (a day number)."""
    rule: Rule = getattr(guarded.access, right)
    if rule.deny & viewer.tags:
        return False
    return rule.everyone_from <= day or bool(rule.allow & viewer.tags)


def may_copy(viewer: Viewer, guarded: Guarded, day: int) -> bool:
    """Whether the viewer may take the content away: download it, have a copy.  Whoever reads may, but a reader with a
    grant only where it says "read and copy" (tag ``copy:…`` beside ``grant:…``)."""
    rule = guarded.access.read
    if not may(viewer, "read", guarded, day):
        return False
    by_grant = {one.replace("grant:", "copy:", 1) if one.startswith("grant:") else one for one in rule.allow}
    return rule.everyone_from <= day or bool(by_grant & viewer.tags)


def granted_pages(viewer: Viewer, record: "Record", *, copying: bool = False) -> frozenset[int]:
    """The pages that the viewer may read (``copying``: have a copy of) by grants on pages, where he may not read the
    record.  Such a grant gives its pages and nothing else: no search, no download of the whole, no description that is
    content.  It holds where a grant on the whole record would."""
    rule = record.access.read
    if rule.deny & viewer.tags or tag("grant", record.public_id) not in rule.allow:
        return frozenset()
    parts = viewer.copied_parts if copying else viewer.parts
    own = [pages for public_id, pages in parts if public_id == record.public_id]
    return frozenset(n for pages in own for n in read_pages(pages, record.page_count))


def may_page(viewer: Viewer, record: "Record", n: int, day: int) -> bool:
    """Whether the viewer may read page ``n`` of a record on that day: the record, or the page by a grant on pages."""
    return may(viewer, "read", record, day) or n in granted_pages(viewer, record)


def may_copy_pages(viewer: Viewer, record: "Record", pages: str, day: int) -> bool:
    """Whether the viewer may have a copy of these pages ("1-3,7", empty: all): of the record, or by grants on pages."""
    if may_copy(viewer, record, day):
        return True
    granted = granted_pages(viewer, record, copying=True)
    return bool(granted) and granted >= set(read_pages(pages, record.page_count))


def may_copy_page(viewer: Viewer, record: "Record", n: int, day: int) -> bool:
    """Whether the viewer may have a copy of page ``n``; who reads it and may not reads it with the agency's name in its
    picture."""
    return may_copy(viewer, record, day) or n in granted_pages(viewer, record, copying=True)


def ground(viewer: Viewer, right: Right, guarded: Guarded) -> str:
    """The allow tag that gives the viewer a right which not everyone has: a grant before an agency before a role; ""
    where none does.  For the audit trail."""
    rule: Rule = getattr(guarded.access, right)
    met = sorted(rule.allow & viewer.tags, key=lambda one: (_GROUNDS.get(one.partition(":")[0], 3), one))
    return met[0] if met else ""


_GROUNDS = {"grant": 0, "agency": 1, "role": 2}


def engine_filter(viewer: Viewer, right: Right, day: int) -> AccessFilter:
    """The same rule for a search engine, the day as a literal."""
    return AccessFilter(right, tuple(sorted(viewer.tags)), day)


def sql_condition(
    viewer: Viewer, right: Right, day: "int | BindParameter[int]", record: "type[Record] | None" = None
) -> ColumnElement[bool]:
    """The same rule for SQL, on the records table or an alias of it; the day may be told when the statement is run."""
    from archive.catalogue.records import Record as Records

    table = record or Records
    everyone_from, allow, deny = (getattr(table, f"{name}_{right}") for name in ("everyone_from", "allow", "deny"))
    granted = or_(everyone_from <= day, *(allow.contains(f" {one} ", autoescape=True) for one in sorted(viewer.tags)))
    refused = [~deny.contains(f" {one} ", autoescape=True) for one in sorted(viewer.tags)]
    return and_(true(), granted, *refused)
