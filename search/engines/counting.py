"""Facets counted while the hits are read: tantivy counts outside the interpreter's lock, so on another core.

Whoever looks at a bucket waits for it.  What goes wrong is raised there.  What is to be done with the buckets follows
in the same thread: the hits are still being looked for, so nobody waits for that, either.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from search.engines.protocol import Counted
from search.plan import Buckets

AT_ONCE = 4  # as many as a server process answers

_pools: list[ThreadPoolExecutor] = []
os.register_at_fork(after_in_child=_pools.clear)  # threads do not come with a fork


class Counting(Mapping[str, Buckets]):
    """The buckets of facets, being counted."""

    def __init__(self, count: Callable[[], Mapping[str, Buckets]], counted: Counted | None = None) -> None:
        if not _pools:
            _pools.append(ThreadPoolExecutor(AT_ONCE, "facets"))
        self._counted: Future[Mapping[str, Buckets]] = Future()
        _pools[0].submit(self._count, count, counted)

    def _count(self, count: Callable[[], Mapping[str, Buckets]], counted: Counted | None) -> None:
        try:
            self._counted.set_result(count())
        except Exception as error:  # told to who looks
            self._counted.set_exception(error)
        if counted:
            counted(self)

    def __getitem__(self, name: str) -> Buckets:
        return self._counted.result()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counted.result())

    def __len__(self) -> int:
        return len(self._counted.result())
