"""Office files as HTML that is not yet to be trusted: .docx by mammoth, everything else from our own readers.

Headings, paragraphs, lists and tables only; pictures, comments, headers and what was deleted are left out.
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import openpyxl
from lxml import etree

from archive.packages.workbooks import check_parts
from indexer.extraction.embedded_office import LIMIT, rich_text
from indexer.extraction.errors import ExtractionError
from indexer.extraction.markup import walk
from indexer.extraction.old_tables import is_old_table, read_old_table
from indexer.extraction.old_word import CELL, HEADING, ROW, WITHIN, read_marked
from indexer.extraction.sidecar import decode_text
from indexer.extraction.slides import Slide, read_slides
from indexer.extraction.word import RTF, is_html

MOST_ROWS, MOST_COLUMNS = 5_000, 60
_SLIDE_NAME = "Trang chiếu"  # what is within is Vietnamese, too
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def to_markup(data: bytes, name: str) -> tuple[str, bool]:
    """HTML of an office file, and whether it is only the first part of it; ExtractionError where none can be made."""
    if data.startswith(_OLE) and is_old_table(data):
        return _tables(read_old_table(data, name))
    if data.startswith(_OLE):
        return _old_word(read_marked(data, name)), False
    if data.startswith(RTF):
        return _rich_text(rich_text(data, name)), False
    if is_html(data):
        return decode_text(data[:LIMIT])[0], len(data) > LIMIT
    try:
        check_parts(data)
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            if "word/document.xml" in names:
                _refuse_entities(parts)
                return _docx(data), False
            if "content.xml" in names:
                with parts.open("content.xml") as part:
                    return _open_document(part.read(LIMIT), name), False
        if "xl/workbook.xml" in names:
            return _workbook(data)
        if "ppt/presentation.xml" in names:
            return _show(read_slides(data, name)), False
    except ExtractionError:
        raise
    except Exception as error:  # the libraries raise anything on broken parts
        raise ExtractionError(f"Không dựng được bản trình bày của «{name}».") from error
    raise ExtractionError(f"Không dựng được bản trình bày của loại tệp «{name}».")


def _refuse_entities(parts: zipfile.ZipFile) -> None:
    for info in parts.infolist():
        if info.filename.endswith((".xml", ".rels")):
            with parts.open(info) as part:
                if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                    raise ValueError("a DOCTYPE")


def _docx(data: bytes) -> str:
    import mammoth  # costs a moment: only the child that renders loads it

    no_pictures = mammoth.images.img_element(lambda image: {})
    found = mammoth.convert_to_html(
        io.BytesIO(data), convert_image=no_pictures, include_embedded_style_map=False, external_file_access=False
    )
    return str(found.value)


def _old_word(text: str) -> str:
    """Marked text of a .doc (indexer.extraction.old_word): headings, paragraphs, rows of tables."""
    out, rows = list[str](), list[list[str]]()
    for line in text.replace("\f", "\n").split("\n"):
        *full, rest = line.split(ROW)
        rows.extend(row.removesuffix(CELL).split(CELL) for row in full)
        if CELL in rest:  # a row that no mark ends
            rows.append(rest.removesuffix(CELL).split(CELL))
            rest = ""
        if rest.strip():
            out += [_table(rows)] if rows else []
            rows = []
            level = len(rest) - len(rest.lstrip(HEADING))
            mark = f"h{level}" if level else "p"
            out.append(f"<{mark}>{escape(rest.lstrip(HEADING))}</{mark}>")
    out += [_table(rows)] if rows else []
    return "".join(out)


def _rich_text(text: str) -> str:
    """The text of an RTF: lines with ``|`` are rows of a table."""
    out, rows = list[str](), list[list[str]]()
    for line in text.split("\n"):
        if line.rstrip().endswith("|"):
            rows.append(line.rstrip().removesuffix("|").split("|"))
        elif line.strip():
            out += [_table(rows)] if rows else []
            rows = []
            out.append(f"<p>{escape(line)}</p>")
    out += [_table(rows)] if rows else []
    return "".join(out)


def _table(rows: Iterable[Iterable[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{body}</table>"


def _cell(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split(WITHIN) if line.strip())


def _open_document(content: bytes, name: str) -> str:
    """Headings with their level, paragraphs, items of lists, tables; notes and comments left out."""
    out, skipped, slides = list[str](), 0, 0
    marks = {"table": "table", "table-row": "tr", "table-cell": "td", "list": "ul", "list-item": "li"}
    for event, tag, element in walk(content, name, "OpenDocument"):
        if tag in ("note", "notes", "annotation", "tracked-changes"):
            skipped += 1 if event == "start" else -1
        elif skipped:
            continue
        elif tag == "page" and event == "start":
            slides += 1
            out.append(f"<h2>{_SLIDE_NAME} {slides}</h2>")
        elif tag in marks:
            out.append(f"<{'/' if event == 'end' else ''}{marks[tag]}>")
        elif tag in ("p", "h") and event == "end":
            level = next((v for k, v in element.attrib.items() if str(k).endswith("}outline-level")), "1")
            mark = f"h{min(max(int(level) if str(level).isdecimal() else 1, 1), 6)}" if tag == "h" else "p"
            out.append(f"<{mark}>{escape(_gathered(element))}</{mark}>")
    return "".join(out)


def _gathered(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        parts.append(" " if tag in ("s", "tab", "line-break") else "")
        parts.append(_gathered(child) if tag not in ("note", "annotation", "p", "h", "") else "")
        parts.append(child.tail or "")
    return "".join(parts)


def _workbook(data: bytes) -> tuple[str, bool]:
    """Every sheet with its name, as one table; formulas give the values last computed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        return _tables((str(sheet.title), _values(sheet)) for sheet in book.worksheets)
    finally:
        book.close()


def _values(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        yield ["" if one is None else str(one) for one in row]


def _tables(sheets: Iterable[tuple[str, Iterable[list[str]]]]) -> tuple[str, bool]:
    out, left = list[str](), MOST_ROWS
    for title, found in sheets:
        rows = list[list[str]]()
        for cells in found:
            if any(cells):
                rows.append(cells[:MOST_COLUMNS])
                left -= 1
            if left < 0:
                break
        width = max((n + 1 for row in rows for n, cell in enumerate(row) if cell), default=0)
        if rows:
            out.append(f"<h2>{escape(title)}</h2>{_table(row[:width] for row in rows)}")
        if left < 0:
            return "".join(out), True
    return "".join(out), False


def _show(slides: list[Slide]) -> str:
    out = list[str]()
    for n, slide in enumerate(slides, 1):
        out.append(f"<h2>{_SLIDE_NAME} {n}</h2>")
        out += [f"<p>{escape(one)}</p>" if isinstance(one, str) else _table(one) for one in slide.parts]
    return "".join(out)
