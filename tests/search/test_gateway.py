"""What a question answers: hits as they are shown, facets, years, order, pages, widening, wrong questions."""

from dataclasses import replace

import pytest

from search.criteria import SORTS, Criteria, CriteriaError, Sort
from search.errors import QueryError
from search.facet_pages import FacetQuestion
from search.results import Parts
from tests.search.houses import ANYONE, ARCHIVIST, House, ids

pytestmark = pytest.mark.both_databases


def marked(parts: Parts) -> str:
    return "".join(f"[{text}]" if hit else text for text, hit in parts)


def test_a_hit_is_ready_to_be_shown(province: House) -> None:
    results = province.gateway.search(ANYONE, Criteria(q="bản đồ", level=("document",)))
    assert ids(results.hits) == ["paper", "open"]
    hit = results.hits[1]
    assert (hit.code, hit.number, hit.type, hit.issuer) == (
        "OPEN", "1077/QĐ-UBND", "Quyết định", "Ủy ban nhân dân xã Tịnh Khê",
    )  # fmt: skip
    assert [(step.id, step.level) for step in hit.path] == [("f1", "fonds"), ("h1", "file")]
    assert (hit.fonds, hit.access, hit.readable, hit.medium, hit.page_count) == ("f1", "open", True, "text", 2)
    assert marked(hit.snippet) == "Trang hai có [bản đồ]"
    assert [(page.n, marked(page.snippet)) for page in hit.pages] == [(2, "Trang hai có [bản đồ]")]
    assert marked(results.hits[0].title_parts) == "[Bản đồ] giao đất năm 1960"
    assert "score" not in repr(results)


@pytest.mark.parametrize("q", ["giao đất Tịnh Khê", "giao dat tinh khe", "GIAO ĐẤT TỊNH KHÊ", "tinh khe dat giao"])
def test_marked_and_unmarked_find_the_same(province: House, q: str) -> None:
    assert ids(province.gateway.search(ANYONE, Criteria(q=q, level=("document",))).hits)[0] == "open"


def test_where_nothing_is_found_each_facet_tells_what_its_other_values_would_give(house: House) -> None:
    """Not what the question finds as it was widened in vain."""
    house.fonds("f", "Phông")
    for own, title, year in (
        ("a", "Giao đất ở Tịnh Khê", 1998), ("b", "Giao rừng ở Ba Tơ", 2001), ("c", "Thu hồi đất ở Ba Tơ", 2005),
        ("d", "Giao đất rừng Trà Bồng", 2009),
    ):  # fmt: skip
        house.record(own, title, under="f", dates=(f"{year}-02-03", f"{year}-02-03"))
    house.index()
    asked = Criteria(q="giao đất rừng ở Tịnh Khê", level=("document",))
    everywhere = house.gateway.search(ANYONE, asked)
    found = house.gateway.search(ANYONE, replace(asked, date_from="1850", date_to="1860"))
    assert (found.total, everywhere.total > 0) == (0, True)
    assert found.years == everywhere.years
    for year, count in found.years:
        there = house.gateway.search(ANYONE, replace(asked, date_from=str(year), date_to=str(year)))
        assert there.total == count, year


def test_what_is_typed_with_marks_is_meant(house: House) -> None:
    house.fonds("f", "Phông")
    for own, title in (("a", "Bàn giao"), ("b", "Bản giao"), ("c", "Bán giao"), ("d", "Ban giao")):
        house.record(own, title, under="f")
    house.index()
    for q, found in (("bàn", {"a"}), ("bản", {"b"}), ("bán", {"c"}), ('"bàn"', {"a"}), ("ban", {"a", "b", "c", "d"})):
        results = house.gateway.search(ANYONE, Criteria(q=q))
        assert (set(ids(results.hits)), results.total) == (found, len(found))
    other = house.gateway.search(ANYONE, Criteria(q="bạn"))  # no record has it: other marks then, and it is told
    assert (set(ids(other.hits)), [one.code for one in other.explanations]) == ({"a", "b", "c", "d"}, ["widened"])
    assert house.gateway.search(ANYONE, Criteria(q="bạn", verbatim=("widened",))).total == 0


