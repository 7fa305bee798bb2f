"""What was found of a record's digital signatures when it was taken in, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.reading import FileSignature
from archive.catalogue.records import Record

_GOOD = ("valid", "extended")


@dataclass(frozen=True, slots=True)
class ShownSignature:
    """A signature as it is shown; ``good``: nothing is against it."""

    row: FileSignature
    verdict: str
    coverage: str
    stamp: str
    revocation: str
    good: bool


def signatures_of(session: Session, record: Record) -> list[ShownSignature]:
    """The signatures of the record's files, in the order of the files and of signing.  For one who may read it."""
    rows = session.scalars(
        select(FileSignature).where(FileSignature.record_id == record.id).order_by(FileSignature.file, FileSignature.id)
    )
    verdicts, coverages, stamps, revocations = signature_verdicts(), _coverages(), _stamps(), _revocations()
    return [
        ShownSignature(
            one,
            verdicts.get(one.verdict, one.verdict),
            coverages.get(one.coverage, ""),
            stamps.get(one.stamp, ""),
            revocations.get(one.revocation, ""),
            one.verdict in _GOOD and one.stamp != "broken",
        )
        for one in rows
    ]


def signature_verdicts() -> dict[str, str]:
    """What was found of a signature, in words."""
    return {
        "valid": _("Chữ ký hợp lệ, tệp không đổi từ khi ký."),
        "extended": _("Chữ ký hợp lệ; sau đó tệp chỉ thêm chữ ký hay dấu thời gian."),
        "changed": _("Tệp đã bị sửa sau khi ký."),
        "untrusted": _("Tệp không đổi từ khi ký, nhưng chưa biết nơi cấp chứng thư số."),
        "expired": _("Chứng thư số không còn hiệu lực vào lúc ký."),
        "revoked": _("Chứng thư số đã bị thu hồi."),
        "unreadable": _("Không đọc được chữ ký số."),
    }


def _coverages() -> dict[str, str]:
    return {
        "whole": _("Ký trên cả tệp."),
        "revision": _("Ký trên bản trước khi thêm."),
        "part": _("Chỉ ký trên một phần tệp."),
    }


def _stamps() -> dict[str, str]:
    return {
        "known": _("Dấu thời gian của nơi cấp đã biết."),
        "unknown": _("Có dấu thời gian, chưa biết nơi cấp: không tính."),
        "broken": _("Dấu thời gian không khớp chữ ký."),
    }


def _revocations() -> dict[str, str]:
    return {
        "good": _("Chứng thư số chưa bị thu hồi vào lúc ký."),
        "unknown": _("Chưa biết chứng thư số có bị thu hồi hay không."),
    }
