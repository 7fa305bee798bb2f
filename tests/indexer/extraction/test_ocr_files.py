"""ALTO and hOCR: words with boxes, hostile files refused."""

import subprocess
from pathlib import Path

import pytest

from archive.boxes import Rect, decode, encode, rectangles
from indexer.extraction.alto import read_alto
from indexer.extraction.errors import ExtractionError
from indexer.extraction.hocr import read_hocr
from indexer.extraction.sidecar import read_sidecar
from tests.indexer.extraction.making import alto, alto_page, hocr, row
from tests.shared_data import scans

LINES = [row("Ủy ban nhân dân"), row("Quảng Ngãi", 140)]


@pytest.mark.parametrize(
    "namespace", ["", *(f"http://www.loc.gov/standards/alto/ns-v{n}#" for n in (2, 3, 4)), "urn:other"]
)
def test_alto_of_any_version(namespace: str) -> None:
    (page,) = read_alto(alto(alto_page(LINES), namespace=namespace), "a.alto.xml")
    assert page.text == "Ủy ban nhân dân\nQuảng Ngãi"
    assert (page.source, page.confidence) == ("alto", 0.5)
    assert page.boxes is not None
    assert (page.boxes.width, page.boxes.height) == (1000, 1400)
    assert page.boxes.confidence == (50,) * 6
    assert rectangles(page.boxes, 3, 4) == [Rect(280, 100, 50, 20), Rect(100, 140, 50, 20)]


def test_hocr_reads_like_alto() -> None:
    (a,) = read_alto(alto(alto_page(LINES)), "a")
    (h,) = read_hocr(hocr(LINES), "h")
    assert (a.text, a.boxes, a.confidence) == (h.text, h.boxes, h.confidence)
    assert h.source == "hocr"


def test_several_pages_in_one_file() -> None:
    pages = [[row("trang một")], [], [row("trang ba")]]
    for found in (list(read_alto(alto(*map(alto_page, pages)), "a")), list(read_hocr(hocr(*pages), "h"))):
        assert [page.text for page in found] == ["trang một", "", "trang ba"]
        assert found[1].source == "none"