def test_other_marks_are_found_beside_a_neighbour_and_lost_ones_where_they_make_no_other_word(house: House) -> None:
    house.fonds("f", "Phông")
    for own, title in (
        ("typed", "Đê ngăn mặn, biển lặng"),
        ("damaged", "Tu bổ đẽ biên xã Bình Thạnh"),  # as recognition reads it
        ("apart", "Để lại đất ven biến"),
        ("telegram", "CHONG LUT BAO SO 5"),
        ("report", "Báo cáo chống lũ"),
        ("storm", "Bão số 5, lụt lớn"),
    ):
        house.record(own, title, under="f")
    house.index()

    def found(q: str) -> set[str]:
        return set(ids(house.gateway.search(ANYONE, Criteria(q=q)).hits))

    assert found("đê biển") == {"typed", "damaged"}
    assert found("lụt") == {"storm", "telegram"}  # "lut" is no word but lụt
    assert found("bão") == {"storm"}  # "bao" is one
    assert found("bão lụt") == {"storm"}
    assert found("tu bổ đê biển xã") == {"damaged"}
    assert found('tiêu-đề:"báo cáo"') == found('tiêu-đề:"bao cao"') == {"report"}
    assert found('tiêu-đề:"bão cáo"') == set()
    assert found("tiêu-đề:bão") == {"storm"}


def test_the_language_of_questions(province: House) -> None:
    def found(q: str) -> set[str]:
        return set(ids(province.gateway.search(ANYONE, Criteria(q=q, level=("document",))).hits))

    assert found('"giao đất cho hộ"') == {"open", "closed"}
    assert found('"giao dat cho ho"') == {"open", "closed"}
    assert found('"đất giao"') == set()
    assert found('"giao đắt"') == set()
    assert found("giao đất -bình") == {"open", "opening", "paper"}
    assert found('giao -"hộ ông"') == {"closed", "opening", "paper"}
    assert found("an OR bình") == {"open", "closed"}
    assert found("giao nam:1998") == {"open"}
    assert found("giao nam:1998-2000") == {"open", "closed"}
    assert found("so:1077/QĐ-UBND") == {"open"}
    assert found("1077 qd ubnd") == {"open"}
    assert found('tieu-de:"báo cáo"') == {"opening"}
    assert found("giao co-quan:tịnh") == {"open"}


@pytest.mark.parametrize(
    "q",
    [
        "06/2026/TT-BTP",
        "6/2026/tt-btp",
        "06 2026 TT BTP",
        "thông tư số 06 năm 2026 TT-BTP",
        "2026 btp 06",
        "06/2026/TT-BT\u0420",
    ],
)
def test_a_number_comes_first_however_it_is_typed(house: House, q: str) -> None:
    house.fonds("f", "Phông")
    for own, number in (("a", "06/2025/TT-BTP"), ("b", "16/2026/TT-BTP"), ("c", "06/2026/TT-BTP"), ("d", "26/QĐ-BTP")):
        house.record(own, "Thông tư số 06 năm 2026 nói nhiều về 06/2026", "06 2026 TT BTP " * 9, under="f")
        house.record(own + own, "Văn bản", under="f", number=number)
    house.index()
    assert house.gateway.search(ANYONE, Criteria(q=q)).hits[0].id == "cc"


def test_a_longer_question_needs_a_part_of_its_pairs_only(province: House) -> None:
    q = "quy trình thủ tục giao đất cho hộ ông như thế nào theo luật"
    results = province.gateway.search(ANYONE, Criteria(q=q))
    assert ids(results.hits)[0] == "open"
    assert results.explanations == ()


def test_an_empty_answer_is_widened_aloud(province: House) -> None:
    results = province.gateway.search(ANYONE, Criteria(q="báo cáo vũtrụ"))
    assert ids(results.hits) == ["opening"]
    assert [one.code for one in results.explanations] == ["widened", "type"]
    assert results.explanations[0].vi != results.explanations[0].en
    assert province.gateway.count(ANYONE, Criteria(q="báo cáo vũtrụ")) == 0
    nothing = province.gateway.search(ANYONE, Criteria(q="khôngcó vũtrụ"))
    assert (nothing.total, nothing.explanations) == (0, ())


