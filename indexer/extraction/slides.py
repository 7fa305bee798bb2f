"""Slides of .pptx (ECMA-376, part 1, clause 13): their paragraphs and tables in the order in which they are shown."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extraction.errors import ExtractionError
from indexer.extraction.markup import walk

LIMIT = 64 * 1024 * 1024
"""Most bytes that all slides may unfold to."""

MOST_SLIDES = 2_000

_SHOW, _LINKS = "ppt/presentation.xml", "ppt/_rels/presentation.xml.rels"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


@dataclass(slots=True)
class Slide:
    """What stands on a slide, in order: a paragraph, or a table as rows of cells."""

    parts: list[str | list[list[str]]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """A paragraph is a line, a row is a line with its cells joined by a space."""
        for part in self.parts:
            yield from [part] if isinstance(part, str) else (" ".join(filter(None, row)) for row in part)


def read_slides(data: bytes, name: str) -> list[Slide]:
    """The slides of a .pptx without notes and comments; ExtractionError where it is damaged or too large."""
    left = LIMIT
    slides = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:

            def part(path: str) -> bytes:
                nonlocal left
                with parts.open(path) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise ExtractionError(f"Tệp «{name}» quá lớn sau khi giải nén: tối đa {LIMIT:,} byte.")
                return content

            for path in _order(part(_SHOW), part(_LINKS), name)[:MOST_SLIDES]:
                slides.append(_slide(part(path), name))
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        if isinstance(error, ExtractionError):
            raise
        raise ExtractionError(f"Tệp «{name}» hỏng: không đọc được trang chiếu.") from error
    return slides


def _order(show: bytes, links: bytes, name: str) -> list[str]:
    """The parts of the slides as they follow each other; a link that leads anywhere else is none."""
    targets = {
        str(element.get("Id")): f"ppt/{str(element.get('Target')).removeprefix('/ppt/')}"
        for event, tag, element in walk(links, name, "PowerPoint")
        if event == "start" and tag == "Relationship"
    }
    ids = [
        str(element.get(_RELATION))
        for event, tag, element in walk(show, name, "PowerPoint")
        if event == "start" and tag == "sldId"
    ]
    paths = [targets[one] for one in ids if one in targets]
    return list(dict.fromkeys(path for path in paths if _SLIDE.fullmatch(path)))


def _slide(content: bytes, name: str) -> Slide:
    slide, run, skipping = Slide(), list[str](), 0
    rows: list[list[str]] | None = None
    for event, tag, element in walk(content, name, "PowerPoint"):
        if tag == "Fallback":  # the same drawing a second time, for old readers
            skipping += 1 if event == "start" else -1
        elif skipping:
            continue
        elif event == "start":
            if tag == "tbl":
                rows = []
            elif tag == "tr" and rows is not None:
                rows.append([])
            elif tag == "tc" and rows:
                rows[-1].append("")
        elif tag == "t":
            run.append(element.text or "")
        elif tag == "br":
            run.append(" ")
        elif tag == "p":
            text = " ".join("".join(run).split())
            run = []
            if rows and rows[-1]:
                rows[-1][-1] = f"{rows[-1][-1]} {text}".strip()
            elif text:
                slide.parts.append(text)
        elif tag == "tbl" and rows is not None:
            slide.parts.append(rows)
            rows = None
    return slide
