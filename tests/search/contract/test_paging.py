"""Pages next to a record: as deep as there are hits, each hit once, whatever comes and goes meanwhile."""

from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise

import pytest

from analyzers.collation import sort_key
from search.document import RecordDocument
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Engine
from search.plan import All, AtLeast, Bool, Clause, Keyword, LostPlaceError, Plan, Start, Terms
from tests.search.documents import record

SORTS = ("", "by_date", "by_date_desc", "by_number", "by_title")
WORDS: Clause = Bool(filter=(AtLeast("text_folded", ("chung",), 1),), should=(Terms("text_folded", (("chung", 1.0),)),))


def own(n: int) -> str:
    return sha256(str(n).encode()).hexdigest()[:26]


def documents(many: int) -> list[RecordDocument]:
    """Half of them with the same score; many with the same day, number, title."""
    return [
        record(
            own(n),
            "chung " * (1 + (n % 4) // 2 * (n % 3)),
            date_from=700_000 + n % 50 if n % 5 else None,
            date_to=700_100 + n % 7 if n % 5 else None,
            title_key=f"T{n % 11}",
            number_sort=f"{n % 300:05d}",
        )
        for n in range(many)
    ]


class Shelf:
    """An index that is written in several commits, so that it has several parts."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.name, self.lot = engine, engine.create("records"), 0
        engine.promote("records", self.name)

    def put(self, *more: RecordDocument) -> None:
        self.lot += 1
        assert self.engine.write(self.name, more) == []
        self.engine.commit(self.name, self.lot)

    def take(self, *gone: str) -> None:
        self.lot += 1
        self.engine.delete(self.name, dict.fromkeys(gone, self.lot + 1))
        self.engine.commit(self.name, self.lot)

    def page(self, sort: str, size: int, start: Start | None = None) -> list[str]:
        return [one for one, _ in self.engine.query(Plan("records", WORDS, sort=sort, size=size, start=start)).hits]


@pytest.fixture
def shelf(engine: Engine) -> Shelf:
    return Shelf(engine)


def read_through(shelf: Shelf, sort: str, size: int, between: Callable[[int], None] = lambda _: None) -> list[str]:
    found, page = [], shelf.page(sort, size)
    while page:
        found += page
        between(len(found))
        page = shelf.page(sort, size, Start(tuple(page[:-4:-1]), len(found)))
    return found


@pytest.mark.parametrize("sort", SORTS)
def test_twelve_thousand_are_read_to_the_end_each_once(shelf: Shelf, sort: str) -> None:
    every = documents(12_000)
    for first in range(0, 12_000, 5_000):
        shelf.put(*every[first : first + 5_000])
    found = read_through(shelf, sort, 1_500)
    assert len(found) == 12_000
    assert set(found) == {one.id for one in every}
    assert found[:100] == shelf.page(sort, 100)
    if sort == "":
        answer = shelf.engine.query(Plan("records", WORDS, size=10_000))
        assert [one for one, _ in answer.hits] == found[:10_000]
        scores = [(-score, one) for one, score in answer.hits]
        assert scores == sorted(scores)
    deep = shelf.page(sort, 50, Start((found[11_500],), 11_501))
    assert deep == found[11_501:11_551]
    assert shelf.page(sort, 50, Start((found[11_501],), 11_501, back=True)) == found[11_451:11_501]


@pytest.mark.parametrize("sort", SORTS)
def test_what_comes_and_goes_moves_no_other(shelf: Shelf, sort: str) -> None:
    every = documents(600)
    shelf.put(*every)
    whole = shelf.page(sort, 600)
    gone: list[str] = []

    def change(read: int) -> None:
        # Before the place and behind it, one comes and one goes; also the very record at which the page ended.
        shelf.put(*(record(own(10_000 + 2 * read + n), "chung " * (1 + n), title_key="T4") for n in range(2)))
        for at in (read - 30, read - 1, read + 3):
            if at < len(whole) and whole[at] not in gone:
                gone.append(whole[at])
        shelf.take(*gone)

    found = read_through(shelf, sort, 70, change)
    assert len(found) == len(set(found)), "a record stands on two pages"
    assert {one for one in whole if one not in gone} <= set(found), "a record stands on no page"


@pytest.mark.parametrize("sort", SORTS)
def test_pages_back_are_the_pages_there(shelf: Shelf, sort: str) -> None:
    shelf.put(*documents(205))
    pages, page, read = [], shelf.page(sort, 20), 0
    while page:
        pages.append((read, page))
        read += len(page)
        page = shelf.page(sort, 20, Start((page[-1],), read))
    for (_, before), (at, here) in pairwise(pages):
        assert shelf.page(sort, 20, Start((here[0],), at, back=True)) == before
        assert shelf.page(sort, 5, Start((here[0],), at, back=True, skip=3)) == before[-8:-3]
        assert shelf.page(sort, 5, Start((before[-1],), at, skip=3)) == here[3:8]
    assert shelf.page(sort, 20, Start((pages[0][1][3],), 3, back=True)) == pages[0][1][:3]


def test_a_lost_place_falls_back_to_its_offset(shelf: Shelf) -> None:
    shelf.put(*documents(40))
    whole = shelf.page("by_title", 40)
    assert shelf.page("by_title", 10, Start(("none", "neither"), 10)) == whole[10:20]
    assert shelf.page("by_title", 10, Start(("none", whole[4]), 10)) == whole[5:15]
    chosen = {"level": Keyword("level", ("document",))}
    plan = Plan("records", All(), choices=chosen, sort="by_title", size=2, start=Start((whole[7],), 30))
    assert [one for one, _ in shelf.engine.query(plan).hits] == whole[8:10]


def test_a_lost_place_beyond_reach_is_told_or_kept(shelf: Shelf) -> None:
    shelf.put(*documents(5))
    if isinstance(shelf.engine, EmbeddedEngine):  # an offset costs it time, and nothing else
        assert shelf.page("", 10, Start(("none",), 10_000)) == []
        return
    with pytest.raises(LostPlaceError):
        shelf.page("", 10, Start(("none",), 10_000))


def test_titles_stand_in_vietnamese_order_and_numbers_as_numbers(shelf: Shelf) -> None:
    titles = [
        "Ẩn",
        "an",
        "Ăn quả",
        "Ân",
        "An",
        "đê",
        "Da",
        "dạ",
        "Đa",
        "Dã",
        "ô tô",
        "ơ",
        "Ư",
        "Xã 10",
        "xã 9",
        "",
        "—",
    ]
    numbers = ["1077/QĐ-UBND", "9/QĐ", "10/QĐ", "012/QĐ", "2/BC", "100/2019/TT", "", "77/CV-ĐC", "9/CV"]
    every = [
        record(
            own(n),
            "chung",
            title_key=sort_key(titles[n % len(titles)]),
            number_sort=sort_key(numbers[n % len(numbers)]),
        )
        for n in range(153)
    ]
    shelf.put(*every)
    told = {one.id: (titles[n % len(titles)], numbers[n % len(numbers)]) for n, one in enumerate(every)}
    by_title = list(dict.fromkeys(told[one][0] for one in read_through(shelf, "by_title", 40)))
    assert [one for one in by_title if sort_key(one)] == sorted(filter(sort_key, titles), key=sort_key)
    assert set(by_title[-2:]) == {"", "—"}, "what has no letters stands last"
    by_number = list(dict.fromkeys(told[one][1] for one in read_through(shelf, "by_number", 40)))
    assert by_number == ["2/BC", "9/CV", "9/QĐ", "10/QĐ", "012/QĐ", "77/CV-ĐC", "100/2019/TT", "1077/QĐ-UBND", ""]