def test_a_wrong_question_is_an_error(province: House) -> None:
    for q in ('"giao đất', "giao OR", "-giao", "(giao", "nam:abc"):
        with pytest.raises(QueryError):
            province.gateway.search(ANYONE, Criteria(q=q))
        with pytest.raises(QueryError):
            province.gateway.count(ANYONE, Criteria(q=q))


def test_facets_have_labels_and_ignore_their_own_choice(province: House) -> None:
    plain = province.gateway.search(ANYONE, Criteria(q="giao đất", level=("document",)))
    kinds = {one.label_vi: one.count for one in plain.facets["type"]}
    assert kinds == {"Quyết định": 2, "Báo cáo": 1}
    assert [(one.value, one.label_vi, one.count) for one in plain.facets["fonds"]] == [("f1", "Phông Sở Nội vụ", 4)]
    assert {one.value: one.count for one in plain.facets["access"]} == {"open": 2, "until": 1, "conditional": 1}
    assert {one.value: one.count for one in plain.levels} == {"document": 4, "file": 1}
    chosen = Criteria(q="giao đất", level=("document",)).toggled("type", "bao-cao").toggled("access", "until")
    results = province.gateway.search(ANYONE, chosen)
    assert ids(results.hits) == ["opening"]
    assert {one.value: (one.count, one.selected) for one in results.facets["type"]} == {"bao-cao": (1, True)}
    wider = province.gateway.search(ANYONE, Criteria(q="giao đất", facets={"type": ("bao-cao",)}))
    assert {one.value: (one.count, one.selected) for one in wider.facets["type"]} == {
        "quyet-dinh": (2, False),
        "bao-cao": (1, True),
    }
    assert {one.value for one in wider.facets["place"]} == set()


def test_a_chosen_value_is_counted_however_rare_it_is(house: House) -> None:
    house.fonds("f", "Phông")
    for n in range(30):
        for copy in range(2 if n < 29 else 1):
            house.record(f"r{n}-{copy}", "Giấy tờ", under="f", place=f"Xã {n}")
    house.index()
    results = house.gateway.search(ANYONE, Criteria(q="giấy", facets={"place": ("xa4-29",)}))
    assert len(results.facets["place"]) == 21
    assert [(one.value, one.count) for one in results.facets["place"] if one.selected] == [("xa4-29", 1)]


def test_periods_overlap_and_the_shelf_shows_every_year(province: House) -> None:
    criteria = Criteria(q="giao đất", level=("document",), date_from="1999-06-01", date_to="2000")
    results = province.gateway.search(ANYONE, criteria)
    assert ids(results.hits) == ["closed"]
    assert results.years == ((1998, 1), (1999, 1), (2000, 1), (2001, 1), (2005, 1))
    assert results.undated == 1
    assert results.decades == {1990: 2, 2000: 2}  # a record of four years is counted once in each decade
    years = province.gateway.search(ANYONE, replace(criteria, facets={"type": ("bao-cao",)})).years
    assert years == ((2005, 1),)


def test_orders_and_a_question_without_words(province: House) -> None:
    def order(**asked: object) -> list[str]:
        return ids(province.gateway.search(ANYONE, Criteria(level=("document",), **asked)).hits)  # type: ignore[arg-type]

    assert order() == ["opening", "closed", "open", "paper"]
    assert order(sort="date") == ["open", "closed", "opening", "paper"]
    assert order(sort="-date") == ["opening", "closed", "open", "paper"]
    assert order(sort="title") == ["paper", "opening", "closed", "open"]
    assert order(sort="number")[0] == "open"


def test_pages_of_results_follow_the_cursor_there_and_back(house: House) -> None:
    house.fonds("f", "Phông")
    for n in range(23):
        house.record(f"r{n:02d}", "Giấy tờ như nhau", under="f")
    house.index()
    criteria, seen, previous = Criteria(q="giấy tờ", size=5), [], []
    results = house.gateway.search(ANYONE, criteria)
    assert results.previous == ""
    while True:
        seen += ids(results.hits)
        if not results.next:
            break
        before = ids(results.hits)
        results = house.gateway.search(ANYONE, replace(criteria, cursor=results.next))
        previous = ids(house.gateway.search(ANYONE, replace(criteria, cursor=results.previous)).hits)
        assert previous == before
    assert seen == [f"r{n:02d}" for n in range(23)]


