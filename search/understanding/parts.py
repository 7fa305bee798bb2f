"""What a question says of the record itself: its number, type, issuer, period; each is told, and can be undone.

A number carries (`search.numbering`).  A type, an issuer and a period lean: who has them comes earlier.  They are a
further reading, too: a register's row says in which year a paper was written and by whom, its title does not.  All is
read of what was typed and of public vocabularies; what the catalogue holds is not told by it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date

from analyzers.dates import find_dates
from analyzers.document_types import ABBREVIATIONS, BY_NAME
from analyzers.fold import fold
from analyzers.numbers import DocumentNumber
from search.criteria import Criteria
from search.numbering import Unit, number_words, units
from search.results import Explanation
from search.tree import Field, Query, runs
from search.understanding.naming import agencies_in, places_in
from search.understanding.rewriting import replace_by, replace_words
from search.understanding.telling import tell_period

FIRST_YEAR = 1800  # figures below are numbers of something else
FIRST_BARE = 1900  # those without "năm"
MOST_WORDS = 12  # of a question that begins with the type of what is looked for
_TYPES = "|".join(name.replace(" ", r"\s+") for name in sorted(BY_NAME, key=len, reverse=True))
_TYPE = re.compile(rf"(?:tim\s)?(?:(?:cac|nhung|ban)\s)?(?P<type>{_TYPES})(?!\w)")
_BODY = re.compile(
    r"(?<!\w)(?:ubnd|hdnd|ubhc|ubkchc|ub|uy\sban\snhan\sdan|hoi\sdong\snhan\sdan|uy\sban\s(?:khang\schien\s)?hanh\schinh)"
    r"(?P<kind>\s(?:tinh|huyen|xa|thi\sxa|thanh\spho|quan|phuong|thi\stran)(?!\w))?"
)

_SHORT_BODY = re.compile(r"^UB(?=\s)", re.IGNORECASE)  # names of agencies have its words or their initials: UBND
_HYPHENED = re.compile(r"[0-9]+[a-z]?\s?[-–]\s?[^\W\d_]+(?![^\W_]|\s?/)")  # 30-CP
_DAY = re.compile(r"(?<!\w)ngay\s$")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a question, the field that they fill, how they are told, and the question narrowed to the field."""

    kind: str
    span: Span
    field: Field
    vi: str
    en: str
    only: Criteria


@dataclass(frozen=True, slots=True)
class Parts:
    """Further readings, the fields that lean, and what a reader is told."""

    readings: tuple[Query, ...] = ()
    leaning: tuple[Field, ...] = ()
    explanations: tuple[Explanation, ...] = ()


def read_parts(text: str, tree: Query, criteria: Criteria, home: frozenset[str]) -> Parts:
    """The parts of a question: canonical ``text``, its tree; ``home``: ids of the archive's provinces."""
    numbers = units(text)
    told = [] if "number" in criteria.verbatim else [_told_number(text, tree, one, criteria) for one in numbers]
    taken = [(one.number.start, one.end) for one in numbers]
    plain = [one.number for one in numbers]
    readings = [] if "number" in criteria.verbatim else [*_regular(text, tree, plain)]
    leaning: list[Field] = []
    typed = fielded = tree  # with the type as a field; with all parts
    issuers = list(_issuers(text, criteria, home))
    for part in (*_types(text, criteria, issuers), *issuers, *_periods(text, criteria)):
        start, end = part.span
        without = replace_by(tree, start, end, part.field)
        free = all(end <= first or start >= last for first, last in taken)
        if part.kind in criteria.verbatim or without is None or not free:
            continue
        taken.append(part.span)
        leaning.append(part.field)
        told.append(Explanation(part.kind, part.vi, part.en, criteria.as_typed(part.kind), part.only))
        if part.kind == "type":
            typed = without
        if part.kind == "year":
            readings += dict.fromkeys((replace_by(typed, start, end, part.field) or without, without))
        if not any(one.start <= start < one.number.start for one in numbers):  # "nghị định số 30/2020" is one thing
            fielded = replace_by(fielded, start, end, part.field) or fielded
    if fielded != tree and any(runs(fielded)):  # a row of a register has its type and its body beside its words
        readings.append(fielded)
    return Parts(tuple(dict.fromkeys(readings)), tuple(leaning), tuple(told))


def _regular(text: str, tree: Query, numbers: list[DocumentNumber]) -> Iterator[Query]:
    """The question with the numbers whose words hang together (QĐ1869, 1869/QĐUB) as papers write them."""
    for one in numbers:
        parts = (one.number, str(one.year) if one.normative else "", one.notation or one.type or "")
        written = "/".join(part for part in parts if part)
        if not set(number_words(written)) - {fold(one.type or "")} <= set(number_words(text[one.start : one.end])):
            reading = replace_words(tree, one.start, one.end, written)
            if reading is not None:
                yield reading


