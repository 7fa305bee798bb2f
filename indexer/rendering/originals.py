"""Whether the delivered bytes of an office file show personal numbers anywhere, comments and properties among them."""

import io
import re
import zipfile

from analyzers.personal import find_personal
from archive.packages.zips import UNREADABLE
from indexer.extraction.errors import ExtractionError
from indexer.extraction.old_tables import is_old_table, read_old_table

LIMIT = 64 * 1024 * 1024
_TAGS = re.compile(r"<[^>]{0,10000}>")


def shows_personal(data: bytes) -> bool:
    """True where a part has one, and where a part is too large or too broken to be sure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(info.file_size for info in parts.infolist()) > LIMIT:
                return True
            texts = [
                parts.read(info).decode("utf-8", "replace")
                for info in parts.infolist()
                if info.filename.endswith((".xml", ".rels", ".html", ".txt", ".csv"))
            ]
    except UNREADABLE:
        if data.startswith(b"PK"):
            return True
        if is_old_table(data) and not _is_table_clean(data):
            return True
        texts = [data.decode("latin-1"), data.decode("utf-16-le", "replace"), data[1:].decode("utf-16-le", "replace")]
    return any(find_personal(part) for text in texts for part in (_TAGS.sub("", text), _TAGS.sub(" ", text)))


def _is_table_clean(data: bytes) -> bool:
    """In a .xls numbers are no digits: the cells are looked at as they are shown."""
    try:
        shown = ("\n".join(" ".join(row) for row in rows) for _, rows in read_old_table(data, ""))
        return not any(find_personal(text) for text in shown)
    except ExtractionError:
        return False
