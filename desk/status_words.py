"""What the states of a request are called, as dated data (``config/desk/states.tsv``)."""

from functools import cache

from archive.gazetteer import read_rows
from archive.terms import in_force, read_day


def status_words(day: int, language: str) -> dict[str, str]:
    """Each state's word on that day (a day number) in ``vi`` or ``en``, the latest to begin."""
    return {
        state: english if language == "en" else own
        for state, own, english, first, last in _rows()
        if in_force(first, last, day)
    }


@cache
def _rows() -> tuple[tuple[str, str, str, int, int | None], ...]:
    rows = (
        (state, own, english, read_day(first) or 0, read_day(last))
        for state, own, english, first, last, _basis, _sure in read_rows("desk/states.tsv")
    )
    return tuple(sorted(rows, key=lambda one: one[3]))