def _told_number(text: str, tree: Query, unit: Unit, criteria: Criteria) -> Explanation:
    """The number as it would be printed, as far as it was said; narrowed to where it stands free in the question."""
    number, span = unit.number, (unit.start, unit.end)
    said = f"số {number.number}{f'/{number.year}' if number.normative else ''}"
    if number.notation:
        said += f"{'-' if _HYPHENED.match(text, number.start) else '/'}{number.notation}"
    elif number.type:
        said = f"{ABBREVIATIONS.get(number.type, number.type)} {said}"
    if number.year and not number.normative:
        said += f" năm {number.year}"
    field = Field("number", text[slice(*span)])
    free = replace_by(tree, *span, field) is not None
    only = _narrowed(criteria, text, span, f'số:"{field.value}"') if free else None
    return Explanation("number", said, said, criteria.as_typed("number"), only)


def _types(text: str, criteria: Criteria, issuers: list[Part]) -> Iterator[Part]:
    """The type of document with which a question begins, be it behind the body that issued it ("HĐND tỉnh nghị
    quyết"); a whole sentence is about something."""
    begins = next((one.span[1] + 1 for one in issuers if one.span[0] == 0), 0)
    if len(text.split()) <= MOST_WORDS and not text.endswith("?") and (match := _TYPE.match(fold(text), begins)):
        short = BY_NAME[" ".join(match["type"].split())]
        name = ABBREVIATIONS.get(short, short)
        field, span = Field("type", name.lower()), match.span("type")
        yield Part("type", span, field, name, name, _narrowed(criteria, text, span, f'loại:"{field.value}"'))


def _issuers(text: str, criteria: Criteria, home: frozenset[str]) -> Iterator[Part]:
    """Each body named: a people's committee or council with its place, a ministry or department."""
    places = [(one.mention.start, one.mention.end) for one in places_in(text, home)]
    bodies = [(one.mention.start, _with_place(text, one.mention.end, places)) for one in agencies_in(text)]
    for match in _BODY.finditer(fold(text)):
        end = match.start("kind") if match["kind"] else match.end()
        if (whole := _with_place(text, end, places)) > end or match["kind"]:  # "ubnd" alone names nobody
            bodies.append((match.start(), max(whole, match.end())))
    for span in bodies:
        said = text[slice(*span)]
        named = _SHORT_BODY.sub("UBND", said)
        only = _narrowed(criteria, text, span, f'cơ-quan:"{named}"')
        yield Part("issuer", span, Field("issuer", named), said, said, only)


def _with_place(text: str, end: int, places: list[Span]) -> int:
    """Where a body's name ends: behind the place that follows it."""
    return next((last for first, last in places if end <= first and not text[end:first].strip()), end)


def _periods(text: str, criteria: Criteria) -> Iterator[Part]:
    """The first period, if the question is not narrowed to one already."""
    if criteria.date_from or criteria.date_to or criteria.undated:
        return
    for found in find_dates(text, short_years=True)[:1]:
        first, last = date.fromordinal(found.earliest), date.fromordinal(found.latest)
        low, high = first if first.year >= FIRST_YEAR else None, last if last.year < MAXYEAR else None
        bare = text[found.start : found.end].isdecimal()
        others = text[: found.start] + text[found.end :]
        if bare and any(map(str.isdecimal, others)):  # "105 2025 UBTVQH15": parts of a document's number
            return
        if last.year < (FIRST_BARE if bare else FIRST_YEAR):
            return
        years = "-".join(dict.fromkeys((str(low.year) if low else "", str(high.year) if high else "")))
        whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        day = _DAY.search(fold(text[: found.start]))
        span = (day.start() if day else found.start, found.end)
        begins, ends = ((str(day.year) if whole else day.isoformat()) if day else "" for day in (low, high))
        vi, en = tell_period(low.toordinal() if low else None, high.toordinal() if high else None)
        only = replace(_narrowed(criteria, text, span, ""), date_from=begins, date_to=ends)
        yield Part("year", span, Field("year", years), vi, en, only)


def _narrowed(criteria: Criteria, text: str, span: Span, instead: str) -> Criteria:
    """The question with a part of it written as a field, or left out, from the first page."""
    start, end = span
    return replace(criteria, q=" ".join(f"{text[:start]} {instead} {text[end:]}".split()), cursor="")
