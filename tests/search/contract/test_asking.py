"""What every engine promises about questions: clauses, order, paging, facets, access."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access import Access as Rights
from archive.access import AccessFilter, Rule
from search.completing import group_values, start_of
from search.engines.protocol import Engine
from search.plan import (
    Access,
    All,
    AtLeast,
    Beginning,
    Bool,
    Clause,
    Constant,
    Keyword,
    Nothing,
    NumberFacet,
    Phrase,
    Plan,
    Prefix,
    Range,
    RangeFacet,
    Terms,
    ValueFacet,
)
from tests.search.documents import day, record


@pytest.fixture
def fill(engine: Engine):  # type: ignore[no-untyped-def]
    def filled(*documents) -> Engine:  # type: ignore[no-untyped-def]
        name = engine.create("records")
        assert engine.write(name, documents) == []
        engine.commit(name, 1)
        engine.promote("records", name)
        return engine

    return filled


def ask(engine: Engine, clause: Clause) -> list[str]:
    answer = engine.query(Plan("records", clause, size=100))
    assert answer.total == len(answer.hits)
    return sorted(own for own, _ in answer.hits)


def terms(field: str, *words: str) -> Terms:
    return Terms(field, tuple((word, 1.0) for word in words))


def test_every_clause_finds_what_it_says(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(
        record("a", "bản đồ địa chính", level="file", number_keys=("12-qd",), date_from=10, date_to=20),
        record("b", "bán đồ cũ", date_from=30, date_to=30),
        record("c", "đồ bán", description="bản đồ"),
    )
    assert ask(engine, terms("text_marked", "ban3")) == ["a"]
    assert ask(engine, terms("text_folded", "ban")) == ["a", "b", "c"]
    assert ask(engine, terms("text_folded", "chinh", "cu")) == ["a", "b"]
    assert ask(engine, Phrase("text_folded", ("ban", "do"))) == ["a", "b"]
    assert ask(engine, Phrase("text_folded", ("cu",))) == ["b"]
    assert ask(engine, Phrase("description_folded", ("ban", "do"))) == ["c"]
    assert ask(engine, Beginning("text_folded", ("ban", "do", "d"))) == ["a"]
    assert ask(engine, Beginning("text_folded", ("ch",))) == ["a"]
    assert ask(engine, Beginning("text_folded", ("chi", "d"))) == []
    assert ask(engine, Beginning("text_folded", ())) == []
    assert ask(engine, AtLeast("text_shingles", ("ban_do", "do_dia", "do_cu"), 2)) == ["a", "b"]
    assert ask(engine, AtLeast("text_shingles", ("ban_do", "do_dia", "do_cu"), 3)) == []
    assert ask(engine, AtLeast("text_folded", ("ban", "do"), 2)) == ["a", "b", "c"]
    assert ask(engine, AtLeast("text_folded", ("ban", "do"), 3)) == []
    assert ask(engine, Prefix("level", "fi")) == ["a"]
    assert ask(engine, Prefix("level", "file")) == ["a"]
    assert ask(engine, Prefix("level", "files")) == []
    assert ask(engine, Prefix("level", "")) == []
    assert ask(engine, Keyword("level", ("file",))) == ["a"]
    assert ask(engine, Keyword("level", ("file", "document"))) == ["a", "b", "c"]
    assert ask(engine, Keyword("level", ())) == []
    assert ask(engine, Keyword("number_keys", ("12-qd",))) == ["a"]
    assert ask(engine, Keyword("level", ("fil",))) == []
    assert ask(engine, Range("date_from", 10, 29)) == ["a"]
    assert ask(engine, Range("date_from", None, 30)) == ["a", "b"]
    assert ask(engine, Range("date_to", 21, None)) == ["b"]
    assert ask(engine, Range("date_to", 21, 20)) == []
    assert ask(engine, Range("date_to")) == ["a", "b"]
    assert ask(engine, All()) == ["a", "b", "c"]
    assert ask(engine, Nothing()) == []
    file, map_ = Keyword("level", ("file",)), terms("text_folded", "cu")
    assert ask(engine, Bool(should=(file, map_))) == ["a", "b"]
    assert ask(engine, Bool(should=(file, map_), minimum=2)) == []
    assert ask(engine, Bool(must=(All(),), should=(file,))) == ["a", "b", "c"]
    assert ask(engine, Bool(must=(All(),), should=(file, map_), minimum=1)) == ["a", "b"]
    assert ask(engine, Bool(must_not=(file,))) == ["b", "c"]
    assert ask(engine, Bool(filter=(file,), must_not=(file,))) == []
    assert ask(engine, Bool()) == ["a", "b", "c"]


def test_titles_are_found_by_their_beginnings_and_counted(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(
        record("a", title="“Bản đồ địa chính”"),
        record("b", title="Bán đồ cũ"),
        record("c", title="Bán đồ cũ"),
        record("d", title="Đồ bản đồ"),
        record("e", title=""),
    )
    assert ask(engine, Prefix("title_starts", start_of(("ban", "d")))) == ["a", "b", "c"]
    assert ask(engine, Prefix("title_starts", start_of(("ban", "do", "c")))) == ["b", "c"]
    assert ask(engine, Prefix("title_starts", "1 ban d")) == []
    assert ask(engine, Prefix("title_starts", "2 ban*")) == []
    facets = (ValueFacet("whole", "title_whole", 10), ValueFacet("starts", "title_starts", 3))
    answer = engine.query(Plan("records", Prefix("title_starts", start_of(("ban",))), facets=facets, size=0))
    whole, starts = (group_values(answer.buckets[name]) for name in ("whole", "starts"))
    assert [(one.text, one.count) for one in whole] == [("Bán đồ cũ", 2), ("“Bản đồ địa chính”", 1)]
    assert [(one.words, one.text, one.count) for one in starts] == [
        ("ban", "Bán", 2), ("ban do", "Bán đồ", 2), ("ban do cu", "Bán đồ cũ", 2),
    ]  # fmt: skip


def test_words_of_the_reader_are_never_a_language(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(record("a", "ban do"), record("b", "khac"))
    for text in ("*", "ban*", "b?n", ".*", "/.*/", "ban OR khac", "text_folded:ban", "ban~2", '"ban', "[a TO z]"):
        assert ask(engine, terms("text_folded", text)) == []
        assert ask(engine, Phrase("text_folded", (text, "do"))) == []
        assert ask(engine, Beginning("text_folded", (text,))) == []
        assert ask(engine, Beginning("text_folded", (text, "d"))) == []
        assert ask(engine, Keyword("lineage", (text,))) == []


def test_filters_do_not_score_and_boosts_do(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(*(record(own, f"mot hai {own}") for own in "abcd"))
    plain = engine.query(Plan("records", terms("text_folded", "mot"))).hits
    filtered = Bool(must=(terms("text_folded", "mot"),), filter=(All(), Keyword("level", ("document",))))
    assert engine.query(Plan("records", filtered)).hits == plain
    boosted = Bool(must=(terms("text_folded", "mot"),), should=(Constant(terms("text_folded", "c"), 50.0),))
    first = engine.query(Plan("records", boosted)).hits[0]
    assert first[0] == "c"
    assert first[1] == pytest.approx(plain[0][1] + 50.0)
    weighted = Terms("text_folded", (("a", 1.0), ("d", 3.0)))
    assert [own for own, _ in engine.query(Plan("records", weighted)).hits] == ["d", "a"]


def test_hidden_text_does_not_move_the_order(fill) -> None:  # type: ignore[no-untyped-def]
    closed = Rights(see=Rule(everyone_from=0))
    engine = fill(
        record("a", "mat mat mat mat", description="chung", access=closed), record("b", "x", description="chung")
    )
    hidden = Bool(must=(terms("text_folded", "mat"),), filter=(Access(AccessFilter("search", (), 700_000)),))
    hits = engine.query(Plan("records", Bool(should=(terms("description_folded", "chung"), hidden)))).hits
    assert hits[0][1] == hits[1][1]


def test_equal_scores_come_by_id_on_every_page(fill) -> None:  # type: ignore[no-untyped-def]
    own = [f"r{n * 7919 % 1000:03d}" for n in range(60)]
    engine = fill(*(record(one, "nhu nhau") for one in own))
    found: list[str] = []
    for offset in range(0, 60, 7):
        plan = Plan("records", terms("text_folded", "nhau"), size=7, offset=offset)
        found += [one for one, _ in engine.query(plan).hits]
    assert found == sorted(own)


@pytest.mark.parametrize("size", [7, 40, 100])
@pytest.mark.parametrize("sort", ["", "by_date", "by_date_desc", "by_number", "by_title"])
def test_paging_has_no_gaps_and_no_doubles(fill, sort: str, size: int) -> None:  # type: ignore[no-untyped-def]
    documents = [
        record(
            f"r{n:03d}",
            "chung " * (1 + n % 3),
            date_from=700_000 + n % 5 if n % 4 else None,
            date_to=700_010 if n % 4 else None,
            title_key="abc"[n % 3],
            number_sort=f"{n % 6:05d}",
        )
        for n in range(350)
    ]
    engine = fill(*documents)
    found: list[str] = []
    for offset in range(0, 360, size):
        plan = Plan("records", terms("text_folded", "chung"), sort=sort, size=size, offset=offset)
        answer = engine.query(plan)
        assert answer.total == 350
        found += [own for own, _ in answer.hits]
    assert len(found) == 350
    assert sorted(found) == [one.id for one in documents]


def test_orders(fill) -> None:  # type: ignore[no-untyped-def]
    dated = {"a": (5, 9), "b": (5, 8), "c": (2, 3), "d": (None, None), "e": (None, None), "f": (5, 9)}
    engine = fill(*(record(own, date_from=first, date_to=last) for own, (first, last) in dated.items()))

    def order(sort: str) -> str:
        return "".join(own for own, _ in engine.query(Plan("records", All(), sort=sort)).hits)

    assert order("by_date") == "cabfde"
    assert order("by_date_desc") == "afbcde"


def test_as_deep_as_ten_thousand_and_no_deeper(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(record("a"), record("b"))
    assert engine.query(Plan("records", All(), size=100, offset=9_900)).hits == ()
    assert engine.query(Plan("records", All(), size=0)).total == 2
    with pytest.raises(ValueError, match="10000"):
        engine.query(Plan("records", All(), size=1, offset=10_000))


def test_facets_count_what_is_found_and_ignore_their_own_choice(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(
        record("a", "x", facets={"type": ("qd",), "place": ("p1", "p2")}, date_from=day("1998-12-31"),
               date_to=day("2000-01-01")),
        record("b", "x", facets={"type": ("qd",), "place": ("p1",)}, date_from=day("1999-05-05"),
               date_to=day("1999-05-05")),
        record("c", "x", facets={"type": ("cv",), "place": ("p2",)}),
        record("d", "y", facets={"type": ("kh",), "place": ("p1",)}),
    )  # fmt: skip
    facets = (
        ValueFacet("type", "type", 10),
        ValueFacet("place", "place", 10),
        NumberFacet("years", "years", 300),
        RangeFacet("open", "everyone_from_read", (("now", None, 0), ("later", 1, None))),
    )
    query = terms("text_folded", "x")
    plain = engine.query(Plan("records", query, facets=facets))
    assert plain.total == 3
    assert plain.buckets == {
        "type": (("qd", 2), ("cv", 1)),
        "place": (("p1", 2), ("p2", 2)),
        "years": (("1998", 1), ("1999", 2), ("2000", 1)),
        "open": (("now", 3),),
    }
    chosen = {"type": Keyword("type", ("qd",)), "place": Keyword("place", ("p2",))}
    answer = engine.query(Plan("records", query, choices=chosen, facets=facets))
    assert [own for own, _ in answer.hits] == ["a"]
    assert answer.buckets["type"] == (("cv", 1), ("qd", 1))
    assert answer.buckets["place"] == (("p1", 2), ("p2", 1))
    assert answer.buckets["years"] == (("1998", 1), ("1999", 1), ("2000", 1))
    nothing = engine.query(Plan("records", Nothing(), facets=facets))
    assert nothing.total == 0
    assert set(nothing.buckets.values()) == {()}


def test_a_facet_gives_its_most_frequent_values(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(*(record(f"r{n:02d}", facets={"place": (f"p{n * n % 11:02d}",)}) for n in range(40)))
    expected = Counter(f"p{n * n % 11:02d}" for n in range(40))
    by_count = sorted(expected.items(), key=lambda one: (-one[1], one[0]))
    answer = engine.query(Plan("records", All(), facets=(ValueFacet("place", "place", 3),)))
    assert {count for _, count in answer.buckets["place"]} == {count for _, count in by_count[:3]}
    assert dict(answer.buckets["place"]).items() <= expected.items()


def test_a_period_of_a_thousand_years_counts_three_hundred(fill) -> None:  # type: ignore[no-untyped-def]
    engine = fill(record("a", date_from=day("0900-01-01"), date_to=day("1999-01-01")))
    years = engine.query(Plan("records", All(), facets=(NumberFacet("years", "years", 1_000),))).buckets["years"]
    assert (years[0], years[-1], len(years)) == (("900", 1), ("1199", 1), 300)


TAGS = st.frozensets(st.sampled_from(["role:clerk", "role:head", "grant:a", "agency:x"]), max_size=3)
RULES = st.builds(Rule, everyone_from=st.sampled_from([0, 5, 6, 7, 9_999_999]), allow=TAGS, deny=TAGS)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, min_size=1, max_size=8), tags=TAGS, today=st.integers(4, 8))
def test_access_is_the_rule_itself(fill, rules: list[Rule], tags: frozenset[str], today: int) -> None:  # type: ignore[no-untyped-def]
    documents = [record(f"r{n}", access=Rights(see=rule)) for n, rule in enumerate(rules)]
    engine = fill(*documents)
    expected = [
        f"r{n}"
        for n, rule in enumerate(rules)
        if not rule.deny & tags and (rule.everyone_from <= today or rule.allow & tags)
    ]
    assert ask(engine, Access(AccessFilter("see", tuple(sorted(tags)), today))) == expected
