"""Files that the extraction tests are made of, written here so that every byte is known."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from archive.documents import LOCK
from indexer.extraction.sources import Source, SourceKind

Word = tuple[str, int, int, int, int]
"""Content, left, top, width, height."""


def source(kind: SourceKind, data: bytes, page: int | None = None, name: str = "") -> Source:
    """A data file in memory."""
    return Source(kind, page, lambda: data, name or f"{kind}-{page or 'all'}")


def row(text: str, top: int = 100) -> list[Word]:
    """A line of words 50 wide, 10 apart."""
    return [(word, 100 + 60 * i, top, 50, 20) for i, word in enumerate(text.split())]


def alto_page(lines: Sequence[Sequence[Word]], size: tuple[int, int] = (1000, 1400), extra: str = "") -> str:
    """One ALTO Page with one text block."""
    body = "".join(
        "<TextLine>"
        + "<SP/>".join(
            f'<String CONTENT={quoteattr(c)} HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}" WC="0.5"/>'
            for c, x, y, w, h in line
        )
        + "</TextLine>"
        for line in lines
    )
    block = f"<PrintSpace><TextBlock>{body}{extra}</TextBlock></PrintSpace>"
    return f'<Page WIDTH="{size[0]}" HEIGHT="{size[1]}">{block}</Page>'


def alto(*pages: str, unit: str = "pixel", namespace: str = "http://www.loc.gov/standards/alto/ns-v4#") -> bytes:
    """An ALTO file."""
    space = f' xmlns="{namespace}"' if namespace else ""
    head = f"<Description><MeasurementUnit>{unit}</MeasurementUnit></Description>"
    return f'<?xml version="1.0" encoding="UTF-8"?><alto{space}>{head}<Layout>{"".join(pages)}</Layout></alto>'.encode()


def hocr(*pages: Sequence[Sequence[Word]]) -> bytes:
    """A hOCR file as Tesseract writes it."""
    body = ""
    for page in pages:
        body += "<div class='ocr_page' title='image \"x.png\"; bbox 0 0 1000 1400; ppageno 0'><p class='ocr_par'>"
        for line in page:
            body += "<span class='ocr_line' title='bbox 0 0 1 1'>"
            for c, x, y, w, h in line:
                body += f"<span class='ocrx_word' title='bbox {x} {y} {x + w} {y + h}; x_wconf 50'>{escape(c)}</span> "
            body += "</span>"
        body += "</p></div>"
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/x.dtd">'
    return f'{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'.encode()


def text_pdf(*pages: Sequence[tuple[str, int, int]], rotation: int = 0) -> bytes:
    """A PDF of 500 x 700 points with text at (x, y from the bottom), 20 points high, in Helvetica."""
    with LOCK:
        document = pypdfium2.PdfDocument.new()
        for texts in pages:
            page = document.new_page(500, 700)
            for text, x, y in texts:
                item = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 20.0)
                units = (text + "\0").encode("utf-16-le")
                raw.FPDFText_SetText(item, (raw.FPDF_WCHAR * (len(units) // 2)).from_buffer_copy(units))
                raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, x, y)
                raw.FPDFPage_InsertObject(page, item)
            page.set_rotation(rotation)
            page.gen_content()
            page.close()
        out = io.BytesIO()
        document.save(out)
        document.close()
    return out.getvalue()


def image(width: int = 500, height: int = 700, form: str = "PNG", frames: int = 1) -> bytes:
    """A white image; a TIFF may have several pages."""
    out = io.BytesIO()
    white = Image.new("L", (width, height), 255)
    if frames > 1:
        white.save(out, form, save_all=True, append_images=[white] * (frames - 1))
    else:
        white.save(out, form)
    return out.getvalue()


def docx(body: str, part: str = "word/document.xml") -> bytes:
    """A Word file with that body."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(part, f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def paragraph(*runs: str) -> str:
    """A Word paragraph."""
    return "<w:p>" + "".join(f"<w:r><w:t>{escape(run)}</w:t></w:r>" for run in runs) + "</w:p>"
