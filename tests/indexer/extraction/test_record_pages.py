"""A record's files become its pages: what is shown, which text wins, and what is told."""

import io
import struct
import tracemalloc
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.boxes import UNTOLD
from indexer.extraction.pages import ExtractedPage, ImageRef, Source, Trouble, build_pages, stream_pages
from tests.indexer.extraction.making import alto, alto_page, docx, hocr, image, paragraph, row, source, text_pdf
from tests.indexer.extraction.office_files import compound
from tests.shared_data import scans

GIANT = (
    b"\x89PNG\r\n\x1a\n"
    + (head := struct.pack(">I4sIIBBBBB", 13, b"IHDR", 60_000, 60_000, 8, 0, 0, 0, 0))
    + struct.pack(">I", zlib.crc32(head[4:]))
)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def texts(pages: Iterable[ExtractedPage]) -> list[tuple[int, str, str]]:
    """Number, text and source of each page."""
    return [(page.n, page.text.text, page.text.source) for page in pages]


def codes(troubles: list[Trouble]) -> list[str]:
    """Codes of the troubles, each of which names its file."""
    assert all(t.message and t.name for t in troubles)
    return [t.code for t in troubles]


def images(count: int) -> list[Source]:
    """Page images numbered from 1."""
    return [source("image", image(), n) for n in range(1, count + 1)]


def test_images_with_a_sidecar_that_agrees() -> None:
    pages, troubles = build_pages([*images(2), source("text", "một\fhai\f".encode())])
    assert texts(pages) == [(1, "một", "sidecar"), (2, "hai", "sidecar")]
    assert [page.image for page in pages] == [ImageRef(0, None), ImageRef(1, None)]
    assert [(page.width, page.height) for page in pages] == [(500, 700)] * 2
    assert not troubles


def test_pages_come_in_the_order_of_their_numbers() -> None:
    given_order = [source("image", image(100 * n, 100), n) for n in (3, 1, 2)]
    pages, troubles = build_pages(given_order)
    assert [(page.n, page.width, page.image) for page in pages] == [
        (1, 100, ImageRef(1, None)),
        (2, 200, ImageRef(2, None)),
        (3, 300, ImageRef(0, None)),
    ]
    assert not troubles


def test_text_alone_is_pages_without_images() -> None:
    pages, troubles = build_pages([source("text", "một\fhai".encode("utf-16"))])
    assert texts(pages) == [(1, "một", "sidecar"), (2, "hai", "sidecar")]
    assert all(page.image is None and page.width == 0 for page in pages)
    assert codes(troubles) == ["text.encoding"]


def test_as_many_words_give_the_sidecars_words_the_ocrs_boxes() -> None:
    (page,), troubles = build_pages(
        [*images(1), source("alto", alto(alto_page([row("Uy ban xa")])), 1), source("text", "Ủy ban\nxã".encode())]
    )
    assert (page.text.text, page.text.source, page.text.confidence) == ("Ủy ban\nxã", "sidecar", 0.5)
    assert page.text.boxes is not None
    assert page.text.boxes.count == 3
    # The OCR saw 1000 x 1400, the image has 500 x 700.
    assert (page.text.boxes.width, page.text.boxes.height) == (500, 700)
    assert page.text.boxes.lines[0].words[0] == (50, 25)
    assert not troubles


def test_how_sure_the_ocr_was_is_told_of_the_words_that_it_read_so() -> None:
    sources = [source("alto", alto(alto_page([row("Ủy ban xa")])), 1), source("text", "Ủy ban xã".encode())]
    (page,), _ = build_pages([*images(1), *sources])
    assert page.text.boxes is not None
    assert page.text.boxes.confidence == (50, 50, UNTOLD)


@pytest.mark.parametrize(
    ("typed", "read", "wins"),
    [
        ("một hai ba bốn", "một hai ba", "alto"),
        ("một hai ba bốn năm sáu bảy tám", "một hai", "sidecar"),
        ("", "một", "alto"),
        ("một", "", "sidecar"),
    ],
)
@pytest.mark.parametrize("kind", ["alto", "hocr"])
def test_ocr_wins_for_its_boxes_unless_it_is_much_shorter(kind: str, typed: str, read: str, wins: str) -> None:
    data = alto(alto_page([row(read)])) if kind == "alto" else hocr([row(read)])
    (page,), _ = build_pages([*images(1), source(kind, data), source("text", typed.encode())])
    assert page.text.source == (kind if wins == "alto" else "sidecar")
    assert page.text.text == (read if wins == "alto" else typed)
    assert (page.text.boxes is not None) == (wins == "alto")


