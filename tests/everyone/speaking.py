"""English pages speak English: what is Vietnamese on them says so, for whoever has a page read aloud."""

import re
from collections.abc import Iterator

from lxml import html

from analyzers.fold import has_marks

WORD = re.compile(r"(?<!\w)[^\W\dA-Z_]+(?!\w)")
MOST = 3  # such words with marks in a text: a number, a currency, a short name, what a Vietnamese page says there
SAID = ("title", "alt", "placeholder", "aria-label")
#: The name of the page (it is the record's own), what somebody typed, and citations, which mix both.
LEFT = "self::title or self::textarea or contains(@class, 'lines') or contains(@class, 'cite')"


def spoken(page: bytes) -> Iterator[tuple[str, str]]:
    """Texts that are said in the page's own language, with where they stand."""
    for element in html.fromstring(page).iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style"} or element.xpath(f"boolean({LEFT})"):
            continue
        for text, within in ((element.text, element), (element.tail, element.getparent())):
            if text and within is not None and not in_vietnamese(within):
                yield element.tag, text
        if not in_vietnamese(element):
            yield from ((f"{element.tag} {name}", element.get(name, "")) for name in SAID)


def in_vietnamese(element: html.HtmlElement) -> bool:
    return next((one for one in element.xpath("ancestor-or-self::*/@lang")[::-1]), "") == "vi"


def of_language(page: bytes) -> list[str]:
    """Vietnamese that an English page says as if it were English."""
    return [
        f"<{place}> {' '.join(text.split())[:120]}"
        for place, text in spoken(page)
        if sum(map(has_marks, WORD.findall(text))) > MOST
    ]
