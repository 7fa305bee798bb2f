"""Reading the XML that OCR programs write, which is input like any other: no entities, no DTD, no network."""

import io
import math
from collections.abc import Iterator
from typing import Any

from lxml import etree

from indexer.extraction.errors import ExtractionError

LIMIT = 256 * 1024 * 1024
"""Most bytes of one OCR file (a page is about 80 KiB)."""


def walk(data: bytes, name: str, what: str) -> Iterator[tuple[str, str, etree._Element]]:
    """Yields (event, local tag name, element) of a well-formed XML file; events are "start" and "end".

    Namespaces are left off. `what` names the format in messages. The caller may clear elements at their end.
    Raises ExtractionError, with the line, for an empty, oversized or broken file and for declared entities.
    """
    if not data.strip():
        raise ExtractionError(f"Tệp {what} «{name}» rỗng.")
    if len(data) > LIMIT:
        raise ExtractionError(f"Tệp {what} «{name}» quá lớn: {len(data):,} byte, tối đa {LIMIT:,}.")
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = True
    try:
        for event, element in events:
            if root:
                _refuse_entities(element, name, what)
                root = False
            tag = element.tag
            if isinstance(tag, str):
                yield event, tag.rpartition("}")[2], element
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise ExtractionError(f"Tệp {what} «{name}» hỏng ở dòng {line}: không phải XML đúng khuôn dạng.") from error


def _refuse_entities(root: etree._Element, name: str, what: str) -> None:
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ExtractionError(f"Tệp {what} «{name}» khai báo thực thể (ENTITY) trong DTD: không được phép, không đọc.")


def forget(element: etree._Element) -> None:
    """Frees a finished element and everything before it, so that a file of 500 pages stays flat in memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def number(value: str | None, default: float = 0.0) -> float:
    """A finite number from an attribute, or the default."""
    try:
        parsed = float(value) if value is not None else default
    except ValueError:
        return default
    return parsed if math.isfinite(parsed) else default