def test_a_pdf_gives_images_and_text() -> None:
    pages, troubles = build_pages([source("pdf", text_pdf([("mot hai", 50, 600)], [], [("ba", 50, 600)]))])
    assert texts(pages) == [(1, "mot hai", "pdf"), (2, "", "none"), (3, "ba", "pdf")]
    assert [page.image for page in pages] == [ImageRef(0, n) for n in range(3)]
    assert {(page.width, page.height) for page in pages} == {(1240, 1736)}
    assert not troubles


def test_an_agreeing_sidecar_beats_a_pdf_layer_and_takes_its_boxes_where_they_fit() -> None:
    pdf = text_pdf([("mot hai", 50, 600)], [("ba bon nam", 50, 600)])
    pages, _ = build_pages([source("pdf", pdf), source("text", "một hai\fba bốn".encode())])
    assert texts(pages) == [(1, "một hai", "sidecar"), (2, "ba bốn", "sidecar")]
    assert [page.text.boxes is not None for page in pages] == [True, False]


def test_a_disagreeing_sidecar_gives_way_to_good_page_text() -> None:
    pdf = text_pdf([("mot hai", 50, 600)], [("ba bon", 50, 600)])
    pages, troubles = build_pages([source("pdf", pdf), source("text", "một hai ba bốn".encode())])
    assert texts(pages) == [(1, "mot hai", "pdf"), (2, "ba bon", "pdf")]
    assert codes(troubles) == ["text.pages"]


def test_a_disagreeing_sidecar_stays_where_nothing_better_is_there() -> None:
    pages, troubles = build_pages([*images(1), source("text", "một\fhai".encode())])
    assert texts(pages) == [(1, "một", "sidecar"), (2, "hai", "sidecar")]
    assert pages[1].image is None
    assert codes(troubles) == ["text.pages"]
    pages, troubles = build_pages([*images(3), source("text", "một\fhai".encode())])
    assert texts(pages) == [(1, "một", "sidecar"), (2, "hai", "sidecar"), (3, "", "none")]
    assert codes(troubles) == ["text.pages"]


def test_images_and_a_pdf_of_the_same_pages() -> None:
    pdf = text_pdf([("mot", 50, 600)], [("hai", 50, 600)])
    pages, troubles = build_pages([source("pdf", pdf), *images(2)])
    assert texts(pages) == [(1, "mot", "pdf"), (2, "hai", "pdf")]
    assert [page.image for page in pages] == [ImageRef(1, None), ImageRef(2, None)]
    assert not troubles
    broken = [source("image", image(), 1), source("image", GIANT, 2)]
    pages, troubles = build_pages([source("pdf", pdf), *broken])
    assert [page.image for page in pages] == [ImageRef(1, None), ImageRef(0, 1)]
    assert codes(troubles) == ["image.bad"]
    pages, troubles = build_pages([source("pdf", pdf), *images(1)])
    assert len(pages) == 3
    assert codes(troubles) == ["pages.mixed"]


def test_a_tiff_of_several_pages_with_an_alto_of_several_pages() -> None:
    ocr = alto(*(alto_page([row(text)]) for text in ("một", "hai", "ba", "bốn")))
    pages, troubles = build_pages([source("image", image(form="TIFF", frames=3)), source("alto", ocr)])
    assert texts(pages) == [(n, text, "alto") for n, text in enumerate(("một", "hai", "ba", "bốn"), 1)]
    assert [page.image for page in pages] == [ImageRef(0, 0), ImageRef(0, 1), ImageRef(0, 2), None]
    assert (pages[3].width, pages[3].height) == (1000, 1400)
    assert codes(troubles) == ["text.pages"]


def test_a_broken_image_keeps_its_number() -> None:
    bad = [source("image", GIANT, 2, "a-0002.png"), source("image", b"", 4), source("image", b"x", 5)]
    pages, troubles = build_pages(
        [source("image", image(), 1), *bad, source("image", image(), 6), source("text", b"x", 2)]
    )
    assert [(page.n, page.image is None) for page in pages] == [(1, False), (2, True), (4, True), (5, True), (6, False)]
    assert pages[1].text.text == "x"
    assert codes(troubles) == ["image.bad"] * 3
    assert "«a-0002.png»" in troubles[0].message
    assert "quá lớn" in troubles[0].message


def test_two_images_of_one_number_are_both_kept() -> None:
    pages, troubles = build_pages([source("image", image(), 1), source("image", image(), 1, "again")])
    assert [page.n for page in pages] == [1, 2]
    assert codes(troubles) == ["page.duplicate"]


