"""The text layers of a record: for each file with text, which page gets what."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from indexer.extraction.alto import read_alto
from indexer.extraction.errors import ExtractionError, Trouble
from indexer.extraction.hocr import read_hocr
from indexer.extraction.legible import settle_layer
from indexer.extraction.pdf import read_layers
from indexer.extraction.sidecar import UTF8, read_sidecar
from indexer.extraction.sources import Source
from indexer.extraction.text import EMPTY, PageText, join_pages
from indexer.extraction.visuals import Visuals

_READERS: dict[str, Callable[[bytes, str], Iterator[PageText]]] = {"alto": read_alto, "hocr": read_hocr}


@dataclass
class Sidecars:
    """The text of `.txt` sidecars: of the whole record page after page, and of single pages."""

    whole: list[PageText] = field(default_factory=list)
    single: dict[int, PageText] = field(default_factory=dict)
    name: str = ""


def read_sidecars(sources: Sequence[Source], troubles: list[Trouble]) -> Sidecars:
    """All text sidecars. A second one for the whole record, or for the same page, is put after the first."""
    found = Sidecars()
    for source in sources:
        if source.kind != "text":
            continue
        try:
            pages, encoding = read_sidecar(source.read(), source.name)
        except ExtractionError as error:
            troubles.append(Trouble("text.bad", str(error), source.name))
            continue
        if not any(page.text for page in pages):
            troubles.append(Trouble("text.empty", f"Tệp văn bản «{source.name}» không có chữ nào.", source.name))
            if source.page is not None:
                continue
        if encoding != UTF8:
            message = f"Tệp văn bản «{source.name}» không phải UTF-8: đã đọc theo {encoding}."
            troubles.append(Trouble("text.encoding", message, source.name))
        if source.page is None:
            found.whole += pages
            found.name = found.name or source.name
        else:
            before = found.single.get(source.page, EMPTY)
            found.single[source.page] = join_pages([before, *pages])
    return found


class Layer:
    """The pages that one file gives text to, read forward as they are asked for."""

    def __init__(self, source: Source, numbers: Sequence[int], rank: int) -> None:
        self.source, self.rank = source, rank
        self.unread: dict[int, str] = {}  # pages met so far whose image is to be recognised, and why
        self._numbers = numbers
        self._pages: Generator[tuple[int, PageText], None, None] | None = None
        self._ahead: tuple[int, PageText] | None = None

    def stream(self) -> Generator[tuple[int, PageText], None, None]:
        """(page number, text) in order from the start; pages beyond the known ones count on.

        Raises ExtractionError when the file is or becomes unreadable.
        """
        data = self.source.read()
        reader = _READERS.get(self.source.kind)
        pages = reader(data, self.source.name) if reader else self._settled(data)
        if self.source.page is not None and self.source.kind != "pdf":
            yield self.source.page, join_pages(pages)
            return
        last = 0
        for index, page in enumerate(pages):
            last = self._number(index, last)
            yield last, page

    def _number(self, index: int, last: int) -> int:
        return self._numbers[index] if index < len(self._numbers) else last + 1

    def _settled(self, data: bytes) -> Iterator[PageText]:
        """The pages of a PDF, those with a bad layer without text."""
        last = 0
        for index, (layer, is_picture) in enumerate(read_layers(data, self.source.name, heavy=self.source.heavy)):
            last = self._number(index, last)
            page, reason = settle_layer(layer, is_picture=is_picture)
            if reason:
                self.unread[last] = reason
            yield page

    def at(self, n: int, troubles: list[Trouble]) -> PageText:
        """The text of page `n`; ask in ascending order. A file that breaks is told once and gives no more."""
        return self._ahead[1] if self.reaches(n, troubles) and self._ahead and self._ahead[0] == n else EMPTY

    def reaches(self, n: int, troubles: list[Trouble]) -> bool:
        """Whether the file goes as far as page `n`; told and asked as `at`."""
        if self._pages is None:
            self._pages = self.stream()
        try:
            while self._ahead is None or self._ahead[0] < n:
                self._ahead = next(self._pages)
        except StopIteration:
            self._ahead = None
        except ExtractionError as error:
            self._ahead = None
            # The pages of a broken PDF were told when they were counted.
            if self.source.kind != "pdf":
                troubles.append(Trouble("text.bad", str(error), self.source.name))
        return self._ahead is not None

    def close(self) -> None:
        """Lets go of the file."""
        if self._pages is not None:
            self._pages.close()

    def tokens(self) -> dict[int, int]:
        """Words on each page, by one reading of its own; what cannot be read counts nothing."""
        counts: dict[int, int] = {}
        try:
            for n, page in self.stream():
                counts[n] = page.tokens
        except ExtractionError:
            pass
        return counts


def find_layers(sources: Sequence[Source], visuals: Visuals) -> list[Layer]:
    """Layers that know their page (ALTO before hOCR before PDF), best first."""
    numbers = [page.n for page in visuals.pages]
    layers = [Layer(s, numbers, 0 if s.kind == "alto" else 1) for s in sources if s.kind in _READERS]
    layers += [Layer(sources[i], pages, 2) for i, pages in visuals.pdf_pages.items() if not sources[i].blind]
    return sorted(layers, key=lambda layer: layer.rank)
