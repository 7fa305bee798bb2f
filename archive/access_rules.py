"""From facts about a record (level, day of opening, fonds, agency, ancestors) to its access.

Levels: TT 05/2025 ``mode`` 01 Công khai, 02 Sử dụng có điều kiện, 03 Mật.  By default (DESIGN section 5): 01, all three
rights for everyone; 02, the description for everyone, text only with a grant.  03 never becomes a record.  A file's
level binds its documents: the strictest wins, and of two days of opening the later one counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.access import NEVER, Access, Rule, tag

#: Which of these an account carries is decided when it asks (archive.identity.roles): no administrator carries his, and
#: it stays here only because taking it away would change every document of every index.
STAFF = frozenset({"role:archivist", "role:head", "role:administrator"})


@dataclass(frozen=True, slots=True)
class Closure:
    """How a record is closed by itself: its level and the day number on which it opens (None: no day)."""

    level: str = "01"
    opens_on: int | None = None

    @property
    def open_from(self) -> int:
        """The day number from which everyone may read it: 0 always, NEVER only with a grant."""
        if self.level == "01":
            return self.opens_on or 0
        return self.opens_on if self.level == "02" and self.opens_on else NEVER


def derive_access(
    closures: Iterable[Closure],
    *,
    lineage: tuple[str, ...],
    agency: str,
    hidden_when_closed: bool = False,
    withdrawn: bool = False,
) -> Access:
    """The access of a record closed by itself and by its ancestors (``closures``).

    ``lineage`` are the public identifiers of the record and its ancestors: a grant on any of them counts.  A fonds that
    is stricter (``hidden_when_closed``) shows not even the description of what is closed.  A withdrawn record is seen
    by nobody.
    """
    if withdrawn:
        return Access()
    open_from = max((c.open_from for c in closures), default=0)
    allow = STAFF | {tag("grant", one) for one in lineage} | ({tag("agency", agency)} if agency else set())
    content = Rule(everyone_from=open_from, allow=frozenset(allow))
    see = content if hidden_when_closed else replace(content, everyone_from=0)
    return Access(see=see, search=content, read=content)


def without_grants(access: Access) -> Access:
    """The access but for single grants: a record that moves below another file leaves the grants on the old one and
    takes those on the new one, which is no loosening of a restriction."""
    rules = ((one, frozenset(t for t in one.allow if not t.startswith("grant:"))) for one in _rules(access))
    return Access(*(replace(one, allow=allow) for one, allow in rules))


def _rules(access: Access) -> tuple[Rule, Rule, Rule]:
    return access.see, access.search, access.read


def is_looser(new: Access, old: Access) -> bool:
    """Whether anybody would get a right earlier or by a tag that he has not now."""
    pairs = zip(_rules(new), _rules(old), strict=True)
    return any(n.everyone_from < o.everyone_from or n.allow - o.allow or o.deny - n.deny for n, o in pairs)


def is_tighter(new: Access, old: Access) -> bool:
    """Whether anybody would lose a right that he has now."""
    return is_looser(old, new)
