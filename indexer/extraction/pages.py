"""A record's pages: what there is to look at, joined with the best text of each page.

The rule (design, section 8): the sidecar if its pages agree with the images, else page by page the better one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from archive.boxes import UNTOLD, PageBoxes
from indexer.extraction.errors import Trouble
from indexer.extraction.layers import Layer, Sidecars, find_layers, read_sidecars
from indexer.extraction.legible import KEPT, NO_MARKS
from indexer.extraction.office import OfficeReader, read_words
from indexer.extraction.sources import ExtractedPage, ImageRef, Keep, PicturedText, Source, in_memory
from indexer.extraction.text import EMPTY, PageText
from indexer.extraction.visuals import Visual, look

__all__ = ["ExtractedPage", "ImageRef", "Source", "Trouble", "build_pages", "stream_pages"]


def build_pages(
    sources: Sequence[Source], reader: OfficeReader | None = None
) -> tuple[list[ExtractedPage], list[Trouble]]:
    """All pages of a record and what went wrong; see `stream_pages`."""
    troubles: list[Trouble] = []
    return list(stream_pages(sources, troubles, reader)), troubles


def stream_pages(
    sources: Sequence[Source], troubles: list[Trouble], reader: OfficeReader | None = None, keep: Keep = in_memory
) -> Iterator[ExtractedPage]:
    """The pages of a record one by one in ascending number; memory stays flat over thousands of pages.

    Bad files never raise: they are told in `troubles`, which is complete when the iterator ends; a page whose
    image is bad keeps its number. Text without images makes pages without images. `reader` reads the office files
    that are no .docx; without it they wait. `keep` puts scans aside that lay in messages and archives. Only what
    `Source.read` raises comes through.
    """
    for source in sources:
        if source.kind == "other":
            message = f"Tệp «{source.name}» thuộc loại không đọc được: giữ nguyên, không lấy chữ và ảnh."
            troubles.append(Trouble("file.other", message, source.name))
    visuals = look(sources, troubles)
    sidecars = read_sidecars(sources, troubles)
    layers = find_layers(sources, visuals)
    if not any(page.text for page in [*sidecars.whole, *sidecars.single.values()]):
        # A layer counts as text only if it has a word; office files, mail and archives are asked only when nothing else
        # has one.
        words = [s for s in sources if s.kind in ("word", "mail", "archive")]
        if words and not any(sum(layer.tokens().values()) for layer in layers):
            texts = read_words(words, reader, troubles, pictured=not visuals.pages, keep=keep)
            if any(isinstance(text, PicturedText) for text in texts):  # then there is nothing else to look at
                for layer in layers:
                    layer.close()
                yield from _enclosed(texts)
                return
            sidecars = Sidecars(texts, {}, words[0].name)
    whole = _spread(sidecars, visuals.pages, layers, troubles)
    try:
        for page, text in _join(visuals.pages, whole, sidecars.single, layers, troubles):
            yield _fit(page, text, _unread(page, text, layers))
        _tell_garbage(layers, troubles)
    finally:
        for layer in layers:
            layer.close()


def _enclosed(texts: Sequence[PageText]) -> Iterator[ExtractedPage]:
    """The pages of messages and archives with scans among them."""
    for n, text in enumerate(texts, 1):
        if isinstance(text, PicturedText):
            plain = PageText(text.text, text.boxes, text.source, text.confidence)
            yield _fit(Visual(n, text.image, text.width, text.height), plain, text.unread)
        else:
            yield ExtractedPage(n, None, 0, 0, text)


def _spread(
    sidecars: Sidecars, pages: Sequence[Visual], layers: Sequence[Layer], troubles: list[Trouble]
) -> dict[int, PageText]:
    """The whole-record sidecar by page number; nothing of it if it disagrees and the other layers are good."""
    texts = sidecars.whole
    numbers = [page.n for page in pages]
    if numbers and texts and len(texts) != len(numbers):
        message = f"Tệp văn bản «{sidecars.name}» có {len(texts)} trang, ảnh có {len(numbers)} trang: "
        words: dict[int, int] = {}
        for layer in layers:
            for n, tokens in layer.tokens().items():
                words[n] = max(words.get(n, 0), tokens)
        if 2 * sum(words.values()) >= sum(page.tokens for page in texts):
            message += "dùng chữ đi kèm từng trang (ALTO, hOCR, PDF) thay cho tệp này."
            texts = []
        else:
            message += "xếp theo thứ tự, mỗi trang lấy bản chữ đầy đủ hơn."
        troubles.append(Trouble("text.pages", message, sidecars.name))
    last = numbers[-1] if numbers else 0
    extra = count(last + 1)
    return {(numbers[i] if i < len(numbers) else next(extra)): text for i, text in enumerate(texts)}


def _join(
    pages: Sequence[Visual],
    whole: dict[int, PageText],
    single: dict[int, PageText],
    layers: Sequence[Layer],
    troubles: list[Trouble],
) -> Iterator[tuple[Visual, PageText]]:
    """Each page to look at with its text, then text that has no image, as long as any layer has some."""
    seen = {page.n: page for page in pages}
    agrees = len(whole) == len(pages) or not pages
    known = set(seen) | set(whole) | set(single)
    known |= {layer.source.page for layer in layers if layer.source.page is not None and layer.source.kind != "pdf"}
    for n in _numbers(known, layers, troubles):
        bound = _better([text for layer in layers if (text := layer.at(n, troubles)).text])
        typed = single.get(n) or whole.get(n) or EMPTY
        yield seen.get(n) or Visual(n, None, 0, 0), _choose(typed, bound, agrees=agrees or n in single)


def _numbers(known: set[int], layers: Sequence[Layer], troubles: list[Trouble]) -> Iterator[int]:
    """The known page numbers, then those that a layer of the whole record goes on with."""
    yield from sorted(known)
    last = max(known, default=0)
    runs = [layer for layer in layers if layer.source.page is None and layer.source.kind != "pdf"]
    for n in count(last + 1):
        longer = [layer for layer in runs if layer.reaches(n, troubles)]
        if not longer:
            return
        if known and n == last + 1:
            name = longer[0].source.name
            message = f"Tệp «{name}» có chữ từ trang {n} trở đi nhưng không có ảnh của các trang này."
            troubles.append(Trouble("text.pages", message, name))
        yield n


def _better(texts: Sequence[PageText]) -> PageText:
    """The first of the layers, best kind first, unless a later one has more than twice its text."""
    best = texts[0] if texts else EMPTY
    for text in texts[1:]:
        if len(best.text) * 2 < len(text.text):
            best = text
    return best


def _choose(typed: PageText, bound: PageText, *, agrees: bool) -> PageText:
    """Sidecar text or text with boxes.

    As many words: the sidecar's words in the other's boxes. Else ALTO and hOCR win, for the boxes, unless they
    have less than half the text; a PDF's own layer wins only over an empty or disagreeing shorter sidecar.
    """
    if not typed.text or not bound.text:
        return typed if typed.text else bound
    if typed.tokens == bound.tokens:
        return replace(typed, boxes=_boxes_of_others(typed, bound), confidence=bound.confidence)
    if bound.source == "pdf":
        return typed if agrees or typed.tokens > bound.tokens else bound
    return typed if len(bound.text) * 2 < len(typed.text) else bound


def _boxes_of_others(typed: PageText, bound: PageText) -> PageBoxes | None:
    """The boxes of ``bound`` for as many words of a sidecar; how sure the machine was of a word that the sidecar has
    otherwise says nothing of it."""
    if bound.boxes is None or not bound.boxes.confidence:
        return bound.boxes
    words = zip(typed.text.split(), bound.text.split(), bound.boxes.confidence, strict=True)
    return replace(bound.boxes, confidence=tuple(sure if mine == its else UNTOLD for mine, its, sure in words))


def _unread(page: Visual, text: PageText, layers: Sequence[Layer]) -> str:
    """Why the image of the page is to be recognised: there is no text but a bad layer's, or hardly any."""
    if page.image is None or (text.text and text.source != "pdf"):
        return ""
    reasons = [layer.unread[page.n] for layer in layers if page.n in layer.unread]
    if text.text:
        return next((one for one in reasons if one in KEPT), "")
    return next((one for one in reasons if one != "no-text"), "no-text")


