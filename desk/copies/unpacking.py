"""The PDF files of a package that a stranger hands in: few, small, read in memory; a bomb is left where it is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from archive.packages.sources import DeliveryError
from archive.packages.zips import UNREADABLE, ZipSource

ENDING = 22  # bytes of the record that ends a zip
LONGEST_COMMENT = 65_535
LARGEST_INDEX = 1 << 20
"""Bytes of a zip's index: about ten thousand names; a package of one copy has twenty."""

MOST = 5
"""PDF files of one package that are looked at."""

PIECE = 1 << 20


def packed_pdfs(file: BinaryIO, most: int) -> Iterator[bytes]:
    """The PDF files of a zip, at most ``MOST``, each of at most ``most`` bytes; none where it cannot be read."""
    if not 0 <= _index_size(file) <= LARGEST_INDEX:
        return
    # The guards of deliveries want a file with a name; what is uploaded has one for as long as it is looked at.
    with NamedTemporaryFile(suffix=".zip") as named:
        file.seek(0)
        while piece := file.read(PIECE):
            named.write(piece)
        named.flush()
        try:
            with closing(ZipSource(Path(named.name))) as package:
                names = [one for one in package.names() if one.lower().endswith(".pdf") and package.size(one) <= most]
                for name in names[:MOST]:
                    with package.open(name) as part:
                        data = part.read(most + 1)
                    if len(data) <= most:
                        yield data
        except (DeliveryError, *UNREADABLE):
            return


def _index_size(file: BinaryIO) -> int:
    """Bytes that the zip says its index has; -1 where it says nothing, or is of the kind for more than 4 GiB."""
    size = file.seek(0, 2)
    file.seek(max(0, size - ENDING - LONGEST_COMMENT - 20))
    tail = file.read()
    start = len(tail) - ENDING if _ends(tail[-ENDING:]) else tail.rfind(b"PK\5\6")
    if start < 0 or len(tail) - start < ENDING or tail[max(0, start - 20) : max(0, start - 16)] == b"PK\6\7":
        return -1
    return int.from_bytes(tail[start + 12 : start + 16], "little")


def _ends(record: bytes) -> bool:
    return record[:4] == b"PK\5\6" and record[-2:] == b"\0\0"
