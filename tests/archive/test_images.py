"""Page images for readers: the right size, the right way up, and nothing a hostile file can do."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from archive.documents import LOCK
from archive.images import ImageError, derive, open_source, size
from tests.shared_data import scans


def saved(image: Image.Image, form: str, **options: object) -> Callable[[], bytes]:
    """The image in a file format, as a source to read."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue


def opened(data: bytes) -> Image.Image:
    """A WebP answer, decoded."""
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    image.load()
    return image


def marked(width: int, height: int) -> Image.Image:
    """A white page with a black upper left quarter."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("black", (0, 0, width // 2, height // 2))
    return image


def dark_corner(image: Image.Image) -> tuple[int, int]:
    """Which quarter is dark: (0 left or 1 right, 0 upper or 1 lower)."""
    grey = image.convert("L")
    quarters = {
        (i, j): int.from_bytes(bytes([grey.getpixel((grey.width * (2 * i + 1) // 4, grey.height * (2 * j + 1) // 4))]))
        for i in (0, 1)
        for j in (0, 1)
    }
    dark = [at for at, value in quarters.items() if value < 100]
    assert len(dark) == 1
    return dark[0]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(("width", "wanted"), [(300, (300, 450)), (1240, (1240, 1860))])
def test_every_format_comes_at_the_asked_width(form: str, width: int, wanted: tuple[int, int]) -> None:
    source = saved(marked(1600, 2400), form)
    assert size(source, "image", None) == (1600, 2400)
    image = opened(derive(source, "image", None, width))
    assert image.size == wanted
    assert dark_corner(image) == (0, 0)


def test_small_images_are_not_enlarged() -> None:
    assert opened(derive(saved(marked(200, 100), "PNG"), "image", 0, 1240)).size == (200, 100)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_the_rotation_a_camera_noted_is_carried_out(form: str, orientation: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = saved(marked(640, 480), form, exif=exif)
    upright = (480, 640) if orientation >= 5 else (640, 480)
    assert size(source, "image", None) == upright
    image = opened(derive(source, "image", None, 300))
    assert image.size == ((300, 400) if orientation >= 5 else (300, 225))
    assert dark_corner(image) == corner
    assert not image.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA", "I;16", "I", "F", "YCbCr"])
def test_every_pixel_format_shows_the_same_picture(mode: str) -> None:
    page = marked(400, 400)
    if mode == "I;16":
        image = Image.frombytes(
            "I;16", (400, 400), b"".join(struct.pack("<H", v * 257) for v in page.convert("L").tobytes())
        )
    else:
        image = page.convert(mode)
    assert dark_corner(opened(derive(saved(image, "TIFF"), "image", 0, 300))) == (0, 0)


def test_transparency_becomes_paper() -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert opened(derive(saved(image, "PNG"), "image", 0, 300)).convert("L").getextrema()[0] > 250


def test_the_pages_of_a_tiff() -> None:
    pages = [marked(400, 600), marked(600, 400), marked(500, 500)]
    source = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [size(source, "image", n) for n in range(3)] == [(400, 600), (600, 400), (500, 500)]
    assert opened(derive(source, "image", 1, 300)).size == (300, 200)
    with open_source(source, "image") as tiff:
        assert tiff.count() == 3
    with pytest.raises(ImageError, match="trang 4"):
        derive(source, "image", 3, 300)


def test_the_pages_of_a_pdf() -> None:
    source = saved(marked(1000, 1500), "PDF", save_all=True, append_images=[marked(1500, 1000)])
    assert size(source, "pdf", 0) == (1240, 1860)
    for index, wanted in enumerate([(1240, 1860), (1240, 827)]):
        image = opened(derive(source, "pdf", index, 1240))
        assert image.size == wanted == size(source, "pdf", index)
        assert dark_corner(image) == (0, 0)
    assert opened(derive(source, "pdf", 1, 300)).size == (300, 200)
    with pytest.raises(ImageError, match="trang 3"):
        derive(source, "pdf", 2, 300)


def test_a_very_long_page_stays_inside_what_webp_can_hold() -> None:
    with LOCK:
        document = pypdfium2.PdfDocument.new()
        document.new_page(72, 7200)
        out = io.BytesIO()
        document.save(out)
        document.close()
    image = opened(derive(out.getvalue, "pdf", 0, 1240))
    assert image.size == size(out.getvalue, "pdf", 0) == (164, 16383)
    strip = saved(Image.new("L", (1000, 20_000), 255), "PNG")
    assert opened(derive(strip, "image", 0, 1240)).size == (819, 16383)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def giant(width: int, height: int) -> bytes:
    """A PNG of a few bytes that declares any size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


BIG_TIFF = saved(Image.new("1", (300, 200)), "TIFF")().replace(
    struct.pack("<HHII", 256, 4, 1, 300), struct.pack("<HHII", 256, 4, 1, 2_000_000)
)
JPEG = saved(marked(800, 800), "JPEG")()
PDF = saved(marked(800, 800), "PDF")()


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"", "image", "rỗng"),
        (b"", "pdf", "rỗng"),
        (giant(60_000, 60_000), "image", "quá lớn"),
        (giant(20_000, 15_000), "image", "quá lớn"),
        (giant(2**31 - 1, 2**31 - 1), "image", "quá lớn"),
        (giant(60_000, 60_000)[:33], "image", "60000 x 60000"),
        (BIG_TIFF, "image", "quá lớn"),
        (giant(0, 10), "image", "không có điểm ảnh"),
        (b"GIF89a nothing", "image", "hỏng"),
        (b"hello", "image", "hỏng"),
        (b"hello", "pdf", "không phải tệp PDF"),
        (PDF[: len(PDF) // 2], "pdf", "cắt cụt"),
        (b"%PDF-1.7\n%%EOF", "pdf", "hỏng"),
        (saved(marked(10, 10), "GIF")(), "image", "hỏng"),
    ],
)
@pytest.mark.parametrize("ask", [lambda s, k: size(s, k, 0), lambda s, k: derive(s, k, 0, 300)])
def test_bad_sources_end_as_one_clear_error(
    data: bytes, kind: str, message: str, ask: Callable[[Callable[[], bytes], str], object]
) -> None:
    with pytest.raises(ImageError, match=message):
        ask(lambda: data, kind)


def test_a_truncated_image_is_an_error_and_no_grey_page() -> None:
    with pytest.raises(ImageError, match="hỏng"):
        derive(lambda: JPEG[: len(JPEG) // 2], "image", 0, 1240)


def test_only_the_listed_widths_are_served() -> None:
    for kind, data in (("image", JPEG), ("pdf", PDF)):
        with pytest.raises(ImageError, match="300, 720, 1240, 2480"):
            derive(lambda data=data: data, kind, 0, 5000)


def test_what_the_storage_raises_comes_through() -> None:
    def gone() -> bytes:
        raise FileNotFoundError("kho")

    with pytest.raises(FileNotFoundError):
        derive(gone, "image", 0, 300)


def test_real_scans() -> None:
    files = sorted(Path(scans(), "images").glob("*.jpg"))
    assert files
    for path in files:
        width, height = size(path.read_bytes, "image", None)
        page = opened(derive(path.read_bytes, "image", None, 1240))
        assert page.width == min(1240, width)
        assert abs(page.height - height * page.width / width) <= 1
