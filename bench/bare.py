"""The bare engine: the plan of each search as the gateway sends it, run again with nothing around it, and the library's
own highlights of ten hits.

Whatever else the gateway asks (spellings, pages for snippets, texts) is ours and counts as added.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import tantivy
from sqlalchemy import select

import search.engines.embedded.reader as reader_module
from analyzers.tokens import PAGE_BREAK, index_text
from archive.catalogue.records import Page, Record
from search.engines.counting import Counting
from search.engines.embedded.fields import tantivy_schema
from search.engines.protocol import Counted, Engine
from search.plan import Answer, Buckets, Clause, Plan

SHOWN = 10  # hits that are highlighted


class BareEngine:
    """Asks the gateway once to learn its plans, then times the engine alone on them, translation left out."""

    def __init__(self, home: Path) -> None:
        os.environ["VANKHO_HOME"] = str(home)
        from archive.settings import settings
        from search.engines.embedded import EmbeddedEngine
        from search.gateway import Gateway

        settings.cache_clear()
        self._engine = EmbeddedEngine(home / "index")
        self._recorder = Recorder(self._engine)
        self._gateway = Gateway(cast(Engine, self._recorder))
        self._plans: dict[str, list[Plan]] = {}
        self._texts: dict[str, list[tantivy.Document]] = {}
        self._translating = 0.0
        translate = reader_module.to_query

        def timed(index: str, clause: Clause, searcher: tantivy.Searcher | None = None) -> tantivy.Query:
            start = time.perf_counter()
            try:
                return translate(index, clause, searcher)
            finally:
                self._translating += time.perf_counter() - start

        reader_module.to_query = timed
        # The library's own calls one after the other: that facets are counted beside the hits is ours.
        reader_module.Counting = CountedAtOnce

    def ask(self, question: str) -> float:
        """Seconds that the engine takes for all plans of the question."""
        plans = self.learn(question)
        self._translating = 0.0
        start = time.perf_counter()
        for plan in plans:
            answer = self._engine.query(plan)
            dict(answer.buckets)  # counted by then
        seconds = time.perf_counter() - start - self._translating
        return seconds + self._highlighting(question, plans[-1], answer)

    def _highlighting(self, question: str, plan: Plan, answer: Answer) -> float:
        """Seconds that tantivy's own snippets of the first ten hits take, their texts at hand."""
        if question not in self._texts:
            self._texts[question] = [tantivy.Document(text_folded=one) for one in folded_texts(answer)]
        searcher = self._engine._reader(self._engine.current("records")).searcher()
        schema = tantivy_schema("records")
        query = reader_module.to_query("records", plan.query, searcher)
        start = time.perf_counter()
        generator = tantivy.SnippetGenerator.create(searcher, query, schema, "text_folded")
        for one in self._texts[question]:
            generator.snippet_from_doc(one).to_html()
        return time.perf_counter() - start

    def learn(self, question: str) -> list[Plan]:
        """The plans of a question, kept."""
        from archive.access import Viewer
        from search.criteria import read_criteria

        if question not in self._plans:
            self._recorder.plans = []
            self._gateway.search(Viewer.anonymous(), read_criteria([("q", question)]))
            self._plans[question] = own_plans(self._recorder.plans)
        return self._plans[question]


class CountedAtOnce(Counting):
    """The buckets of facets, counted by who asks."""

    def __init__(self, count: Callable[[], Mapping[str, Buckets]], counted: Counted | None = None) -> None:
        self._buckets = count()
        if counted:
            counted(self)

    def __getitem__(self, name: str) -> Buckets:
        return self._buckets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._buckets)

    def __len__(self) -> int:
        return len(self._buckets)


def folded_texts(answer: Answer) -> list[str]:
    """The folded texts of the first ten hits."""
    from archive.database import reading

    ids = [own for own, _ in answer.hits[:SHOWN]]
    pages = select(Record.public_id, Page.text).join(Page, Page.record_id == Record.id).where(Record.public_id.in_(ids))
    texts: dict[str, list[str]] = {}
    with reading() as session:
        for own, text in session.execute(pages.order_by(Page.n)):
            texts.setdefault(own, []).append(text)
    return [index_text(PAGE_BREAK.join(texts[own])).folded for own in ids if own in texts]


def own_plans(plans: list[Plan]) -> list[Plan]:
    """Those that count facets: the search itself, once for each step of widening."""
    return [plan for plan in plans if plan.index == "records" and len(plan.facets) > 1]


class Recorder:
    """An engine that keeps what it was asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.plans: list[Plan] = []

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        self.plans.append(plan)
        return self._engine.query(plan, name, counted)

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)