@pytest.mark.parametrize(("unit", "per_inch"), [("mm10", 254), ("inch1200", 1200)])
def test_units_of_length_become_pixels(unit: str, per_inch: int) -> None:
    word = [("một", per_inch, 2 * per_inch, per_inch // 2, per_inch // 4)]
    data = alto(alto_page([word], (8 * per_inch, 11 * per_inch)), unit=unit)
    (page,) = read_alto(data, "a", dpi=200)
    assert page.boxes is not None
    assert (page.boxes.width, page.boxes.height) == (1600, 2200)
    assert rectangles(page.boxes, 0, 0)[0][:3] == (200, 400, 100)


def test_a_word_that_holds_spaces_shares_its_box_and_an_empty_one_has_none() -> None:
    (page,) = read_alto(
        alto(alto_page([[("Ủy ban", 100, 10, 60, 20), ("  ", 200, 10, 9, 20), ("x", 300, 10, 9, 20)]])), "a"
    )
    assert page.text == "Ủy ban x"
    assert page.boxes is not None
    assert [rectangles(page.boxes, n, n)[0] for n in range(3)] == [
        (100, 10, 20, 20),
        (130, 10, 30, 20),
        (300, 10, 9, 20),
    ]


def test_a_hyphenated_word_stands_whole_at_its_first_part() -> None:
    one = (
        '<TextLine><String CONTENT="Quảng" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart1" '
        'SUBS_CONTENT="QuảngNgãi"/><HYP CONTENT="-" HPOS="10" VPOS="1" WIDTH="2" HEIGHT="9"/></TextLine>'
        '<TextLine><String CONTENT="Ngãi" HPOS="1" VPOS="20" WIDTH="9" HEIGHT="9" SUBS_TYPE="HypPart2" '
        'SUBS_CONTENT="QuảngNgãi"/><String CONTENT="xưa" HPOS="20" VPOS="20" WIDTH="9" HEIGHT="9"/></TextLine>'
    )
    (page,) = read_alto(alto(alto_page([], extra=one)), "a")
    assert page.text == "QuảngNgãi\nxưa"
    bare = (
        '<TextLine><String CONTENT="thị" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"/>'
        '<HYP CONTENT="-" HPOS="10" WIDTH="2"/></TextLine>'
    )
    (page,) = read_alto(alto(alto_page([], extra=bare)), "a")
    assert page.text == "thị-"
    assert page.boxes is not None
    assert page.boxes.lines[0].words == ((1, 11),)


def test_wild_numbers_keep_every_word_on_the_page() -> None:
    words = [("một", -50, -50, 10, 10), ("hai", 10**30, 5, 10, 10)]
    bad = '<TextLine><String CONTENT="ba" HPOS="nan" VPOS="inf" WIDTH="x" HEIGHT=""/></TextLine>'
    (page,) = read_alto(alto(alto_page([words], extra=bad)), "a")
    assert page.text == "một hai\nba"
    assert page.boxes is None or page.boxes.count == 3
    (page,) = read_hocr(hocr([words]), "h")
    assert page.boxes is not None
    assert page.boxes.count == 2
    assert rectangles(page.boxes, 0, 1)[0].w <= 1000


BOMB = b'<!DOCTYPE alto [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
FILES = {"alto": (read_alto, alto(alto_page(LINES))), "hocr": (read_hocr, hocr(LINES))}


@pytest.mark.parametrize("kind", ["alto", "hocr"])
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda good: b"", "rỗng"),
        (lambda good: b" \n", "rỗng"),
        (lambda good: good[: len(good) // 2], "hỏng ở dòng"),
        (lambda good: b"PK\x03\x04 no markup", "hỏng ở dòng"),
        (lambda good: b"<x/>", "không có trang nào"),
        (lambda good: BOMB + b"]><alto><Layout><Page><z>&j;</z></Page></Layout></alto>", "ENTITY"),
        (lambda good: BOMB + b']><alto x="&j;"/>', "ENTITY|hỏng"),
        (lambda good: b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>', "ENTITY"),
        (lambda good: b"<a>" * 100_000, "hỏng"),
    ],
)
def test_broken_and_hostile_files_are_refused_with_a_reason(kind: str, spoil, message: str) -> None:
    read, good = FILES[kind]
    with pytest.raises(ExtractionError, match=message) as caught:
        list(read(spoil(good), "tệp-x"))
    assert "«tệp-x»" in str(caught.value)


@pytest.fixture(scope="module")
def ocr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real OCR files of Tesseract, unpacked."""
    folder = tmp_path_factory.mktemp("ocr")
    archive = scans() / "ocr" / "tesseract-hocr-alto-txt.tar.zst"
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder], check=True)
    return folder / "tesseract"


def test_real_pages_agree_word_by_word_in_all_three_forms(ocr: Path) -> None:
    files = sorted(ocr.glob("*.alto.xml"))
    assert len(files) > 50
    stored = 0
    for path in files:
        stem = path.name.removesuffix(".alto.xml")
        (a,) = read_alto(path.read_bytes(), stem)
        (h,) = read_hocr((ocr / f"{stem}.hocr").read_bytes(), stem)
        (t,), _ = read_sidecar((ocr / f"{stem}.txt").read_bytes(), stem)
        assert a.text.split() == h.text.split() == t.text.split()
        assert a.boxes is not None
        assert a.boxes == h.boxes
        assert a.boxes.count == a.tokens
        packed = encode(a.boxes)
        assert decode(packed) == a.boxes
        stored += len(packed)
        for first in range(0, a.tokens - 3, 17):
            for rect in rectangles(a.boxes, first, first + 3):
                assert 0 <= rect.x < rect.x + rect.w <= a.boxes.width
                assert 0 <= rect.y < rect.y + rect.h <= a.boxes.height
    assert stored / len(files) < 1_300
