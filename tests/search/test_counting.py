"""Facets that are counted beside the reading of hits."""

import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection

import pytest

from search.engines.counting import Counting
from search.plan import Buckets

FOUND: Mapping[str, Buckets] = {"type": (("qd", 3), ("tb", 1)), "years": ()}


def test_it_is_the_mapping_that_was_counted() -> None:
    counting = Counting(lambda: FOUND)
    assert counting == FOUND
    assert (list(counting), len(counting), counting.get("level", ())) == (["type", "years"], 2, ())


def test_what_goes_wrong_is_told_to_who_looks() -> None:
    def count() -> Mapping[str, Buckets]:
        raise ValueError("chỉ mục hỏng")

    counting = Counting(count)
    with pytest.raises(ValueError, match="chỉ mục hỏng"):
        counting["type"]


def _answer(pipe: Connection) -> None:
    pipe.send(dict(Counting(lambda: {"type": FOUND["type"]})))


def test_a_process_that_was_forked_counts_too() -> None:
    assert Counting(lambda: FOUND)["type"]  # threads are there, and do not come along
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe()
    child = forking.Process(target=_answer, args=(there,))
    child.start()
    assert here.poll(30)
    assert here.recv() == {"type": FOUND["type"]}
    child.join(30)
    assert child.exitcode == 0
