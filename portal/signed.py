"""What was found of a record's digital signatures when it was taken in, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.reading import FileSignature
from archive.catalogue.records import Record
from archive.clock import VIET_NAM
from desk.copies.verifying import CheckedFile
from indexer.signatures.found import FoundSignature

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


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said of a signature of a file, apart: is it untouched, was it valid when it was signed, what is its
    certificate today."""

    untouched: str
    when_signed: str
    today: str


def three_answers(one: FoundSignature, checked: CheckedFile) -> Answers:
    """The three answers about a signature of a file; what cannot be told says why."""
    untouched = {"changed": _("không: tệp đã bị sửa sau khi ký"), "unreadable": _("không đọc được chữ ký số")}
    if one.certificate in checked.own and (one.added or checked.finding == "added"):
        return Answers(
            _("phần đã ký còn nguyên; sau khi ký đã thêm nội dung"), _when_signed(one, checked), _today(one, checked)
        )
    whole = _("có; sau khi ký chỉ thêm chữ ký hay dấu thời gian") if one.coverage != "whole" else _("có, cả tệp")
    return Answers(untouched.get(one.verdict, whole), _when_signed(one, checked), _today(one, checked))


def _when_signed(one: FoundSignature, checked: CheckedFile) -> str:
    own = one.certificate in checked.own
    told: dict[str, str] = {
        "untrusted": _of_own(checked) if own else _("chưa biết nơi cấp chứng thư số"),
        "expired": _("không: chứng thư số không còn hiệu lực vào lúc ký"),
        "revoked": _("không: chứng thư số đã bị thu hồi trước lúc ký"),
    }
    if one.verdict not in {"valid", "extended"}:
        return told.get(one.verdict, _of_own(checked) if own and one.added else str(_("không xét được")))
    if one.timed:
        return str(_("hợp lệ; lúc ký do nơi cấp dấu thời gian xác nhận"))
    if checked.finding == "whole":
        return str(_("hợp lệ; lúc ký theo sổ cấp bản sao của Trung tâm"))
    if one.today in {"revoked", "expired"}:
        return str(_("không chứng minh được: không có dấu thời gian, lúc ký chỉ do người ký ghi"))
    return str(_("hợp lệ; lúc ký do người ký ghi"))


def _of_own(checked: CheckedFile) -> str:
    """What our own register says of a signature whose issuer nobody here vouches for."""
    known = (
        _("đúng chứng thư số Trung tâm dùng để ký; ngày ký theo sổ cấp bản sao.")
        if checked.issued
        else _("đúng chứng thư số Trung tâm dùng để ký; sổ cấp bản sao không có mã ghi trong tệp.")
    )
    return f"{known} {_unrooted(checked)}"


def _unrooted(checked: CheckedFile) -> str:
    if checked.rooted:
        return str(_("Chưa xét được nơi cấp: chứng thư số không dẫn đến gốc nào đã biết ở đây."))
    return str(_("Chưa xét được nơi cấp: hệ thống này chưa được đặt gốc chứng thực nào."))


def _today(one: FoundSignature, checked: CheckedFile) -> str:
    day = one.ended_at.astimezone(VIET_NAM).strftime("%d/%m/%Y") if one.ended_at else ""
    told: dict[str, str] = {
        "in force": _("còn hiệu lực"),
        "expired": _("đã hết hạn từ %(day)s; chữ ký có trước ngày ấy không vì thế mà mất giá trị", day=day),
        "revoked": _("đã bị thu hồi từ %(day)s; chữ ký có trước ngày ấy không vì thế mà mất giá trị", day=day),
        "unknown": _("chưa biết: không có danh sách thu hồi mới"),
    }
    if not one.today and one.certificate in checked.own:
        return str(_("chưa biết.")) + f" {_unrooted(checked)}"
    return told.get(one.today, str(_("không xét")))


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
