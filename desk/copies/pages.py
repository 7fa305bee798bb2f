"""The pages of a copy: each as a picture with what is masked burnt in, and the words that may lie under it.

A page whose picture readers are not shown (a personal number is seen on it), or that has none, is set from its text,
which the catalogue keeps masked (archive.masking).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import boxes, images
from archive.catalogue.records import Page, Record
from archive.drawing import Drawer
from archive.page_ranges import PagesError, read_pages
from archive.storage.protocol import Storage, StorageError
from desk.copies.errors import CopyError

JPEG_QUALITY = 82
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text layer: left, top, width, height as fractions of the page."""

    text: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """A page: its number in the record; JPEG with its size in pixels and its words in reading order, or text alone."""

    n: int
    jpeg: bytes = b""
    size: tuple[int, int] = (0, 0)
    words: tuple[Word, ...] = field(default=())
    text: str = ""


def chosen_pages(session: Session, record: Record, pages: str) -> list[Page]:
    """The pages of the record that the copy shows (``"1-3,7"``, empty: all).  Raises CopyError."""
    rows = list(session.scalars(select(Page).where(Page.record_id == record.id).order_by(Page.n)))
    if pages:
        try:
            wanted = set(read_pages(pages, record.page_count))
        except PagesError as error:
            raise CopyError(error.words, **error.values) from error
        rows = [one for one in rows if one.n in wanted]
    if not rows:
        raise CopyError("tài liệu không có trang nào trên hệ thống để sao")
    return rows


def draw_pages(storage: Storage, pages: Sequence[Page], masks: dict[str, Any]) -> Iterator[CopiedPage]:
    """The pages one by one; a source is opened once for the pages that lie in it, a PDF in a child with limits.  Raises
    CopyError."""
    with ExitStack() as stack, closing(Drawer(keeps=True)) as drawer:
        opened, source = "", None
        for page in pages:
            regions = read_regions(masks.get(str(page.n), []))
            if page.image_sha256 is None or page.image_kind not in {"image", "pdf"} or page.is_image_closed:
                if regions:
                    raise CopyError(
                        "trang %(page)s không có ảnh để che vùng; hãy bỏ trang ấy khỏi bản sao", page=page.n
                    )
                yield CopiedPage(page.n, text=page.text)
                continue
            try:
                read = _reader(storage, page.image_sha256)
                if page.image_kind == "pdf":
                    picture = drawer.derive(page.image_sha256, read, page.image_index, images.DEEP_WIDTH)
                    yield _drawn(page, picture, regions)
                    continue
                if source is None or opened != page.image_sha256:
                    stack.close()
                    source = stack.enter_context(images.open_source(read, "image"))
                    opened = page.image_sha256
                yield _drawn(page, source.derive(page.image_index, images.DEEP_WIDTH), regions)
            except (images.ImageError, StorageError, boxes.BoxesError) as error:
                raise CopyError("trang %(page)s: %(why)s", page=page.n, why=error) from error


def read_regions(told: Any) -> list[Region]:
    """Masked regions as fractions of the page; CopyError for what is none: a mask is never left out in silence."""
    regions = []
    for one in told if isinstance(told, list) else [None]:
        if not (isinstance(one, list | tuple) and len(one) == 4 and all(isinstance(n, int | float) for n in one)):
            raise CopyError("vùng che không đúng dạng: cần bốn số (trái, trên, rộng, cao)")
        x, y, w, h = (float(n) for n in one)
        if not (0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 and 0 < h <= 1):
            raise CopyError("vùng che nằm ngoài trang: bốn số là phần của trang, từ 0 đến 1")
        regions.append((x, y, w, h))
    return regions


def _reader(storage: Storage, sha256: str) -> Callable[[], bytes]:
    return lambda: storage.read(sha256)


def burn(derived: bytes, regions: Sequence[Region], *, grid: bool = False) -> tuple[bytes, tuple[int, int]]:
    """A derivative as JPEG with the regions painted over, and its size; ``grid``: with a line at each tenth, for those
    who say where a mask lies."""
    with Image.open(io.BytesIO(derived), formats=("WEBP",)) as opened:
        image = opened.convert("RGB")
    across, down = image.size
    pen = ImageDraw.Draw(image)
    for x, y, w, h in regions:
        pen.rectangle((x * across, y * down, (x + w) * across, (y + h) * down), fill="black")
    for n in range(1, 10) if grid else ():
        shade = (190, 40, 40) if n == 5 else (120, 120, 200)
        pen.line((n * across // 10, 0, n * across // 10, down), fill=shade)
        pen.line((0, n * down // 10, across, n * down // 10), fill=shade)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue(), (across, down)


def _drawn(page: Page, derived: bytes, regions: list[Region]) -> CopiedPage:
    jpeg, size = burn(derived, regions)
    return CopiedPage(page.n, jpeg, size, tuple(_words(page, regions)))


def _words(page: Page, regions: list[Region]) -> Iterator[Word]:
    """The words with their boxes; none where the two do not fit, none that touches a mask."""
    tokens = page.text.split()
    if page.boxes is None or not tokens:
        return
    found = boxes.decode(page.boxes)
    if found.count != len(tokens):
        return
    places = ((x, line.y, w, line.h) for line in found.lines for x, w in line.words)
    for text, (x, y, w, h) in zip(tokens, places, strict=True):
        word = Word(text, x / found.width, y / found.height, w / found.width, h / found.height)
        if not any(_touches(word, region) for region in regions):
            yield word


def _touches(word: Word, region: Region) -> bool:
    x, y, w, h = region
    return word.x < x + w and x < word.x + word.w and word.y < y + h and y < word.y + word.h
