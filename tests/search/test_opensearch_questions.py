"""What is asked of OpenSearch: short, and the same as asked term by term; facets apart, and the same as together."""

from collections.abc import Iterator
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest

from search.engines.opensearch import OpenSearchEngine
from search.engines.opensearch.clauses import to_query
from search.engines.opensearch.questions import counting_body, read_answer, request_body
from search.plan import AtLeast, Bool, Clause, Keyword, Plan, Terms, ValueFacet
from tests.search.documents import record
from tests.search.opensearch import opensearch_engine

WORDS = ["giao", "dat", "cho", "dan", "lam", "nha", "o", "tai", "xa", "tinh", "khe"]
FACETS = (ValueFacet("level", "level", 10), ValueFacet("type", "type", 10))


@pytest.fixture
def engine() -> Iterator[OpenSearchEngine]:
    with opensearch_engine(f"test_{token_hex(6)}") as made:
        name = made.create("records")
        made.write(
            name,
            [
                record(f"r{n:03}", " ".join(WORDS[n % 7 : n % 7 + 1 + n % 5] * (1 + n % 3)), facets={"type": (kind,)})
                for n, kind in zip(range(120), ["qd", "tb", "bc"] * 40, strict=True)
            ],
        )
        made.commit(name, 1)
        made.promote("records", name)
        yield made


def term_by_term(clause: Clause) -> dict[str, Any]:
    """The clause as it is written with a query for each term."""
    match clause:
        case Terms(_, terms, boost):
            several = [{"term": {"text.folded": {"value": one, "boost": weight * boost}}} for one, weight in terms]
            return {"bool": {"should": several, "minimum_should_match": 1}}
        case AtLeast(_, terms, minimum):
            each = [{"term": {"text.folded": {"value": one}}} for one in terms]
            return {"bool": {"should": each, "minimum_should_match": minimum}}
    raise AssertionError(clause)


@pytest.mark.parametrize(
    "clause",
    [
        Terms("text_folded", tuple((word, 1.0) for word in WORDS)),
        Terms("text_folded", tuple((word, 1.0 + n % 3) for n, word in enumerate(WORDS)), 0.3),
        Terms("text_folded", (("dat", 1.0),), 2.0),
        AtLeast("text_folded", tuple(WORDS), 1),
        AtLeast("text_folded", tuple(WORDS), 4),
        AtLeast("text_folded", tuple(WORDS[:3]), 3),
        AtLeast("text_folded", ("dat", "giao dat", ""), 1),  # what no analyzer gives finds nothing, nor more
    ],
)
def test_terms_together_score_as_terms_one_by_one(engine: OpenSearchEngine, clause: Clause) -> None:
    plan = Plan("records", clause, size=200)
    body = request_body(plan)
    alias = engine.current("records")
    found, wanted = (
        read_answer(plan, engine._ask(plan, alias, body | {"query": query}))
        for query in (to_query("records", clause), term_by_term(clause))
    )
    assert wanted.total
    assert [own for own, _ in found.hits] == [own for own, _ in wanted.hits]
    assert [score for _, score in found.hits] == pytest.approx([score for _, score in wanted.hits], rel=1e-5)


def test_a_question_is_sent_in_few_letters() -> None:
    words = tuple((f"chữ{n}", 1.0) for n in range(50))
    assert len(str(to_query("records", Terms("text_folded", words)))) < 12 * 50


def test_facets_counted_apart_are_those_counted_with_the_hits(engine: OpenSearchEngine) -> None:
    choice = Keyword("type", ("qd",))
    asked = Bool(must=(AtLeast("text_folded", ("dat",), 1),), should=(Terms("text_folded", (("dan", 1.0),)),))
    for choices in ({}, {"type": choice}, {"level": Keyword("level", ("file",))}):
        plan = Plan("records", asked, choices=choices, facets=FACETS)
        alias = engine.current("records")
        together = read_answer(plan, engine._ask(plan, alias, request_body(plan)))
        apart = engine.query(plan)
        assert (apart.total, apart.hits) == (together.total, together.hits)
        assert dict(apart.buckets) == dict(together.buckets)
    assert "dan" not in str(counting_body(plan))
    assert counting_body(replace(plan, sort="number_sort"))["size"] == 0
