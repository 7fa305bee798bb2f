"""The same questions put to two engines over one catalogue: do they find as many, and the same first ten?

    python -m bench.engines [--questions FILE] [--limit 200]

Uses the installation of the environment (its catalogue and its embedded index) and OpenSearch at
VANKHO_TEST_OPENSEARCH_URL, into which every record is written first.
"""

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.fold import fold
from analyzers.normal import canon
from analyzers.tokens import tokenize
from archive.access import Viewer
from archive.catalogue.records import Record
from archive.database import reading
from indexer.documents import build_documents
from indexer.drainer import INDICES
from indexer.writing import BatchWriter
from search.criteria import read_criteria
from search.engines.protocol import Engine
from search.gateway import Gateway

Parameters = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two engines answer differently: totals, and how many of the first ten they share."""

    asked: Parameters
    totals: tuple[int, int]
    shared: int
    of: int


def fill(engine: Engine) -> None:
    """Writes every record of the catalogue into new indices of the engine and makes them current."""
    names = {index: engine.create(index) for index in INDICES}
    with reading() as session:
        ids = list(session.scalars(select(Record.id).order_by(Record.id)))
        for start in range(0, len(ids), 2_000):
            with BatchWriter(engine, names) as writer:
                for batch in build_documents(session, [(one, 1) for one in ids[start : start + 2_000]]):
                    writer.put(batch)
                    session.expunge_all()
    for index, name in names.items():
        engine.commit(name, 1)
        engine.promote(index, name)


def compare(first: Gateway, second: Gateway, questions: Sequence[Parameters]) -> tuple[int, float, list[Difference]]:
    """In how many the totals are equal, how many of the first ten agree on average (in tens), and what differs."""
    equal, overlap, differences = 0, 0.0, []
    for asked in questions:
        criteria = read_criteria(asked)
        one, other = (gateway.search(Viewer.anonymous(), criteria) for gateway in (first, second))
        ids, others = ({hit.id for hit in found.hits} for found in (one, other))
        of = max(len(ids), len(others))
        shared = len(ids & others)
        equal += one.total == other.total
        overlap += 10 * shared / of if of else 10
        if one.total != other.total or shared < of:
            differences.append(Difference(asked, (one.total, other.total), shared, of))
    return equal, overlap / len(questions), differences


def every_kind(session: Session, limit: int = 200) -> list[Parameters]:
    """Questions of every kind about what is there: words, phrases, numbers, without marks, filters, orders, joined."""
    rows = session.execute(
        select(Record.title, Record.number, Record.type_slug, Record.date_from)
        .where(Record.level == "document", Record.title != "")
        .order_by(Record.public_id)
    ).all()
    step = max(len(rows) // limit, 1)
    made = [list(_kinds(n, *row)) for n, row in enumerate(rows[::step]) if tokenize(row.title)]
    return [parameters[n % len(parameters)] for n, parameters in enumerate(made)][:limit]


def _kinds(n: int, title: str, number: str, type_slug: str | None, first_day: int | None) -> Iterator[Parameters]:
    words = [token.text for token in tokenize(canon(title))]
    some = " ".join(words[:4])
    yield [("q", some)]
    yield [("q", fold(some))]
    yield [("q", f'"{" ".join(words[1:4])}"')]
    yield [("q", " ".join(words[:12]))]
    yield [("q", fold(" ".join(words[:12])))]
    yield [("q", f"số {number}" if number else words[0])]
    yield [("q", number or words[-1])]
    yield [("q", f"{some} -{words[-1]}")]
    yield [("q", f"{words[0]} OR {words[-1]}")]
    yield [("q", " ".join(words[:2])), ("sort", "date")]
    yield [("q", " ".join(words[-2:])), ("sort", "title")]
    yield [("q", words[n % len(words)]), ("sort", "-date"), ("level", "document")]
    yield [("type", type_slug)] if type_slug else [("level", "document")]
    yield [("q", some), ("type", type_slug)] if type_slug else [("q", some), ("level", "file")]
    year = (first_day or 0) // 366 + 1
    yield [("q", words[0]), ("from", str(max(year - 5, 1900))), ("to", str(max(year + 5, 1905)))]
    yield [("q", " ".join(words[2:5])), ("medium", "text")]


def main() -> None:
    """Compares and prints."""
    from search.engines.opensearch import OpenSearchEngine
    from search.engines.opensearch.client import WRITE_SECONDS, Address, connect
    from vankho.wiring import search_engine

    parser = argparse.ArgumentParser(prog="bench.engines", description=__doc__)
    parser.add_argument("--questions", type=Path, help="JSON lines with a field text")
    parser.add_argument("--limit", type=int, default=200)
    chosen = parser.parse_args()
    address = Address(os.environ.get("VANKHO_TEST_OPENSEARCH_URL", "http://127.0.0.1:19200"))
    prefix = f"compare_{token_hex(4)}"
    engine = OpenSearchEngine(address, prefix)
    try:
        fill(engine)
        with reading() as session:
            questions = every_kind(session, chosen.limit)
        if chosen.questions:
            lines = [line for line in chosen.questions.read_text("utf-8").split("\n") if line]
            questions = [[("q", json.loads(line)["text"])] for line in lines[: chosen.limit]]
        equal, overlap, differences = compare(Gateway(search_engine()), Gateway(engine), questions)
    finally:
        connect(address, WRITE_SECONDS).indices.delete(index=f"{prefix}-*", ignore_unavailable=True)
    for one in differences:
        print(f"{one.totals[0]:>6} {one.totals[1]:>6}  {one.shared}/{one.of}  {one.asked}")
    print(f"{len(questions)} questions: totals equal in {equal}, first ten overlapping by {overlap:.2f}")


if __name__ == "__main__":
    main()