def _tell_garbage(layers: Sequence[Layer], troubles: list[Trouble]) -> None:
    for layer in layers:
        name = layer.source.name
        if numbers := [n for n, reason in layer.unread.items() if reason == NO_MARKS]:
            message = (
                f"Lớp chữ của tệp PDF «{name}» ở trang {_ranges(numbers)} là tiếng Việt mất dấu: nhận dạng lại từ ảnh; "
                "trang giấy vốn không có dấu thì giữ lớp chữ ấy."
            )
            troubles.append(Trouble("text.unmarked", message, name))
        if numbers := [n for n, reason in layer.unread.items() if reason not in {"no-text", *KEPT}]:
            message = (
                f"Lớp chữ của tệp PDF «{name}» ở trang {_ranges(numbers)} không đọc được "
                "(sai bảng mã, phông không có bảng chữ hoặc nhận dạng sai tiếng): bỏ lớp chữ ấy, nhận dạng lại từ ảnh."
            )
            troubles.append(Trouble("text.garbage", message, name))


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"; ten stretches at most."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1][1:] = [n]
        else:
            runs.append([n])
    told = ", ".join("–".join(map(str, run)) for run in runs[:10])
    return told if len(runs) <= 10 else f"{told}, …"


def _fit(page: Visual, text: PageText, unread: str) -> ExtractedPage:
    """The page with its boxes in the pixels of its image, or of its own where there is no image."""
    width, height, boxes = page.width, page.height, text.boxes
    if boxes is not None:
        if width and height:
            text = replace(text, boxes=boxes.scaled(width, height))
        else:
            width, height = boxes.width, boxes.height
    return ExtractedPage(page.n, page.image, width, height, text, unread)
