"""What lies in a message or an archive (.zip): each part's text, as pages of the record that it came with.

Parts are unfolded in memory, one after the other, never on disk, and count against one budget for each delivered file:
how deep, how many, how many bytes.  What is beyond it, locked, named out of its folder, or of an unknown kind is told.
Scans within (images, PDF) are pages that are shown and recognised, where the record has no others to show.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from archive.packages.sources import is_system_file, repair_name
from archive.packages.zips import UNREADABLE
from indexer.extraction.enclosed_pictures import SMALLEST, document_pages, is_picture, picture_pages
from indexer.extraction.errors import ExtractionError, Trouble
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.legible import settle_layer
from indexer.extraction.letters import is_letter, read_letter
from indexer.extraction.pdf import read_layers
from indexer.extraction.sidecar import decode_text
from indexer.extraction.sources import Keep, PicturedText, Source, in_memory
from indexer.extraction.text import PageText, canonise
from indexer.extraction.word import RTF, is_html

DEPTH = 4
"""Most layers of messages and archives within each other."""

PARTS = 1000
"""Most parts of one file, in all layers."""

PART_LIMIT = 64 * 1024 * 1024
"""Most bytes of one part."""

TOTAL_LIMIT = 256 * 1024 * 1024
"""Most bytes of all parts of one file."""

LETTERS = 10_000_000
"""Most characters of text that are taken from one file (about 4,000 pages)."""

SHOWN = 5_000
"""Most pages of scans of one file."""

SWELL = 5
"""Most times the delivered bytes (and one MB) that scans within unfold to: they are kept, and hardly ever shrink."""

NAMED = 10
SEPARATOR = " › "
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_LOCKED = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_NAMED_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".pdf")
_TEXTS = (".txt", ".csv", ".tsv", ".md", ".htm", ".html", ".log", ".xml", ".ics")

_TOLD = {
    "part.image": "là ảnh: giữ trong tệp đã giao, không hiện vì văn bản có trang khác, vì là GIF hay nhỏ dưới "
    f"{SMALLEST} điểm ảnh",
    "part.scan": "có trang là ảnh hoặc lớp chữ không đọc được: giữ trong tệp đã giao, không lấy chữ của trang ấy",
    "part.shown": f"bung ra quá {SWELL} lần tệp đã giao hay quá {SHOWN:,} trang: giữ trong tệp đã giao, không hiện",
    "part.unread": "thuộc loại không đọc được: giữ trong tệp đã giao",
    "part.format": "nén bằng RAR, 7z hay loại khác không mở được ở đây: hãy giao lại bằng ZIP",
    "part.locked": "có mật khẩu: hãy giao lại không đặt mật khẩu",
    "part.broken": "bị hỏng: không đọc được",
    "part.outside": "có tên dẫn ra ngoài thư mục: không mở",
    "part.cut": f"quá dài: chỉ lấy {LETTERS:,} ký tự đầu của cả tệp",
    "part.limit": f"vượt giới hạn ({DEPTH} lớp lồng nhau, {PARTS:,} phần, mỗi phần {PART_LIMIT >> 20} MB, tất cả "
    f"{TOTAL_LIMIT >> 20} MB): không mở",
}

#: Reads office files one after the other, as :func:`indexer.extraction.office.read_words` does.
Office = Callable[[Sequence[Source]], list[PageText]]


def is_archive(data: bytes) -> bool:
    """Whether it is a zip that is no office file."""
    if not data.startswith(_ZIP) and not data.startswith(b"PK\x05\x06"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return not {"[Content_Types].xml", "mimetype", "word/document.xml"} & set(parts.namelist())
    except UNREADABLE:
        return False


def read_enclosures(
    source: Source, office: Office, troubles: list[Trouble], *, pictured: bool = False, keep: Keep = in_memory
) -> list[PageText]:
    """The pages of a message or archive: the message, then each part that has text, headed by its name.

    With ``pictured``, images and PDF within are pages to look at (PicturedText), put aside by ``keep``.  What is left
    out is told in ``troubles``, one line a reason.  ``office`` tells of what it cannot read by itself.
    """
    last = source.name.rsplit("/", 1)[-1]
    data = source.read()
    unfolding = _Unfolding(office, pictured, SWELL * len(data) + (1 << 20), source.name.removesuffix(last), keep)
    pages = list(unfolding.read(data, last, last, 0))
    for code, names in unfolding.told.items():
        more = f" và {unfolding.counted[code] - NAMED} phần nữa" if unfolding.counted[code] > NAMED else ""
        shown = ", ".join(f"«{one}»" for one in names)
        troubles.append(Trouble(code, f"{shown}{more} {_TOLD[code]}.", source.name))
    return pages


@dataclass
class _Unfolding:
    office: Office
    pictured: bool
    room: int  # bytes of scans that may still be kept
    folder: str  # of the delivered file
    keep: Keep
    shown: int = 0
    names: set[str] = field(default_factory=set)  # of the scans that are kept
    parts: int = 0
    total: int = 0
    letters: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)  # the first names by reason
    counted: Counter[str] = field(default_factory=Counter)

    def read(self, data: bytes, path: str, name: str, depth: int) -> Iterator[PageText]:
        """The pages of a part; ``path`` is where it lies, for people."""
        lower = name.lower()
        if any(data.startswith(mark) for mark in _LOCKED):
            self._tell("part.format", path)
        elif data.startswith(b"%PDF-"):
            if self.pictured and self._keeps(data, path):
                yield from self._scan(data, path)
            else:
                yield from self._headed(self._pdf(data, path), path, depth)
        elif is_picture(data) or data.startswith(b"GIF8"):
            if not self.pictured or not is_picture(data):
                self._tell("part.image", path)
            elif self._keeps(data, path):
                yield from self._scan(data, path)
        elif is_archive(data):
            yield from self._archive(data, path, depth)
        elif lower.endswith(".eml") or (is_letter(data) and not lower.endswith(_TEXTS)):
            yield from self._letter(data, path, depth)
        elif data.startswith((_OLE, RTF, _ZIP)) or is_html(data):
            yield from self._headed(self._office(data, path), path, depth)
        elif lower.endswith(_TEXTS):
            pages = decode_runs(decode_text(data)[0])[0].split("\f")
            yield from self._headed((_page(page) for page in pages), path, depth)
        else:
            self._tell("part.broken" if lower.endswith(".zip") else "part.unread", path)

    def _letter(self, data: bytes, path: str, depth: int) -> Iterator[PageText]:
        if depth >= DEPTH:
            self._tell("part.limit", path)
            return
        try:
            letter = read_letter(data, path)
        except ExtractionError:
            self._tell("part.broken", path)
            return
        pages = decode_runs(letter.text)[0].replace("\f", "\n")
        yield from self._headed([_page(pages)], path, depth)
        for one in letter.attachments:
            inner = f"{path}{SEPARATOR}{one.name}"
            if self._allow(len(one.data)):
                yield from self.read(one.data, inner, one.name, depth + 1)
            else:
                self._tell("part.limit", inner)

    def _archive(self, data: bytes, path: str, depth: int) -> Iterator[PageText]:
        if depth >= DEPTH:
            self._tell("part.limit", path)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from self._contents(packed, path, depth)
            for info in packed.infolist():
                plain = info.filename if info.flag_bits & 0x800 else repair_name(info.filename)
                name = "".join(ch if ch.isprintable() else " " for ch in plain.replace("\\", "/"))
                inner = f"{path}{SEPARATOR}{name}"
                if info.is_dir() or is_system_file(name):
                    continue
                if self.parts > PARTS:
                    return  # told with the first that was beyond
                outside = name.startswith("/") or ".." in name.split("/") or name[1:2] == ":"
                if outside or info.external_attr >> 28 == 0o12:
                    self._tell("part.outside", inner)
                elif info.flag_bits & 1:
                    self._tell("part.locked", inner)
                elif (content := self._unfold(packed, info, inner)) is not None:
                    yield from self.read(content, inner, name, depth + 1)

    def _contents(self, packed: zipfile.ZipFile, path: str, depth: int) -> Iterator[PageText]:
        """Before scans, which show no name of theirs, the names of what lies in the archive."""
        names = [info.filename if info.flag_bits & 0x800 else repair_name(info.filename) for info in packed.infolist()]
        if self.pictured and any(one.lower().endswith(_NAMED_PICTURES) for one in names):
            shown = ["".join(ch if ch.isprintable() else " " for ch in one) for one in names[:PARTS]]
            yield from self._headed([_page("\n".join(["Các tệp trong gói:", *shown]))], path, depth)

    def _keeps(self, data: bytes, path: str) -> bool:
        """Whether there is room for a scan among those that are kept."""
        if len(data) > self.room or self.shown >= SHOWN:
            self._tell("part.shown", path)
            return False
        return True

    def _scan(self, data: bytes, path: str) -> Iterator[PageText]:
        name = f"{self.folder}{path}"
        while name in self.names:
            name += "_"
        is_document = data.startswith(b"%PDF-")
        pages = list[PicturedText]()
        try:
            found = document_pages(data, name, self.keep) if is_document else picture_pages(data, name, self.keep)
            for page in islice(found, SHOWN - self.shown):
                left = LETTERS - self.letters
                self.letters += len(page.text)
                if left < len(page.text):
                    self._tell("part.cut", path)
                    page = replace(page, text="", boxes=None, source="none", confidence=None, unread="no-text")
                pages.append(page)
        except ExtractionError:
            self._tell("part.broken", path)
            return
        if not pages:
            self._tell("part.image", path)
            return
        self.names.add(name)
        self.room -= len(data)
        self.shown += len(pages)
        yield from pages

    def _unfold(self, packed: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> bytes | None:
        """The bytes of an entry; what it declares is checked before, what it holds while it is read."""
        if not self._allow(info.file_size):
            self._tell("part.limit", path)
            return None
        try:
            with packed.open(info) as stream:
                content = stream.read(info.file_size + 1)
        except UNREADABLE:
            self._tell("part.broken", path)
            return None
        if len(content) > info.file_size:
            self._tell("part.broken", path)
            return None
        return content

    def _allow(self, size: int) -> bool:
        self.parts += 1
        if self.parts > PARTS or size > PART_LIMIT or self.total + size > TOTAL_LIMIT:
            return False
        self.total += size
        return True

    def _pdf(self, data: bytes, path: str) -> Iterator[PageText]:
        try:
            for layer, is_picture in read_layers(data, path):
                page, reason = settle_layer(layer, is_picture=is_picture)
                if reason:
                    self._tell("part.scan", path)
                yield PageText(page.text, None, "word", None)
        except ExtractionError:
            self._tell("part.broken", path)

    def _office(self, data: bytes, path: str) -> list[PageText]:
        """Office files unfold, too: what they declare counts like parts of an archive."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                size = sum(info.file_size for info in parts.infolist())
        except UNREADABLE:
            size = 0
        if self.total + size > TOTAL_LIMIT:
            self._tell("part.limit", path)
            return []
        self.total += size
        return self.office([Source("word", None, lambda: data, path)])

    def _headed(self, pages: Iterator[PageText] | Sequence[PageText], path: str, depth: int) -> Iterator[PageText]:
        """The pages that have text, the first of a part with its name above it."""
        first = depth > 0
        for page in pages:
            if page.text:
                text = canonise(f"[{path.split(SEPARATOR, 1)[1]}]\n\n{page.text}") if first else page.text
                first = False
                left = LETTERS - self.letters
                self.letters += len(text)
                if left > 0:
                    yield PageText(text[:left], None, "word", None)
                if left < len(text):
                    self._tell("part.cut", path)
                    return

    def _tell(self, code: str, path: str) -> None:
        names = self.told.setdefault(code, [])
        if not names or names[-1] != path:
            self.counted[code] += 1
            if len(names) < NAMED:
                names.append(path)


def _page(text: str) -> PageText:
    return PageText(canonise(text), None, "word", None)
