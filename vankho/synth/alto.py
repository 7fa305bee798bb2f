"""Recognised pages as ALTO 4 (Library of Congress): one Page element an image, boxes in its pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import quoteattr

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Token:
    """One recognised word: text, box (left, top, width, height), block and line on its page, certainty from 0 to 1."""

    text: str
    box: Box
    block: int
    line: int
    certainty: float


def _around(boxes: Sequence[Box]) -> str:
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return f'HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"'


def write_alto(names: Sequence[str], pages: Sequence[Sequence[Token]], width: int, height: int) -> str:
    """The ALTO file of one document whose images are `names`."""
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">\n'
        "<Description><MeasurementUnit>pixel</MeasurementUnit>"
        f"<sourceImageInformation><fileName>{names[0]}</fileName></sourceImageInformation></Description>\n<Layout>\n"
    ]
    for number, (name, tokens) in enumerate(zip(names, pages, strict=True), 1):
        size = f'WIDTH="{width}" HEIGHT="{height}"'
        out.append(f'<Page ID="p{number}" PHYSICAL_IMG_NR="{number}" {size}><!-- {name} -->\n')
        out.append(f'<PrintSpace HPOS="0" VPOS="0" {size}>\n')
        for block, inside in groupby(tokens, lambda t: t.block):
            lines = [list(line) for _, line in groupby(inside, lambda t: t.line)]
            frame = _around([t.box for line in lines for t in line])
            out.append(f'<TextBlock ID="p{number}b{block}" {frame}>\n')
            for line in lines:
                out.append(f'<TextLine ID="p{number}l{line[0].line}" {_around([t.box for t in line])}>')
                out.append("<SP/>".join(_string(t) for t in line))
                out.append("</TextLine>\n")
            out.append("</TextBlock>\n")
        out.append("</PrintSpace>\n</Page>\n")
    out.append("</Layout>\n</alto>\n")
    return "".join(out)


def _string(token: Token) -> str:
    x, y, w, h = token.box
    content = quoteattr(token.text)
    return f'<String CONTENT={content} HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}" WC="{token.certainty:.2f}"/>'


def write_text(pages: Sequence[Sequence[Token]]) -> str:
    """The same tokens as plain text: a line a line, a form feed between pages."""
    told = ("\n".join(" ".join(t.text for t in line) for _, line in groupby(page, lambda t: t.line)) for page in pages)
    return "\f".join(told) + "\n"
