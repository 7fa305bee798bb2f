"""What the access filter costs an engine, and what it costs to check a page of results again.

    python -m bench.access [--questions FILE] [--limit 200] [--closed 0.3] [--json]

Uses the catalogue of the environment.  Its records are written into a new index of the embedded engine, and of
OpenSearch where VANKHO_TEST_OPENSEARCH_URL names one, a share of them closed to all but a grant; nothing is promoted
and the catalogue stays as it is.  Each question is asked with the filters of a reader with three grants and without
any, in turn, in five rounds; told is the median of the rounds' ratios of medians.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from archive.access import NEVER, Access, Rule, Viewer, tag
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from bench.__main__ import percentile
from indexer.documents import Indexed, build_documents
from search.criteria import Criteria
from search.engines.protocol import Engine
from search.findings import load_findings
from search.plan import Access as AccessClause
from search.plan import All, Bool, Clause, Plan
from search.planning import Asker, all_facets, plan_records
from search.understanding import understand

ROUNDS = 5
PAGE = 50


def fill(engine: Engine, closed: float) -> str:
    """The name of a new index of records, that share of them closed."""
    name = engine.create("records")
    with reading() as session:
        ids = list(session.scalars(select(Record.id).order_by(Record.id)))
        for start in range(0, len(ids), 2_000):
            for batch in build_documents(session, [(one, 1) for one in ids[start : start + 2_000]]):
                engine.write(name, [_closed(one, closed) for one in batch if one.record])
                session.expunge_all()
    engine.commit(name, 1)
    return name


def _closed(one: Indexed, share: float) -> Any:
    assert one.record is not None
    if int(sha256(one.public_id.encode()).hexdigest()[:8], 16) / 2**32 >= share:
        return one.record
    rule = Rule(NEVER, frozenset({"role:archivist", "role:head", tag("grant", one.public_id)}))
    return replace(one.record, access=Access(see=Rule(0, rule.allow), search=rule, read=rule))


def open_to_all(clause: Clause) -> Clause:
    """The clause without any filter of access."""
    match clause:
        case AccessClause():
            return All()
        case Bool():
            must, should, must_not, kept = (
                tuple(map(open_to_all, part)) for part in (clause.must, clause.should, clause.must_not, clause.filter)
            )
            kept = tuple(one for one in kept if not isinstance(one, All))
            return Bool(must, should, must_not, kept, clause.minimum)
        case _:
            return clause


def measure(engine: Engine, name: str, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of the engine with and without the filter, and the ratio."""
    reader = Viewer(frozenset({"role:reader", *(tag("grant", f"{n}") for n in range(3))}), "reader", "reader")
    asker, criteria = Asker(reader, today_number()), Criteria()
    facets = all_facets(criteria, asker.day)
    plans: list[tuple[Plan, Plan]] = []
    for question in questions:
        asked = replace(criteria, q=question)
        plan = plan_records(asker, asked, understand(asked), facets=facets)
        plans.append((plan, replace(plan, query=open_to_all(plan.query))))
    times: dict[str, list[list[float]]] = {"with": [], "without": []}
    for number in range(-1, ROUNDS):  # the first one warms both
        taken: dict[str, list[float]] = {"with": [], "without": []}
        for filtered, free in plans:
            order = [("with", filtered), ("without", free)]
            for kind, plan in order if number % 2 else order[::-1]:
                start = time.perf_counter()
                engine.query(plan, name)
                taken[kind].append(time.perf_counter() - start)
        if number >= 0:
            for kind, values in taken.items():
                times[kind].append(values)
    ratios = [statistics.median(a) / statistics.median(b) for a, b in zip(times["with"], times["without"], strict=True)]
    flat = {kind: [one for values in many for one in values] for kind, many in times.items()}
    return {
        "ratio": round(statistics.median(ratios), 3),
        "with_ms": [percentile(flat["with"], 0.5), percentile(flat["with"], 0.95)],
        "without_ms": [percentile(flat["without"], 0.5), percentile(flat["without"], 0.95)],
    }


def measure_check() -> dict[str, Any]:
    """Milliseconds of checking a page of 50 results again, and how many statements that takes before labels."""
    viewer, day, times = Viewer.anonymous(), today_number(), []
    with reading() as session:
        ids = list(session.scalars(select(Record.public_id).where(Record.level == "document").limit(20_000)))
    for start in range(0, len(ids) - PAGE, max(len(ids) // 400, 1)):
        page = ids[start : start + PAGE]
        with reading() as session:
            begun = time.perf_counter()
            load_findings(session, viewer, day, page)
            times.append(time.perf_counter() - begun)
    return {"check_50_ms": [percentile(times, 0.5), percentile(times, 0.95)]}


def _engines() -> list[tuple[str, Callable[[], Engine]]]:
    from vankho.wiring import search_engine

    found: list[tuple[str, Callable[[], Engine]]] = [("embedded", search_engine)]
    if address := os.environ.get("VANKHO_TEST_OPENSEARCH_URL"):
        from search.engines.opensearch import OpenSearchEngine
        from search.engines.opensearch.client import Address

        found.append(("opensearch", lambda: OpenSearchEngine(Address(address), f"bench_{token_hex(4)}")))
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.access", description=__doc__)
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with a field text")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--closed", type=float, default=0.3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    lines = chosen.questions.read_text("utf-8").splitlines()[: chosen.limit]
    questions = [str(json.loads(line)["text"]) for line in lines]
    figures: dict[str, Any] = measure_check()
    for kind, make in _engines():
        engine = make()
        name = fill(engine, chosen.closed)
        figures[kind] = measure(engine, name, questions)
        engine.release()
        engine.drop(name)
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name}: {told}" for name, told in figures.items()))


if __name__ == "__main__":
    main()
