"""Rows and files of the transfer folders that the tests write."""

import csv
import io
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

Rows = Iterable[Iterable[object]]
FONDS = (("Identifier", "OrganId", "FondName"), ("000.00.00.H48", "H48.01", "Ủy ban nhân dân tỉnh"))
FILES = (
    ("FileCode", "Identifier", "OrganId", "Title", "Rights", "StartDate", "EndDate"),
    ("HS1", "000.00.00.H48", "H48.01", "Hồ sơ đất đai", "Không hạn chế", "01/01/1998", "31/12/1998"),
    ("HS2", "000.00.00.H48", "H48.01", "Hồ sơ cán bộ", "Hạn chế", "1999", "2001"),
)
DOCUMENTS = (
    ("DocCode", "FileCode", "Identifier", "OrganId", "Subject", "IssuedDate", "Mode"),
    ("VB1", "HS1", "000.00.00.H48", "H48.01", "Về việc giao đất", "10/11/1998", "Không hạn chế"),
    ("VB2", "HS2", "000.00.00.H48", "H48.01", "Về việc bổ nhiệm", "02/1999", "Hạn chế"),
)


def to_csv(rows: Rows, separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that declares width x height."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


Maker = Callable[..., Path]
