"""A certified copy as a package (DIP): the request as its description, the signed copy with its sheet as its document.

TT 05/2025/TT-BNV Article 42 and annex V: a DIP is described by the reader's request, and holds the authentication sheet
of eleven items, which is the last page of the signed file.  What was delivered stays in the archive: it may hold what a
copy must not (masked parts, numbers of persons).
"""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM, today_number
from archive.packages.csip.elements import ITEM, Sort, encode_all, sort_of
from archive.packages.csip.writing import DataPart, Item, Package, WritingError, write_package
from archive.packing import archival_code, compose_item, visible
from archive.settings import settings
from desk.copies.errors import CopyError

#: Code lists of the circular: the purpose by who asks, and who pays no reduced fee.
PURPOSE = {"citizen": "01", "official": "02", "foreign": "01"}
OTHER_PAYER = "10"


@dataclass(frozen=True, slots=True)
class Described:
    """What a package says: the seven elements of the request, those of the document, the archives' code."""

    request: dict[str, str]
    document: dict[str, str]
    organ: str
    sort: Sort = "doc"


def describe(session: Session, request: ReadingRequest, record: Record) -> Described:
    """The description of a package for a record of a request; personal numbers are masked."""
    purpose = " ".join(request.purpose.split())
    return Described(
        {
            "requestID": request.code,
            "requestDate": f"{request.received_at.astimezone(VIET_NAM):%d/%m/%Y}",
            "purpose": PURPOSE[request.requester],
            "purposeContent": purpose[:500],
            "feeObjectType": request.payer_class if request.payer_class.isdigit() else OTHER_PAYER,
            "researchTopic": purpose[:250],
        },
        _document(record),
        record.natural_key.split("\x1f")[0] or (record.fonds or record).code,
        sort_of(visible(record)),
    )


def _document(record: Record) -> dict[str, str]:
    """The elements of a document in a package for a reader (annex V): the archive's own code, no ordinal."""
    values, file = visible(record), record.parent or record
    sort = sort_of(values)
    told, _cut = encode_all(ITEM[sort], {"PageAmount": str(record.page_count), **values}, "DIP")
    ordinal = told.pop("docOrdinal", "1")
    mode = "01" if may(Viewer.anonymous(), "read", record, today_number()) else "02"
    code = {"arcDocCode": f"{archival_code(file)}.{int(ordinal):07}"}
    return compose_item(record, sort, "DIP", {**told, "mode": mode}, code)


def pack_copy(code: str, data: bytes, told: Described, moment: datetime) -> bytes:
    """The package as a zip.  Raises CopyError where it cannot be written."""

    def opened() -> BinaryIO:
        return io.BytesIO(data)

    item = Item(told.document, [DataPart(f"ban-sao-{code}.pdf", opened)], told.sort)
    package = Package(
        "DIP", code, told.organ, told.request, [item], moment, loose=True, organ_name=settings().archive_name
    )
    with TemporaryDirectory() as folder:
        try:
            return write_package(Path(folder), package, packed=True).read_bytes()
        except WritingError as error:
            raise CopyError(str(error)) from error
