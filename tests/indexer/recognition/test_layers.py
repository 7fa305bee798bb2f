"""Bad text layers of PDF files: made as they come about in real life, found, decoded or read again from the image."""

import shutil
import subprocess
import unicodedata
from itertools import islice
from pathlib import Path

import pytest

from analyzers.legacy_tables import TCVN3
from indexer.extraction.legible import settle_layer
from indexer.extraction.pages import build_pages
from indexer.extraction.pdf import read_layers
from indexer.extraction.text import PageText
from tests.indexer.extraction.making import source, text_pdf
from tests.indexer.recognition.sheets import DECISION, FRENCH, png, set_page, typeset_pdf
from tests.shared_data import scans
from tests.tesseract import need_tesseract
from vankho.synth.typeset import load_face

UNICODE_TO_TCVN3 = {letter: code for code, letter in TCVN3.items() if len(code) == 1}


def layer(text: str) -> PageText:
    return PageText(text, None, "pdf", None)


def searchable(tmp_path: Path, language: str) -> bytes:
    """A scan of the page with the layer that Tesseract lays under it in that language."""
    (tmp_path / "trang.png").write_bytes(png(set_page(DECISION)))
    command = [shutil.which("tesseract") or "", "trang.png", "trang", "-l", language, "pdf"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / "trang.pdf").read_bytes()


def test_a_layer_that_was_read_in_another_language_is_dropped_and_read_again(tmp_path: Path) -> None:
    need_tesseract()
    pages, troubles = build_pages([source("pdf", searchable(tmp_path, "eng"), name="VB1.pdf")])
    assert [one.text.text for one in pages] == [""]
    assert pages[0].unread in {"lost-marks", "no-words"}
    assert [one.code for one in troubles] == ["text.garbage"]
    assert "«VB1.pdf» ở trang 1" in troubles[0].message


def test_a_layer_that_was_read_in_vietnamese_stays(tmp_path: Path) -> None:
    need_tesseract()
    pages, troubles = build_pages([source("pdf", searchable(tmp_path, "vie"))])
    assert [(one.unread, one.text.source) for one in pages] == [("", "pdf")]
    assert "giao đất" in pages[0].text.text
    assert troubles == []


def test_a_layer_in_the_fonts_of_old_times_is_decoded_and_keeps_its_boxes() -> None:
    rows = [line for line in DECISION.lower().split("\n") if len(line) < 70]
    coded = ["".join(UNICODE_TO_TCVN3.get(c, c) for c in line) for line in rows]
    document = text_pdf([(line, 30, 650 - 40 * n) for n, line in enumerate(coded)])
    ((kept, _),) = read_layers(document, "VB1.pdf")
    assert "về việc giao đất cho hộ gia đình tại xã tịnh khê, huyện sơn tịnh" in kept.text
    assert kept.boxes is not None
    assert kept.boxes.count == kept.tokens
    assert settle_layer(kept, is_picture=False) == (kept, "")


@pytest.mark.parametrize("shift", [3, -29, 0xE000])
def test_a_font_without_a_map_leaves_garbage(shift: int) -> None:
    coded = "".join(c if c.isspace() else chr(max(ord(c) + shift, 33)) for c in DECISION)
    assert settle_layer(layer(coded), is_picture=False) == (PageText("", None, "none", None), _fault(shift))


def _fault(shift: int) -> str:
    return "broken-letters" if shift == 0xE000 else "no-words"


ROWS = [(line, 30.0, 850.0 - 24 * n) for n, line in enumerate(DECISION.split("\n"))]


def spaced(gap: float) -> list[tuple[str, float, float]]:
    """Every letter set by itself, as programs do that justify by hand, with a gap of so many points."""
    face, placed = load_face("roman", 12), []
    for line, left, y in ROWS:
        x = left
        for letter in line:
            placed += [(letter, x, y)] if letter != " " else []
            x += face.getlength(letter) + gap
    return placed


def foreign(letter: str) -> bool:
    return ord(letter) > 0xFF and letter.isalpha()


def torn(before: str, after: str) -> list[tuple[str, float, float]]:
    """Letters beyond Latin-1 came from another font, and whoever wrote the layer took its edges for gaps."""
    return [("".join(f"{before}{c}{after}" if foreign(c) else c for c in line), x, y) for line, x, y in ROWS]


