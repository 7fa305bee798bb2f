"""Reading a page: words, boxes, a second look at bad scans, other languages; the real program throughout."""

from pathlib import Path

import pytest
from PIL import Image

from indexer.recognition import reading, tesseract
from indexer.recognition.reading import recognise
from indexer.recognition.tesseract import NoTesseractError, RecognitionError
from tests.indexer.recognition.sheets import CHARACTERS, DECISION, FRENCH, errors, set_characters, set_page, worn
from tests.tesseract import need_tesseract


@pytest.fixture(autouse=True)
def program() -> None:
    need_tesseract()


def test_a_clean_page_is_read_at_the_first_look_with_boxes_where_the_words_stand() -> None:
    page = set_page(DECISION)
    found = recognise(page, 200)
    assert (found.language, found.looks, found.text.source) == ("vi", 1, "ocr")
    assert errors(found.text.text, DECISION) <= 0.03
    boxes = found.text.boxes
    assert boxes is not None
    assert boxes.count == found.text.tokens
    assert (boxes.width, boxes.height) == page.size
    first = boxes.lines[0]
    assert abs(first.words[0][0] - 150) < 12
    assert 150 < first.y < 180
    assert found.text.confidence is not None
    assert found.text.confidence > 0.85


def test_a_bad_scan_is_cleared_and_set_level_for_a_second_look() -> None:
    page = worn(set_page(DECISION), skew=3.5)
    found = recognise(page, 200)
    assert found.looks == 2
    assert errors(found.text.text, DECISION) <= 0.12
    assert found.text.boxes is not None
    box = found.text.boxes.lines[0]
    # The first word stands, turned by 3.5 degrees about the middle of the sheet, where this says.
    turned = Image.new("L", page.size, 0)
    turned.paste(255, (150, 160, 400, 200))
    place = turned.rotate(3.5).getbbox()
    assert place is not None
    assert place[0] - 30 < box.words[0][0] < place[2]
    assert place[1] - 30 < box.y < place[3] + 30


def test_an_empty_sheet_and_a_sheet_of_dirt_have_no_text() -> None:
    assert recognise(Image.new("L", (1654, 2339), 250), 200).text.text == ""
    dirt = Image.effect_noise((827, 1165), 90).point([0 if v < 60 else 255 for v in range(256)])
    found = recognise(dirt, 200)
    assert (found.text.text, found.language) == ("", "")


def test_a_page_upside_down_is_turned() -> None:
    found = recognise(set_page(DECISION).rotate(180), 200)
    assert errors(found.text.text, DECISION) <= 0.05
    assert found.text.boxes is None


def test_french_is_told_and_never_kept_as_vietnamese_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    page = set_page(FRENCH)
    assert recognise(page, 200).language == "fr"
    monkeypatch.setattr(reading, "languages", lambda _program: frozenset({"vie", "osd"}))
    found = recognise(page, 200)
    assert (found.language, found.text.text) == ("fr", "")


def test_chinese_characters_are_told_and_never_read_as_vietnamese() -> None:
    found = recognise(worn(set_characters(CHARACTERS), skew=1.5, noise=30), 200)
    assert (found.language, found.text.text, found.text.boxes) == ("han-nom", "", None)


def test_a_vietnamese_page_with_a_seal_of_characters_stays_vietnamese() -> None:
    page = set_page(DECISION)
    seal = set_characters(CHARACTERS).crop((1100, 150, 1500, 700)).resize((200, 275))
    page.paste(seal, (1300, 1900))
    found = recognise(page, 200)
    assert found.language == "vi"
    read, end, noise = " ".join(found.text.text.split()).partition("Quyết định này.")
    assert errors(read + end, DECISION) <= 0.03
    assert len(noise) < 60


def test_without_the_program_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoTesseractError, match="apt-get install tesseract-ocr tesseract-ocr-vie"):
        recognise(set_page("Một dòng"), 200)


def test_a_reading_that_takes_too_much_memory_or_time_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    page = set_page(DECISION)
    monkeypatch.setattr(tesseract, "MEMORY_KIB", 60_000)
    with pytest.raises(RecognitionError):
        recognise(page, 200)
    monkeypatch.setattr(tesseract, "MEMORY_KIB", 1_200_000)
    monkeypatch.setattr(tesseract, "SECONDS", 0.01)
    with pytest.raises(RecognitionError):
        recognise(page, 200)
