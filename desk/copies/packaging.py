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

from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM
from archive.packages.csip.elements import ITEM, encode_all
from archive.packages.csip.writing import DataPart, Item, Package, WritingError, write_package
from archive.packing import visible
from desk.copies.errors import CopyError

#: Code lists of the circular: the purpose by who asks, and who pays no reduced fee.
PURPOSE = {"citizen": "01", "official": "02", "foreign": "01"}
OTHER_PAYER = "10"


@dataclass(frozen=True, slots=True)
class Described:
    """What a package says: the seven elements of the request, those of the document, the fonds it is of."""

    request: dict[str, str]
    document: dict[str, str]
    organ: str


def describe(session: Session, request: ReadingRequest, record: Record) -> Described:
    """The description of a package for a record of a request; personal numbers are masked."""
    purpose = " ".join(request.purpose.split())
    told, _cut = encode_all(ITEM["doc"], visible(record), "DIP")
    return Described(
        {
            "requestID": request.code,
            "requestDate": f"{request.received_at.astimezone(VIET_NAM):%d/%m/%Y}",
            "purpose": PURPOSE[request.requester],
            "purposeContent": purpose[:500],
            "feeObjectType": request.payer_class if request.payer_class.isdigit() else OTHER_PAYER,
            "researchTopic": purpose[:250],
        },
        {"docCode": record.code, **told},
        (record.fonds or record).code,
    )


def pack_copy(code: str, data: bytes, told: Described, moment: datetime) -> bytes:
    """The package as a zip.  Raises CopyError where it cannot be written."""

    def opened() -> BinaryIO:
        return io.BytesIO(data)

    item = Item(told.document, [DataPart(f"ban-sao-{code}.pdf", opened)])
    package = Package("DIP", code, told.organ, told.request, [item], moment, loose=True)
    with TemporaryDirectory() as folder:
        try:
            return write_package(Path(folder), package, packed=True).read_bytes()
        except WritingError as error:
            raise CopyError(str(error)) from error
