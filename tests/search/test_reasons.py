"""Why a record was found, and what is like it: said right on both engines, of what the viewer may know only."""

from collections.abc import Iterator

import pytest

from search.criteria import Criteria
from search.errors import QueryError
from search.reasons import Why, best_passage
from tests.search.houses import ANYONE, ARCHIVIST, CLERK, House, house_on, ids

QUESTION = "điều kiện khai thác đá chẻ ở núi Thiên Ấn"
TEXT = "Về điều kiện khai thác đá chẻ. Đơn vị khai thác đá phải có giấy phép."


def fill(house: House) -> None:
    house.fonds("f1", "Phông Ủy ban nhân dân tỉnh")
    house.fonds("f2", "Phông kín", hidden=True)
    house.record("h1", "Hồ sơ mỏ đá", level="file", under="f1")
    house.record("mo", "Quy định khai thác đá chẻ", "Trang đầu về việc khác.", TEXT, under="h1", number="12/QĐ-UB",
                 kind="Quyết định", issuer="Ủy ban nhân dân tỉnh Nghĩa Bình")  # fmt: skip
    house.record("dong", "Kế hoạch khai thác đá chẻ", "Núi Thiên Ấn mậtmã khai thác đá chẻ", under="h1", code="02")
    house.record("an", "Kế hoạch khai thác đá chẻ ẩndanh", TEXT, under="f2", code="02")
    house.record("xa", "Báo cáo trồng rừng phi lao", "Trồng phi lao chắn cát ven biển Mộ Đức.", under="h1")
    house.record("gan", "Báo cáo rừng phi lao", "Phi lao chắn cát ven biển được trồng ở Mộ Đức.", under="h1")
    house.record("ke", "Công văn khác", "Phi lao chắn cát ven biển mậtmã ở Mộ Đức.", under="h1", code="02")
    house.index()


@pytest.fixture(params=["embedded", "opensearch"], scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_on(request.param, tmp_path_factory.mktemp("visao"), fill) as made:
        yield made


def reasons(house: House, own: str, q: str, *, archivist: bool = False) -> Why:
    why = house.gateway.why(ARCHIVIST if archivist else ANYONE, own, Criteria(q=q))
    assert why is not None
    return why


def codes(why: Why) -> list[str]:
    return [one.code for one in why.counted]


def test_each_word_says_where_it_stands(house: House) -> None:
    why = reasons(house, "mo", QUESTION)
    told = {word.text: word for word in why.words}
    assert list(told) == QUESTION.split()
    assert (told["khai"].title, told["khai"].times, told["khai"].pages) == (True, 2, (2,))
    assert (told["điều"].title, told["điều"].description, told["điều"].times) == (False, False, 1)
    assert not told["Thiên"].somewhere
    assert not told["Ấn"].somewhere
    assert why.hit.id == "mo"
    assert codes(why) == ["pairs", "passage", "reordered"]
    asked, had, needed = (
        int(word) for word in why.counted[0].en.replace(",", " ").replace(".", " ").split() if word.isdigit()
    )
    assert (asked, had, needed) == (9, 5, 2)
    assert "trang 2 có 6 trong 10" in why.counted[1].vi


def test_marks_and_other_names_are_told_apart(house: House) -> None:
    told = {word.text: word for word in reasons(house, "mo", "khai thac da chè").words}
    assert (told["thac"].times, told["thac"].marked) == (2, 2)  # typed without marks: any will do
    assert (told["chè"].times, told["chè"].marked) == (1, 0)
    of_names = reasons(house, "mo", "tỉnh Quảng Ngãi khai thác đá").words
    assert {word.text for word in of_names if word.other and word.description} == {"Nghĩa", "Bình"}
    assert not any(word.somewhere for word in of_names if word.text in {"Kon", "Tum"})


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("12/QĐ-UB", "number"),
        ("quy định khai thác đá chẻ", "title"),
        ('"khai thác đá"', "phrase"),
        ("khai thác", "all-words"),
        ("khai thác zzz", "widened"),
    ],
)
def test_what_counted_is_named(house: House, q: str, code: str) -> None:
    assert code in codes(reasons(house, "mo", q))


def test_what_is_no_result_has_no_reasons(house: House) -> None:
    for viewer in (ANYONE, ARCHIVIST):
        assert house.gateway.why(viewer, "xa", Criteria(q=QUESTION)) is None
        assert house.gateway.why(viewer, "mo", Criteria()) is None
        assert house.gateway.why(viewer, "missing", Criteria(q="đá")) is None
        assert house.gateway.why(viewer, "mo", Criteria(q="đá", date_from="1900", date_to="1901")) is None
    with pytest.raises(QueryError):
        house.gateway.why(ANYONE, "mo", Criteria(q='"đá'))


def test_nobody_hears_of_words_in_a_text_that_he_may_not_search(house: House) -> None:
    assert house.gateway.why(ANYONE, "an", Criteria(q="khai thác")) is None
    why = reasons(house, "dong", "Thiên Ấn khai thác đá chẻ")
    assert codes(why)[-1] == "description-only"
    assert not any(word.times or word.pages for word in why.words)
    assert {word.text for word in why.words if word.somewhere} == {"khai", "thác", "đá", "chẻ"}
    assert house.gateway.why(ANYONE, "dong", Criteria(q="mậtmã OR rừng")) is None
    staff = reasons(house, "dong", "Thiên Ấn khai thác đá chẻ", archivist=True)
    assert {word.text for word in staff.words if word.times} == {"Thiên", "Ấn", "khai", "thác", "đá", "chẻ"}


def test_scores_are_for_staff_and_add_up_to_the_engines(house: House) -> None:
    assert reasons(house, "mo", QUESTION).scores == ()
    why = house.gateway.why(CLERK, "mo", Criteria(q=QUESTION))
    assert why is not None
    assert why.scores == ()
    scores = dict(reasons(house, "mo", QUESTION, archivist=True).scores)
    assert {"text_marked", "text_folded", "text_shingles", "description_shingles"} <= set(scores)
    assert all(score > 0 for score in scores.values())
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    number = dict(reasons(house, "mo", "12/QĐ-UB", archivist=True).scores)
    assert number["number"] >= 1_000


def test_records_are_like_each_other_by_their_own_words(house: House) -> None:
    assert ids(house.gateway.similar(ANYONE, "xa")) == ["gan"]
    assert ids(house.gateway.similar(ANYONE, "gan")) == ["xa"]
    assert ids(house.gateway.similar(ANYONE, "mo")) == ["dong"]
    assert ids(house.gateway.similar(ARCHIVIST, "xa")) == ["gan", "ke"]
    assert set(ids(house.gateway.similar(ARCHIVIST, "mo"))) == {"dong", "an"}
    assert house.gateway.similar(ANYONE, "ke") == ()  # its text is not for everyone, and its title tells nothing
    assert house.gateway.similar(ANYONE, "an") == ()
    assert not {"h1", "f1", "xa"} & set(ids(house.gateway.similar(ARCHIVIST, "xa")))


def test_the_best_passage_is_within_sixty_words() -> None:
    far = ["a", *["x"] * 59, "b", "c"]
    assert best_passage(far, {"a", "b", "c"}) == 2
    assert best_passage(far[1:], {"a", "b", "c"}) == 2
    assert best_passage(["a", *["x"] * 58, "b", "c"], {"a", "b", "c"}) == 2
    assert best_passage(["a", *["x"] * 57, "b", "c"], {"a", "b", "c"}) == 3
    assert best_passage(["a", "a"], {"a", "b"}) == 1
    assert best_passage([], {"a"}) == 0
