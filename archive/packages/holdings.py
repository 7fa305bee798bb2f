"""The files of `data/`, found by the code in their names; codes are looked up, never made into paths."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from archive.packages.findings import Notes
from archive.packages.rows import DataFile, Kind
from archive.packages.sources import Source

KINDS: dict[str, Kind] = {
    ".pdf": "pdf",
    ".doc": "word",
    ".docx": "word",
    **dict.fromkeys((".rtf", ".odt", ".ods", ".odp", ".xls", ".xlsx", ".ppt", ".pptx"), "word"),
    **dict.fromkeys((".eml", ".msg"), "mail"),
    **dict.fromkeys((".zip", ".rar", ".7z"), "archive"),
    ".txt": "text",
    ".alto.xml": "alto",
    ".hocr": "hocr",
    ".jpg": "image",
    ".jpeg": "image",
    ".png": "image",
    ".tif": "image",
    ".tiff": "image",
    ".webp": "image",
    **dict.fromkeys((".mp3", ".wav", ".wma", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".flac"), "audio"),
    **dict.fromkeys((".mp4", ".m4v", ".webm", ".mov", ".avi", ".wmv", ".mpg", ".mpeg", ".mkv"), "video"),
    ".vtt": "captions",
    ".srt": "captions",
}
_EXTENSION = re.compile(r"(\.alto\.xml|\.[A-Za-z0-9]{1,8})$", re.IGNORECASE)
_PAGE = re.compile(r"(.+)-(\d{1,6})", re.DOTALL)


def split_name(name: str) -> tuple[str, str, str]:
    """'data/x/A-0002.jpg' -> ('A', '0002', '.jpg'); without a page number the second is ''."""
    last = name.rsplit("/", 1)[-1]
    found = _EXTENSION.search(last, 1)
    stem, extension = (last[: found.start()], found[0].lower()) if found else (last, "")
    if page := _PAGE.fullmatch(stem):
        return page[1], page[2], extension
    return stem, "", extension


def _loose(stem: str) -> str:
    return unicodedata.normalize("NFC", stem).casefold()


class Holdings:
    """The listing of `data/`: stem -> page suffix -> names. `claim` hands out the files of a code."""

    def __init__(self, source: Source, names: Iterable[str]) -> None:
        self._source = source
        self._names: dict[str, dict[str, list[str]]] = {}
        self._loose: dict[str, list[str]] | None = None
        self.paged = False
        for name in names:
            stem, page, _ = split_name(name)
            self._names.setdefault(stem, {}).setdefault(page, []).append(name)
            self.paged = self.paged or bool(page)

    def find(self, code: str, codes: Collection[str]) -> list[str]:
        """Names of the files of a code: written exactly so, else in any letter case.

        `codes` are all codes of the delivery: 'A-0001.jpg' is no page of 'A' when there is a code 'A-0001'.
        """
        if found := self._exact(code, codes):
            return found
        if self._loose is None:
            self._loose = {}
            for stem in self._names:
                self._loose.setdefault(_loose(stem), []).append(stem)
        found = []
        for stem in self._loose.get(_loose(code), ()):
            if stem not in codes:
                found += self._exact(stem, codes)
        if not found and (parts := _PAGE.fullmatch(code)):
            for stem in self._loose.get(_loose(parts[1]), ()):
                if f"{stem}-{parts[2]}" not in codes:
                    found += self._names[stem].get(parts[2], [])
        return found

    def _exact(self, stem: str, codes: Collection[str]) -> list[str]:
        found = []
        for page, names in self._names.get(stem, {}).items():
            if not page or f"{stem}-{page}" not in codes:
                found += names
        if parts := _PAGE.fullmatch(stem):
            found += self._names.get(parts[1], {}).get(parts[2], [])
        return found

    def describe(self, code: str, names: Iterable[str], notes: Notes) -> tuple[DataFile, ...]:
        """The files in order of page, whole ones first; gaps, doubled pages and unknown kinds are noted."""
        files = []
        for name in names:
            stem, page, extension = split_name(name)
            number = int(page) if page and _loose(f"{stem}-{page}") != _loose(code) else None
            kind = KINDS.get(extension, "other")
            if kind == "other":
                notes.add(None, "file.kind", f"không rõ loại tệp của {name.rsplit('/', 1)[-1]}", "giữ tệp, không đọc")
            files.append(DataFile(name, kind, number, self._source.size(name)))
        files.sort(key=lambda f: (-1 if f.page is None else f.page, f.name))
        pages = sorted(f.page for f in files if f.page is not None and f.kind == "image")
        if len(pages) != len(set(pages)):
            twice = sorted({n for n in pages if pages.count(n) > 1}) if len(pages) < 1000 else []
            shown = f" ({', '.join(map(str, twice[:10]))})" if twice else ""
            notes.add(None, "page.double", f"có trang hai ảnh{shown}", "giữ cả hai")
        have = set(pages) - {0}
        if have and len(have) < max(have):
            gone = [n for n in range(1, min(pages[-1], 100_000)) if n not in have]
            if gone:
                shown = ", ".join(map(str, gone[:10])) + (", …" if len(gone) > 10 else "")
                wrong = f"thiếu ảnh trang {shown} (ảnh cuối là trang {pages[-1]})"
                notes.add(None, "page.gap", wrong, "lấy các trang có, giữ số trang")
        return tuple(files)

    def unclaimed(self, claimed: Collection[str]) -> Iterator[str]:
        """Names that no code took."""
        for pages in self._names.values():
            for names in pages.values():
                yield from (name for name in names if name not in claimed)
