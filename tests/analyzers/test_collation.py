"""Vietnamese order by code point."""

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from analyzers.collation import person_key, sort_key


def in_order(texts: list[str]) -> list[str]:
    return sorted(texts, key=sort_key)


def test_letters_then_tones_then_case() -> None:
    order = [
        "a",
        "A",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "an",
        "ăn",
        "ân",
        "ba",
        "da",
        "dá",
        "đa",
        "e",
        "ê",
        "ga",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "y",
    ]
    assert in_order(order[::-1]) == order


def test_letters_before_tones_across_words() -> None:
    order = ["Hà", "Hà Giang", "Hạ Long", "Hà Nội", "Hài", "Hải Dương", "Hảo"]
    assert in_order(order[::-1]) == order


def test_numbers_compare_as_numbers() -> None:
    order = ["9/QĐ-UBND", "10/QĐ-UBND", "100/QĐ-UBND", "1077/QĐ-UBND", "Hồ sơ 2", "Hồ sơ 10", "Hồ sơ 010b", "Hồ sơ 11"]
    assert in_order(order[::-1]) == order


def test_signs_and_placement_do_not_matter() -> None:
    assert sort_key('"Hòa Bình"') == sort_key("Hoà  Bình.")
    assert sort_key("...") == sort_key("") == ""


@given(st.lists(st.text(st.sampled_from("aàăâbdđeêAĐ 019!.z한Ж"), max_size=8), max_size=8))
def test_sqlite_sorts_as_python_does(texts: list[str]) -> None:
    keys = [sort_key(text) for text in texts]
    with sqlite3.connect(":memory:") as database:
        database.execute("create table t (k text)")
        database.executemany("insert into t values (?)", [(key,) for key in keys])
        assert [row[0] for row in database.execute("select k from t order by k")] == sorted(keys)
    database.close()


@given(st.text())
def test_any_text_has_a_key_that_can_be_written(text: str) -> None:
    sort_key(text).encode("utf-8")


@given(st.integers(0, 10**20), st.integers(0, 10**20))
def test_numbers_of_any_length(one: int, two: int) -> None:
    assert (sort_key(str(one)) < sort_key(str(two))) == (one < two)


def test_persons_go_by_given_name_then_by_the_rest() -> None:
    ordered = [
        "Trần Văn An", "Nguyễn Thị Ân", "Phó Chủ tịch Lê Bình", "Nguyễn Văn Hà", "Trần Thu Hà", "Lê Thị Hạ",
        "Hòa", "Bùi Hòa", "Võ Phiên, Phó Chủ tịch", "Phạm Tư (ký thay)",
    ]  # fmt: skip
    backwards = ordered[::-1]
    assert sorted(backwards, key=person_key) == ordered
    assert person_key("Nguyễn Văn Hòa") == person_key("Nguyễn Văn Hoà")
    assert person_key("(…)") == person_key("") == "\x1f"
