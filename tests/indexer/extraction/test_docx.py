"""Word files read directly."""

import pytest

from indexer.extraction.errors import ExtractionError
from indexer.extraction.word import LIMIT, is_other_office, read_docx
from tests.indexer.extraction.making import docx, paragraph


def texts(body: str) -> list[str]:
    """Pages of a Word file with that body."""
    return [page.text for page in read_docx(docx(body), "a.docx")]


def test_paragraphs_and_tables_in_order() -> None:
    cell = "<w:tc>{}</w:tc>".format
    inner = f"<w:tbl><w:tr>{cell(paragraph('trong'))}</w:tr></w:tbl>"
    table = (
        f"<w:tbl><w:tr>{cell(paragraph('Số'))}{cell(paragraph('12') + paragraph('bis'))}</w:tr>"
        f"<w:tr>{cell(inner)}{cell(paragraph('ngoài'))}</w:tr></w:tbl>"
    )
    body = paragraph("Quyết ", "định") + paragraph() + table + paragraph("Nơi nhận")
    assert texts(body) == ["Quyết định\n\nSố 12 bis\ntrong ngoài\nNơi nhận"]


def test_breaks_tabs_and_pages() -> None:
    assert texts("<w:p><w:r><w:t>một</w:t><w:tab/><w:t>hai</w:t><w:br/><w:t>ba</w:t></w:r></w:p>") == ["một hai\nba"]
    page = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    again = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>hai</w:t></w:r></w:p>"
    assert texts(paragraph("một") + page + again) == ["một", "hai"]


def test_deleted_text_and_second_copies_are_left_out() -> None:
    copy = (
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>'
        + paragraph("khung")
        + "</mc:Choice><mc:Fallback>"
        + paragraph("khung")
        + "</mc:Fallback></mc:AlternateContent>"
    )
    assert texts("<w:p><w:r><w:delText>bỏ</w:delText><w:t>giữ</w:t></w:r></w:p>" + copy) == ["giữ\nkhung"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "rỗng"),
        (b"no zip", "không mở được"),
        (docx(paragraph("x"))[:-30], "không mở được"),
        (docx(paragraph("x"), part="xl/workbook.xml"), "thiếu word/document.xml"),
        (docx("<w:p>"), "hỏng ở dòng"),
        (docx(" " * (LIMIT + 1)), "quá lớn"),
    ],
)
def test_bad_files_are_refused_with_a_reason(data: bytes, message: str) -> None:
    with pytest.raises(ExtractionError, match=message) as caught:
        read_docx(data, "x.docx")
    assert "«x.docx»" in str(caught.value)


def test_old_word_files_are_known_by_their_first_bytes() -> None:
    assert is_other_office(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....")
    assert not is_other_office(docx(""))
