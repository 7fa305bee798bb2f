"""Which places and agencies a question names, and the other names they had or have.  Public geography, no record.

A name is taken where it can mean one thing only: by the place named beside it, by the years asked for, by the
archive's own province; otherwise the reader is told how many it may mean.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from analyzers.fold import fold, has_marks
from analyzers.gazetteer import Mention, is_capitalised
from analyzers.tokens import keys
from archive.gazetteer import REFORM, agencies, places
from archive.units import Unit, Units

MOST_NAMES = 4
"""Other names looked at for one name in a question."""
MOST_MENTIONS = 8
"""Names understood in one question."""

Years = tuple[int, int]
_YEAR = re.compile(r"(?<![\w/.-])(1[89]\d\d|20\d\d)(?![\w/.-])")
_COMPOUNDS = {
    "so": {"co", "tru", "hoi", "cong"},
    "bo": {"can", "noi", "toan", "dang", "doan", "doi", "cuc", "chi", "lanh"},
    "ty": {"cong"},
}
#: Names of families, before which "Văn Phước" is a person and no commune; the second lot where written in capitals.
_FAMILIES = {"nguyễn", "nguyen", "huỳnh", "huynh"}
_WRITTEN_FAMILIES = {
    word
    for name in (
        "Trần Lê Phạm Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Trương Lâm Tạ Mai Cao Lương Lưu Châu"
    ).lower().split()
    for word in (name, fold(name))
}  # fmt: skip
#: Wards far away that bear the name of a person: the person is meant.
_FAMILY_FIRST = re.compile(r"(?:Nguyễn|Trần|Lê|Phạm|Huỳnh|Phan|Võ|Ngô|Đinh|Trịnh|Bùi|Đặng|Hoàng|Trương) ")
_RANKS = {"tỉnh": 0, "thành phố": 1, "thị xã": 2, "quận": 2, "huyện": 2}
_ABOVE_COMMUNES = re.compile(rf"(?<!\w)(?:{'|'.join(_RANKS)}) $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a question: the units that bear it (one thing), and its other names, the most relevant first.

    Of `others`, `earlier` and `later` came before and after; `moved` are the other districts in which the commune named
    beside it lay.  Without units the name is ambiguous: `meanings` says how many things bear it.
    """

    mention: Mention
    units: tuple[Unit, ...]
    others: tuple[Unit, ...] = ()
    earlier: tuple[Unit, ...] = ()
    later: tuple[Unit, ...] = ()
    moved: tuple[Unit, ...] = ()
    meanings: int = 1

    @property
    def is_told(self) -> bool:
        """Whether there is something to tell of it, be it that its districts ended."""
        return bool(self.others) or not self.units or ended_district(self.units) is not None

    def label(self, unit: Unit) -> str:
        """How a unit is named in place of this: with its kind where one was written."""
        return f"{self.kind(unit)} {unit.name}".strip()

    def kind(self, unit: Unit) -> str:
        """The word for a unit's kind where one was written, else nothing."""
        return unit.kind if self.mention.kind else ""


def ended_district(units: Sequence[Unit]) -> Unit | None:
    """The district among units of one name that ended with all districts."""
    return next((unit for unit in units if unit.last == REFORM - 1 and unit.above and not unit.successors), None)


def years_asked(text: str, spans: Iterable[Years] = ()) -> Years | None:
    """The years of a question: those of its fields and period if there are any, else those written in it."""
    years = list(spans) or [(int(year), int(year)) for year in _YEAR.findall(text)]
    return (min(low for low, _ in years), max(high for _, high in years)) if years else None


def places_in(text: str, home: frozenset[str] = frozenset(), years: Years | None = None) -> list[Named]:
    """The places named in canonical `text`; `home` are the ids of the provinces whose archive this is."""
    known = places()
    mentions = [one for one in known.gazetteer.find(text) if _is_meant(known, text, one)][:MOST_MENTIONS]
    found = []
    for mention in mentions:
        beside = {own for other in mentions if other is not mention for own in other.ids}
        families = _narrowed(known, mention, beside, home, years)
        if len(families) == 1:
            if mention.kind or _can_stand_alone(known, text, mention, families[0], beside, home):
                found.append(_named(known, mention, families[0], beside, years, text[mention.name : mention.end]))
        elif families and mention.kind:
            found.append(Named(mention, (), meanings=len(families)))
    return found


def agencies_in(text: str, years: Years | None = None) -> list[Named]:
    """The ministries and departments named in canonical `text`."""
    known = agencies()
    return [
        _named(known, mention, (known.units[mention.ids[0]],), set(), years, text[mention.name : mention.end])
        for mention in known.gazetteer.find(text)[:MOST_MENTIONS]
        if not _is_inside_a_word(text, mention)
    ]


