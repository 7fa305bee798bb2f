"""Sentences that staff may begin an answer with, as dated data (``config/desk/answers.tsv``)."""

from functools import cache

from archive.gazetteer import read_rows
from archive.terms import in_force, read_day


def phrases(day: int) -> dict[str, list[str]]:
    """The sentences of that day (a day number), each with its basis: ``ask`` what is missing, ``decide`` (grants first,
    then refusals)."""
    found: dict[str, list[str]] = {"ask": [], "decide": []}
    for act, text, first, last, basis in _rows():
        if in_force(first, last, day):
            found["ask" if act == "ask" else "decide"].append(f"{text} ({basis})")
    return found


@cache
def _rows() -> tuple[tuple[str, str, int | None, int | None, str], ...]:
    return tuple(
        (act, text, read_day(first), read_day(last), basis)
        for act, text, first, last, basis, _sure in read_rows("desk/answers.tsv")
    )
