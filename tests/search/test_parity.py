"""OpenSearch's own filters and our chain cut and fold the same way: on every letter there is, and on real text."""

import random
import unicodedata
from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch

from analyzers.normal import canon
from analyzers.tokens import LONGEST, index_text
from search.engines.opensearch.analysis import analysis_settings
from search.engines.opensearch.client import WRITE_SECONDS, Address, connect
from search.numbering import number_words
from tests.services import service_url

NAME = "test_parity"
MOST_TOKENS = 9_000  # `_analyze` refuses more than 10,000


@pytest.fixture(scope="module")
def client() -> Iterator[OpenSearch]:
    made = connect(Address(service_url("opensearch")), WRITE_SECONDS)
    made.indices.delete(index=NAME, ignore_unavailable=True)
    made.indices.create(index=NAME, body={"settings": {"analysis": analysis_settings()}})
    yield made
    made.indices.delete(index=NAME)


def analyse(client: OpenSearch, analyzer: str, text: str | list[str]) -> list[str]:
    found = client.indices.analyze(index=NAME, body={"analyzer": analyzer, "text": text})["tokens"]
    return [one["token"] for one in found]


def assert_same(client: OpenSearch, text: str) -> None:
    ours = index_text(canon(text))
    pages = canon(text).split("\f")
    assert analyse(client, "marked", pages) == ours.marked.split()
    assert analyse(client, "folded", pages) == ours.folded.split()
    assert analyse(client, "shingles", pages) == ours.shingles.split()


def test_every_letter_and_number(client: OpenSearch) -> None:
    points = [chr(point) for point in range(0x21, 0x110000) if unicodedata.category(chr(point))[0] in "LNPS"]
    for start in range(0, len(points), MOST_TOKENS // 2):
        assert_same(client, " ".join(points[start : start + MOST_TOKENS // 2]))


@pytest.mark.parametrize(
    "text",
    [
        "hoà hòa thuỷ thủy kỹ kĩ ký lý quý quí y tế Ý kiến",
        "Cộng hoà xã hội chủ nghĩa Việt Nam, Cộnghoàxãhộichủnghĩaviệtnam",
        "Số 0012/2020/QĐ-UBND_x ２０２ QL1A İzmir ΟΔΟΣ \u1bb2\u1bb3 x²½ tp.hcm",
        "một hai\fba bốn\f\fnăm",
        "à" * (LONGEST + 3) + " " + "a" * (LONGEST * 2 + 1),
    ],
)
def test_what_is_particular(client: OpenSearch, text: str) -> None:
    assert_same(client, text)


def test_words_of_letters_at_random(client: OpenSearch) -> None:
    rng = random.Random(7)
    letters = [chr(point) for point in range(0x41, 0x2000) if unicodedata.category(chr(point))[0] in "LN"]
    vietnamese = "aăâeêioôơuưyđbcghklmnpqrstvxàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
    for _ in range(20):
        words = ["".join(rng.choices(letters, k=rng.randint(1, 9))) for _ in range(300)]
        words += ["".join(rng.choices(vietnamese + vietnamese.upper(), k=rng.randint(1, 7))) for _ in range(2_000)]
        assert_same(client, " ".join(words))


def test_words_of_numbers(client: OpenSearch) -> None:
    for text in ("0012/2020/qd-ubnd", "007", "000", "06 2026 tt bt 0a"):
        assert analyse(client, "numbers", text) == number_words(text)
