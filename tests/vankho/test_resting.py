"""A drainer whose engine is in trouble tries again after pauses that grow; one success, and they begin anew."""

import shutil
from itertools import pairwise
from pathlib import Path

from archive.database import writing
from archive.outbox import announce
from archive.settings import settings
from tests.conftest import forget_installation
from tests.transfers import province, record, take
from vankho.worker import RESTS, Attempts


def seconds_of_tries(attempts: Attempts, clock: list[float], until: float) -> list[float]:
    """At which seconds it tries, asked every half second."""
    tries, before = [], attempts._failures
    while clock[0] < until:
        attempts.drain(lambda: False)
        if attempts._failures != before:
            tries.append(clock[0])
            before = attempts._failures
        clock[0] += 0.5
    return tries


def test_pauses_grow_while_the_index_is_gone_and_begin_anew_after_a_success(home: Path, tmp_path: Path) -> None:
    assert list(RESTS) == sorted(set(RESTS))
    take(province(tmp_path / "goi").write())
    with writing() as session:
        announce(session, [record("VB1").id])
    forget_installation()
    index, away = settings().home / "index", tmp_path / "away"
    index.rename(away)  # the catalogue knows that it was there: nothing is put in its place
    clock = [0.0]
    attempts = Attempts(lambda: clock[0])
    tries = seconds_of_tries(attempts, clock, 140)
    waits = [round(b - a, 1) for a, b in pairwise(tries)]
    assert waits[: len(RESTS) + 2] == [*RESTS, RESTS[-1], RESTS[-1]][: len(waits)]
    assert len(waits) > len(RESTS)
    forget_installation()
    shutil.rmtree(index, ignore_errors=True)
    away.rename(index)
    clock[0] += RESTS[-1]
    assert attempts.drain(lambda: False) == 1
    assert attempts._failures == 0
