"""Criteria come back from their address as they were, whatever was typed; what is unknown is refused by name."""

from urllib.parse import parse_qsl

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from search.criteria import LEVELS, SORTS, VERBATIM, Criteria, CriteriaError, read_criteria
from search.facets import FACETS

HOSTILE = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["a&b=c", "%00", "+ +", "a;b", "#x", "q=1&q=2", "\ud800", "\0a", "  ", "\u202e", "đất & rừng", "%E1%BB", "=", "?"]
)
DAYS = st.sampled_from(["", "1998", "0001", "9999", "1998-08-17", "2000-02-29"])


def values_of(closed: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(closed) if closed else HOSTILE, max_size=4)


def as_pairs(told: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in told.items() for value in values]


#: Spans whose beginning is not after their end.
SPANS = st.tuples(DAYS, DAYS).map(
    lambda both: {"from": [min(both) if all(both) else both[0]], "to": [max(both) if all(both) else both[1]]}
)
TOLD = st.fixed_dictionaries(
    {
        "q": st.lists(HOSTILE, max_size=2),
        "level": values_of(LEVELS),
        **{facet.name: values_of(facet.values) for facet in FACETS},
        "sort": st.lists(st.sampled_from(SORTS), max_size=1),
        "size": st.lists(st.integers(1, 100).map(str), max_size=1),
        "cursor": st.lists(HOSTILE, max_size=1),
        "verbatim": values_of(VERBATIM),
        "unknown": st.lists(HOSTILE, max_size=1),
    }
)
PAIRS = st.tuples(TOLD, SPANS).map(lambda both: as_pairs(both[0] | both[1]))


def test_a_span_that_runs_backwards_is_refused() -> None:
    assert read_criteria([("from", "1998-08-17"), ("to", "1998")]).days()[0]
    with pytest.raises(CriteriaError, match="is before") as refused:
        read_criteria([("from", "2000"), ("to", "1990")])
    assert refused.value.parameter == "to"


@given(PAIRS)
def test_criteria_come_back_from_their_address(pairs: list[tuple[str, str]]) -> None:
    criteria = read_criteria(pairs)
    assert read_criteria(parse_qsl(criteria.query_string(), keep_blank_values=True)) == criteria
    assert read_criteria(criteria.parameters()).parameters() == criteria.parameters()
    assert "unknown" not in dict(criteria.parameters())


@given(PAIRS)
def test_page_and_interface_read_the_same(pairs: list[tuple[str, str]]) -> None:
    criteria = read_criteria(pairs)
    app = Flask("address")
    for path in ("/tim-kiem", "/api/v1/search"):
        with app.test_request_context(f"{path}?{criteria.query_string()}"):
            assert read_criteria(request.args.items(multi=True)) == criteria


@given(PAIRS, st.data())
def test_a_value_chosen_and_given_up_leaves_the_question(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    criteria = read_criteria([pair for pair in pairs if pair[0] != "cursor"])
    facet = data.draw(st.sampled_from([one.name for one in FACETS]))
    value = data.draw(st.sampled_from(["vi", "open", "paper", "a b", "x&y"]))
    chosen = criteria.toggled(facet, value)
    assert (value in chosen.facets.get(facet, ())) != (value in criteria.facets.get(facet, ()))
    back = chosen.toggled(facet, value)
    assert {k: set(v) for k, v in back.facets.items()} == {k: set(v) for k, v in criteria.facets.items() if v}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level", "page"),
        ("access", "secret"),
        ("medium", "stone"),
        ("language", "tlh"),
        ("sort", "random"),
        ("verbatim", "all"),
        ("size", "0"),
        ("size", "101"),
        ("size", "1e1"),
        ("size", "\u0661\u0660"),
        ("from", "98"),
        ("from", "19980817"),
        ("from", "1998-W01-1"),
        ("to", "1998-02-30"),
        ("to", "0000"),
        ("to", "\u0661\u0669\u0669\u0668"),
        ("undated", "yes"),
    ],
)
def test_unknown_values_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        read_criteria([("q", "đất"), (name, value)])
    assert caught.value.parameter == name
    assert caught.value.vi
    assert caught.value.en
    assert caught.value.vi != caught.value.en


def test_values_of_a_facet_are_bounded() -> None:
    with pytest.raises(CriteriaError, match="place"):
        read_criteria([("place", str(n)) for n in range(51)])
    assert Criteria().query_string() == ""
