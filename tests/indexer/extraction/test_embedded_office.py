"""Office files read without a server: .doc, RTF, OpenDocument, XLSX, web pages; damaged and hostile ones told."""

import io
import json
import random
import re
import subprocess
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.normal import canon
from indexer.extraction import embedded_office
from indexer.extraction.embedded_office import read_embedded
from indexer.extraction.errors import ExtractionError, TextWaitsError
from indexer.extraction.office import read_words
from indexer.extraction.sources import Source
from tests.indexer.extraction.office_files import compound, old_word, open_document, rtf
from tests.shared_data import shared_data

WORDS = "QUYẾT ĐỊNH\rVề việc giao đất cho xã Tịnh Khê\r"


def test_an_old_word_file_gives_its_paragraphs_and_no_instructions_of_fields() -> None:
    marks = "Số\x0719\x07\x07\rtrang \x13PAGE \\* MERGEFORMAT\x147\x15\x0cĐiều 1\x1e2\x01\r"
    assert read_embedded(old_word(WORDS + marks), "a.doc") == (
        "QUYẾT ĐỊNH\nVề việc giao đất cho xã Tịnh Khê\nSố 19 \n\ntrang 7\x0cĐiều 1-2\n", False,
    )  # fmt: skip


def test_rich_text_open_document_tables_and_web_pages() -> None:
    assert read_embedded(rtf("Thông tư về đê điều", "Điều 1"), "a.doc")[0].split("\n")[:2] == [
        "Thông tư về đê điều", "Điều 1",
    ]  # fmt: skip
    body = "<text:p>Tờ<text:s/>trình <text:span>xây</text:span> cầu</text:p><text:h>Mục<text:tab/>một</text:h>"
    assert read_embedded(open_document(body), "a.odt")[0] == "Tờ trình xây cầu\nMục một"
    book = openpyxl.Workbook()
    book.active.append(["Số", "Trích yếu"])  # type: ignore[union-attr]
    book.create_sheet("Năm 1998").append([12, None, "Về việc đê điều"])
    kept = io.BytesIO()
    book.save(kept)
    assert read_embedded(kept.getvalue(), "a.xlsx")[0] == "Sheet\nSố Trích yếu\nNăm 1998\n12 Về việc đê điều"
    page = (
        '<html><head><meta charset="utf-8"><style>p{}</style></head><body><p>Căn <b>cứ</b></p><script>x()</script>'
        "<table><tr><td>một</td><td>hai</td></tr></table></body></html>"
    )
    assert read_embedded(page.encode(), "a.doc")[0] == "Căn cứ\nmột hai"


def test_what_is_for_another_reader_waits_and_what_is_damaged_is_told() -> None:
    locked = bytearray(old_word(WORDS))
    at = locked.index(b"\xec\xa5")
    locked[at + 0x0B] |= 0x01
    old = bytearray(old_word(WORDS))
    old[at + 2 : at + 4] = (101).to_bytes(2, "little")
    show = io.BytesIO()
    with zipfile.ZipFile(show, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
    for data in (bytes(locked), bytes(old), compound({"PowerPoint Document": b"x"}), show.getvalue()):
        with pytest.raises(TextWaitsError):
            read_embedded(data, "a.doc")
    whole = old_word(WORDS)
    for data in (
        whole[:700],
        compound({"Workbook": b"x"}),
        whole[:8],
        b"PK\x03\x04" + bytes(50),
        open_document("<text:p>"),
    ):
        with pytest.raises(ExtractionError):
            read_embedded(data, "a.doc")


def test_declared_entities_and_what_unfolds_too_far_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(ExtractionError, match="ENTITY"):
        read_embedded(open_document("<text:p>&b;</text:p>", bomb), "a.odt")
    monkeypatch.setattr(embedded_office, "LIMIT", 1_000)
    with pytest.raises(ExtractionError, match="quá lớn"):
        read_embedded(open_document(f"<text:p>{'a' * 5_000}</text:p>"), "a.odt")


@given(seed=st.integers(0, 2**32), count=st.integers(1, 40))
def test_a_file_with_any_bytes_changed_is_read_waits_or_is_told(seed: int, count: int) -> None:
    chance = random.Random(seed)
    for whole in (old_word(WORDS), open_document("<text:p>x</text:p>"), rtf("một", "hai")):
        data = bytearray(whole)
        for _ in range(count):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        try:
            read_embedded(bytes(data), "a.doc")
        except (ExtractionError, TextWaitsError):
            continue


def test_seventy_five_real_word_files_come_in_with_their_text(tmp_path: Path) -> None:
    folder = shared_data("vbpl-doc-1998-2014")
    packed = subprocess.run(["zstd", "-dc", folder / "original-doc.tar.zst"], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(tmp_path, filter="data")

    told = subprocess.run(["zstd", "-dc", folder / "documents.jsonl.zst"], check=True, capture_output=True).stdout
    wanted = {one["doc_file"]: one for one in map(json.loads, filter(None, told.decode().split("\n")))}
    shares, legacy = [], set()
    for file in sorted(tmp_path.rglob("*.doc")):
        troubles: list = []  # type: ignore[type-arg]
        pages = read_words([Source("word", None, file.read_bytes, file.name)], None, troubles)
        assert pages, file.name
        there = Counter(re.findall(r"\w+", "\n".join(page.text for page in pages).lower()))
        known = Counter(re.findall(r"\w+", canon(wanted[file.name]["text_markdown"]).lower()))
        shares.append((known & there).total() / known.total())
        legacy |= {file.name} if any(one.code == "text.legacy" for one in troubles) else set()
    assert len(shares) == 75
    assert sorted(shares)[37] > 0.999
    assert min(shares) > 0.8
    assert "PLTT05.doc" in legacy
