"""Hits in their order: relevance with ties by id, or a sort field; from an offset, or next to a record.

tantivy can begin at an offset only.  So the place of a record among the hits is looked for where it was before, and
around it where records have come or gone.  The cost grows with the depth, without reading any document but the hits'.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import tantivy
from tantivy import Query, Searcher

from search.engines.embedded.fields import tantivy_schema
from search.engines.values import id_order
from search.plan import Plan, Start

_SPARE = 64  # hits beyond the page that are taken at once, so that a run of equal scores mostly ends within
Hits = tuple[tuple[str, float], ...]


def hits_in_order(searcher: Searcher, query: Query, plan: Plan) -> tuple[int, Hits]:
    """How many there are, and those of the page."""
    first, last = plan.offset, plan.offset + plan.size
    if plan.sort and plan.size and not plan.start:  # counted on the way: one pass over all that is found
        return _Sorted(searcher, query, plan.sort).first(first, plan.size)
    ranked = None if plan.start or not plan.size else _Ranked(searcher, query)
    if ranked:  # counting has to score all of them: the hits come with it
        total = ranked.count(last)
    else:
        counted: Any = searcher.search(query, 1)
        total = counted.count
    if not plan.size or not total:
        return total, ()
    order = ranked or (_Sorted(searcher, query, plan.sort, total) if plan.sort else _Ranked(searcher, query))
    if plan.start:
        first, last = _page(searcher, query, order, plan.start, plan.size)
    return total, order.between(first, min(last, total))


def _page(searcher: Searcher, query: Query, order: "_Sorted | _Ranked", start: Start, size: int) -> tuple[int, int]:
    """Offsets of the first hit of the page and of the one behind it."""
    at = start.near
    there = _still_found(searcher, query, start.ids)
    if near := next((own for own in start.ids if own in there), ""):
        at = order.place(near, start.near) + (0 if start.back else 1 + start.skip)
    if start.back:
        last = max(at - start.skip, 0)
        return max(last - size, 0), last
    return at, at + size


def _still_found(searcher: Searcher, query: Query, ids: tuple[str, ...]) -> set[str]:
    if not ids:
        return set()
    among = Query.term_set_query(tantivy_schema("records"), "id", list(ids))
    found: Any = searcher.search(_both(query, among), len(ids), count=False)
    return {_own(searcher, address) for _, address in found.hits}


def _both(query: Query, narrowing: Query) -> Query:
    return Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, narrowing)])


def _own(searcher: Searcher, address: Any) -> str:
    return str(searcher.doc(address).get_first("id"))


class _Sorted:
    """By a sort field, whose values are unique and end in the id."""

    def __init__(self, searcher: Searcher, query: Query, field: str, total: int = 0) -> None:
        self._searcher, self._query, self._field, self._total = searcher, query, field, total

    def _search(self, query: Query, first: int, many: int, count: bool) -> Any:
        return self._searcher.search(
            query, many, count=count, order_by_field=self._field, offset=first, order=tantivy.Order.Asc
        )

    def _values(self, query: Query, first: int, many: int) -> list[str]:
        return [value for value, _ in self._search(query, first, many, count=False).hits]

    def first(self, at: int, size: int) -> tuple[int, Hits]:
        """How many hits there are, and so many from an offset on."""
        found = self._search(self._query, at, size, count=True)
        return found.count, _hits([value for value, _ in found.hits])

    def place(self, own: str, near: int) -> int:
        """The offset of a record that is among the hits, looked for first at and before ``near``."""
        one = Query.term_query(tantivy_schema("records"), "id", own, "basic")
        value = self._values(_both(self._query, one), 0, 1)[0]
        first = max(near - _SPARE, 0)
        window = self._values(self._query, first, _SPARE + 2)
        if (at := bisect_left(window, value)) < len(window) and window[at] == value:
            return first + at
        look: Callable[[int], str] = lambda offset: self._values(self._query, offset, 1)[0]  # noqa: E731
        return bisect_left(range(self._total), value, key=look)

    def between(self, first: int, last: int) -> Hits:
        """The hits from one offset up to before another."""
        if first >= last:
            return ()
        return _hits(self._values(self._query, first, last - first))


def _hits(values: list[str]) -> Hits:
    return tuple((value.rpartition("\t")[2], 0.0) for value in values)


class _Ranked:
    """By score, equal ones by id; ids are read only where the numbers that stand for their beginnings are equal."""

    def __init__(self, searcher: Searcher, query: Query) -> None:
        self._searcher, self._query = searcher, query
        self._scores: list[float] = []
        self._addresses: list[Any] = []
        self._numbers: list[int] = []
        self._all = False

    def _reach(self, many: int) -> None:
        """Knows at least so many hits, and the run of equal scores at that place to its end."""
        while not self._all and (len(self._scores) < many or self._scores[-1] == self._scores[many - 1]):
            wanted = max(many, 2 * len(self._scores)) + _SPARE
            self._take(self._searcher.search(self._query, wanted, count=False), wanted)

    def _take(self, found: Any, wanted: int) -> None:
        self._scores = [score for score, _ in found.hits]
        self._addresses = [address for _, address in found.hits]
        numbers: Any = self._searcher.fast_field_values("id_order", self._addresses) if found.hits else []
        self._numbers = numbers
        self._all = len(self._scores) < wanted

    def count(self, many: int) -> int:
        """How many hits there are; so many of them, from the first on, are then known."""
        found: Any = self._searcher.search(self._query, many + _SPARE)
        self._take(found, many + _SPARE)
        total: int = found.count
        return total

    def _run(self, at: int) -> tuple[int, int]:
        """The hits of the same score as the one at an offset: from, up to before."""
        score, first, last = self._scores[at], at, at + 1
        while first and self._scores[first - 1] == score:
            first -= 1
        while last < len(self._scores) and self._scores[last] == score:
            last += 1
        return first, last

    def _ids(self, run: range, low: int, high: int) -> list[str]:
        """The ids at the offsets low up to before high of a run, in order."""
        by_number = sorted(run, key=self._numbers.__getitem__)
        found: list[str] = []
        at = 0
        while at < len(by_number) and run.start + at < high:
            end = at + 1
            while end < len(by_number) and self._numbers[by_number[end]] == self._numbers[by_number[at]]:
                end += 1
            if run.start + end > low:
                equal = sorted(_own(self._searcher, self._addresses[one]) for one in by_number[at:end])
                found += equal[max(low - run.start - at, 0) : high - run.start - at]
            at = end
        return found

    def place(self, own: str, near: int) -> int:
        """The offset of a record that is among the hits."""
        wanted, many = id_order(own), near + _SPARE
        while True:
            self._reach(many)
            for at, number in enumerate(self._numbers):
                if number == wanted and _own(self._searcher, self._addresses[at]) == own:
                    run = range(*self._run(at))
                    before = sum(1 for one in run if self._numbers[one] < wanted)
                    equal = [one for one in run if self._numbers[one] == wanted]
                    return run.start + before + sum(_own(self._searcher, self._addresses[i]) < own for i in equal)
            if self._all:
                raise AssertionError(f"{own} is among the hits and was not found there")
            many = 2 * len(self._scores)

    def between(self, first: int, last: int) -> Hits:
        """The hits from one offset up to before another."""
        if first >= last:
            return ()
        self._reach(last)
        hits: list[tuple[str, float]] = []
        at, last = first, min(last, len(self._scores))
        while at < last:
            run = range(*self._run(at))
            upto = min(run.stop, last)
            hits += [(own, self._scores[at]) for own in self._ids(run, at, upto)]
            at = upto
        return tuple(hits)
