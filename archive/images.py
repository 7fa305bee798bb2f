"""Page images for readers: small WebP copies of a scan or of a PDF page, and the size of a page.

Sources are JPEG, PNG, TIFF (several pages), WebP and PDF. They are never trusted: pixels are counted from the
header before anything is decoded, and whatever goes wrong ends as an ImageError in Vietnamese.
"""

import io
import math
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

import pypdfium2
from PIL import Image

from archive.documents import LOCK, PAGE_WIDTH, TALLEST, PdfError, open_pdf, pixels

Kind = Literal["image", "pdf"]

THUMBNAIL_WIDTH = 300
PHONE_WIDTH = 720
"""Twice a telephone of 360 px, without its margins."""

DEEP_WIDTH = 2480
"""A4 at 300 dpi: what zooming in and regions of a page are cut from."""

WIDTHS = frozenset((THUMBNAIL_WIDTH, PHONE_WIDTH, PAGE_WIDTH, DEEP_WIDTH))
"""The only widths that are made: a thumbnail, a page on a telephone, a page, a page to zoom into."""

QUALITY = 60
# Half the time of Pillow's default 4 on scans, for 3 % more bytes.
_EFFORT = 2
PIXEL_LIMIT = 250_000_000
"""Most pixels that a source image may declare (A0 at 400 dpi has 245 million)."""

RENDER_LIMIT = 40_000_000
"""Most pixels of one rendered PDF page."""

LEGIBLE_DPI = 300
"""Dots per inch at which pages are given to be recognised, unless the scan has fewer."""

COARSE_DPI = 120
"""Dots per inch below which a picture is doubled: letters of less than 20 pixels are read badly."""

LEGIBLE_PIXELS = 36_000_000
"""Most pixels of such a page (A2 at 300 dpi has 35 million)."""

FRAME_LIMIT = 5_000
"""Most pages of one TIFF."""

_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")
_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow's own guard comes first, with our limit, and as an error instead of a line in a log.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
warnings.simplefilter("error", Image.DecompressionBombWarning)


class ImageError(ValueError):
    """A page image that cannot be had; the message is Vietnamese and says why."""


class PageSource(Protocol):
    """An opened image file or PDF; page indices count from 0."""

    def count(self) -> int:
        """Number of pages."""

    def size(self, page_index: int) -> tuple[int, int]:
        """Width and height in pixels, upright."""

    def derive(self, page_index: int, width: int) -> bytes:
        """WebP of one page at a width of WIDTHS, or smaller where the source is smaller."""

    def grey(self, page_index: int) -> tuple[Image.Image, int]:
        """One page upright in grey (mode L) for a machine to read, and its dots per inch."""


def derive(read_source: Callable[[], bytes], kind: Kind, page_index: int | None, width: int) -> bytes:
    """WebP (quality 60) of one page, `width` pixels across; never enlarged, at most 16,383 pixels down.

    `width` is one of WIDTHS; `page_index` counts from 0 inside a PDF or TIFF and may be None for a single
    image. EXIF rotation is carried out, transparency becomes white. Raises ImageError.
    """
    with open_source(read_source, kind) as source:
        return source.derive(page_index or 0, width)


def size(read_source: Callable[[], bytes], kind: Kind, page_index: int | None) -> tuple[int, int]:
    """Width and height of one page in pixels after EXIF rotation; of a PDF page, at PAGE_WIDTH across.

    Raises ImageError.
    """
    with open_source(read_source, kind) as source:
        return source.size(page_index or 0)


def derived_size(kind: str, width: int, height: int, wanted: int) -> tuple[int, int]:
    """Width and height of the derivative `wanted` pixels across of a page of that size (see `size`), undrawn."""
    if kind == "pdf":
        return pixels(width, height, wanted)
    scale = min(1.0, wanted / width, TALLEST / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)


@contextmanager
def open_source(read_source: Callable[[], bytes], kind: Kind) -> Iterator[PageSource]:
    """Opens a source once for many pages; what `read_source` raises comes through unchanged.

    Raises ImageError for bytes that are no image or PDF.
    """
    data = read_source()
    if not data:
        raise ImageError("tệp rỗng (0 byte)")
    if kind == "pdf":
        try:
            with open_pdf(data) as document:
                yield _Pdf(document)
        except PdfError as error:
            raise ImageError(str(error)) from error
        return
    if data.startswith(_PNG) and len(data) >= 24:
        # Said from the header alone: Pillow calls a PNG that ends after it merely broken.
        _check_pixels(*struct.unpack(">II", data[16:24]))
    with _picture_errors():
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    with image:
        yield _Picture(image, data)