def test_broken_files_are_told_and_the_rest_goes_on() -> None:
    ocr = alto(alto_page([row("một")]), alto_page([row("hai")]))
    pages, troubles = build_pages(
        [*images(2), source("alto", ocr[:-90]), source("pdf", b"%PDF"), source("hocr", b""), source("other", b"?")]
    )
    assert [page.n for page in pages] == [1, 2]
    assert pages[0].text.text == "một"
    assert sorted(codes(troubles)) == ["file.other", "pdf.bad", "text.bad", "text.bad"]


def test_word_files_are_read_only_when_nothing_else_has_text() -> None:
    word = source("word", docx(paragraph("Quyết định")))
    assert texts(build_pages([word])[0]) == [(1, "Quyết định", "word")]
    assert texts(build_pages([*images(1), word])[0]) == [(1, "Quyết định", "word")]
    assert texts(build_pages([word, source("text", b"typed")])[0]) == [(1, "typed", "sidecar")]
    assert texts(build_pages([word, source("pdf", text_pdf([("layer", 50, 600)]))])[0]) == [(1, "layer", "pdf")]


def test_an_old_word_file_without_text_says_who_can_read_it() -> None:
    old = compound({"PowerPoint Document": b"x"})
    pages, troubles = build_pages([source("word", old, name="a.doc")])
    assert not pages
    assert codes(troubles) == ["word.unread"]
    assert "Tika" in troubles[0].message
    assert "«a.doc»" in troubles[0].message
    assert not build_pages([source("word", old), source("text", b"x")])[1]
    for damaged in (b"", OLD_WORD):
        assert codes(build_pages([source("word", damaged)])[1]) == ["word.bad"]


def test_what_the_storage_raises_comes_through() -> None:
    def gone() -> bytes:
        raise FileNotFoundError("kho")

    with pytest.raises(FileNotFoundError):
        build_pages([Source("image", 1, gone, "a.png")])


SAMPLES = {
    "image": [image(60, 80), image(60, 80, "TIFF", 2), GIANT, b"", b"\xff\xd8\xff"],
    "pdf": [text_pdf([("mot hai", 50, 600)], []), b"", b"%PDF-1.4 %%EOF"],
    "text": ["một\fhai".encode(), b"", b"\f\f", "ba".encode("utf-16")],
    "alto": [alto(alto_page([row("một hai ba")]), alto_page([])), b"<", alto()],
    "hocr": [hocr([row("một")], [row("hai")]), b"", b"<html/>"],
    "word": [docx(paragraph("một")), OLD_WORD, b""],
    "other": [b""],
}
any_source = st.sampled_from([(kind, data) for kind, files in SAMPLES.items() for data in files]).flatmap(
    lambda pair: st.sampled_from([None, 1, 2, 7]).map(lambda page: source(pair[0], pair[1], page))
)


@settings(max_examples=150, deadline=None)
@given(st.lists(any_source, max_size=5))
def test_any_mixture_gives_pages_in_order_with_a_box_for_every_word(sources: list[Source]) -> None:
    pages, _ = build_pages(sources)
    numbers = [page.n for page in pages]
    assert numbers == sorted(set(numbers))
    assert all(n >= 1 for n in numbers)
    for page in pages:
        if page.image is not None:
            assert sources[page.image.source].kind in {"image", "pdf"}
            assert page.width > 0 < page.height
        if page.text.boxes is not None:
            assert page.text.boxes.count == page.text.tokens
            assert (page.text.boxes.width, page.text.boxes.height) == (page.width, page.height)


def test_a_scan_of_five_hundred_pages_stays_flat_in_memory() -> None:
    out = io.BytesIO()
    sheet = Image.new("1", (850, 1100), 1)
    sheet.save(out, "PDF", save_all=True, append_images=[sheet] * 499)
    words = alto(*[alto_page([row("một hai ba bốn năm sáu", 20 * n) for n in range(1, 16)])] * 500)
    troubles: list[Trouble] = []
    given_sources = [source("pdf", out.getvalue()), source("alto", words)]
    tracemalloc.start()
    try:
        count = sum(1 for page in stream_pages(given_sources, troubles) if page.text.source == "alto")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 500
    assert not troubles
    assert peak < 2 * 2**20


def test_a_real_scan_with_real_text() -> None:
    files = scans() / "pdf"
    name = "nghi-dinh-75-2021.scan.pdf"
    pages, troubles = build_pages([Source("pdf", None, (files / name).read_bytes, name)])
    assert len(pages) == 24
    assert not troubles
    assert all(page.image == ImageRef(0, n) and not page.text.text for n, page in enumerate(pages))
