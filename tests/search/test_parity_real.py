"""OpenSearch's filters and our chain give the same tokens on real text: every distinct token, and many lines.

The whole takes minutes on a busy machine; without VANKHO_WHOLE_PARITY=1 the tokens of every tenth text are compared and
every fourth of 20,500 lines.
"""

import os
from collections.abc import Callable, Iterable, Iterator

import pytest
from opensearchpy import OpenSearch

from analyzers.normal import canon
from analyzers.tokens import TOKEN, index_text
from search.engines.opensearch.analysis import analysis_settings
from search.engines.opensearch.client import WRITE_SECONDS, Address, connect
from search.numbering import number_words
from tests.services import service_url
from tests.shared_data import records

NAME = "test_parity_real"
MOST_TOKENS = 9_000  # `_analyze` refuses more than 10,000
WHOLE = os.environ.get("VANKHO_WHOLE_PARITY") == "1"
LINES = {
    "phapdien-articles/articles.jsonl.zst": 6_000,
    "vbpl-central-2025/documents.jsonl.zst": 6_000,
    "vbpl-doc-1998-2014/documents.jsonl.zst": 4_000,
    "binhduong-directives/records.jsonl.gz": 3_000,
    "sonla-gazette/records.jsonl.gz": 1_500,
}
OURS: dict[str, Callable[[str], list[str]]] = {
    "marked": lambda line: index_text(line).marked.split(),
    "folded": lambda line: index_text(line).folded.split(),
    "shingles": lambda line: index_text(line).shingles.split(),
    "numbers": number_words,
}


@pytest.fixture(scope="module")
def client() -> Iterator[OpenSearch]:
    made = connect(Address(service_url("opensearch")), WRITE_SECONDS)
    made.indices.delete(index=NAME, ignore_unavailable=True)
    made.indices.create(index=NAME, body={"settings": {"analysis": analysis_settings()}})
    yield made
    made.indices.delete(index=NAME)


def texts(source: str, step: int) -> Iterator[str]:
    """All that is written in the records of a source, canonical, a field at a time."""
    for record in records(source, step):
        for value in record.values():
            if isinstance(value, str):
                yield canon(value)


def batches(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines together, as many as one request may hold."""
    batch: list[str] = []
    size = 0
    for line in lines:
        tokens = len(TOKEN.findall(line))
        if size + tokens > MOST_TOKENS and batch:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += tokens
    if batch:
        yield batch


def assert_same(client: OpenSearch, batch: list[str]) -> int:
    """Compares the four analyzers on a batch of lines; the number of tokens compared."""
    compared = 0
    for analyzer, ours in OURS.items():
        answer = client.indices.analyze(index=NAME, body={"analyzer": analyzer, "text": batch})
        theirs = [one["token"] for one in answer["tokens"]]
        expected = [token for line in batch for token in ours(line)]
        if theirs != expected:
            pairs = zip(theirs, expected, strict=False)
            first = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(theirs), len(expected)))
            pytest.fail(f"{analyzer}: {theirs[first : first + 3]} and {expected[first : first + 3]}")
        compared += len(expected)
    return compared


@pytest.mark.parametrize("source", LINES)
def test_every_distinct_token(client: OpenSearch, source: str) -> None:
    seen: dict[str, None] = {}
    for text in texts(source, 1 if WHOLE else 10):
        seen.update(dict.fromkeys(TOKEN.findall(text)))
    compared = sum(assert_same(client, batch) for batch in batches(seen))
    assert compared >= 3 * len(seen) > 1_000  # a token alone has no shingle
    print(f"{source}: {len(seen)} distinct tokens")


@pytest.mark.parametrize(("source", "wanted"), LINES.items())
def test_lines(client: OpenSearch, source: str, wanted: int) -> None:
    lines: dict[str, None] = {}
    step = {"phapdien-articles/articles.jsonl.zst": 16, "vbpl-central-2025/documents.jsonl.zst": 4}.get(source, 1)
    for text in texts(source, step):
        lines.update(dict.fromkeys(line for line in text.split("\n") if TOKEN.search(line)))
    assert len(lines) >= wanted
    chosen = list(lines)[:: len(lines) // wanted][:wanted]
    chosen = chosen if WHOLE else chosen[::4]
    compared = sum(assert_same(client, batch) for batch in batches(chosen))
    assert compared > 3 * len(chosen)
    print(f"{source}: {len(chosen)} of {len(lines)} lines, {compared} tokens")