@contextmanager
def _picture_errors() -> Iterator[None]:
    """Whatever a decoder throws at hostile bytes (it is a long list, warnings included) is one ImageError."""
    try:
        yield
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(f"ảnh khai báo quá lớn: hơn {PIXEL_LIMIT // 1_000_000} triệu điểm ảnh") from error
    except MemoryError as error:
        raise ImageError("không đủ bộ nhớ để mở ảnh") from error
    except Exception as error:
        raise ImageError("ảnh hỏng hoặc không phải JPEG, PNG, TIFF, WebP") from error


def _check_pixels(width: int, height: int) -> None:
    if width * height > PIXEL_LIMIT:
        raise ImageError(f"ảnh khai báo quá lớn: {width} x {height}, hơn {PIXEL_LIMIT // 1_000_000} triệu điểm ảnh")
    if not width or not height:
        raise ImageError("ảnh không có điểm ảnh nào")


def _check_width(width: int) -> None:
    if width not in WIDTHS:
        raise ImageError(f"bề rộng {width} không được phép; chỉ có {', '.join(map(str, sorted(WIDTHS)))}")


def _save(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # No EXIF and no profile: a scan's metadata may name people and places.
    image.save(out, "WEBP", quality=QUALITY, method=_EFFORT, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


class _Picture:
    """An image file. Single pictures may be drafted (decoded small), so each derivation opens its own."""

    def __init__(self, image: Image.Image, data: bytes) -> None:
        self._image, self._data = image, data

    def count(self) -> int:
        if self._image.format != "TIFF":
            return 1
        frames = 0
        with _picture_errors():
            while frames < FRAME_LIMIT:
                try:
                    self._image.seek(frames)
                except EOFError:
                    return frames
                frames += 1
        raise ImageError(f"tệp TIFF có quá {FRAME_LIMIT} trang")

    def size(self, page_index: int) -> tuple[int, int]:
        with _picture_errors():
            self._seek(self._image, page_index)
            width, height = self._image.size
            return (height, width) if _turn(self._image) >= 5 else (width, height)

    def derive(self, page_index: int, width: int) -> bytes:
        _check_width(width)
        with _picture_errors(), Image.open(io.BytesIO(self._data), formats=_FORMATS) as image:
            self._seek(image, page_index)
            turn = _turn(image)
            across, down = image.size[::-1] if turn >= 5 else image.size
            wanted = derived_size("image", across, down, width)
            if turn >= 5:
                wanted = wanted[::-1]
            image.draft(None, wanted)
            image.load()
            small = _plain(image)
            if small.size != wanted:
                small = small.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
            return _save(small.transpose(_TURNS[turn]) if turn in _TURNS else small)

    def grey(self, page_index: int) -> tuple[Image.Image, int]:
        with _picture_errors(), Image.open(io.BytesIO(self._data), formats=_FORMATS) as image:
            self._seek(image, page_index)
            turn, dpi = _turn(image), _told_dpi(image)
            most = 2.0 if dpi < COARSE_DPI else 1.0
            scale = min(most, LEGIBLE_DPI / dpi, math.sqrt(LEGIBLE_PIXELS / image.width / image.height))
            wanted = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
            image.draft("L" if image.mode in {"RGB", "YCbCr"} else None, wanted)
            image.load()
            page = _plain(image).convert("L")
            if page.size != wanted:
                page = page.resize(wanted, Image.Resampling.LANCZOS if scale > 1 else Image.Resampling.BOX)
            return (page.transpose(_TURNS[turn]) if turn in _TURNS else page), max(round(dpi * scale), 1)

    @staticmethod
    def _seek(image: Image.Image, page_index: int) -> None:
        if page_index or image.format == "TIFF":
            try:
                image.seek(page_index)
            except EOFError as error:
                raise ImageError(f"ảnh không có trang {page_index + 1}") from error
        _check_pixels(*image.size)


def _turn(image: Image.Image) -> int:
    """The EXIF orientation still to be carried out (1 to 8); Pillow turns TIFF files upright itself."""
    if image.format == "TIFF":
        return 1
    turn = image.getexif().get(_ORIENTATION, 1)
    return turn if turn in _TURNS else 1


def _told_dpi(image: Image.Image) -> int:
    """Dots per inch as the file says, or as an A4 page as wide or as high as the picture would have."""
    told = image.info.get("dpi")
    if isinstance(told, tuple) and 72 < float(told[0]) < 2400:
        return round(float(told[0]))
    short, long = sorted(image.size)
    return max(round(min(short / 8.27, long / 11.69)), 70)


def _plain(image: Image.Image) -> Image.Image:
    """Grey or colour of 8 bits on white."""
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        wide = image.convert("F" if image.mode == "F" else "I")
        # Scans of more than 8 bits use 16; a narrower range would come out black.
        _, highest = wide.getextrema()
        top = float(highest) if isinstance(highest, int | float) else 0.0
        return wide.point(lambda value: value * (1 / 256 if top > 255 else 1)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        return paper.convert("RGB")
    return image.convert("RGB")


class _Pdf:
    """A PDF; every use of PDFium is under the lock, encoding is outside it."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document

    def count(self) -> int:
        with LOCK:
            return len(self._document)

    def size(self, page_index: int) -> tuple[int, int]:
        with LOCK, self._page(page_index) as page:
            across, down = page.get_size()
            return pixels(across, down)

    def derive(self, page_index: int, width: int) -> bytes:
        _check_width(width)
        with LOCK, self._page(page_index) as page:
            across, down = page.get_size()
            wanted = pixels(across, down, width)
            _check_pictures(page)
            scale = min(wanted[0] / across, wanted[1] / down, math.sqrt(RENDER_LIMIT / across / down))
            bitmap = page.render(scale=scale, may_draw_forms=False)
            try:
                image = bitmap.to_pil().convert("RGB")
            finally:
                bitmap.close()
        # PDFium rounds a page up to whole pixels; boxes and `size` count in exactly the wanted ones.
        return _save(image if image.size == wanted else image.resize(wanted, Image.Resampling.BILINEAR))

    def grey(self, page_index: int) -> tuple[Image.Image, int]:
        with LOCK, self._page(page_index) as page:
            across, down = page.get_size()
            _check_pictures(page)
            dpi = _own_dpi(page, across)
            scale = min(dpi / 72, math.sqrt(LEGIBLE_PIXELS / max(across * down, 1.0)))
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            try:
                return bitmap.to_pil().convert("L"), max(round(scale * 72), 1)
            finally:
                bitmap.close()

    @contextmanager
    def _page(self, page_index: int) -> Iterator[pypdfium2.PdfPage]:
        try:
            page = self._document[page_index]
        except (IndexError, pypdfium2.PdfiumError) as error:
            raise ImageError(f"không mở được trang {page_index + 1} của tệp PDF") from error
        try:
            yield page
        except pypdfium2.PdfiumError as error:
            raise ImageError(f"không vẽ được trang {page_index + 1} của tệp PDF") from error
        except PdfError as error:
            raise ImageError(str(error)) from error
        finally:
            page.close()


def _own_dpi(page: pypdfium2.PdfPage, across: float) -> float:
    """Dots per inch of the scan that a page is, at most LEGIBLE_DPI; LEGIBLE_DPI for what is no scan.

    Drawing a scan finer than it is costs time and helps no machine.
    """
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, _, right, _ = picture.get_bounds()
        if right - left > 0.7 * across and (own := picture.get_px_size()[0] * 72 / (right - left)) > 100:
            return min(float(own), float(LEGIBLE_DPI))
    return float(LEGIBLE_DPI)


def _check_pictures(page: pypdfium2.PdfPage) -> None:
    """Refuses a page whose pictures would unfold to more pixels than an image file may have."""
    total = 0
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        across, down = picture.get_px_size()
        total += across * down
    if total > PIXEL_LIMIT:
        raise ImageError(f"trang PDF chứa ảnh quá lớn: {total // 1_000_000} triệu điểm ảnh")
