"""Lines on what a package's elements lack or say wrong by TT 05/2025/TT-BNV; values are taken as they are."""

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from archive.packages.csip.annexes import Sheet, measure
from archive.packages.csip.mets import Mets
from archive.packages.csip.rules import found
from archive.packages.findings import Finding, quote, worst
from archive.packages.rows import Row

_LEFT, _KEPT = "vẫn lấy, để trống", "giữ chữ đã giao"
ACTIONS = {
    **dict.fromkeys(("element.missing", "element.condition", "element.expected"), _LEFT),
    **dict.fromkeys(("element.code", "element.date", "element.number", "element.length", "element.partial"), _KEPT),
}
# Lines of the tables of TT 02/2019: other lengths, and what the rules here have said already
_ELSEWHERE = {"field.long", "field.missing", "number.unreadable"}
_OF_FILES = {"mode", "maintenance", "language", "startDate", "endDate"}
_Any = TypeVar("_Any", bound=Row)


def sheet_of(name: str) -> Sheet:
    """Which elements a metadata file of a document has, by its name: 'EAD_pic_1.xml' -> 'pic'."""
    sort = posixpath.basename(name).split("_")[1]
    return "pic" if sort == "pic" else "media" if sort == "media" else "doc"


def measure_whole(name: str, mets: Mets, told: Mapping[str, str], documents: int) -> list[Finding]:
    """Lines on EAD.xml; METS says whether it is of a file or of loose documents, else its elements do."""
    loose = mets.category == "Collection" or (mets.category != "Mixed" and not _OF_FILES & told.keys())
    lines = [
        found(code, f"Tệp {quote(name)}: {wrong}", ACTIONS[code])
        for code, wrong in measure("loose" if loose else "file", mets.kind, told)
    ]
    counted = told.get("totalDoc", "")
    # A supplement counts what is in the archives already
    if counted.isdecimal() and int(counted) != documents and mets.status != "SUPPLEMENT":
        wrong = f"Tệp {quote(name)}: totalDoc ghi {quote(counted)}, gói có {documents} tài liệu"
        lines.append(found("element.count", wrong, "lấy các tài liệu có trong gói"))
    return lines


def told_once(row: _Any) -> _Any:
    """The row without the lines of the other circular's table."""
    kept = tuple(one for one in row.findings if one.code not in _ELSEWHERE)
    return row if len(kept) == len(row.findings) else replace(row, findings=kept, outcome=worst(kept))
