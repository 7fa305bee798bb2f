"""Misspelled questions: corrected, told, undone; and nothing told that not everyone may search."""

from dataclasses import replace

import pytest

from archive.access import NEVER
from indexer.lexicon import replace_lexicon, spellings
from search.criteria import Criteria
from search.language import parse
from search.results import Results
from tests.search.houses import ANYONE, ARCHIVIST, House, ids

TEXT = (
    "Quyết định giao đất cho hộ gia đình tại tỉnh Quảng Ngãi. Hồ sơ gồm bản đồ địa chính, tờ trình và tài liệu. "
    "Ủy ban nhân dân tỉnh Quảng Ngãi ban hành quyết định về hồ sơ đất đai. Ông Khuê bán đồ cũ, bán đồ gỗ, bán đồ sứ. "
)


@pytest.fixture
def spelled(house: House) -> House:
    """A record with common words, one with a rare word, one that is closed; and a lexicon of what is open."""
    house.fonds("f", "Phông lưu trữ")
    house.record("open", "Quyết định giao đất", TEXT * 30, under="f")
    house.record("rare", "Giấy phép của bà Quỵt", "Bà Quỵt xin phép", under="f")
    house.record("kín", "Biên bản", "Chuyện độngtrời " * 40, under="f", code="02")
    house.index()
    house_lexicon(house, TEXT * 30)
    return house


def house_lexicon(house: House, *texts: str) -> None:
    with house.writing() as session:
        replace_lexicon(session, list(spellings(texts)), 4)


def asked(house: House, q: str, **criteria: object) -> tuple[str, Results]:
    """What was searched for as it is told, empty where nothing was changed."""
    results = house.gateway.search(ANYONE, Criteria(q=q, **criteria))  # type: ignore[arg-type]
    told = [one.vi for one in results.explanations if one.code == "spelling"]
    return "".join(told), results


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quyêt đinh", "quyết định"),
        ("quyêt định giao đất", "quyết"),
        ("Quãng Ngãi", "Quảng"),
        ("hổ sơ đất đai", "hồ"),
        ("tờ trính", "trình"),
        ("QUYÊT ĐINH", "QUYẾT ĐỊNH"),
        ("quyet dinhh", "dinh"),
        ("tai lieuu", "lieu"),
        ("tài liue", "liệu"),
        ("tài liệuu", "liệu"),
        ("quyếtđịnh", "quyết định"),
        ("quyetdinh giao dat", "quyet dinh"),
        ("quy ết định", "quyết"),
        ("quyết địng", "định"),
    ],
)
def test_what_is_plainly_misspelled_is_corrected_told_and_undone(spelled: House, typed: str, meant: str) -> None:
    told, results = asked(spelled, typed)
    assert told.startswith(f"Đã tìm “{meant}” thay cho “"), (told, results.corrections)
    assert "open" in ids(results.hits)
    (said,) = (one for one in results.explanations if one.code == "spelling")
    assert said.undo == Criteria(q=typed, verbatim=("spelling",))
    assert asked(spelled, typed, verbatim=("spelling",))[0] == ""


@pytest.mark.parametrize(
    "typed",
    [
        "quyết định giao đất",
        "quyet dinh giao dat",
        "bán đồ",  # common by itself, near a commoner one
        "Uỷ ban nhân dân",
        "Quỵt",  # rare, yet there
        '"quyêt đinh"',
        "tieu-de:quyêt",
        "-quyêt giao đất",
        "1077/QĐ-UBNDD",
        "UBNDX",
        "1998",
        "",
    ],
)
def test_what_may_be_meant_is_left_alone(spelled: House, typed: str) -> None:
    told, results = asked(spelled, typed)
    assert (told, results.corrections) == ("", ())


@pytest.mark.parametrize(
    "typed",
    [
        "bảo hiểm xã hội",
        "bao hiem xa hoi",
        "Kỹ thuật",
        "đảng bộ",
        "Quận 2",
        "sáu mươi chín",
        "tháng tám",
        "loại đất",
        "xã Trương Quang Trọng",
        "thập niên 80",
    ],
)
def test_a_common_syllable_is_right_though_the_archive_lacks_it(spelled: House, typed: str) -> None:
    """A small archive knows words that are near: they are others."""
    near = "kiểm tra kiểm kê, ký thuận, đang sống, bổ sung, quản lý, muối biển, tâm tư, lại nữa, trồng, thắp đèn "
    house_lexicon(spelled, TEXT * 30, near * 30)
    spelled.record("near", "Sổ", near * 30, under="f")
    spelled.index()
    told, results = asked(spelled, typed)
    assert (told, results.corrections) == ("", ())


def test_another_common_word_is_offered_where_its_neighbour_speaks_for_it(spelled: House) -> None:
    told, results = asked(spelled, "giao đạt")
    assert (told, results.corrections) == ("", ("giao đất",))


def test_likely_spellings_are_offered_as_whole_questions(spelled: House) -> None:
    """Two words are as near and as common: nobody can say which is meant."""
    spelled.record("two", "Sổ", "máy khoan, máy khoang " * 30, under="f")
    spelled.index()
    house_lexicon(spelled, "khoan mẫu khoang mẫu " * 30)
    told, results = asked(spelled, "giao khoanb")
    assert told == ""
    assert sorted(results.corrections) == ["giao khoan", "giao khoang"]


def test_only_what_everyone_may_search_now_is_told(spelled: House) -> None:
    """The lexicon may be older than a tightening: what it proposes is asked of the index at the moment."""
    house_lexicon(spelled, TEXT * 30, "chuyện độngtrời " * 40)
    for q in ("chuyen dongtroi1", "độngtrờii", "dongtroii", "chuyện đôngtrời"):
        told, results = asked(spelled, q)
        assert "trời" not in told + repr(results.corrections)
        assert "dongtroi”" not in told
    assert asked(spelled, "quyêt đinh")[0]
    spelled.veto("open")
    assert asked(spelled, "quyêt đinh")[0] == ""
    assert asked(spelled, "quyet dinhh")[0] == ""


def test_what_is_closed_takes_no_part_even_for_those_who_may_search_it(spelled: House) -> None:
    spelled.change("open", everyone_from_search=NEVER, everyone_from_read=NEVER)
    spelled.index("open")
    for viewer in (ANYONE, ARCHIVIST):
        results = spelled.gateway.search(viewer, Criteria(q="quyêt đinh"))
        assert [one.code for one in results.explanations if one.code == "spelling"] == []


def test_a_corrected_question_counts_and_lists_alike(spelled: House) -> None:
    criteria = Criteria(q="quyêt đinhh")
    assert spelled.gateway.count(ANYONE, criteria) == spelled.gateway.search(ANYONE, criteria).total == 1
    assert spelled.gateway.count(ANYONE, replace(criteria, verbatim=("spelling",))) == 0
    assert spelled.gateway.inside(ANYONE, "open", criteria) == (1,)
    assert spelled.gateway.marked(ANYONE, criteria) == parse("quyết định"), "the page marks what was meant, too"
    assert spelled.gateway.marked(ANYONE, replace(criteria, verbatim=("spelling",))) == parse(criteria.q)


def test_without_a_lexicon_nothing_is_corrected(house: House) -> None:
    house.fonds("f", "Phông")
    house.record("a", "Quyết định", under="f")
    house.index()
    assert asked(house, "quyêt đinh")[0] == ""
