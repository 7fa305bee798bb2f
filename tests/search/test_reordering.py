"""The first candidates in their finer order: the same on every page, of texts that the viewer may search."""

from dataclasses import replace

import pytest

from archive.access import Viewer
from archive.clock import today_number
from search.criteria import Criteria
from search.planning import Asker
from search.reordering import FIRST, read_candidates, worth_reordering
from search.understanding import understand
from tests.search.houses import ANYONE, ARCHIVIST, House, granted, ids

pytestmark = pytest.mark.both_databases

FILLER = "và nhiều chữ khác nữa " * 40
QUESTION = "thời hạn cấp giấy phép xây dựng"


def test_a_passage_that_says_the_question_comes_before_words_all_over(house: House) -> None:
    house.fonds("f", "Phông một")
    apart = f"giấy phép {FILLER} thời hạn {FILLER} xây dựng {FILLER} cấp giấy {FILLER} "
    house.record("apart", "Văn bản thứ nhất", apart * 3, under="f")
    house.record("together", "Văn bản thứ hai", f"{FILLER * 3} thời hạn cấp giấy phép xây dựng {FILLER}", under="f")
    house.index()
    for q in (QUESTION, "thoi han cap giay phep xay dung"):
        assert ids(house.gateway.search(ANYONE, Criteria(q=q)).hits) == ["together", "apart"]


def test_a_long_question_that_finds_nothing_is_answered(house: House) -> None:
    house.fonds("f", "Phông một")
    house.index()
    assert house.gateway.search(ANYONE, Criteria(q=QUESTION)).total == 0


def test_every_page_continues_the_same_order(house: House) -> None:
    house.fonds("f", "Phông một")
    words = QUESTION.split()
    for n in range(FIRST + 15):
        house.record(
            f"r{n:02}", f"Văn bản {n}", f"{' '.join(words[: 3 + n % 4])} {FILLER} {' '.join(words)}", under="f"
        )
    house.index()
    whole = ids(house.gateway.search(ANYONE, Criteria(q=QUESTION, size=100)).hits)
    assert len(set(whole)) == FIRST + 15
    for size in (7, 10, FIRST, FIRST + 1):
        criteria, paged = Criteria(q=QUESTION, size=size), list[str]()
        for _ in range(20):
            results = house.gateway.search(ANYONE, criteria)
            paged += ids(results.hits)
            assert results.total == FIRST + 15
            if not results.next:
                break
            criteria = replace(criteria, cursor=results.next)
        assert paged == whole, size
        back = ids(results.hits)
        while results.previous:
            results = house.gateway.search(ANYONE, replace(criteria, cursor=results.previous))
            back = [*(own for own in ids(results.hits) if own not in back), *back]
        assert back == whole, size


@pytest.mark.parametrize(
    ("viewer", "texts"),
    [
        (ANYONE, {"open"}),
        (granted("closed"), {"open", "closed"}),
        (ARCHIVIST, {"open", "closed", "opening", "hidden"}),
    ],
)
def test_only_texts_that_the_viewer_may_search_are_read(province: House, viewer: Viewer, texts: set[str]) -> None:
    every = ["open", "closed", "opening", "hidden", "gone", "paper"]
    with province.reading() as session:
        titles, found = read_candidates(session, Asker(viewer, today_number()), every)
    assert set(found) == texts
    assert "gone" not in titles
    assert ("hidden" in titles) == (viewer is ARCHIVIST)


@pytest.mark.parametrize(
    ("q", "worth"),
    [(QUESTION, True), ("giấy phép", False), ("", False), ("quyết định 1077/QĐ-UBND giao đất", False),
     ('nơi:"Tịnh Khê" giấy phép', False), ("1077 qd ubnd tinh", False)],
)  # fmt: skip
def test_numbers_and_short_questions_keep_the_engines_order(q: str, worth: bool) -> None:
    assert worth_reordering(understand(Criteria(q=q))) == worth
