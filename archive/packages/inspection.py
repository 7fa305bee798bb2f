"""Cheap checks of a data file before anyone works on it: is it whole, is it what its name says, is it too large.

A PDF's pages are counted, an image's size is read from its header; only an image that looks cut is decoded.
"""

import re
import threading
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

import pypdfium2
from PIL import Image, UnidentifiedImageError

from archive.documents import LOCK
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.hostile import pdf_acts
from archive.packages.rows import DataFile
from archive.packages.sources import DeliveryError
from archive.packages.zips import UNREADABLE

MOST_PIXELS = 250_000_000
TAIL = 2048
_PILLOW = threading.Lock()  # for the warning filter, which is the whole process's
MOST_TRIED = 40_000_000  # pixels that are decoded to know whether an image is whole
#: Findings that leave a file as usable as it was.
LIGHT = frozenset({"image.named", "pdf.active"})
_NAMED = {
    "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "tif": "TIFF", "tiff": "TIFF", "webp": "WEBP",
}  # fmt: skip
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")
_PIXELS = re.compile(r"(\d+) pixels")
_WORD = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"{\\rtf")
_KEPT = "giữ nguyên tệp đã giao"


def inspect_file(file: DataFile, open_file: Callable[[DataFile], BinaryIO]) -> list[Finding]:
    """The findings about one data file (none: nothing is wrong); `open_file` is `Delivery.open`. Never raises."""
    if not file.size:
        return [_say(file, "file.empty", "tệp trống (0 byte)", f"{_KEPT}, không có nội dung")]
    try:
        with open_file(file) as stream:
            if file.kind == "pdf":
                return _inspect_pdf(file, stream)
            if file.kind == "image":
                return _inspect_image(file, stream)
            if file.kind == "word" and not (head := stream.read(512)).startswith(_WORD):
                if b"<html" in head.lower():
                    return [_say(file, "word.html", "là trang HTML mang đuôi tệp Word", _KEPT)]
                return [_say(file, "word.broken", "không phải tệp Word", _KEPT)]
    except (DeliveryError, *UNREADABLE) as error:
        return [unreadable(file, error)]
    return []


def unreadable(file: DataFile, error: Exception) -> Finding:
    """The finding about a file whose bytes cannot be had."""
    why = str(error) if isinstance(error, DeliveryError) else "bị hỏng"
    return _say(file, "file.unreadable", f"không đọc được ({why})", "không lấy tệp này")


def _inspect_pdf(file: DataFile, stream: BinaryIO) -> list[Finding]:
    head = stream.read(1024)
    if b"%PDF-" not in head:
        return [_say(file, "pdf.broken", "không phải tệp PDF (thiếu phần đầu %PDF)", f"{_KEPT}, không có trang")]
    stream.seek(max(0, file.size - TAIL))
    whole = b"%%EOF" in stream.read(TAIL)
    stream.seek(0)
    problem = _open_pdf(stream)
    if problem:
        cut = "" if whole else " (thiếu phần cuối, có thể bị cắt cụt)"
        return [_say(file, "pdf.broken", problem + cut, f"{_KEPT}, không có trang")]
    if not whole:
        wrong = "thiếu dấu kết thúc %%EOF, có thể bị cắt cụt, nhưng vẫn mở được"
        return [_say(file, "pdf.broken", wrong, f"{_KEPT}, lấy các trang đọc được")]
    stream.seek(0)
    if acts := pdf_acts(stream):
        wrong = f"chứa thành phần tự chạy hoặc tệp đính kèm ({', '.join(acts)})"
        return [
            _say(file, "pdf.active", wrong, f"{_KEPT}; người đọc chỉ nhận các trang dựng lại từ tệp, không có chúng")
        ]
    return []


def _open_pdf(stream: BinaryIO) -> str:
    """Why PDFium cannot open it, '' when it can."""
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(stream)
        except pypdfium2.PdfiumError as error:
            return "có mật khẩu, không mở được" if "assword" in str(error) else "không mở được bằng bộ đọc PDF"
        try:
            return "" if len(document) else "không có trang nào"
        finally:
            document.close()


def _inspect_image(file: DataFile, stream: BinaryIO) -> list[Finding]:
    try:
        with _PILLOW, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=_FORMATS) as image:
                pixels = image.size[0] * image.size[1]
                form = str(image.format)
                cut = _is_cut(image, form, stream, file.size) and not _is_whole(image, pixels)
    except Image.DecompressionBombError as error:
        # Pillow's own limit, which is the whole process's and may be lower than ours: it tells the size, too.
        found = _PIXELS.search(str(error))
        pixels, form, cut = int(found[1]) if found else MOST_PIXELS + 1, "", False
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError, OSError):
        return [_say(file, "image.broken", "không phải ảnh đọc được", f"{_KEPT}, không dựng ảnh")]
    if cut:
        return [_say(file, "image.cut", "ảnh bị cắt cụt, thiếu phần cuối", f"{_KEPT}, không dựng ảnh")]
    if pixels <= MOST_PIXELS:
        wanted = _NAMED.get(file.name.rpartition(".")[2].lower())
        if wanted in (None, form):
            return []
        told = _say(
            file, "image.named", f"mang đuôi .{file.name.rpartition('.')[2]} nhưng là ảnh {form}", "theo nội dung tệp"
        )
        return [replace(told, outcome=Outcome.ACCEPTED)]
    wrong = f"ảnh khai {pixels // 1_000_000} triệu điểm ảnh, giới hạn là {MOST_PIXELS // 1_000_000} triệu"
    return [_say(file, "image.too-large", wrong, f"{_KEPT}, không dựng ảnh")]


def _is_cut(image: Image.Image, form: str, stream: BinaryIO, size: int) -> bool:
    """Whether the end that every whole image of that form has is missing (of WebP nothing opens then).
    Moves the stream."""
    stream.seek(max(0, size - (64 << 10)))
    tail = stream.read(64 << 10)
    if form in ("JPEG", "PNG"):
        # Cameras and phones write more behind the end: it is looked for, not asked to be last
        return (b"\xff\xd9" if form == "JPEG" else b"IEND") not in tail
    tags = getattr(image, "tag_v2", {})
    for places, lengths in ((273, 279), (324, 325)):  # strips, tiles
        pairs = zip(_several(tags.get(places)), _several(tags.get(lengths)), strict=False)
        if any(place + length > size for place, length in pairs):
            return True
    return False


def _several(value: object) -> tuple[int, ...]:
    return tuple(one for one in value if isinstance(one, int)) if isinstance(value, tuple) else ()


def _is_whole(image: Image.Image, pixels: int) -> bool:
    """Whether an image that looks cut can be decoded all the same; a large one is not tried."""
    if pixels > MOST_TRIED:
        return False
    try:
        image.draft("L", (64, 64))
        image.load()
    except Exception:  # decoders fail in many ways
        return False
    return True


def _say(file: DataFile, code: str, wrong: str, action: str) -> Finding:
    return Finding("data", None, None, code, f"Tệp {quote(file.name)}: {wrong}", action, Outcome.WARNED)
