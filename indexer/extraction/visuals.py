"""Which pages a record has to look at: images and PDF pages put in order and numbered."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.images import ImageError, open_source
from indexer.extraction.errors import ExtractionError, Trouble
from indexer.extraction.pdf import page_sizes
from indexer.extraction.sources import ImageRef, Source


@dataclass(frozen=True, slots=True)
class Visual:
    """A page to look at; `image` is None where the file could not be read and only its number is kept."""

    n: int
    image: ImageRef | None
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Visuals:
    """All pages to look at, and for each PDF (position in the sources) the page numbers its text belongs to."""

    pages: list[Visual] = field(default_factory=list)
    pdf_pages: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _File:
    """One image file or PDF with the sizes of its pages; a broken one keeps one place without a size."""

    position: int
    source: Source
    sizes: list[tuple[int, int] | None]


def look(sources: Sequence[Source], troubles: list[Trouble]) -> Visuals:
    """Numbers the pages of all images and PDF files.

    Files with a page number keep it; the others follow in the given order. If there are images and PDF files
    with as many pages as each other they are the same pages twice: the images are shown, the PDF gives text; if the
    counts differ, the PDF's pages come after the images.
    """
    files = [_open(i, s, troubles) for i, s in enumerate(sources) if s.kind in {"image", "pdf"}]
    images = sorted((f for f in files if f.source.kind == "image"), key=lambda file: file.source.page or 0)
    documents = sorted((f for f in files if f.source.kind == "pdf"), key=lambda file: file.source.page or 0)
    if images:  # an unreadable PDF beside images needs no place kept
        documents = [file for file in documents if file.sizes != [None]]
    found = Visuals()
    paired = bool(images and documents) and _pages(images) == _pages(documents)
    if images and documents and not paired:
        message = f"Số trang ảnh ({_pages(images)}) khác số trang PDF ({_pages(documents)}): giữ cả hai, nối tiếp nhau."
        troubles.append(Trouble("pages.mixed", message, documents[0].source.name))
    _number(images if paired else images + documents, found, troubles)
    if paired:
        _pair(documents, found)
    return found


def _pair(documents: list[_File], found: Visuals) -> None:
    """Gives the numbered images their PDF pages, which also stand in for images that cannot be read."""
    places = [(file.position, index, size) for file in documents for index, size in enumerate(file.sizes)]
    for at, (position, index, size) in enumerate(places):
        page = found.pages[at]
        found.pdf_pages.setdefault(position, []).append(page.n)
        if page.image is None and size:
            found.pages[at] = Visual(page.n, ImageRef(position, index), *size)


def _pages(files: list[_File]) -> int:
    return sum(len(file.sizes) for file in files)


def _number(files: list[_File], found: Visuals, troubles: list[Trouble]) -> None:
    last = 0
    mixed = len({file.source.kind for file in files}) > 1
    for file in files:
        wanted = file.source.page
        if wanted is not None and wanted <= last and not mixed:
            message = f"Tệp «{file.source.name}» trùng số trang {wanted}: xếp thành trang {last + 1}."
            troubles.append(Trouble("page.duplicate", message, file.source.name))
        single = file.source.kind == "image" and len(file.sizes) == 1
        numbers = []
        for index, size in enumerate(file.sizes):
            last = max(last + 1, wanted or 0) if not index else last + 1
            numbers.append(last)
            image = ImageRef(file.position, None if single else index) if size else None
            found.pages.append(Visual(last, image, *(size or (0, 0))))
        if file.source.kind == "pdf":
            found.pdf_pages[file.position] = numbers


def _open(position: int, source: Source, troubles: list[Trouble]) -> _File:
    try:
        if source.kind == "pdf":
            sizes = page_sizes(source.read(), source.name, trying=source.trying, heavy=source.heavy)
            source.trying(-1)
            for index in sorted(source.heavy):
                message = (
                    f"Trang {index + 1} của tệp PDF «{source.name}» cần quá nhiều bộ nhớ hay thời gian để mở: "
                    "trang được giữ chỗ, không có ảnh và chữ; giữ nguyên tệp."
                )
                troubles.append(Trouble("pdf.page", message, source.name))
            return _File(position, source, sizes)
        return _File(position, source, _image_sizes(source, troubles))
    except ExtractionError as error:
        code = "pdf.bad" if source.kind == "pdf" else "image.bad"
        troubles.append(Trouble(code, f"{error} Trang được giữ chỗ, không có ảnh.", source.name))
    except ImageError as error:
        message = f"Không đọc được ảnh «{source.name}»: {error}. Trang được giữ chỗ, không có ảnh."
        troubles.append(Trouble("image.bad", message, source.name))
    return _File(position, source, [None])


def _image_sizes(source: Source, troubles: list[Trouble]) -> list[tuple[int, int] | None]:
    sizes: list[tuple[int, int] | None] = []
    with open_source(source.read, "image") as opened:
        for index in range(opened.count()):
            try:
                sizes.append(opened.size(index))
            except ImageError as error:
                message = f"Không đọc được trang {index + 1} của ảnh «{source.name}»: {error}."
                troubles.append(Trouble("image.bad", message, source.name))
                sizes.append(None)
    return sizes
