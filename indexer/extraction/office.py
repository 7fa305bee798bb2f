"""Office files of a record: .docx read here, everything else by a configured reader (Tika); without one, .doc of Word
97 and later, RTF, OpenDocument, .xls, XLSX, .pptx and web pages are read here, too; the rest (.ppt, old Word) waits.

Text in the fonts of old times (TCVN3, VNI) is decoded, and told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from indexer.extraction.embedded_office import read_embedded
from indexer.extraction.enclosures import read_enclosures
from indexer.extraction.errors import ExtractionError, TextWaitsError, Trouble
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.sources import Keep, Source, in_memory
from indexer.extraction.text import PageText, canonise
from indexer.extraction.word import is_other_office, read_docx

WAITING = frozenset({"word.unread", "word.waiting"})
"""Codes of troubles after which the text is still to come: the same delivery is worth another try."""


@dataclass(frozen=True, slots=True)
class OfficeText:
    """What a reader got out of a file; ``cut`` at the reader's limit, or ``broken`` off where the file is damaged."""

    text: str
    cut: bool = False
    broken: bool = False


class OfficeReader(Protocol):
    """Whoever reads office files that are no .docx."""

    def read(self, data: bytes, name: str) -> OfficeText:
        """The text of a file; TextWaitsError if that must wait, ExtractionError if it cannot be read."""


def office_reader() -> OfficeReader | None:
    """The configured reader, None without; UnusableSettingError if the setting cannot be followed."""
    # Not above: the child that reads files takes no settings, and starts in half the time without
    from archive.extras import need
    from archive.settings import settings

    if not (url := settings().tika_url):
        return None
    need("VANKHO_TIKA_URL", "urllib3")
    from indexer.extraction.tika import open_tika

    return open_tika(url, settings().tika_comeback)


def read_words(
    words: Sequence[Source], reader: OfficeReader | None, troubles: list[Trouble], *, pictured: bool = False,
    keep: Keep = in_memory,
) -> list[PageText]:  # fmt: skip
    """The pages of office files, messages and archives one after the other; what cannot be read is told.

    With ``pictured``, scans in messages and archives are pages to look at; ``keep`` puts them aside.
    """
    pages: list[PageText] = []
    for source in words:
        try:
            if source.kind in ("mail", "archive"):
                office = partial(read_words, reader=reader, troubles=troubles)
                pages += read_enclosures(source, office, troubles, pictured=pictured, keep=keep)
                continue
            data = source.read()
            found = _read_other(data, source.name, reader, troubles) if is_other_office(data) else None
            found = read_docx(data, source.name, troubles) if found is None else found
        except TextWaitsError as error:
            troubles.append(Trouble("word.waiting" if reader else "word.unread", str(error), source.name))
            continue
        except ExtractionError as error:
            troubles.append(Trouble("word.bad", str(error), source.name))
            continue
        if not found:
            troubles.append(Trouble("word.empty", f"Tệp Word «{source.name}» không có chữ nào.", source.name))
        pages += found
    return pages


def _read_other(data: bytes, name: str, reader: OfficeReader | None, troubles: list[Trouble]) -> list[PageText]:
    got = reader.read(data, name) if reader else _read_here(data, name)
    if got.cut:
        message = f"Tệp «{name}» quá dài: chỉ lấy {len(got.text):,} ký tự đầu."
        troubles.append(Trouble("word.cut", message, name))
    if got.broken:
        message = f"Tệp «{name}» hỏng một phần: chỉ lấy được chữ đến chỗ hỏng."
        troubles.append(Trouble("word.cut", message, name))
    text = _decoded(got.text, name, troubles)
    pages = [canonise(page) for page in text.split("\f")]
    return [PageText(page, None, "word", None) for page in pages if page]


def _read_here(data: bytes, name: str) -> OfficeText:
    try:
        return OfficeText(*read_embedded(data, name))
    except TextWaitsError as error:
        raise TextWaitsError(
            f"Tệp «{name}» (trình chiếu .ppt, Word đời rất cũ, tệp có mật khẩu) được giữ nguyên nhưng chưa "
            "lấy được chữ: bản cài đặt đầy đủ đọc loại tệp này bằng Tika."
        ) from error


def _decoded(text: str, name: str, troubles: list[Trouble]) -> str:
    text, legacy = decode_runs(text)
    if legacy:
        message = f"Tệp «{name}» có chữ viết bằng {legacy}: đã chuyển sang Unicode."
        troubles.append(Trouble("text.legacy", message, name))
    return text
