"""A scan whose layer is Vietnamese without its marks is read from its image; paper without marks keeps its layer."""

import io
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from analyzers.legibility import judge
from archive.accession.proposing import UNMARKED, read_proposals
from archive.documents import LOCK
from indexer.extraction.legible import settle_layer
from indexer.extraction.text import PageText
from indexer.recognition.running import Run
from tests.indexer.recognition.sheets import DECISION, FRENCH, pdf, set_page
from tests.indexer.recognition.test_queue import deliver, page, recognise_all, tasks
from tests.shared_data import articles
from tests.tesseract import need_tesseract
from tests.transfers import codes

MINUTES = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
BIÊN BẢN HỌP
Hôm nay, hồi mười bốn giờ ngày hai mươi tháng sáu, tại trụ sở
Hợp tác xã Đông Thịnh, xã Bình Chánh, chúng tôi gồm có ông
Phạm Hữu Nghĩa, chủ nhiệm; bà Võ Thị Lựu, kế toán; cùng toàn
thể xã viên đã bàn bạc việc khơi thông kênh mương nội đồng."""


def bare(text: str) -> str:
    """The text without its marks."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def scan(printed: str, layer: str) -> bytes:
    """A scan of a page with a layer of text that is not seen, in Latin letters."""
    out = io.BytesIO()
    with LOCK:
        document = pypdfium2.PdfDocument(pdf([set_page(printed)]))
        sheet = document[0]
        for n, line in enumerate(layer.split("\n")):
            item = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 9.0)
            units = (line + "\0").encode("utf-16-le")
            raw.FPDFText_SetText(item, (raw.FPDF_WCHAR * (len(units) // 2)).from_buffer_copy(units))
            raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
            raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 40, 780 - 20 * n)
            raw.FPDFPage_InsertObject(sheet, item)
        sheet.gen_content()
        sheet.close()
        document.save(out)
        document.close()
    return out.getvalue()


def settled(text: str, *, is_picture: bool = True) -> str:
    return settle_layer(PageText(text, None, "pdf", None), is_picture=is_picture)[1]


@pytest.mark.both_databases
def test_a_scan_whose_layer_lost_its_marks_is_told_and_read_again(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    deliver(tmp_path / "goi", VB1_pdf=scan(DECISION, bare(DECISION)))
    assert [(one.n, one.reason) for one in tasks()] == [(1, "no-marks")]
    assert "giao dat cho ho gia dinh" in page("VB1").text  # there is something to find until then
    assert ("text.unmarked", "VB1") in codes()
    assert recognise_all(home).taken == 1
    assert "giao đất cho hộ gia đình" in page("VB1").text
    assert page("VB1").text_source == "ocr"


@pytest.mark.both_databases
def test_a_telegram_on_paper_without_marks_keeps_what_was_delivered(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    deliver(tmp_path / "goi", VB1_pdf=scan(bare(DECISION), bare(DECISION)))
    before = page("VB1").text
    assert recognise_all(home).taken == 1
    assert (page("VB1").text, page("VB1").text_source) == (before, "pdf")
    assert tasks() == []
    assert recognise_all(home) == Run()


@pytest.mark.parametrize(
    "text",
    [
        FRENCH, "Danh sách 12 34 56 " * 20, DECISION,
        "the land of the village is to be sold by order of the resident " * 9,
        "12.450 3.200 1.875 940 " * 40,
    ],
)  # fmt: skip
def test_other_languages_figures_and_text_with_marks_are_good_layers(text: str) -> None:
    assert settled(text) == ""


def test_text_without_marks_that_is_no_scan_is_what_people_see() -> None:
    assert settled(bare(DECISION)) == "no-marks"
    assert settled(bare(DECISION), is_picture=False) == ""


def test_what_is_read_without_marks_is_not_sure() -> None:
    found = read_proposals([(1, bare(DECISION.replace("TỈNH QUẢNG NGÃI", "TỈNH QUẢNG NGÃI\n" + MINUTES[:34])))])
    assert found
    assert max(one.confidence for one in found) <= UNMARKED


@pytest.mark.parametrize("text", [MINUTES, bare(MINUTES)])
def test_the_kind_of_a_document_is_nobodys_name(text: str) -> None:
    assert [one.value for one in read_proposals([(1, text)]) if one.field == "OrganName"] == []


def test_real_articles_are_good_layers_and_no_longer_so_without_their_marks() -> None:
    long = [text[:3_000] for text in articles(100) if len(text.split()) >= 40]
    assert len(long) > 200
    assert [text[:80] for text in long if judge(text).unmarked] == []
    assert {settled(bare(text)) for text in long} <= {"no-marks", "lost-marks"}
