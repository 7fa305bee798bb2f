"""Cheap checks of a data file before anyone works on it: is it whole, is it what its name says, is it too large.

Nothing is decoded: a PDF's pages are counted, an image's size is read from its header.
"""

import re
import threading
import warnings
from collections.abc import Callable
from typing import BinaryIO

import pypdfium2
from PIL import Image, UnidentifiedImageError

from archive.documents import LOCK
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.rows import DataFile
from archive.packages.sources import DeliveryError
from archive.packages.zips import UNREADABLE

MOST_PIXELS = 250_000_000
TAIL = 2048
_PILLOW = threading.Lock()  # for the warning filter, which is the whole process's
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
    except DeliveryError as error:
        return [_say(file, "file.unreadable", f"không đọc được ({error})", "không lấy tệp này")]
    except UNREADABLE:
        return [_say(file, "file.unreadable", "không đọc được (bị hỏng)", "không lấy tệp này")]
    return []


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
    except Image.DecompressionBombError as error:
        # Pillow's own limit, which is the whole process's and may be lower than ours: it tells the size, too.
        found = _PIXELS.search(str(error))
        pixels = int(found[1]) if found else MOST_PIXELS + 1
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError, OSError):
        return [_say(file, "image.broken", "không phải ảnh đọc được", f"{_KEPT}, không dựng ảnh")]
    if pixels <= MOST_PIXELS:
        return []
    wrong = f"ảnh khai {pixels // 1_000_000} triệu điểm ảnh, giới hạn là {MOST_PIXELS // 1_000_000} triệu"
    return [_say(file, "image.too-large", wrong, f"{_KEPT}, không dựng ảnh")]


def _say(file: DataFile, code: str, wrong: str, action: str) -> Finding:
    return Finding("data", None, None, code, f"Tệp {quote(file.name)}: {wrong}", action, Outcome.WARNED)
