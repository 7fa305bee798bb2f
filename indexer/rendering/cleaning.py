"""HTML of an office file made harmless: known elements only, no addresses, styles, scripts or pictures (nh3).

Its text takes the house's canonical form; personal numbers are masked as on the record's pages.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nh3
from lxml import etree, html

from analyzers.normal import canon
from analyzers.personal import DOT, mask
from indexer.extraction.legacy_text import decode_runs

TAGS = frozenset(
    {
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "thead", "tbody", "tr", "td", "th", "strong", "em", "b", "i", "u", "s", "sup", "sub"),
    }
)
_SPANS = {"colspan", "rowspan"}
_ATTRIBUTES = {"td": _SPANS, "th": _SPANS, "ol": {"start"}}
_UNREAD = {"script", "style", "head", "title", "template", "iframe", "object", "svg", "math", "noscript", "textarea"}
_INLINE = frozenset({"strong", "em", "b", "i", "u", "s", "sup", "sub", "td", "th", "thead", "tbody"})
_BLOCKS = (TAGS - _INLINE) | {"div"}
PART = 20_000
"""Characters of text of one part; a table is divided between its rows."""


class UnmaskedError(ValueError):
    """A text that people masked is not found in the rendering: it would show what the page does not."""


def clean(markup: str) -> str:
    """Harmless HTML below one ``div``; headings begin at h2, the page's own is h1."""
    safe = nh3.clean(
        markup, tags=set(TAGS), clean_content_tags=_UNREAD, attributes=_ATTRIBUTES, link_rel=None, strip_comments=True
    )
    root = _read(safe)
    for level in range(5, 0, -1):
        for heading in list(root.iter(f"h{level}")):
            heading.tag = f"h{level + 1}"
    _settle(root)
    for element in list(root.iter("p", "h2", "h3", "h4", "h5", "h6", "li", "table")):
        if not "".join(element.itertext()).strip() and element.getparent() is not None:
            element.drop_tree()
    return _write(root)


def mask_markup(safe: str, originals: Iterable[str], by_hand: Iterable[str]) -> str:
    """Cleaned HTML with personal numbers masked, those that the record's pages have (``originals``) among them.

    UnmaskedError where one of ``by_hand``, what people masked on the pages, cannot be found.
    """
    root = _read(safe)
    text, slots = _flowing(root)
    for wanted in by_hand:
        if not _pattern(wanted).search(text):
            raise UnmaskedError(wanted)
    for wanted in dict.fromkeys((*by_hand, *originals)):
        text = _pattern(wanted).sub(lambda found: "".join(c if c.isspace() else DOT for c in found[0]), text)
    masked = mask(text)
    for slot in slots:
        slot.put(masked[slot.start : slot.end])
    return _write(root)


def divide(safe: str) -> list[str]:
    """Cleaned HTML in parts of about PART characters, at least one."""
    parts, size = [html.Element("div")], 0
    for block in _blocks(_read(safe)):
        length = sum(map(len, block.itertext()))
        if size and size + length > PART:
            parts.append(html.Element("div"))
            size = 0
        parts[-1].append(block)
        size += length
    return [_write(one) for one in parts]


def _blocks(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for block in list(root):
        if block.tag != "table" or sum(map(len, block.itertext())) <= PART:
            yield block
            continue
        table, size = html.Element("table"), 0
        for row in list(block.iter("tr")):
            length = sum(map(len, row.itertext()))
            if size and size + length > PART:
                yield table
                table, size = html.Element("table"), 0
            table.append(row)
            size += length
        yield table


@dataclass(slots=True)
class _Slot:
    """A text of the tree: an element's own, or the one behind it; where it stands in the flowing text."""

    element: html.HtmlElement
    behind: bool
    start: int
    end: int

    def put(self, text: str) -> None:
        if self.behind:
            self.element.tail = text
        else:
            self.element.text = text


def _flowing(root: html.HtmlElement) -> tuple[str, list[_Slot]]:
    """The text as it flows on a page: blocks are lines, cells are parted by a blank."""
    parts, slots, at = list[str](), list[_Slot](), 0

    def add(text: str) -> int:
        nonlocal at
        parts.append(text)
        at += len(text)
        return at

    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            add("\n")
        elif element.tag in ("td", "th"):
            add(" ")
        behind = event == "end"
        text = (element.tail if behind else element.text) or ""
        if text and not (behind and element is root):
            start = at
            slots.append(_Slot(element, behind, start, add(re.sub(r"\s", " ", text))))
    return "".join(parts), slots


def _settle(root: html.HtmlElement) -> None:
    """Texts decoded from old fonts, canonical, without runs of blanks; loose text becomes paragraphs."""
    if root.text and root.text.strip():
        first = html.Element("p")
        first.text, root.text = root.text, None
        root.insert(0, first)
    for child in list(root):
        if child.tail and child.tail.strip():
            loose = html.Element("p")
            loose.text, child.tail = child.tail, None
            child.addnext(loose)
    _text, slots = _flowing(root)
    told = [(one.element.tail if one.behind else one.element.text) or "" for one in slots]
    lines = [re.sub(r"\s+", " ", one) for one in told]
    decoded = decode_runs("\n".join(lines))[0].split("\n")
    for slot, line in zip(slots, decoded if len(decoded) == len(lines) else lines, strict=True):
        slot.put(canon(line))


def _pattern(wanted: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, wanted.split())) or r"(?!)")


def _read(safe: str) -> html.HtmlElement:
    return html.fragment_fromstring(safe, create_parent="div", parser=html.HTMLParser(no_network=True, encoding=None))


def _write(root: html.HtmlElement) -> str:
    """What is below the root."""
    inner = str(html.tostring(root, encoding="unicode", method="html"))
    return inner.removeprefix("<div>").removesuffix("</div>").strip()
