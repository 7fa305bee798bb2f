"""The PDF that we write is read by others: Poppler and PDFium find every word, where it stands."""

import io
import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive.boxes import build
from archive.searchable_pdf import Leaf, write_pdf

TEXT = "Quyết định giao đất\nĐiều 1. (Tịnh Khê) \\ 漢喃"


def leaf(text: str, *, grey: bool = True, boxes: bool = True) -> Leaf:
    told = io.BytesIO()
    Image.new("L" if grey else "RGB", (1240, 1754), 200 if grey else (200, 30, 30)).save(told, "JPEG")
    lines = [line.split() for line in text.splitlines() if line.split()]
    placed = [
        [(100 + 150 * at, 200 + 90 * row, 220 + 150 * at, 240 + 90 * row) for at, _word in enumerate(line)]
        for row, line in enumerate(lines)
    ]
    return Leaf(told.getvalue(), 1240, 1754, grey, text, build(1240, 1754, placed) if boxes else None)


def run(tool: str, *arguments: str) -> str:
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("boxes", [True, False])
def test_poppler_finds_every_word(tmp_path: Path, boxes: bool) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"".join(write_pdf([leaf(TEXT, boxes=boxes), leaf("Trang hai", grey=False)], "Về việc Đất")))
    told = run("pdftotext", "-layout", str(path), "-")
    first, second = told.split("\f")[:2]
    assert first.split() == TEXT.split()
    assert second.split() == ["Trang", "hai"]
    assert "Về việc Đất" in run("pdfinfo", str(path))
    assert re.search(r"Pages: +2", run("pdfinfo", str(path)))


def test_words_stand_where_they_stand_on_the_image(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"".join(write_pdf([leaf(TEXT)], "")))
    told = run("pdftotext", "-bbox", str(path), "-")
    boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', told)
    assert [one[4] for one in boxes] == TEXT.split()
    scale = 595.276 / 1240
    for word, (x, y) in {"Quyết": (100, 200), "đất": (550, 200), "1.": (250, 290)}.items():
        left, top, right, bottom = next(map(float, one[:4]) for one in boxes if one[4] == word)
        assert left == pytest.approx(x * scale, abs=1)
        assert right == pytest.approx((x + 120) * scale, abs=1)
        # Poppler adds a descent of its own to fonts without strokes
        assert (top, bottom) == (pytest.approx(y * scale, abs=3), pytest.approx((y + 40) * scale, abs=8))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf"))), max_size=4))
def test_pdfium_reads_whatever_is_written(texts: list[str]) -> None:
    data = b"".join(write_pdf([leaf(text, boxes=False) for text in ["Đất", *texts]], "".join(texts)))
    opened = pypdfium2.PdfDocument(data)
    assert len(opened) == len(texts) + 1
    assert opened[0].get_textpage().get_text_bounded().strip() == "Đất"
    opened.close()


def test_a_piece_holds_one_page() -> None:
    asked: list[int] = []

    def leaves():  # type: ignore[no-untyped-def]
        for n in range(50):
            asked.append(n)
            yield leaf("chữ")

    pieces = write_pdf(leaves(), "")
    next(pieces)
    assert not asked
    sizes = [len(next(pieces)) for _n in range(50)]
    assert asked == list(range(50))
    assert max(sizes) < 30_000


def test_a_page_without_image_keeps_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"".join(write_pdf([Leaf(None, 1240, 1754, True, "Chỉ có chữ", None)], "")))
    assert run("pdftotext", str(path), "-").split() == ["Chỉ", "có", "chữ"]
