"""Text sidecars in every encoding that contractors deliver."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction.errors import ExtractionError
from indexer.extraction.sidecar import decode_text, read_sidecar
from indexer.extraction.text import canonise

TEXT = "ỦY BAN NHÂN DÂN\nTỉnh Quảng Ngãi, ngày 12 tháng 5 năm 1998\n"


def old_windows(text: str) -> bytes:
    """Windows-1258: letters with shape marks composed, tones as marks of their own."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", letter)
            tone = next(m for m in marks[1:] if m in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", marks.replace(tone, ""))
            out += base.encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (unicodedata.normalize("NFD", TEXT).encode(), "UTF-8"),
        (TEXT.replace("\n", "\r\n").encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (old_windows(TEXT), "Windows-1258"),
    ],
)
def test_every_encoding_reads_the_same(data: bytes, encoding: str) -> None:
    pages, name = read_sidecar(data, "a.txt")
    assert name == encoding
    assert [page.text for page in pages] == [TEXT.strip()]
    assert (pages[0].source, pages[0].boxes) == ("sidecar", None)


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("một\fhai\fba", ["một", "hai", "ba"]),
        ("một\fhai\f", ["một", "hai"]),
        ("một\fhai\n\f\n", ["một", "hai"]),
        ("một\f\fba\f", ["một", "", "ba"]),
        ("", []),
        ("\n \n", []),
        ("  một \t hai\u00a0ba \r\n\r\n\r\n bốn \0 ", ["một hai ba\n\nbốn"]),
    ],
)
def test_form_feeds_part_the_pages(text: str, pages: list[str]) -> None:
    found, _ = read_sidecar(text.encode(), "a.txt")
    assert [page.text for page in found] == pages
    assert [page.source for page in found] == ["sidecar" if page else "none" for page in pages]


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(ExtractionError, match=r"«a\.txt» có 200,001 trang"):
        read_sidecar(b"\f" * 200_000 + b"x", "a.txt")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    decode_text(data)
    pages, _ = read_sidecar(data, "a.txt")
    for page in pages:
        assert canonise(page.text) == page.text
        page.text.encode("utf-8")


@given(st.text(max_size=200))
def test_canonical_text_is_canonical_for_good(text: str) -> None:
    once = canonise(text)
    assert canonise(once) == once
    assert "\n\n\n" not in once
    assert all(" ".join(line.split()) == line for line in once.split("\n"))


def test_a_stray_zero_byte_makes_no_utf_16() -> None:
    for text in ("x", "a\0b", "Số 12\0/QĐ-UBND", "\0một"):
        pages, name = read_sidecar(text.encode(), "a.txt")
        assert name == "UTF-8"
        assert [page.text for page in pages] == [text.replace("\0", "")]
