"""Typed clauses as tantivy queries.  Terms go in as terms: nothing here is ever parsed."""

import tantivy
from tantivy import Occur, Query, Searcher

from search.engines.embedded.fields import OPTIONS, tantivy_schema
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
    Phrase,
    Prefix,
    Range,
    Terms,
)
from search.schema import FIELDS

FEW_VALUES = 16  # of a keyword: asked one by one
_KINDS = {index: {field.name: field.kind for field in fields} for index, fields in FIELDS.items()}


def to_query(index: str, clause: Clause, searcher: Searcher | None = None) -> Query:
    """The clause for tantivy; with the searcher that is to answer it, a viewer's tags that no document has are left
    out: each costs time at every evaluation, and most of the many tags of a viewer are of other records."""
    return _Translation(index, searcher).query(clause)


class _Translation:
    def __init__(self, index: str, searcher: Searcher | None) -> None:
        self.schema, self.kinds, self.searcher = tantivy_schema(index), _KINDS[index], searcher
        self._kept: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def query(self, clause: Clause) -> Query:
        match clause:
            case Terms(field, terms, boost):
                return self._any(self._terms(field, terms, boost))
            case AtLeast(field, terms, minimum):
                return self._at_least([self._term(field, t) for t in terms], minimum)
            case Phrase(field, terms, boost):
                return _boosted(self._phrase(field, terms), boost)
            case Beginning(field, terms):
                return Query.const_score_query(self._beginning(field, terms), 0.0)
            case Prefix(field, text):
                return Query.const_score_query(self._prefix(field, text), 0.0)
            case Keyword(field, values):
                return self._keyword(field, values)
            case Range(field, low, high):
                return self._range(field, low, high)
            case Access(rule):
                return self.query(self._access(rule.right, rule.tags, rule.day))
            case Constant(inner, score):
                return Query.const_score_query(self.query(inner), score)
            case Bool():
                return self._bool(clause)
            case All():
                return Query.all_query()
            case Nothing():
                return Query.empty_query()

    def _access(self, right: str, tags: tuple[str, ...], day: int) -> Clause:
        granted: Clause = Range(f"everyone_from_{right}", None, day)
        allow, deny = (self._found(f"{kind}_{right}", tags) for kind in ("allow", "deny"))
        if allow:
            granted = Bool(should=(granted, Keyword(f"allow_{right}", allow)), minimum=1)
        return Bool(must=(granted,), must_not=(Keyword(f"deny_{right}", deny),)) if deny else granted

    def _found(self, field: str, tags: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the tags that some document has."""
        if self.searcher is None:
            return tags
        if (field, tags) not in self._kept:
            self._kept[field, tags] = tuple(one for one in tags if self.searcher.doc_freq(field, one))
        return self._kept[field, tags]

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self.schema, field, term, OPTIONS.get(self.kinds[field], "basic"))

    def _terms(self, field: str, terms: tuple[tuple[str, float], ...], boost: float) -> list[Query]:
        return [_boosted(self._term(field, term), weight * boost) for term, weight in terms]

    def _alternatives(self, clauses: tuple[Clause, ...]) -> list[Query]:
        """Alternatives of alternatives as one list: tantivy walks one wide union much faster than a tree of them."""
        flat: list[Query] = []
        for clause in clauses:
            match clause:
                case Terms(field, terms, boost):
                    flat += self._terms(field, terms, boost)
                case Bool(must=(), must_not=(), filter=(), minimum=None | 1, should=inner) if inner:
                    flat += self._alternatives(inner)
                case _:
                    flat.append(self.query(clause))
        return flat

    def _any(self, queries: list[Query]) -> Query:
        if not queries:
            return Query.empty_query()
        return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, q) for q in queries])

    def _at_least(self, queries: list[Query], minimum: int) -> Query:
        if minimum > len(queries):
            return Query.empty_query()
        if minimum == len(queries):
            return Query.boolean_query([(Occur.Must, q) for q in queries])
        return Query.boolean_query([(Occur.Should, q) for q in queries], minimum_number_should_match=max(minimum, 1))

    def _phrase(self, field: str, terms: tuple[str, ...]) -> Query:
        if len(terms) < 2:
            return self._any([self._term(field, t) for t in terms])
        return Query.phrase_query(self.schema, field, list(terms))

    def _beginning(self, field: str, terms: tuple[str, ...]) -> Query:
        if not terms:
            return Query.empty_query()
        if len(terms) == 1:
            return self._prefix(field, terms[0])
        return Query.phrase_prefix_query(self.schema, field, list(terms))

    def _prefix(self, field: str, text: str) -> Query:
        # No distance: the term as it is, or longer.
        return (
            Query.fuzzy_term_query(self.schema, field, text, distance=0, prefix=True) if text else Query.empty_query()
        )

    def _keyword(self, field: str, values: tuple[str, ...]) -> Query:
        if self.kinds[field] == "integer":
            return self._any([self._range(field, int(v), int(v)) for v in values])
        if not 0 < len(values) <= FEW_VALUES:
            return Query.term_set_query(self.schema, field, list(values)) if values else Query.empty_query()
        # A set is looked for through the whole dictionary of terms at every evaluation, and a plan asks a viewer's tags
        # several times: single terms took a third off the whole question.
        return self._any([Query.term_query(self.schema, field, value, "basic") for value in values])

    def _range(self, field: str, low: int | None, high: int | None) -> Query:
        if low is not None and high is not None and low > high:
            return Query.empty_query()
        if low is None and high is None:
            return Query.exists_query(field)
        return Query.range_query(self.schema, field, tantivy.FieldType.Integer, low, high)

    def _bool(self, clause: Bool) -> Query:
        parts = [(Occur.Must, self.query(one)) for one in clause.must]
        # A filter must match and must not score: tantivy has no such place, a constant of nought is one.
        parts += [(Occur.Must, Query.const_score_query(self.query(one), 0.0)) for one in clause.filter]
        if not parts and not clause.should:
            parts.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        needed = clause.minimum if clause.minimum is not None else int(not parts)
        if clause.should:
            should = self._alternatives(clause.should) if needed < 2 else [self.query(one) for one in clause.should]
            if needed:
                parts.append((Occur.Must, self._scored_at_least(should, needed)))
            else:
                parts += [(Occur.Should, one) for one in should]
        elif needed and clause.minimum:
            return Query.empty_query()
        parts += [(Occur.MustNot, self.query(one)) for one in clause.must_not]
        return Query.boolean_query(parts)

    def _scored_at_least(self, queries: list[Query], minimum: int) -> Query:
        return self._any(queries) if minimum == 1 else self._at_least(queries, minimum)


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)
