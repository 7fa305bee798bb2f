"""Reading an embedded index: sees the commits of other processes, gives equal scores the order of their ids."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Query, Searcher

from search.engines.counting import Counting
from search.engines.embedded.buckets import count_buckets
from search.engines.embedded.clauses import to_query
from search.engines.embedded.fields import tantivy_schema
from search.engines.embedded.ordering import hits_in_order
from search.engines.protocol import Counted, EngineError, Held, WrongSchemaError
from search.plan import DEEPEST, Answer, Bool, Buckets, Facet, Plan, unranked


def open_index(index: str, path: Path) -> tantivy.Index:
    """The index in a folder.  WrongSchemaError if its fields are not those of the present schema."""
    try:
        return tantivy.Index(tantivy_schema(index), path=str(path), reuse=True)
    except ValueError as error:
        if "schema does not match" not in str(error).lower():
            raise EngineError(f"{path.name}: {error}") from error
        raise WrongSchemaError(
            f"chỉ mục {path.name} có các trường khác với chương trình: hãy chạy `vankho index rebuild` (other fields)"
        ) from error


class IndexReader:
    """An open index.  Safe for many threads; the search itself runs outside the interpreter's lock."""

    def __init__(self, index: str, path: Path) -> None:
        self.index, self._meta = index, path / "meta.json"
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = self._state()
        self._opened = open_index(index, path)
        self._opened.config_reader("manual")
        self._opened.reload()

    def _state(self) -> tuple[int, ...]:
        state = self._meta.stat()
        return state.st_ino, state.st_mtime_ns, state.st_size

    def searcher(self) -> Searcher:
        """A view of the last commit: tantivy replaces its list of segments whole, so a look at that file tells."""
        state = self._state()
        if state != self._seen:
            with self._lock:
                self._opened.reload()
                self._seen = state
        return self._opened.searcher()

    def count(self) -> int:
        """How many documents there are."""
        return self.searcher().num_docs

    def versions(self, field: str, ids: Sequence[str]) -> dict[str, int]:
        """The highest version of each of the values of ``id`` or ``record`` that is there."""
        return {own: held.version for own, held in self.states(field, ids).items()}

    def states(self, field: str, ids: Sequence[str]) -> dict[str, Held]:
        """What is there of each of the values of ``id`` or ``record``."""
        searcher = self.searcher()
        if not ids or not searcher.num_docs:
            return {}
        query = Query.term_set_query(tantivy_schema(self.index), field, list(ids))
        found: dict[str, Held] = {}
        many: Any = searcher.search(query, 1)
        for _, address in searcher.search(query, max(many.count, 1), count=False).hits:
            stored: Any = searcher.doc(address)
            own, version, mark = (stored.get_first(name) for name in (field, "version", "fingerprint"))
            had = found.get(own, Held(version, 0, 0))
            found[own] = Held(max(version, had.version), had.documents + 1, had.fingerprint + mark)
        return found

    def answer(self, plan: Plan, counted: Counted | None = None) -> Answer:
        """The answer to a plan.  ValueError if it asks deeper than DEEPEST."""
        if plan.offset < 0 or plan.size < 0 or plan.offset + plan.size > DEEPEST:
            raise ValueError(f"deeper than {DEEPEST} hits")
        searcher = self.searcher()
        chosen = tuple(plan.choices.values())
        asked = Bool(must=(plan.query,), filter=chosen) if chosen else plan.query
        query = to_query(self.index, asked, searcher)

        def count() -> dict[str, Buckets]:
            buckets: dict[str, Buckets] = {facet.name: () for facet in plan.facets}
            for choice, facets in _by_ignored(plan).items():
                buckets |= count_buckets(searcher, self._counted(searcher, plan, choice), facets)
            return buckets

        beside = Counting(count, counted) if plan.facets and plan.size else None
        total, hits = hits_in_order(searcher, query, plan)
        if beside is not None:
            return Answer(total, hits, beside)
        buckets = count()
        if counted:
            counted(buckets)
        return Answer(total, hits, buckets)

    def _counted(self, searcher: Searcher, plan: Plan, choice: str) -> Query:
        """What facets count that ignore a choice: all else that was chosen, and nothing that only ranks."""
        others = tuple(clause for name, clause in plan.choices.items() if name != choice)
        return to_query(self.index, Bool(filter=(unranked(plan.query), *others)), searcher)


def _by_ignored(plan: Plan) -> dict[str, list[Facet]]:
    """The facets by the choice that they ignore ("" for none), so that each set costs one call."""
    sets: dict[str, list[Facet]] = {}
    for facet in plan.facets:
        ignored = facet.ignores or facet.name
        sets.setdefault(ignored if ignored in plan.choices else "", []).append(facet)
    return sets
