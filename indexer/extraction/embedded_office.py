"""Office files read without a server: .doc of Word 97 and later, OpenDocument, .xls and XLSX, .pptx."""

import io
import re
import warnings
import zipfile

from lxml import etree, html
from striprtf.striprtf import rtf_to_text

from archive.packages.workbooks import WorkbookError, check_parts
from archive.packages.zips import UNREADABLE
from indexer.extraction.errors import ExtractionError, TextWaitsError
from indexer.extraction.markup import walk
from indexer.extraction.old_tables import is_old_table, read_old_table
from indexer.extraction.old_word import read_old_word
from indexer.extraction.slides import read_slides
from indexer.extraction.word import RTF, is_html

LIMIT = 64 * 1024 * 1024  # bytes that a document's text may unfold to
MOST_CELLS = 1_000_000
MOST_LETTERS = 20_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREAD = frozenset({"script", "style", "head", "title", "xml"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "body", "pre", "hr"})
_OPEN_DOCUMENT = tuple(f"application/vnd.oasis.opendocument.{one}" for one in ("text", "spreadsheet", "presentation"))


def read_embedded(data: bytes, name: str) -> tuple[str, bool]:
    """The text of an office file, and whether it was cut at a limit.

    TextWaitsError where only another reader knows the format (.ppt, Word 95, a password);
    ExtractionError where the file is damaged.
    """
    if data.startswith(_OLE):
        return _old_table(data, name) if is_old_table(data) else _cut(read_old_word(data, name))
    if data.startswith(RTF):
        return _cut(rich_text(data, name))
    if is_html(data):
        return _cut(_web_page(data, name))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            kind = parts.open("mimetype").read(200).decode("ascii", "replace") if "mimetype" in names else ""
            if kind.startswith(_OPEN_DOCUMENT) and "content.xml" in names:
                with parts.open("content.xml") as part:
                    content = part.read(LIMIT + 1)
                if len(content) > LIMIT:
                    raise ExtractionError(f"Tệp «{name}» quá lớn sau khi giải nén: tối đa {LIMIT:,} byte.")
                return _cut(_open_document(content, name))
    except (TextWaitsError, ExtractionError):
        raise
    except UNREADABLE as error:
        raise ExtractionError(f"Tệp «{name}» hỏng: không mở được.") from error
    if "xl/workbook.xml" in names:
        return _workbook(data, name)
    if "ppt/presentation.xml" in names:
        return _cut("\f".join("\n".join(slide.lines()) for slide in read_slides(data, name)))
    raise TextWaitsError(f"Tệp «{name}» thuộc loại chưa đọc được ở đây.")


def _cut(text: str) -> tuple[str, bool]:
    return text[:MOST_LETTERS], len(text) > MOST_LETTERS


def rich_text(data: bytes, name: str) -> str:
    """The text of an RTF, ``|`` at the ends of cells; ExtractionError where it is damaged."""
    try:
        return str(rtf_to_text(data[:LIMIT].decode("latin-1"), encoding="cp1252", errors="replace"))
    except Exception as error:  # the library raises anything on broken groups
        raise ExtractionError(f"Tệp RTF «{name}» hỏng: không đọc được.") from error


def _web_page(data: bytes, name: str) -> str:
    """Blocks as lines; scripts, styles and comments left out; nothing fetched."""
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
        root = html.document_fromstring(data[:LIMIT], parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ExtractionError(f"Trang web «{name}» hỏng: không đọc được.") from error
    lines = [""]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                lines.append("")
            lines[-1] += "" if tag in _UNREAD else _flat(element.text)
        else:
            if tag in _BLOCKS:
                lines.append("")
            lines[-1] += (" " if tag in {"td", "th"} else "") + _flat(element.tail)
    return "\n".join(line.strip() for line in lines if line.strip())


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _open_document(content: bytes, name: str) -> str:
    """A paragraph or heading is a line, a row of a table is a line with its cells joined by a space, a slide is a
    page; without notes and comments."""
    done: list[str] = []
    rows: list[list[str]] = []
    skipped = 0
    for event, tag, element in walk(content, name, "OpenDocument"):
        if tag in {"notes", "annotation"}:
            skipped += 1 if event == "start" else -1
        elif skipped:
            continue
        elif tag == "page" and event == "start":
            done += ["\f"] if done else []
        elif tag == "table-row":
            if event == "start":
                rows.append([])
            else:
                (rows[-1] if len(rows) > 1 else done).append(" ".join(part for part in rows.pop() if part))
        elif tag in {"p", "h"} and event == "end":
            (rows[-1] if rows else done).append(_gathered(element))
    return "\n".join(done)


def _gathered(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag == "s":
            parts.append(" ")
        elif tag in {"tab", "line-break"}:
            parts.append(" " if tag == "tab" else "\n")
        elif tag not in {"note", "annotation", "p", "h"} and tag:
            parts.append(_gathered(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _old_table(data: bytes, name: str) -> tuple[str, bool]:
    lines, cells = list[str](), 0
    for sheet, rows in read_old_table(data, name):
        lines.append(sheet)
        for row in rows:
            cells += len(row)
            lines += [" ".join(filter(None, row))] if any(row) else []
            if cells > MOST_CELLS:
                return _cut("\n".join(lines))[0], True
    return _cut("\n".join(lines))


def _workbook(data: bytes, name: str) -> tuple[str, bool]:
    """Every sheet: its name, then its rows, cells joined by a space; formulas give the values last computed."""
    import openpyxl  # costs a moment: only who meets a workbook loads it

    lines: list[str] = []
    cells = 0
    try:
        check_parts(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions of Excel that change no value
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                lines.append(str(sheet.title))
                for row in sheet.iter_rows(values_only=True, max_col=200):
                    shown = [str(one) for one in row if one is not None]
                    cells += len(row)
                    if shown:
                        lines.append(" ".join(shown))
                    if cells > MOST_CELLS:
                        return _cut("\n".join(lines))[0], True
        finally:
            book.close()
    except WorkbookError as error:
        raise ExtractionError(f"Tệp «{name}»: {error}.") from error
    except Exception as error:  # openpyxl raises anything on broken parts
        raise ExtractionError(f"Tệp «{name}» hỏng: không đọc được bảng tính.") from error
    return _cut("\n".join(lines))
