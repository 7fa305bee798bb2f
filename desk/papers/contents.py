"""What a file that somebody sent really is, and why it is refused; run in a child with limits (desk.papers.judging).

A PDF that opens may act: what runs, starts, submits, carries other files or plays is refused, wherever it hangs; so is
a page tree that leads back into itself (ISO 32000-2, 7.7.3.2), and what is locked.
"""

import io
import re
import warnings
from typing import Any, Literal

from PIL import Image

from archive.documents import LOCK, PdfError, open_pdf
from archive.images import PIXEL_LIMIT

Fault = Literal["", "unknown", "empty", "locked", "acts", "files", "loop", "broken", "large"]

#: Actions (ISO 32000-2, table 201) and annotations that do more than lead to a page or an address.
ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
})  # fmt: skip
PLAYING = frozenset({"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"})
ACTING_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
FILE_KEYS = frozenset({"/EF", "/EmbeddedFiles"})
MOST_OBJECTS = 200_000
_WRITTEN = re.compile(rb"/(JavaScript|Launch|RichMedia)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def kind_of(head: bytes) -> str:
    """The kind of a file by its first kilobyte; empty for one that is not known."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "pdf" if b"%PDF-" in head else ""


def fault_of(data: bytes) -> Fault:
    """Why the file cannot be taken; empty if it can."""
    if not data:
        return "empty"
    kind = kind_of(data[:1024])
    if not kind:
        return "unknown"
    return _fault_of_pdf(data) if kind == "pdf" else _fault_of_picture(data, kind)


def _fault_of_picture(data: bytes, kind: str) -> Fault:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as picture:
                if picture.width * picture.height > PIXEL_LIMIT:
                    return "large"
                picture.load()
        except Image.DecompressionBombError:
            return "large"
        except Exception:  # hostile bytes make a decoder fail in many ways
            return "broken"
    return ""


def _fault_of_pdf(data: bytes) -> Fault:
    try:
        with open_pdf(data) as document, LOCK:
            for n in range(min(len(document), 3)):  # the first pages can be drawn
                document[n].render(scale=0.2).close()
    except PdfError as error:
        return "locked" if "mật khẩu" in str(error) else "broken"
    except Exception:
        return "broken"
    if _WRITTEN.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)):
        return "acts"  # also what hangs nowhere: readers repair files differently
    return _fault_of_objects(data)


def _fault_of_objects(data: bytes) -> Fault:
    from pyhanko.pdf_utils.reader import PdfFileReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = PdfFileReader(io.BytesIO(data), strict=False)
            if reader.encrypted:
                return "locked"
            return "loop" if _is_looping(reader.root) else _walk(reader)
        except Exception:  # hostile bytes make a parser fail in many ways
            return "broken"


def _is_looping(root: Any) -> bool:
    """Whether the tree of pages comes back to a node that it went through, or has one twice."""
    seen: set[tuple[int, int]] = set()
    waiting = [root.raw_get("/Pages")]
    while waiting:
        node = waiting.pop()
        if (key := _reference(node)) is not None:
            if key in seen:
                return True
            seen.add(key)
        found = _resolved(node)
        if isinstance(found, dict) and "/Kids" in found:
            kids = found["/Kids"]
            waiting += [kids.raw_get(n) for n in range(len(kids))]
    return False


def _walk(reader: Any) -> Fault:
    """Everything that can be reached from the trailer, each object once."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject

    seen: set[tuple[int, int]] = set()
    waiting, count = [reader.root], 0
    while waiting:
        one = waiting.pop()
        if (key := _reference(one)) is not None:
            if key in seen:
                continue
            seen.add(key)
        count += 1
        if count > MOST_OBJECTS:
            return "large"
        found = _resolved(one)
        if isinstance(found, DictionaryObject):
            if fault := _fault_of_dictionary(found):
                return fault
            waiting += [found.raw_get(name) for name in found]
        elif isinstance(found, ArrayObject):
            waiting += [found.raw_get(n) for n in range(len(found))]
    return ""


def _fault_of_dictionary(found: Any) -> Fault:
    names = {str(name) for name in found}
    said = {name: str(found[name]) for name in ("/S", "/Subtype", "/Type") if name in names}
    if names & ACTING_KEYS or said.get("/S") in ACTIONS or said.get("/Subtype") in PLAYING:
        return "acts"
    if names & FILE_KEYS or said.get("/Type") == "/EmbeddedFile" or said.get("/Subtype") == "/FileAttachment":
        return "files"
    return ""


def _reference(one: Any) -> tuple[int, int] | None:
    from pyhanko.pdf_utils.generic import IndirectObject

    return (one.idnum, one.generation) if isinstance(one, IndirectObject) else None


def _resolved(one: Any) -> Any:
    return one.get_object() if _reference(one) is not None else one