def _is_inside_a_word(text: str, mention: Mention) -> bool:
    """Whether the first syllable belongs to the one before it: "cơ sở y tế", "cán bộ tài chính", "công ty xây dựng"."""
    first, *_ = fold(text[mention.start : mention.end]).split()
    before = fold(text[: mention.start]).split()
    return bool(before) and before[-1] in _COMPOUNDS.get(first, ())


def _is_meant(known: Units, text: str, mention: Mention) -> bool:
    """Whether it is written as a name is: with the word for its kind, in capitals, or as no ordinary words are; "huyện
    Từ Liêm" is no ward."""
    written = text[mention.name : mention.end]
    if not mention.kind and _ABOVE_COMMUNES.search(text[: mention.start]) and _are_communes(known, mention.ids):
        return False
    return bool(mention.kind) or is_capitalised(written) or not known.is_ordinary(written)


def _are_communes(known: Units, ids: Iterable[str]) -> bool:
    return _rank([known.units[own] for own in ids]) > max(_RANKS.values())


def _narrowed(
    known: Units, mention: Mention, beside: set[str], home: frozenset[str], years: Years | None
) -> list[tuple[Unit, ...]]:
    """The things that the name may mean here, as few as the question and the archive allow."""
    families = known.families(mention.ids)
    if len(families) > 1 and not mention.kind:
        # "Quảng Ngãi" alone is the province, not its town.
        highest = min(_rank(family) for family in families)
        families = [family for family in families if _rank(family) == highest]
    choosing: tuple[Callable[[Unit], bool], ...] = (
        lambda unit: not beside.isdisjoint(known.around(unit.id)),
        lambda unit: not home.isdisjoint(known.tops(unit.id)),
        lambda unit: years is not None and unit.was_there(*_days(years)),
    )
    for choose in choosing:
        if len(families) > 1 and (fewer := [family for family in families if any(map(choose, family))]):
            families = fewer
    return families


def _rank(family: Sequence[Unit]) -> int:
    return min(_RANKS.get(unit.kind, 3) for unit in family)


def _can_stand_alone(
    known: Units, text: str, mention: Mention, family: tuple[Unit, ...], beside: set[str], home: frozenset[str]
) -> bool:
    """Whether a name without the word for its kind is certain enough: without its marks only at home, or beside what
    it lies in."""
    written = text[mention.name : mention.end]
    at_home = any(not home.isdisjoint(known.tops(unit.id)) for unit in family)
    if _are_communes(known, mention.ids) and (
        _is_of_a_person(text, mention) or (not at_home and _FAMILY_FIRST.match(written))
    ):
        return False
    if has_marks(written) or is_capitalised(written) or not any(has_marks(unit.name) for unit in family):
        return True
    return at_home or any(beside & known.around(unit.id) for unit in family)


def _is_of_a_person(text: str, mention: Mention) -> bool:
    """Whether the name of a family stands right before it, and begins a name: "ông Hồ Văn Phước", not "Bình Dương"."""
    if text[mention.start - 1 : mention.start] != " ":
        return False
    *before, word = text[: mention.start].split()
    begins = not before or not is_capitalised(before[-1])
    return word.lower() in _FAMILIES or (begins and word.lower() in _WRITTEN_FAMILIES and is_capitalised(word))


def _named(
    known: Units, mention: Mention, family: tuple[Unit, ...], beside: set[str], years: Years | None, written: str
) -> Named:
    """The name, as it was `written`, with the other names of what bears it: those of the years asked for first, then
    the nearest."""
    named = Named(mention, family)
    own = {named.label(unit) for unit in family if keys(unit.name).folded == keys(written).folded}
    ids = {unit.id for unit in family}
    moved = _moved(known, ids, beside)
    # What it was under its own name before what was merged into it; what left it, while it went on, is another place.
    earlier = [unit for one in reversed(family) for unit in known.before(one.id) if unit.id not in ids]
    ended = [one for one in family if ids.isdisjoint(one.successors)]
    later = [unit for one in ended for unit in known.after(one.id) if unit.id not in ids and unit not in earlier]
    others: dict[str, Unit] = {}
    for unit in (*moved, *later, *family, *earlier):
        if named.label(unit) not in own and not unit.name.isdecimal():  # "phường 7" is in every town
            others.setdefault(named.label(unit), unit)
    ordered = list(others.values())
    if years:
        ordered.sort(key=lambda unit: not unit.was_there(*_days(years)))
    chosen = tuple(ordered[:MOST_NAMES])
    before, after, elsewhere = (tuple(unit for unit in chosen if unit in some) for some in (earlier, later, moved))
    return Named(mention, family, chosen, before, after, elsewhere)


def _moved(known: Units, own: set[str], beside: set[str]) -> list[Unit]:
    """Where else a commune that the question names lay, when this is one of the districts that it lay in."""
    return [
        known.units[other]
        for one in sorted(beside)
        if own & set(known.units[one].above)
        for other in known.units[one].above
        if other not in own
    ]


def _days(years: Years) -> tuple[int, int]:
    return date(years[0], 1, 1).toordinal(), date(years[1], 12, 31).toordinal()
