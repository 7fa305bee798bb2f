"""The query language: what is language, what is punctuation, and errors that help."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import MESSAGES, surroundings
from search.language import QueryError, canonical, messages, parse, to_text
from search.tree import And, Empty, Field, Not, Or, Phrase, Query, Word

PIECES = ["đất", "OR", "HOẶC", "|", "(", ")", '"', "-", " ", "so:", "nam:", "1998", "-1999", "tite:", "a)", "“", "”",
          "/", ":", "QĐ", "e\u0301\u0302", "phông:", "1996-1999"]  # fmt: skip
ANY = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(map(Word, texts))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Empty()),
        ("... - ()", Empty()),
        ("đất", Word("đất")),
        ("ruộng đất", And(words("ruộng", "đất"))),
        ('"ruộng đất"', Phrase(words("ruộng", "đất"))),
        ("“ruộng đất”", Phrase(words("ruộng", "đất"))),
        ('"đất"', Word("đất")),
        ("đất -rừng", And((Word("đất"), Not(Word("rừng"))))),
        ('đất -"rừng núi"', And((Word("đất"), Not(Phrase(words("rừng", "núi")))))),
        ("đất -TP.HCM", And((Word("đất"), Not(Phrase(words("TP", "HCM")))))),
        ("đất -(rừng núi)", And((Word("đất"), Not(And(words("rừng", "núi")))))),
        ("quyết định OR chỉ thị", Or((And(words("quyết", "định")), And(words("chỉ", "thị"))))),
        ("a HOẶC b|c", Or(words("a", "b", "c"))),
        ("(a OR b) c", And((Or(words("a", "b")), Word("c")))),
        ('"OR" or', And(words("OR", "or"))),
        ("so:1077/QĐ-UBND", Field("number", "1077/QĐ-UBND")),
        ("Số:1077", Field("number", "1077")),
        ('cơ-quan:"Sở Nội vụ" đất', And((Field("issuer", "Sở Nội vụ"), Word("đất")))),
        ("year:1998", Field("year", "1998")),
        ("nam:1996–1999", Field("year", "1996-1999")),
        ("nam:1996..1999", Field("year", "1996-1999")),
        ("năm:1996-", Field("year", "1996-")),
        ("nam:-1975", Field("year", "-1975")),
        ('nam:"1996 - 1999"', Field("year", "1996-1999")),
        ("quan: đất", And(words("quan", "đất"))),
        ("tiêu đề: đất", And(words("tiêu", "đề", "đất"))),
        ("a -loai:QĐ", And((Word("a"), Not(Field("type", "QĐ"))))),
        # Ordinary punctuation.
        ("a/b", And(words("a", "b"))),
        ("1077/QĐ-UBND", And(words("1077", "QĐ", "UBND"))),
        ("TP.HCM", And(words("TP", "HCM"))),
        ("Điều 5: đất", And(words("Điều", "5", "đất"))),
        ("Luật đất đai: điều 5", And(words("Luật", "đất", "đai", "điều", "5"))),
        ("Số: 1077", And(words("Số", "1077"))),
        ("8:30 1:500 TP:HCM http://a.vn", And(words("8", "30", "1", "500", "TP", "HCM", "http", "a", "vn"))),
        ("mailto:a@b.vn a:b gửi: xã", And(words("mailto", "a", "b", "vn", "a", "b", "gửi", "xã"))),
        (
            'cấp:file mục-lục:1 linh-vuc:"Đất đai"',
            And((Field("level", "file"), Field("inventory", "1"), Field("field", "Đất đai"))),
        ),
        (
            "access:open medium:photo ngôn-ngữ:Anh",
            And((Field("access", "open"), Field("medium", "photo"), Field("language", "Anh"))),
        ),
        ("đất AND nhà", And(words("đất", "nhà"))),
        ("đất NOT nhà", And((Word("đất"), Not(Word("nhà"))))),
        ("đất hoặc nhà and or", And(words("đất", "hoặc", "nhà", "and", "or"))),
        ("LUẬT ĐẤT ĐAI AND NHÀ", And(words("LUẬT", "ĐẤT", "ĐAI", "AND", "NHÀ"))),
        ("AND", Word("AND")),
        ("12:30 https://a.vn phòng:5", And(words("12", "30", "https", "a", "vn", "phòng", "5"))),
        ("nhà 'vườn", And(words("nhà", "vườn"))),
        ("1997 - 1999", And(words("1997", "1999"))),
        ("1997 -1999", And(words("1997", "1999"))),
        ("-- gạch", Word("gạch")),
        ("a) đất", And(words("a", "đất"))),
        ("điểm b), c)", And(words("điểm", "b", "c"))),
    ],
)
def test_trees(text: str, tree: Query) -> None:
    assert parse(text) == tree
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "code", "at", "length", "suggestion"),
    [
        ('đất "rừng núi', "unbalanced-quote", 4, 1, 'đất "rừng núi"'),
        ('đất "', "unbalanced-quote", 4, 1, "đất"),
        ('"', "unbalanced-quote", 0, 1, None),
        ("(đất rừng", "unbalanced-parenthesis", 0, 1, "(đất rừng)"),
        ("đất rừng)", "unbalanced-parenthesis", 8, 1, "đất rừng"),
        ("-đất", "only-negation", 0, 4, None),
        ("đất OR -rừng", "only-negation", 7, 5, None),
        ("đất -(-rừng)", "only-negation", 4, 8, None),
        ("tite:đất", "unknown-field", 0, 4, "title:đất"),
        ("đất plcae:Huế", "unknown-field", 4, 5, "đất place:Huế"),
        ('đất plcae:"Huế"', "unknown-field", 4, 5, 'đất place:"Huế"'),
        ("đất so:", "empty-field", 4, 3, "đất"),
        ('đất so:"--"', "empty-field", 4, 7, "đất"),
        ("nam:199", "bad-year", 0, 7, None),
        ("nam:-", "empty-field", 0, 5, None),
        ("nam:-199", "bad-year", 0, 8, None),
        ("nam:1996-97", "bad-year", 0, 11, None),
        ("đất cơ quan:ubnd", "unknown-field", 4, 7, "đất cơ-quan:ubnd"),
        ('tieu de:"khiếu nại"', "unknown-field", 0, 7, 'tiêu-đề:"khiếu nại"'),
        ("foo:bar", "unknown-field", 0, 3, "foo bar"),
        ("đất hồ-sơ:1 xã", "unknown-field", 4, 5, "đất hồ-sơ 1 xã"),
        ("naem:1998", "unknown-field", 0, 4, "nam:1998"),
        ("lĩnh vực:đất", "unknown-field", 0, 8, "lĩnh-vực:đất"),
        ("linhvuv:đất", "unknown-field", 0, 7, "linhvuc:đất"),
        ("NOT đất", "only-negation", 0, 7, None),
        ("nam:1999-1996", "bad-year", 4, 9, "nam:1996-1999"),
        ("nam:98", "bad-year", 0, 6, "nam:1998"),
        ("đất năm:96-99 xã", "bad-year", 4, 9, "đất năm:1996-1999 xã"),
        ("nam:25", "bad-year", 0, 6, None),
        ("đất OR", "dangling-or", 4, 2, "đất"),
        ("| đất", "dangling-or", 0, 1, "đất"),
        ("a OR OR b", "dangling-or", 2, 2, "a OR b"),
        ("(" * 9 + "a" + ")" * 9, "too-deep", 8, 1, None),
        ("a " * 257, "too-long", 512, 2, None),
        ("a" * 2001, "too-long", 2000, 1, None),
    ],
)
def test_errors(text: str, code: str, at: int, length: int, suggestion: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert (error.code, error.position, error.length, error.suggestion) == (code, at, length, suggestion)
    vi, en = messages(error)
    assert vi != en
    assert "{" not in vi + en


def test_the_place_of_an_error_stands_among_its_surroundings() -> None:
    for text, around in (
        ("đất plcae:Huế", ("đất ", "plcae", ":Huế")),
        ("x" * 100 + ' "a', (f"… {'x' * 59} ", '"', "a")),
        ("nam:" + "1" * 100 + " đất", ("", "nam:" + "1" * 56, f" … {' đất'}")),
    ):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert surroundings(caught.value) == around


def test_limits_are_inclusive() -> None:
    assert parse("(" * 8 + "a" + ")" * 8) == Word("a")
    assert parse(" ".join("a" * 256)) == And(words(*"a" * 256))


def test_years_of_a_field() -> None:
    assert Field("year", "1998").years == (1998, 1998)
    assert Field("year", "1996-1999").years == (1996, 1999)
    assert Field("year", "1996-").years == (1996, None)
    assert Field("year", "-1975").years == (None, 1975)
    with pytest.raises(ValueError, match="not a year"):
        _ = Field("title", "1998").years


def test_words_know_where_they_stand() -> None:
    text = "Số 1077/QĐ-UBND"
    tree = parse(text)
    assert isinstance(tree, And)
    assert [text[w.start : w.end] for w in tree.items if isinstance(w, Word)] == ["Số", "1077", "QĐ", "UBND"]


def attempt(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error


@given(ANY)
@settings(max_examples=400)
def test_any_text_is_a_tree_or_a_helpful_error(text: str) -> None:
    outcome = attempt(text)
    if not isinstance(outcome, QueryError):
        assert parse(to_text(outcome)) == outcome
        return
    assert outcome.code in MESSAGES
    assert outcome.position >= 0
    assert outcome.length > 0
    assert outcome.position + outcome.length <= len(canonical(text))
    assert all(messages(outcome))
    if outcome.suggestion is not None:
        assert parse(outcome.suggestion) != Empty()


WORDS = st.sampled_from(["đất", "OR", "HOẶC", "so", "1998", "QĐ", "y"]).map(Word)
LEAVES = WORDS | st.lists(WORDS, min_size=2, max_size=3).map(lambda w: Phrase(tuple(w))) | st.builds(
    Field, st.sampled_from(["number", "title"]), st.sampled_from(["1077/QĐ-UBND", "a (b) | c", "-5"])
)  # fmt: skip


def _both(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    def conjunction(items: list[Query], excluded: list[Query]) -> Query:
        flat = [i for item in items for i in (item.items if isinstance(item, And) else (item,))]
        flat += [Not(item) for item in excluded]
        return flat[0] if len(flat) == 1 else And(tuple(flat))

    def disjunction(items: list[Query]) -> Query:
        flat = [i for item in items for i in (item.items if isinstance(item, Or) else (item,))]
        return Or(tuple(flat))

    some = st.lists(children, min_size=1, max_size=3)
    return st.builds(conjunction, some, st.lists(children, max_size=2)) | st.builds(
        disjunction, st.lists(children, min_size=2, max_size=3)
    )


@given(st.recursive(LEAVES, _both, max_leaves=8))
def test_a_tree_comes_back_from_its_text(tree: Query) -> None:
    outcome = attempt(to_text(tree))
    assert outcome == tree or (isinstance(outcome, QueryError) and outcome.code == "too-deep")
