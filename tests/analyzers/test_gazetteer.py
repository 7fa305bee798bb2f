"""Names in text: the longest, all meanings, the marks that were written, offsets; the same as by trying everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import has_marks
from analyzers.gazetteer import Gazetteer, Mention, Name, is_capitalised
from analyzers.normal import canon
from analyzers.tokens import folded_key, marked_key, tokenize

NAMES = (
    Name("khe", "xã", "Tịnh Khê"),
    Name("khe-cu", "xã", "Tịnh Khê"),
    Name("to", "xã", "Ba Tơ"),
    Name("tô", "xã", "Ba Tô"),
    Name("huyen", "huyện", "Ba Tơ"),
    Name("p1", "phường", "1"),
    Name("dak", "tỉnh", "Đắk Lắk"),
    Name("hoa", "tỉnh", "Thanh Hoá"),
    Name("tinh", "tỉnh", "Quảng Nam"),
    Name("lon", "tỉnh", "Quảng Nam - Đà Nẵng"),
)
KINDS = {"xã": "xã", "phường": "phường", "p": "phường", "thị xã": "thị xã", "huyện": "huyện", "tỉnh": "tỉnh"}
KNOWN = Gazetteer(NAMES, KINDS, {"Đăk": "Đắk"})


def found(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(text[one.start : one.end], one.kind, one.ids) for one in KNOWN.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("đất xã Tịnh Khê, năm 1998", [("xã Tịnh Khê", "xã", ("khe", "khe-cu"))]),
        ("dat xa tinh khe", [("xa tinh khe", "xã", ("khe", "khe-cu"))]),
        ("TỊNH KHÊ", [("TỊNH KHÊ", "", ("khe", "khe-cu"))]),
        ("tính khế", []),
        ("ký túc xá Tịnh Khê", [("Tịnh Khê", "", ("khe", "khe-cu"))]),
        ("xã Ba Tơ, huyện Ba Tơ", [("xã Ba Tơ", "xã", ("to",)), ("huyện Ba Tơ", "huyện", ("huyen",))]),
        ("ba to", [("ba to", "", ("to", "tô", "huyen"))]),
        ("Ba Tô", [("Ba Tô", "", ("tô",))]),
        ("P.1 và phường 1, số 1", [("P.1", "phường", ("p1",)), ("phường 1", "phường", ("p1",))]),
        ("Đăk Lắk, dak lak", [("Đăk Lắk", "", ("dak",)), ("dak lak", "", ("dak",))]),
        ("Thanh Hóa", [("Thanh Hóa", "", ("hoa",))]),
        ("tỉnh Quảng Nam – Đà Nẵng", [("tỉnh Quảng Nam – Đà Nẵng", "tỉnh", ("lon",))]),
        ("Quảng Nam, Đà Lạt", [("Quảng Nam", "", ("tinh",))]),
        ("thị xã Ba Tơ", [("xã Ba Tơ", "xã", ("to",))]),
    ],
)
def test_names(text: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert found(text) == expected


def test_where_the_name_begins_behind_the_word_for_its_kind() -> None:
    text = "ở xã Tịnh Khê"
    (one,) = KNOWN.find(text)
    assert (text[one.start : one.end], text[one.name : one.end]) == ("xã Tịnh Khê", "Tịnh Khê")


def test_single_words_stand_alone_only_where_asked() -> None:
    names = [Name("a", "", "STNMT")]
    assert Gazetteer(names).find("STNMT") == []
    assert [one.ids for one in Gazetteer(names, alone=1).find("stnmt tỉnh")] == [("a",)]


def test_capitals() -> None:
    assert is_capitalised("Thống Nhất")
    assert not is_capitalised("thống Nhất")
    assert not is_capitalised("thống nhất")


WORDS = st.sampled_from(
    ["xã", "xa", "xá", "Tịnh", "tinh", "Khê", "khe", "khế", "tỉnh", "Ba", "Tơ", "To", "Tô", "Quảng", "quang", "Nam",
     "Đà", "nẵng", "1", "p", "phường", "huyện", "thị", "Đăk", "lak", "Lắk", "hoá", "Thanh", "đất"]
)  # fmt: skip
GAPS = st.sampled_from([" ", ", ", " - ", "."])


@given(st.lists(st.tuples(WORDS, GAPS), max_size=12))
def test_the_same_as_by_trying_every_name_everywhere(parts: list[tuple[str, str]]) -> None:
    text = canon("".join(word + gap for word, gap in parts))
    assert KNOWN.find(text) == naive(text)


@given(st.text(max_size=60))
def test_offsets_slice_the_text(text: str) -> None:
    text = canon(text)
    for one in KNOWN.find(f"{text} xã Tịnh Khê {text}"):
        assert 0 <= one.start <= one.name < one.end
    assert any(one.ids == ("khe", "khe-cu") for one in KNOWN.find(f"{text} xã Tịnh Khê {text}"))


def naive(text: str) -> list[Mention]:
    """Tries every name, with every word for its kind and without, at every token."""
    tokens, at, mentions = tokenize(text), 0, []
    while at < len(tokens):
        tried = []
        for written, kind in [*KINDS.items(), ("", "")]:
            head = [token.text for token in tokenize(written)]
            if not agrees([token.text for token in tokens[at : at + len(head)]], head, partly=True):
                continue
            begin = at + len(head)
            for name in NAMES:
                words = [token.text for token in tokenize(name.text)]
                end = begin + len(words)
                if (kind and name.kind != kind) or (not kind and len(words) < 2) or end > len(tokens):
                    continue
                if agrees([token.text for token in tokens[begin:end]], words):
                    tried.append((end, bool(kind), kind, begin, name.id))
        if not tried:
            at += 1
            continue
        end, _, kind, begin, _ = max(tried, key=lambda one: one[:2])
        ids = tuple(dict.fromkeys(one[4] for one in tried if one[:3] == (end, bool(kind), kind)))
        mentions.append(Mention(tokens[at].start, tokens[begin].start, tokens[end - 1].end, kind, ids))
        at = end
    return mentions


def agrees(written: list[str], name: list[str], *, partly: bool = False) -> bool:
    if list(map(folded_key, written)) != list(map(folded_key, name)):
        return False
    same = {marked_key("Đăk"): marked_key("Đắk")}
    ours, theirs = ([same.get(key, key) for key in map(marked_key, words)] for words in (written, name))
    pairs = list(zip(ours, theirs, written, strict=True))
    if partly:
        return all(one == other for one, other, a in pairs if has_marks(a))
    return not any(map(has_marks, written)) or all(one == other for one, other, _ in pairs)