def test_pages_go_on_where_the_catalogue_withholds_a_whole_one(house: House) -> None:
    house.fonds("f", "Phông")
    for n in range(30):
        house.record(f"r{n:02d}", "Giấy tờ như nhau", under="f")
    house.index()
    for n in (*range(5, 14), 19, 20, 29):
        house.change(f"r{n:02d}", withdrawn=True)  # the index does not know yet
    criteria, seen = Criteria(q="giấy tờ", size=5), []
    results = house.gateway.search(ANYONE, criteria)
    seen += ids(results.hits)
    for _ in range(5):
        results = house.gateway.search(ANYONE, replace(criteria, cursor=results.next))
        seen += ids(results.hits)
    assert results.next == ""
    assert seen == [f"r{n:02d}" for n in (*range(5), *range(14, 19), *range(21, 29))]
    back = house.gateway.search(ANYONE, replace(criteria, cursor=results.previous))
    assert ids(back.hits) == ["r21", "r22", "r23", "r24"]


def test_a_record_that_comes_meanwhile_moves_no_other(house: House) -> None:
    house.fonds("f", "Phông")
    for n in range(10):
        house.record(f"r{n:02d}", "Giấy tờ như nhau", under="f")
    house.index()
    criteria = Criteria(q="giấy tờ", size=5)
    first = house.gateway.search(ANYONE, criteria)
    house.record("r000", "Giấy tờ như nhau", under="f")
    house.change("r04", withdrawn=True)
    house.index()
    second = house.gateway.search(ANYONE, replace(criteria, cursor=first.next))
    assert ids(second.hits) == [f"r{n:02d}" for n in range(5, 10)]
    assert second.next == ""
    assert ids(house.gateway.search(ANYONE, replace(criteria, cursor=second.previous)).hits) == [
        "r00", "r000", "r01", "r02", "r03",
    ]  # fmt: skip


@pytest.mark.parametrize("sort", SORTS)
def test_pages_go_on_to_the_end_in_every_order(house: House, sort: Sort) -> None:
    house.fonds("f", "Phông")
    for n in range(130):
        house.record(f"r{n:03d}", f"Giấy tờ {n % 7}", under="f", number=f"{n % 30}/QĐ-UB")
    house.index()
    criteria, seen = Criteria(q="giấy tờ", size=30, sort=sort), []
    results = house.gateway.search(ANYONE, criteria)
    seen += ids(results.hits)
    while results.next:
        results = house.gateway.search(ANYONE, replace(criteria, cursor=results.next))
        seen += ids(results.hits)
    assert sorted(seen) == [f"r{n:03d}" for n in range(130)]


def test_a_cursor_belongs_to_one_question_and_one_reader(house: House) -> None:
    house.fonds("f", "Phông")
    for n in range(3):
        house.record(f"r{n}", "Giấy tờ", under="f")
    house.index()
    criteria = Criteria(q="giấy", size=2)
    cursor = house.gateway.search(ANYONE, criteria).next
    wrong = [
        (ANYONE, replace(criteria, cursor=cursor[:-2])),
        (ANYONE, replace(criteria, cursor="W10.x")),
        (ANYONE, replace(criteria, cursor="\ud800")),
        (ANYONE, replace(criteria, q="tờ", cursor=cursor)),
        (ANYONE, replace(criteria, size=1, cursor=cursor)),
        (ARCHIVIST, replace(criteria, cursor=cursor)),
    ]
    for viewer, asked in wrong:
        with pytest.raises(CriteriaError, match="cursor"):
            house.gateway.search(viewer, asked)


def test_values_of_a_facet_can_be_searched(province: House) -> None:
    page = province.gateway.facet_page(ANYONE, Criteria(q="giao đất"), FacetQuestion("place"))
    assert {one.label_vi for one in page.values} == {"Xã Tịnh Khê", "Xã Bình Châu", "Tỉnh Quảng Ngãi (mọi nơi)"}
    found = province.gateway.facet_page(ANYONE, Criteria(q="giao đất"), FacetQuestion("place", "tinh kh"))
    assert [(one.label_vi, one.count) for one in found.values] == [("Xã Tịnh Khê", 1)]
    with pytest.raises(KeyError):
        province.gateway.facet_page(ANYONE, Criteria(), FacetQuestion("sao"))


