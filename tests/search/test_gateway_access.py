"""What a viewer may not know takes part in nothing: hits, totals, facets, years, suggestions, pages, widening."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.access import NEVER, Viewer
from search.criteria import Criteria
from search.facet_pages import FacetQuestion
from search.findings import DROPPED
from search.results import Members, Results
from tests.search.houses import ANYONE, ARCHIVIST, CLERK, OTHER_CLERK, House, granted, ids

pytestmark = pytest.mark.both_databases

EVERYTHING = Criteria(q="giao đất", size=100)
DESCRIBED = {"open", "closed", "opening", "paper", "h1"}


def told(results: Results) -> str:
    """All that a page of results says, as one text."""
    return repr(replace(results, next="", previous=""))


@pytest.mark.parametrize(
    ("viewer", "seen", "text"),
    [
        (ANYONE, DESCRIBED, set()),
        (OTHER_CLERK, DESCRIBED, set()),
        (CLERK, DESCRIBED | {"hidden"}, {"closed", "opening", "hidden"}),
        (ARCHIVIST, DESCRIBED | {"hidden"}, {"closed", "opening", "hidden"}),
        (granted("closed"), DESCRIBED, {"closed"}),
        (granted("h1"), DESCRIBED, {"closed", "opening"}),
        (granted("f2"), DESCRIBED | {"hidden"}, {"hidden"}),
        (granted("gone"), DESCRIBED, set()),
    ],
    ids=["anonymous", "clerk elsewhere", "clerk", "archivist", "grant", "grant on a file", "grant on a fonds", "gone"],
)
def test_each_reader_finds_what_he_may(province: House, viewer: Viewer, seen: set[str], text: set[str]) -> None:
    results = province.gateway.search(viewer, EVERYTHING)
    assert set(ids(results.hits)) == seen
    assert results.total == len(seen)
    planted = province.gateway.search(viewer, Criteria(q="mậtmã"))
    assert (set(ids(planted.hits)), planted.total) == (text, len(text))
    assert province.gateway.count(viewer, Criteria(q="mậtmã")) == len(text)
    for own in ("open", "closed", "opening", "hidden", "gone"):
        found = province.gateway.inside(viewer, own, Criteria(q="mậtmã"))
        assert found == ((1,) if own in text else ())
    for hit in results.hits:
        assert ("mậtmã" in repr(replace(hit, inside=Members()))) <= (hit.id in text)
        assert set(hit.inside.pages) <= text | {"open"}  # of a file: pages of what one may search in it
        assert hit.readable == (hit.access == "open" or hit.id in text)
        if hit.access != "open" and hit.id not in text:
            assert (hit.snippet, hit.pages) == ((), ())


@pytest.mark.parametrize("q", ["", "giao đất", "ẩndanh", "an danh", "mậtmã giao đất", 'tieu-de:"ẩndanh"', "báo cáo"])
def test_what_is_hidden_is_told_nowhere(province: House, q: str) -> None:
    for viewer in (ANYONE, OTHER_CLERK, granted("closed")):
        results = province.gateway.search(viewer, Criteria(q=q, size=100))
        said = told(results)
        for word in ("ẩndanh", "andanh", "hidden", "gone"):
            if word not in q:
                assert word not in said, (viewer.role, word)
        assert 1975 not in dict(results.years)
        for facet in ("type", "issuer", "place", "fonds"):
            page = province.gateway.facet_page(viewer, Criteria(q=q), FacetQuestion(facet))
            assert "ẩndanh" not in repr(page)
    staff = province.gateway.search(ARCHIVIST, Criteria(q="báo cáo", size=100))
    assert 1975 in dict(staff.years)
    assert "ẩndanh" in told(staff)


def test_suggestions_are_the_same_for_everyone_and_say_nothing_closed(province: House) -> None:
    for viewer in (ANYONE, ARCHIVIST):
        for text in ("ẩndanh", "ty công", "báo cáo ẩn", "xã bình", "quyết định giao đất cho hộ bà", "báo cáo giao"):
            assert province.gateway.suggest(viewer, text) == (), text
        assert ids(province.gateway.suggest(viewer, "bản đồ giao")) == ["paper"]


def test_similar_records_are_those_that_may_be_seen(province: House) -> None:
    assert "hidden" not in ids(province.gateway.similar(ANYONE, "opening"))
    assert "hidden" in ids(province.gateway.similar(ARCHIVIST, "opening"))
    assert province.gateway.similar(ANYONE, "hidden") == ()


def test_a_hidden_record_changes_nothing_at_all(house: House) -> None:
    """The same archive with and without what may not be known answers alike, to the letter.

    By relevance, the hidden words still count in the index's word statistics; those can move the order of what is
    found, never what is found.
    """
    house.fonds("f1", "Phông mở")
    house.fonds("f2", "Phông kín", hidden=True)
    for n in range(5):
        house.record(f"r{n}", f"Giấy tờ số {n}", "Chữ chung " * n, under="f1", dates=(f"199{n}-01-01",) * 2)
    house.index()
    questions = ("giấy", "giấy tờ số", "chữ chung của hồ sơ giấy tờ", "chung", "vũtrụ giấy", "")
    asked = [Criteria(q=q, size=2, sort=sort) for q in questions for sort in ("date", "-date", "title", "number")]
    before = [told(house.gateway.search(ANYONE, one)) for one in asked]
    by_relevance = [Criteria(q=q) for q in questions]
    found = [house.gateway.search(ANYONE, one) for one in by_relevance]
    house.record("x", "Giấy tờ số 9", "Chữ chung " * 9, under="f2", code="02", dates=("1950-01-01",) * 2)
    house.record("y", "Giấy tờ số 8", "Chữ chung " * 8, under="f1", withdrawn=True)
    house.index("x", "y")
    assert [told(house.gateway.search(ANYONE, one)) for one in asked] == before
    for one, then in zip(by_relevance, found, strict=True):
        now = house.gateway.search(ANYONE, one)
        assert told(replace(now, hits=())) == told(replace(then, hits=()))
        assert sorted(ids(now.hits)) == sorted(ids(then.hits))


def test_a_record_opens_at_midnight_in_viet_nam_without_any_job(province: House, clock: Callable[[str], None]) -> None:
    clock("2026-06-01T16:59:59+00:00")
    assert province.gateway.search(ANYONE, Criteria(q="mậtmã")).total == 0
    hit = next(one for one in province.gateway.search(ANYONE, EVERYTHING).hits if one.id == "opening")
    assert (hit.access, hit.readable, hit.snippet) == ("until", False, ())
    assert hit.opens_on is not None
    clock("2026-06-01T17:00:00+00:00")
    assert ids(province.gateway.search(ANYONE, Criteria(q="mậtmã")).hits) == ["opening"]
    assert province.gateway.inside(ANYONE, "opening", Criteria(q="mậtmã")) == (1,)
    results = province.gateway.search(ANYONE, EVERYTHING)
    assert {one.value: one.count for one in results.facets["access"]} == {"open": 4, "conditional": 1}
    hit = next(one for one in results.hits if one.id == "opening")
    assert (hit.access, hit.opens_on, hit.readable) == ("open", None, True)


@pytest.mark.parametrize("own", ["open", "h1", "f1"])
def test_a_veto_acts_at_once_on_a_record_and_all_below_it(province: House, own: str) -> None:
    below = {"open": {"open"}, "h1": {"open", "closed", "opening", "paper", "h1"}}
    kept = below.get(own, below["h1"] | {"f1"})
    before = province.gateway.search(ANYONE, Criteria(size=100))
    dropped = DROPPED.count
    province.veto(own)
    for viewer in (ANYONE, ARCHIVIST):
        results = province.gateway.search(viewer, Criteria(size=100))
        assert not kept & set(ids(results.hits))
    after = province.gateway.search(ANYONE, Criteria(size=100))
    assert after.total == before.total - len(kept)
    assert sum(one.count for one in after.levels) == after.total
    assert province.gateway.inside(ANYONE, "open", Criteria(q="giao đất")) == ()
    assert province.gateway.similar(ANYONE, "open") == ()
    assert "tịnh khê" not in repr(province.gateway.suggest(ANYONE, "ủy ban")).lower()
    assert DROPPED.count == dropped  # the engine itself left them out: nothing was dropped late


def test_what_the_index_does_not_know_yet_the_database_withholds(province: House) -> None:
    before = DROPPED.count
    province.change("open", everyone_from_see=NEVER, everyone_from_search=NEVER, everyone_from_read=NEVER)
    results = province.gateway.search(ANYONE, EVERYTHING)
    assert "open" not in ids(results.hits)
    assert results.total == len(DESCRIBED) - 1
    assert DROPPED.count == before + 1
    province.change("paper", withdrawn=True)
    assert "paper" not in ids(province.gateway.search(ARCHIVIST, EVERYTHING).hits)


def test_text_that_was_closed_since_is_not_shown(province: House) -> None:
    province.change("open", everyone_from_search=NEVER, everyone_from_read=NEVER)
    hit = next(one for one in province.gateway.search(ANYONE, EVERYTHING).hits if one.id == "open")
    assert (hit.snippet, hit.pages, hit.readable, hit.access) == ((), (), False, "conditional")
    assert province.gateway.inside(ANYONE, "open", Criteria(q="giao đất")) == ()
    assert "Ủy ban" not in repr(province.gateway.suggest(ANYONE, "quyết định giao"))


def test_an_ancestor_that_may_not_be_seen_is_not_named(province: House) -> None:
    province.change("h1", everyone_from_see=NEVER, title="Hồ sơ ẩndanh")
    hit = next(one for one in province.gateway.search(ANYONE, EVERYTHING).hits if one.id == "open")
    assert [step.id for step in hit.path] == ["f1"]
    province.change("f1", everyone_from_see=NEVER, title="Phông ẩndanh")
    results = province.gateway.search(ANYONE, EVERYTHING)
    assert results.facets["fonds"] == ()
    assert "ẩndanh" not in told(results)
    assert {hit.fonds for hit in results.hits} == {""}


def test_a_deny_tag_is_stronger_than_any_other(province: House) -> None:
    barred = Viewer(frozenset({"grant:closed", "role:barred"}), "barred", "reader")
    for own in ("open", "closed"):
        province.change(own, deny_see=" role:barred ", deny_search=" role:barred ", deny_read=" role:barred ")
    province.index("open", "closed")
    assert set(ids(province.gateway.search(barred, EVERYTHING).hits)) == DESCRIBED - {"open", "closed"}
    assert set(ids(province.gateway.search(ANYONE, EVERYTHING).hits)) == DESCRIBED
