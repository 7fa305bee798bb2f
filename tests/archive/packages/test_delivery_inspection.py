"""Data files: truncated PDF, images that declare too much, empty and false ones."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from archive.packages.delivery import open_delivery
from archive.packages.findings import Finding
from archive.packages.inspection import inspect_file
from tests.archive.packages.transfer_folders import Maker, huge_png


def pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(40):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 80)).save(out, kind)
    return out.getvalue()


def noise(kind: str) -> bytes:
    """An image with something on it: of an empty one nothing is missing when it ends early."""
    out = io.BytesIO()
    Image.effect_noise((160, 160), 90).save(out, kind)
    return out.getvalue()


def inspect(root: Path) -> list[Finding]:
    with open_delivery(root) as delivery:
        return [f for d in delivery.documents() for file in d.files for f in inspect_file(file, delivery.open)]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("VB1.pdf", pdf()),
        ("VB1-0001.jpg", image("JPEG")),
        ("VB1.png", image("PNG")),
        ("VB1.tif", image("TIFF")),
        ("VB1.webp", image("WEBP")),
        ("VB1.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        ("VB1.txt", b"x"),
        ("VB1-0001.png", huge_png(15_000, 16_000)),  # 240 million: large, still taken
    ],
)
def test_sound_files_have_no_findings(make: Maker, name: str, body: bytes) -> None:
    assert inspect(make(data={name: body})) == []


@pytest.mark.parametrize(
    ("name", "body", "code", "words"),
    [
        ("VB1.pdf", pdf()[:-300], "pdf.broken", "cắt cụt"),
        ("VB1.pdf", pdf()[:200], "pdf.broken", "cắt cụt"),
        ("VB1.pdf", b"not a pdf", "pdf.broken", "không phải tệp PDF"),
        ("VB1.txt", b"", "file.empty", "0 byte"),
        ("VB1.png", huge_png(60_000, 60_000), "image.too-large", "3600 triệu điểm ảnh"),
        ("VB1.png", huge_png(16_000, 16_000), "image.too-large", "256 triệu điểm ảnh"),
        ("VB1.jpg", b"not an image", "image.broken", "không phải ảnh"),
        ("VB1.jpg", image("JPEG")[:10], "image.broken", "không phải ảnh"),
        *((f"VB1.{kind.lower()}", noise(kind)[:-900], "image.cut", "cắt cụt") for kind in ("JPEG", "PNG", "TIFF")),
        ("VB1.docx", b"{}", "word.broken", "không phải tệp Word"),
        ("VB1.doc", b"<HTML xmlns:o='x'>", "word.html", "HTML"),
    ],
)
def test_broken_files_are_said_and_kept(make: Maker, name: str, body: bytes, code: str, words: str) -> None:
    root = make(data={name: body})
    (finding,) = inspect(root)
    assert (finding.code, finding.outcome, finding.table) == (code, "warned", "data")
    assert words in finding.message
    assert name in finding.message
    assert "giữ nguyên" in finding.action
    assert (root / "data" / name).read_bytes() == body


def test_an_image_is_taken_by_its_bytes_whatever_its_name_says(make: Maker) -> None:
    (finding,) = inspect(make(data={"VB1.jpg": image("TIFF")}))
    assert (finding.code, finding.outcome) == ("image.named", "accepted")
    assert "TIFF" in finding.message


def test_more_behind_the_end_of_an_image_is_no_harm(make: Maker) -> None:
    assert inspect(make(data={"VB1.jpg": noise("JPEG") + bytes(5000)})) == []


def test_a_file_that_went_away_is_said(make: Maker) -> None:
    root = make()
    with open_delivery(root) as delivery:
        one, _ = delivery.documents()
        (root / one.files[0].name).unlink()
        (finding,) = inspect_file(one.files[0], delivery.open)
    assert finding.code == "file.unreadable"
    assert "VB1.txt" in finding.message
