"""The text layer of PDF files and its boxes."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from archive import documents
from archive.boxes import rectangles
from indexer.extraction import pdf
from indexer.extraction.errors import ExtractionError
from tests.indexer.extraction.making import image, text_pdf
from tests.shared_data import scans

LETTER = [("So 12 QD-UBND", 50, 600), ("Quang Ngai", 50, 560)]


def near(rect: tuple[int, ...], wanted: tuple[int, ...], off: int) -> bool:
    """Whether two rectangles are the same within some pixels."""
    return all(abs(a - b) <= off for a, b in zip(rect, wanted, strict=True))


def test_words_lines_and_boxes() -> None:
    data = text_pdf(LETTER, [], [("cuoi", 400, 20)])
    first, blank, last = pdf.read_pdf(data, "a.pdf")
    assert first.text == "So 12 QD-UBND\nQuang Ngai"
    assert (first.source, blank.text, blank.source, blank.boxes) == ("pdf", "", "none", None)
    assert pdf.page_sizes(data, "a.pdf") == [(1240, 1736)] * 3
    assert first.boxes is not None
    assert first.boxes.count == first.tokens == 5
    scale = 1240 / 500
    (rect,) = rectangles(first.boxes, 0, 0)
    assert near(rect, (int(50 * scale), int(86 * scale), int(22 * scale), int(15 * scale)), 12)
    assert last.boxes is not None
    assert rectangles(last.boxes, 0, 0)[0].y > 1600


def test_boxes_follow_the_rotation_of_the_page() -> None:
    data = text_pdf([("mot", 50, 650)], rotation=90)
    (page,) = pdf.read_pdf(data, "a.pdf")
    assert pdf.page_sizes(data, "a.pdf") == [(1240, 886)]
    assert page.boxes is not None
    (rect,) = rectangles(page.boxes, 0, 0)
    # Turned right, the upper left corner of the sheet is the upper right one of the page.
    assert rect.x > 1240 * 0.85
    assert rect.y < 886 * 0.2
    assert rect.h > rect.w


def test_a_scan_has_pages_without_text() -> None:
    out = io.BytesIO()
    sheet = Image.open(io.BytesIO(image()))
    sheet.save(out, "PDF", save_all=True, append_images=[sheet])
    assert [(page.text, page.source) for page in pdf.read_pdf(out.getvalue(), "scan.pdf")] == [("", "none")] * 2


ENCRYPTED = text_pdf(LETTER).replace(
    b"trailer\r\n<<",
    b"trailer\r\n<</Encrypt <</Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b">>>"
    b"/ID [<" + b"43" * 16 + b"> <" + b"43" * 16 + b">]",
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "rỗng"),
        (b"no pdf", "không phải tệp PDF"),
        (text_pdf(LETTER)[:-300], "cắt cụt"),
        (b"%PDF-1.4\n" + b"\0" * 5000 + b"%%EOF\n", "hỏng"),
        (ENCRYPTED, "mật khẩu"),
    ],
)
def test_bad_files_are_refused_with_a_reason(data: bytes, message: str) -> None:
    for ask in (lambda: list(pdf.read_pdf(data, "x.pdf")), lambda: pdf.page_sizes(data, "x.pdf")):
        with pytest.raises(ExtractionError, match=message) as caught:
            ask()
        assert "«x.pdf»" in str(caught.value)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PAGE_LIMIT", 3)
    assert len(pdf.page_sizes(text_pdf(*[[]] * 3), "x.pdf")) == 3
    with pytest.raises(ExtractionError, match="4 trang, quá 3"):
        pdf.page_sizes(text_pdf(*[[]] * 4), "x.pdf")


def test_threads_share_one_pdfium() -> None:
    data = text_pdf(*[LETTER] * 20)
    results: list[list[str]] = []

    def read() -> None:
        results.append([page.text for page in pdf.read_pdf(data, "a.pdf")])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [["So 12 QD-UBND\nQuang Ngai"] * 20] * 4


def test_real_files() -> None:
    folder = Path(scans(), "pdf")
    for path in sorted(folder.glob("*.scan.pdf")):
        assert not any(page.text for page in pdf.read_pdf(path.read_bytes(), path.name))
    pages = list(pdf.read_pdf((folder / "nghi-dinh-55-2023.born-digital.pdf").read_bytes(), "nd55"))
    assert "NGHỊ ĐỊNH" in pages[0].text
    truth = (scans() / "ground-truth" / "nghi-dinh-55-2023.txt").read_text("utf-8").split()
    read = " ".join(page.text for page in pages).split()
    assert len(set(truth) & set(read)) / len(set(truth)) > 0.9
    for page in pages:
        assert page.boxes is not None
        assert page.boxes.count == page.tokens
        assert max(line.h for line in page.boxes.lines) < 100
