"""What was read to order the first hits is not read again to show them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from search.criteria import Criteria
from search.reordering import MOST_LETTERS
from tests.search.houses import ANYONE, House

pytestmark = pytest.mark.both_databases

QUESTION = "thời hạn cấp giấy phép xây dựng"
FILLER = "và nhiều chữ khác nữa "


@contextmanager
def readings(house: House) -> Iterator[list[str]]:
    """The statements that read texts of pages."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "page.text" in statement:
            seen.append(statement)

    event.listen(house.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(house.database, "before_cursor_execute", note)


def snippets(house: House) -> dict[str, str]:
    hits = house.gateway.search(ANYONE, Criteria(q=QUESTION)).hits
    return {hit.id: "".join(text for text, marked in hit.snippet if marked) for hit in hits}


def test_texts_of_short_pages_are_read_once(house: House) -> None:
    house.fonds("f", "Phông một")
    house.record("one", "Văn bản thứ nhất", f"{FILLER * 20} {QUESTION}", f"{FILLER} {QUESTION} {FILLER}", under="f")
    house.record("two", "Văn bản thứ hai", f"{QUESTION} {FILLER * 5}", under="f")
    house.index()
    with readings(house) as seen:
        assert snippets(house) == {"one": QUESTION, "two": QUESTION}
    assert len(seen) == 1


def test_what_was_cut_is_read_whole(house: House) -> None:
    house.fonds("f", "Phông một")
    for longer in (-1, 0, 1):  # than what is read to order hits
        text = FILLER * (MOST_LETTERS // len(FILLER))
        text += "x" * (MOST_LETTERS + longer - len(text))
        house.record(f"r{longer}", "Văn bản", f"{text} {QUESTION}", under="f")
    house.index()
    with readings(house) as seen:
        assert snippets(house) == {"r-1": QUESTION, "r0": QUESTION, "r1": QUESTION}
    assert len(seen) == 2
