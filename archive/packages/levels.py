"""Which level a delivered row has and when it opens.

Sources: level codes of TT 05/2025/TT-BNV (`mode`: 01 Công khai, 02 Sử dụng có điều kiện, 03 Mật), the pair of
TT 02/2019/TT-BNV (Không hạn chế, Hạn chế), labels of the archives laws of 2011 (Hạn chế sử dụng) and 2024 (sử dụng
rộng rãi, tiếp cận có điều kiện); state secrets: Tuyệt mật, Tối mật, Mật. The rules (nothing said is 02, the strictest
wins, an unreadable opening date never opens) are the house's own: a delivery never loosens anything in silence.
"""

from dataclasses import dataclass
from datetime import date

from archive.packages.dates import read_date
from archive.packages.fields import fold
from archive.packages.rows import Level

WORDS: dict[Level, tuple[str, ...]] = {
    "01": ("01", "1", "Không hạn chế", "Công khai", "Sử dụng rộng rãi", "Rộng rãi", "Không hạn chế sử dụng"),
    "02": (
        "02",
        "2",
        "Hạn chế",
        "Hạn chế sử dụng",
        "Sử dụng hạn chế",
        "Sử dụng có điều kiện",
        "Tiếp cận có điều kiện",
        "Có điều kiện",
    ),
    "03": ("03", "3", "Mật", "Tối mật", "Tuyệt mật", "Bí mật nhà nước", "Chứa bí mật nhà nước"),
}
_LEVEL = {fold(word): level for level, words in WORDS.items() for word in words}
NEVER = date.max
ALWAYS = date.min


def read_level(text: str) -> Level | None:
    """The level that one cell says, None when it says nothing known. Marks and letter case do not matter."""
    text = text.strip()
    known = _LEVEL.get(fold(text))
    if known is None:
        # Code and words in one cell, as spreadsheets write them: '02 - Hạn chế'.
        code, _, words = text.partition("-")
        known = _LEVEL.get(fold(code))
        if known is None or _LEVEL.get(fold(words)) != known:
            return None
    return known


@dataclass(frozen=True, slots=True)
class Access:
    """Level and the day on which a restriction ends: NEVER without an end, ALWAYS when there is none."""

    level: Level
    until: date
    dated: bool = False

    @property
    def opens_on(self) -> date | None:
        """The day the record opens, None when it is open already or never opens by itself."""
        return None if self.level == "03" or self.until in (NEVER, ALWAYS) else self.until


@dataclass(frozen=True, slots=True)
class AccessReading:
    """What a row says of access: None when a value is unknown; `problems` are (field, code) pairs."""

    access: Access | None
    problems: tuple[tuple[str, str], ...] = ()


def read_access(values: dict[str, str], mode_field: str) -> AccessReading:
    """Read `AccessLevel`, `OpenDate` and `Mode` or `Rights` (`mode_field`) of a row.

    Both levels empty: 02. Both given and different: the strictest, with a problem. One unknown: no access at all,
    unless the other says 03. `OpenDate` ends a 02, closes a 01 until its day, never opens a 03; a month or a year
    alone ends on its last day; an unreadable one makes a 02 that never opens.
    """
    problems: list[tuple[str, str]] = []
    said: list[Level] = []
    unknown = False
    for name in ("AccessLevel", mode_field):
        if text := values.get(name, ""):
            known = read_level(text)
            if known is None:
                unknown = True
                problems.append((name, "access.unknown"))
            else:
                said.append(known)
    if unknown and "03" not in said:
        return AccessReading(None, tuple(problems))
    if not said:
        problems.append((mode_field, "access.empty"))
    elif len(set(said)) > 1:
        problems.append(("AccessLevel", "access.conflict"))
    level: Level = max(said) if said else "02"
    until, dated = ALWAYS if level == "01" else NEVER, False
    if text := values.get("OpenDate", ""):
        days = read_date(text).days
        if days is None:
            problems.append(("OpenDate", "access.opendate"))
            level, until = max(level, "02"), NEVER
        else:
            until, dated = date.fromordinal(days[1]), True
    return AccessReading(Access(level, until, dated), tuple(problems))


def bind(document: Access, file: Access) -> Access:
    """A document's access inside its file: the strictest level, the later end.

    A conditional document without an end of its own takes the end of its file when the file is conditional, too;
    the end of an open file never opens it.
    """
    until = document.until
    if until == NEVER and not document.dated and document.level == file.level == "02":
        until = file.until
    level = max(document.level, file.level)
    return Access(level, NEVER if level == "03" else max(until, file.until), document.dated or file.dated)


def strictest(one: Access | None, other: Access | None) -> Access | None:
    """Of two statements about the same record the stricter level and the later end; unknown beats all but 03."""
    if one is None or other is None:
        known = one or other
        return known if known and known.level == "03" else None
    return Access(max(one.level, other.level), max(one.until, other.until), one.dated or other.dated)
