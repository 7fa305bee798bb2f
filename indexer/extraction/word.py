"""Word files (.docx) read directly: paragraphs and tables of the main document, nothing executed or fetched."""

import io
import zipfile

from archive.packages.zips import UNREADABLE
from indexer.extraction.errors import ExtractionError, Trouble
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.markup import walk
from indexer.extraction.text import PageText, canonise

LIMIT = 64 * 1024 * 1024
"""Most bytes that the main document may unfold to."""

ENTRIES = 10_000
"""Most parts in the file."""

_MAIN = "word/document.xml"
RTF = b"{\\rtf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_other_office(data: bytes) -> bool:
    """Whether this is an office file, but no .docx that :func:`read_docx` could read.

    A compound file (.doc, .xls, .ppt, or a .docx locked with a password), RTF, a web page that Word saved as .doc,
    OpenDocument, or an Office Open XML table or show.
    """
    if data.startswith((_OLE, RTF)) or is_html(data):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist()) if len(parts.infolist()) <= ENTRIES else set()
    except UNREADABLE:
        return False
    return _MAIN not in names and bool(names & {"[Content_Types].xml", "mimetype"})


def is_html(data: bytes) -> bool:
    """Whether it is a web page, whatever its name says."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype html"))


def read_docx(data: bytes, name: str, troubles: list[Trouble] | None = None) -> list[PageText]:
    """The pages of a .docx as Word last broke them (one page if it never did); empty ones are left out.

    A paragraph is a line, a table row is a line with its cells joined by a space. Deleted text, comments,
    headers and notes are left out. Legacy runs are decoded and told in `troubles`. Raises ExtractionError for files
    that are no .docx, broken or too large.
    """
    document = _main_part(data, name)
    pages, lines = [""], _Lines()
    skipping = 0
    for event, tag, element in walk(document, name, "Word"):
        if tag == "Fallback":  # the same drawing a second time, for old readers
            skipping += 1 if event == "start" else -1
        elif skipping:
            continue
        elif event == "start":
            lines.open(tag)
        elif tag == "t":
            lines.run.append(element.text or "")
        elif tag in {"tab", "cr", "noBreakHyphen"}:
            lines.run.append("-" if tag == "noBreakHyphen" else " ")
        elif tag in {"br", "lastRenderedPageBreak"}:
            kind = next((value for key, value in element.attrib.items() if str(key).endswith("}type")), "")
            lines.run.append("\f" if tag != "br" or kind == "page" else "\n")
        elif tag in {"p", "tc", "tr"}:
            lines.close(tag)
            if tag == "p":
                element.clear()
    text, legacy = decode_runs("\n".join(lines.done))
    if legacy and troubles is not None:
        message = f"Tệp Word «{name}» có chữ viết bằng {legacy}: đã chuyển sang Unicode."
        troubles.append(Trouble("text.legacy", message, name))
    pages = [canonise(page) for page in text.split("\f")]
    return [PageText(page, None, "word", None) for page in pages if page]


class _Lines:
    """Paragraphs in the making; inside a table they wait for the end of their row."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.run: list[str] = []
        self.rows: list[list[str]] = []

    def open(self, tag: str) -> None:
        if tag == "tr":
            self.rows.append([])

    def close(self, tag: str) -> None:
        if tag == "p":
            (self.rows[-1] if self.rows else self.done).append("".join(self.run))
            self.run = []
        elif tag == "tr" and self.rows:
            row = self.rows.pop()
            (self.rows[-1] if self.rows else self.done).append(" ".join(cell.replace("\n", " ") for cell in row))


def _main_part(data: bytes, name: str) -> bytes:
    if not data:
        raise ExtractionError(f"Tệp Word «{name}» rỗng (0 byte).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if len(parts.infolist()) > ENTRIES:
                raise ExtractionError(f"Tệp Word «{name}» có quá nhiều phần: tối đa {ENTRIES:,}.")
            with parts.open(_MAIN) as part:
                content = part.read(LIMIT + 1)
    except KeyError as error:
        raise ExtractionError(f"Tệp «{name}» không phải tệp Word: thiếu {_MAIN}.") from error
    except UNREADABLE as error:
        if isinstance(error, ExtractionError):
            raise
        raise ExtractionError(f"Tệp Word «{name}» hỏng hoặc không phải .docx: không mở được.") from error
    if len(content) > LIMIT:
        raise ExtractionError(f"Tệp Word «{name}» quá lớn sau khi giải nén: tối đa {LIMIT:,} byte.")
    return content