@pytest.mark.parametrize(
    ("placed", "fault"),
    [
        (spaced(3.0), "torn-words"), (spaced(9.0), "torn-words"), (torn(" ", ""), "torn-words"),
        (torn("", " "), "torn-words"), (torn(" ", " "), "torn-words"),
        ([("".join("?" if foreign(c) else c for c in line), x, y) for line, x, y in ROWS], "torn-words"),
        ([("".join(c for c in line if not foreign(c)), x, y) for line, x, y in ROWS], "lost-marks"),
        ([(line.encode().decode("cp1252", "replace"), x, y) for line, x, y in ROWS], "torn-words"),
        ([(line[::-1], x, y) for line, x, y in ROWS], "no-words"),
        ([(line.replace(" ", ""), x, y) for line, x, y in ROWS], "no-words"),
        ([(line, x + 2000, y) for line, x, y in ROWS], "off-page"),
        ([(line, x, y - 900) for line, x, y in ROWS], "off-page"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_layers_that_programs_spoiled_are_dropped(placed: list[tuple[str, float, float]], fault: str) -> None:
    ((found, picture),) = read_layers(typeset_pdf(placed), "VB1.pdf")
    assert found.tokens >= len(ROWS)
    assert settle_layer(found, is_picture=picture) == (PageText("", None, "none", None), fault)


@pytest.mark.parametrize(
    "placed",
    [
        ROWS, spaced(0.0), ROWS[::-1], [(unicodedata.normalize("NFD", line), x, y) for line, x, y in ROWS],
        [(line, x + more, y) for line, x, y in ROWS for more in (0.0, 0.3)],  # bold by printing twice
    ],
)  # fmt: skip
def test_unusual_layers_come_whole_with_a_box_for_every_word(placed: list[tuple[str, float, float]]) -> None:
    ((found, picture),) = read_layers(typeset_pdf(placed), "VB1.pdf")
    assert sorted(found.text.split("\n")) == sorted(DECISION.split("\n"))
    assert found.boxes is not None
    assert found.boxes.count == found.tokens
    assert settle_layer(found, is_picture=picture) == (found, "")


POINTS = (
    "Phạt tiền đối với hành vi tại điểm a, b, c và điểm d khoản 4; điểm b, c khoản 2; điểm d, đ khoản 3 Điều 5\n" * 3
)
SEA = (
    "Vĩ độ (N) Kinh độ (E) 16º20’39,7” 107º57’00,4” CĐ1 16º20’36,0” 107º57’07,0” CĐ2 20°58’09,1”N, 107°33’25,8”E\n" * 9
)


@pytest.mark.parametrize(
    "text", [POINTS, SEA, FRENCH, "Danh sách 12 34 56", "Bắc Kạn, Đắk Lắk", DECISION, "ТРУДОВОЙ КОДЕКС РОССИИ " * 9]
)
def test_what_is_no_garbage_stays(text: str) -> None:
    assert settle_layer(layer(text), is_picture=False) == (layer(text), "")


def test_a_stamp_of_signing_over_a_scan_is_not_its_text() -> None:
    stamp = "Ký bởi: Cổng thông tin điện tử Chính phủ Thời gian ký: 17.06.2021 15:04:12 +07:00"
    assert settle_layer(layer(stamp), is_picture=True) == (layer(stamp), "few-words")
    assert settle_layer(layer(stamp), is_picture=False) == (layer(stamp), "")


def test_real_born_digital_files_keep_their_layers_and_real_scans_are_read() -> None:
    told = {}
    for path in sorted((scans() / "pdf").iterdir()):
        found = [settle_layer(text, is_picture=picture) for text, picture in read_layers(path.read_bytes(), path.name)]
        told[path.name] = {reason for text, reason in found if text.tokens > 30 or reason != "no-text"}
        if path.name.endswith(".scan.pdf"):
            assert {reason for _, reason in found} <= {"no-text", "few-words"}
            assert any(reason for _, reason in found)
        else:
            assert told[path.name] <= {""}, path.name


def test_breaks_that_the_reader_supposes_inside_words_are_none() -> None:
    """Page 11 has its letters with marks in a font of their own: 165 of its words came in pieces."""
    path = scans() / "pdf" / "quyet-dinh-1072-2024-hanoi-phu-luc.born-digital.pdf"
    page, _ = next(islice(read_layers(path.read_bytes(), path.name), 10, None))
    assert "hồ sơ kèm theo thông báo bằng\nvăn bản và nêu rõ lý do, nội dung" in page.text
    assert page.boxes is not None
    assert page.boxes.count == page.tokens
