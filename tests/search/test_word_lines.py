"""Words of many lines read at once: the same numbers as a dictionary gives word by word."""

from hypothesis import given
from hypothesis import strategies as st

from analyzers.tokens import LONGEST
from search.word_lines import WordLines

ALIKE = [b"nghieng2", b"nghieng24", b"nghieng25"]
WORDS = st.sampled_from([b"giay", b"phep", b"a", *ALIKE, b"x" * LONGEST, "日本".encode()])
LINES = st.lists(st.lists(WORDS, max_size=9).map(b" ".join) | st.just(b"  giay   phep "), max_size=5)


@given(LINES, st.dictionaries(WORDS, st.integers(1, 60), max_size=6))
def test_each_word_has_its_number_and_each_line_its_words(lines: list[bytes], numbers: dict[bytes, int]) -> None:
    read = WordLines(lines)
    found = read.numbered(numbers).tolist()
    borders = read.first.tolist()
    assert len(borders) == len(lines) + 1
    assert borders[-1] == len(found)
    for line, first, last in zip(lines, borders, borders[1:], strict=False):
        assert found[first:last] == [numbers.get(word, 0) for word in line.split()]


def test_a_token_longer_than_the_index_keeps_is_known_by_its_beginning() -> None:
    key, longer, shorter = b"y" * LONGEST, b"y" * (LONGEST + 9), b"y" * (LONGEST - 1)
    assert WordLines([b" ".join([longer, shorter, key])]).numbered({key: 3}).tolist() == [3, 0, 3]
