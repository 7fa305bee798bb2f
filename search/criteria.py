"""What is asked: one frozen object behind page, API, saved search and share link.  It round-trips through the URL."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import quote_plus, urlencode

from search.facets import FACETS

Sort = Literal["relevance", "date", "-date", "number", "title"]
SORTS: tuple[Sort, ...] = get_args(Sort)
LEVELS = ("fonds", "inventory", "file", "document")
USUAL_HITS = 10  # a page that a phone loads at once
MOST_HITS = 100
MOST_VALUES = 50  # values of one facet in one question

#: What is recognised of a record in a question (`search.understanding.parts`).
RECOGNISED = ("number", "type", "year", "issuer")

#: What may be told to be taken as typed: keys of Telex or VNI, spelling, names of places and agencies over time,
#: abbreviations, words without marks (only what has just those words then), a question that finds nothing (not widened
#: then), and what is recognised of a record: its number, type, period, issuer.
VERBATIM = ("keys", "spelling", "names", "abbreviations", "unmarked", "widened", *RECOGNISED)

Values = tuple[str, ...]

_DAY = re.compile(r"([0-9]{4})(-[0-9]{2}-[0-9]{2})?")
_BROKEN = re.compile("[\ud800-\udfff]")  # halves of letters: no address can carry them
_quoted = lru_cache(maxsize=1_000)(quote_plus)  # a page of results writes its question into forty addresses


class CriteriaError(ValueError):
    """A parameter that cannot be understood: its name, and what is wrong in Vietnamese and in English."""

    def __init__(self, parameter: str, vi: str, en: str) -> None:
        super().__init__(f"{parameter}: {en}")
        self.parameter, self.vi, self.en = parameter, vi, en


@dataclass(frozen=True, slots=True)
class Criteria:
    """A question: text, chosen facet values (any of each facet, all of the facets), period, order, page.

    ``date_from``/``date_to`` are kept as typed, a year ``1998`` or a day ``1998-08-17``; a record matches when its
    period overlaps theirs; ``undated`` wants those without one.
    ``verbatim`` names the interpretations that are not wanted.
    """

    q: str = ""
    level: Values = ()
    facets: Mapping[str, Values] = field(default_factory=dict)
    date_from: str = ""
    date_to: str = ""
    sort: Sort = "relevance"
    size: int = USUAL_HITS
    cursor: str = ""
    verbatim: Values = ()
    undated: bool = False

    def parameters(self) -> list[tuple[str, str]]:
        """Name and value pairs for a URL, in a fixed order, defaults left out."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [("level", one) for one in self.level]
        pairs += [(f.name, one) for f in FACETS for one in self.facets.get(f.name, ())]
        pairs += [(n, v) for n, v in (("from", self.date_from), ("to", self.date_to)) if v]
        pairs += [("undated", "1")] if self.undated else []
        pairs += [("verbatim", one) for one in self.verbatim]
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("size", str(self.size))] if self.size != USUAL_HITS else []
        return pairs + ([("cursor", self.cursor)] if self.cursor else [])

    def words(self) -> dict[str, str | Values]:
        """The parameters ``q`` and ``verbatim``, for the pages of what was found; those that say nothing left out."""
        said: dict[str, str | Values] = {"q": self.q, "verbatim": self.verbatim}
        return {name: value for name, value in said.items() if value}

    def query_string(self) -> str:
        """The URL's query, without the question mark."""
        return urlencode(self.parameters(), quote_via=_quoted)

    def toggled(self, facet: str, value: str) -> "Criteria":
        """The same question with one facet value chosen or no longer chosen, from the first page."""
        old = self.level if facet == "level" else self.facets.get(facet, ())
        new = tuple(v for v in old if v != value) if value in old else (*old, value)
        if facet == "level":
            return replace(self, level=new, cursor="")
        return replace(self, facets={**self.facets, facet: new} if new else _without(self.facets, facet), cursor="")

    def as_typed(self, kind: str) -> "Criteria":
        """The same question with one kind of interpretation (of VERBATIM) left out, from the first page."""
        return replace(self, verbatim=(*(one for one in self.verbatim if one != kind), kind), cursor="")

    def days(self) -> tuple[int | None, int | None]:
        """The period as day numbers, both ends included."""
        return _day(self.date_from, last=False, parameter="from"), _day(self.date_to, last=True, parameter="to")


def _without(facets: Mapping[str, Values], name: str) -> dict[str, Values]:
    return {k: v for k, v in facets.items() if k != name}


def _day(text: str, *, last: bool, parameter: str) -> int | None:
    if not text:
        return None
    try:
        if not (match := _DAY.fullmatch(text)):
            raise ValueError
        if not match[2]:
            return (date(int(text), 12, 31) if last else date(int(text), 1, 1)).toordinal()
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise CriteriaError(
            parameter,
            f"“{text[:20]}” không phải là năm (1998) hay ngày (1998-08-17)",
            f"“{text[:20]}” is neither a year (1998) nor a date (1998-08-17)",
        ) from None


def read_criteria(pairs: Iterable[tuple[str, str]]) -> Criteria:
    """Criteria from a URL's name and value pairs.  Unknown names are ignored, bad values raise CriteriaError."""
    got: dict[str, list[str]] = {}
    for name, value in pairs:
        text = _BROKEN.sub("\N{REPLACEMENT CHARACTER}", value.replace("\0", "")).strip()
        if text and text not in got.setdefault(name, []):
            got[name].append(text)
    for name in ("level", *(f.name for f in FACETS)):
        if len(got.get(name, [])) > MOST_VALUES:
            raise CriteriaError(name, f"nhiều hơn {MOST_VALUES} giá trị", f"more than {MOST_VALUES} values")
    for name, allowed in (("level", LEVELS), ("verbatim", VERBATIM), ("undated", ("1",))):
        for value in got.get(name, []):
            _one_of(name, value, allowed)
    for facet in FACETS:
        for value in got.get(facet.name, []):
            if facet.values:
                _one_of(facet.name, value, facet.values)
    sort = next(iter(got.get("sort", [])), "relevance")
    criteria = Criteria(
        q=next(iter(got.get("q", [])), ""),
        level=tuple(got.get("level", [])),
        facets={f.name: tuple(got[f.name]) for f in FACETS if f.name in got},
        date_from=next(iter(got.get("from", [])), ""),
        date_to=next(iter(got.get("to", [])), ""),
        sort=_sort(sort),
        size=_size(next(iter(got.get("size", [])), str(USUAL_HITS))),
        cursor=next(iter(got.get("cursor", [])), ""),
        verbatim=tuple(got.get("verbatim", [])),
        undated="1" in got.get("undated", []),
    )
    first, last = criteria.days()
    if first is not None and last is not None and first > last:
        told = f"“{criteria.date_to}” ở trước “{criteria.date_from}”; hãy đổi chỗ hai mốc"
        raise CriteriaError("to", told, f"“{criteria.date_to}” is before “{criteria.date_from}”; swap them")
    return criteria


def _one_of(parameter: str, value: str, allowed: Iterable[str]) -> None:
    if value not in (known := tuple(allowed)):
        names = ", ".join(known)
        raise CriteriaError(parameter, f"“{value[:40]}” không có; hãy dùng: {names}", f"use one of: {names}")


def _sort(value: str) -> Sort:
    _one_of("sort", value, SORTS)
    return next(s for s in SORTS if s == value)


def _size(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= MOST_HITS:
        raise CriteriaError("size", f"phải là số từ 1 đến {MOST_HITS}", f"a number from 1 to {MOST_HITS}")
    return int(value)