def test_suggestions_are_titles_and_names(province: House) -> None:
    found = province.gateway.suggest(ANYONE, "tinh kh")
    assert [(one.kind, one.text) for one in found] == [
        ("place", "Xã Tịnh Khê"),
        ("issuer", "Ủy ban nhân dân xã Tịnh Khê"),
        ("title", "Hồ sơ giao đất xã Tịnh Khê"),
    ]
    assert [one.id for one in province.gateway.suggest(ANYONE, "quyết định giao đất cho h")] == ["open"]
    assert province.gateway.suggest(ANYONE, "x") == ()
    assert province.gateway.suggest(ANYONE, "*") == ()


def test_pages_inside_a_long_record(house: House) -> None:
    house.fonds("f", "Phông")
    texts = [f"Trang {n} " + ("nói về bản đồ địa chính" if n % 7 == 3 else "nói về việc khác") for n in range(1, 41)]
    house.record("long", "Tập tài liệu", *texts, under="f")
    house.index()
    assert house.gateway.inside(ANYONE, "long", Criteria(q="bản đồ")) == (3, 10, 17, 24, 31, 38)
    hit = house.gateway.search(ANYONE, Criteria(q="bản đồ địa chính")).hits[0]
    assert len(hit.pages) == 3
    assert all("[bản đồ địa chính]" in marked(page.snippet) for page in hit.pages)
    assert house.gateway.inside(ANYONE, "long", Criteria(q="")) == ()
    assert house.gateway.inside(ANYONE, "missing", Criteria(q="bản đồ")) == ()


def test_every_page_of_a_scan_of_hundreds_is_told(house: House) -> None:
    house.fonds("f", "Phông")
    house.record("whole", "Cả tập", *(f"Trang {n} nói về bản đồ" for n in range(1, 121)), under="f")
    house.index()
    assert house.gateway.inside(ANYONE, "whole", Criteria(q="bản đồ")) == tuple(range(1, 121))


def test_passages_of_what_was_typed_and_of_what_texts_made_of_it(house: House) -> None:
    house.fonds("f", "Phông")
    house.record("storm", "Phòng chống bão", "Báo cáo về đẽ biên", "Bão số 5 đổ bộ", "CHONG LUT", under="f")
    house.index()

    def shown(q: str) -> list[str]:
        (hit,) = house.gateway.search(ANYONE, Criteria(q=q, level=("document",))).hits
        return [marked(page.snippet) for page in hit.pages]

    assert shown("bão") == ["[Bão] số 5 đổ bộ"]
    assert shown("lụt") == ["CHONG [LUT]"]
    assert shown("đê biển") == ["Báo cáo về [đẽ biên]"]


def test_a_snippet_is_cut_from_the_end_of_a_long_page_too(house: House) -> None:
    house.fonds("f", "Phông")
    house.record("long", "Văn bản dài", "nhiều chữ khác nữa " * 8_000 + "danh mục: phường Trà Câu", under="f")
    house.index()
    (hit,) = house.gateway.search(ANYONE, Criteria(q="Trà Câu")).hits
    assert marked(hit.snippet).endswith("phường [Trà Câu]")


def test_similar_records_have_words_of_the_title(province: House) -> None:
    assert "closed" in ids(province.gateway.similar(ANYONE, "open"))
    assert "open" not in ids(province.gateway.similar(ANYONE, "open"))
    assert province.gateway.similar(ANYONE, "missing") == ()


@pytest.mark.parametrize("q", ["\U0001f600", "*", "!!!", "-", "?*:*", "." * 200, "\u200f"])
def test_a_question_in_which_nothing_can_be_searched_says_so(province: House, q: str) -> None:
    told = province.gateway.search(ANYONE, Criteria(q=q)).explanations
    assert [one.code for one in told] == ["nothing-to-search"]
    assert province.gateway.search(ANYONE, Criteria()).explanations == ()
