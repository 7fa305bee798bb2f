"""Old encodings in sidecars and Word texts: decoded before the canonical form, and told."""

import pytest

from analyzers.legacy import decode
from analyzers.normal import canon
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.sidecar import read_sidecar
from tests import shared_data
from tests.indexer.extraction.test_sidecar import TEXT

TCVN3 = "M· sè 16 ®­îc x¸c ®Þnh c¨n cø vµo chØ tiªu lîi nhuËn"
DECODED = "Mã số 16 được xác định căn cứ vào chỉ tiêu lợi nhuận"


@pytest.mark.parametrize("data", [TCVN3.encode("latin-1"), TCVN3.encode("utf-8"), b"\xef\xbb\xbf" + TCVN3.encode()])
def test_a_sidecar_in_tcvn3_is_read(data: bytes) -> None:
    pages, encoding = read_sidecar(data, "a.txt")
    assert pages[0].text == DECODED
    assert encoding.startswith("TCVN3")


def test_a_legacy_run_inside_unicode_is_decoded_alone() -> None:
    text = f"Quyết định của Ủy ban nhân dân tỉnh\n{TCVN3}\nvề việc giao đất"
    pages, encoding = read_sidecar(text.encode(), "a.txt")
    assert pages[0].text == text.replace(TCVN3, DECODED)
    assert "12 chữ" in encoding


def test_the_canonical_form_would_have_destroyed_it() -> None:
    assert decode_runs(TCVN3)[0] == DECODED
    assert decode_runs(canon(TCVN3))[0] != DECODED


def test_unicode_stays_as_it_is() -> None:
    assert read_sidecar(TEXT.encode(), "a.txt")[1] == "UTF-8"


def test_nothing_is_found_in_real_unicode_titles() -> None:
    titles = [one["article_title"] for one in shared_data.records("phapdien-articles/articles.jsonl.zst")]
    assert len(titles) > 49_000
    assert [title for title in titles if decode(title).encoding] == []


def test_real_word_texts_with_runs_are_decoded() -> None:
    found = {
        one["id"]: decode_runs(one["text_markdown"])[1]
        for one in shared_data.records("vbpl-doc-1998-2014/documents.jsonl.zst")
    }
    assert {name for name, told in found.items() if told.startswith("TCVN3")} >= {"128_2003_TT-BTC", "PLTT05"}
