"""Writing an index in OpenSearch: versions from outside, pages of a record as a whole, refusals given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch

from search.document import Refusal
from search.engines.opensearch.bulk import Operation, deleting, send, writing
from search.engines.opensearch.client import explained
from search.engines.opensearch.mapping import source
from search.engines.protocol import Writable
from search.engines.values import UnfitError, Values, all_values, owner

_ASKED = 1_000  # records a question


@dataclass(slots=True)
class IndexWriter:
    """Writes one physical index; one process at a time does (the drainer's lock), the versions hold against a late one.

    What a former writer sent and did not commit is made visible first, so that its pages are found and replaced.
    """

    client: OpenSearch
    index: str
    name: str
    _pages: dict[str, int] = field(init=False, default_factory=dict)  # highest page sent since the last commit
    _empty: bool = field(init=False, default=False)  # there was nothing at the last commit

    def __post_init__(self) -> None:
        self.refresh()

    def write(self, batch: Sequence[Writable]) -> list[Refusal]:
        """Puts a batch in; see the protocol."""
        refused: list[Refusal] = []
        fit: list[tuple[Writable, list[Values]]] = []
        for one in batch:
            try:
                fit.append((one, all_values(self.index, one)))
            except UnfitError as error:
                refused.append(Refusal(owner(one), str(error)))
        if self.index == "pages":
            highest = self._highest([owner(one) for one, _ in fit])
            return refused + send(self.client, self._page_operations(fit, highest))
        return refused + send(self.client, (self._put(owner(one), values[0]) for one, values in fit))

    def delete(self, gone: Mapping[str, int]) -> None:
        """Takes records out; see the protocol."""
        if self.index == "records":
            send(self.client, [deleting(self.name, own, own, version) for own, version in gone.items()])
            return
        highest = self._highest(list(gone))
        send(
            self.client,
            [
                deleting(self.name, f"{own}.{n}", own, version)
                for own, version in gone.items()
                for n in range(1, highest.get(own, 0) + 1)
            ],
        )

    def refresh(self) -> None:
        """Makes what was written visible."""
        with explained():
            self.client.indices.refresh(index=self.name)
            self._empty = int(self.client.count(index=self.name)["count"]) == 0
        self._pages.clear()

    def _put(self, own: str, values: Values) -> Operation:
        return writing(self.name, str(values["id"][0]), own, int(values["version"][0]), source(self.index, values))

    def _page_operations(
        self, fit: list[tuple[Writable, list[Values]]], highest: dict[str, int]
    ) -> Iterator[Operation]:
        for one, pages in fit:
            own, numbers = owner(one), set()
            for values in pages:
                numbers.add(int(values["n"][0]))
                yield self._put(own, values)
            for n in range(1, highest.get(own, 0) + 1):
                if n not in numbers:
                    yield deleting(self.name, f"{own}.{n}", own, one.version)
            highest[own] = self._pages[own] = max([highest.get(own, 0), *numbers])

    def _highest(self, records: Sequence[str]) -> dict[str, int]:
        """The highest page number that each record may have in the index."""
        found = {own: self._pages[own] for own in records if own in self._pages}
        asked = [] if self._empty else [own for own in dict.fromkeys(records) if own not in found]
        for own, told in grouped(self.client, self.name, "record", asked, {"n": {"max": {"field": "n"}}}):
            found[own] = int(told["n"]["value"])
        return found


def grouped(
    client: OpenSearch, name: str, key: str, values: Sequence[str], asked: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Aggregations over the documents of each value of a key that is there."""
    for start in range(0, len(values), _ASKED):
        part = list(values[start : start + _ASKED])
        body = {
            "size": 0,
            "query": {"terms": {key: part}},
            "aggs": {"by": {"terms": {"field": key, "size": len(part)}, "aggs": asked}},
        }
        with explained():
            answer = client.search(index=name, body=body, request_cache=False)
        for bucket in answer["aggregations"]["by"]["buckets"]:
            yield str(bucket["key"]), bucket
