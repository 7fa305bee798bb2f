"""The description of a record as rows of a label and a text, in the words of the circular."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.accession.listed import lists_of
from archive.catalogue.people import Grant
from archive.catalogue.records import Record
from archive.deciding import own_grants
from archive.describing import NamedPerson, Surroundings, shown_fields
from archive.named_persons import running_closures
from portal.wording import badge_day, period


def field_labels() -> dict[str, str]:
    """Labels of the fields of the description, by the circular's name."""
    return {
        "FondHistory": _("Lịch sử đơn vị hình thành phông"),
        "ArchivesTime": _("Thời gian tài liệu"),
        "KeyGroups": _("Các nhóm tài liệu chủ yếu"),
        "OtherTypes": _("Loại hình khác"),
        "Language": _("Ngôn ngữ"),
        "LookupTools": _("Công cụ tra cứu"),
        "Description": _("Ghi chú"),
        "Maintenance": _("Thời hạn lưu trữ"),
        "InforSign": _("Ký hiệu thông tin"),
        "Keyword": _("Từ khóa"),
        "SheetNumber": _("Số tờ khai khi nộp"),
        "TotalDoc": _("Số văn bản khai khi nộp"),
        "PageNumber": _("Số trang khai khi nộp"),
        "PaperTotal": _("Tài liệu giấy khai khi nộp"),
        "PaperDigital": _("Đã số hóa, khai khi nộp"),
        "PageAmount": _("Số trang"),
        "Format": _("Tình trạng vật lý"),
        "Signer": _("Người ký"),
        "EventName": _("Sự kiện"),
        "Photographer": _("Tác giả ảnh"),
        "Recorder": _("Tác giả bản ghi"),
        "Colour": _("Màu sắc"),
        "FilmSize": _("Cỡ phim, ảnh"),
        "PlayTime": _("Thời lượng khai khi nộp"),
        "Quality": _("Chất lượng"),
        "DocAttached": _("Tài liệu đi kèm"),
        "ArchivesNumber": _("Số lưu trữ"),
        "ConfidenceLevel": _("Mức độ tin cậy"),
        "PaperFileCode": _("Mã hồ sơ gốc giấy"),
        "Process": _("Có quy trình xử lý"),
        "RiskRecovery": _("Dự phòng"),
        "RiskRecoveryStatus": _("Tình trạng dự phòng"),
        "Autograph": _("Bút tích"),
    }


def access_rows(session: Session, viewer: Viewer, record: Record, day: int) -> list[tuple[str, str]]:
    """Label and text of what lets the viewer in (his own grants), and, for staff, of what else closes the record."""
    rows = [(_("Giấy phép của bạn"), _permission(one)) for one in own_grants(session, viewer, record, day)]
    if not viewer.is_staff:
        return rows
    for closed in running_closures(session, record.id):
        opens = _("mở từ %(day)s", day=badge_day(closed.opens_on)) if closed.died_on else _("mở khi biết ngày mất")
        rows.append((_("Đóng vì người được nêu tên"), f"{closed.person}, {opens}: {closed.ground}"))
    for one, ground in lists_of(session, record):
        named = {"number": one.decision, "day": badge_day(one.decided_on), "approver": one.approver}
        told = _("%(number)s ngày %(day)s, %(approver)s", **named)
        rows.append((_("Danh mục hạn chế"), f"{told}: {ground}" if ground else told))
    return rows


def _permission(grant: Grant) -> str:
    kind = _("đọc và sao") if grant.copying else _("chỉ đọc")
    told = _("%(kind)s, đến hết %(day)s", kind=kind, day=badge_day(grant.valid_to))
    told += f"; {_('chỉ trang %(pages)s', pages=grant.pages)}" if grant.pages else ""
    return f"{told}; {grant.purpose}" if grant.purpose else told


def names_linked(
    record: Record, around: Surroundings, *, readable: bool, staff: bool
) -> dict[str, list[tuple[str, str]]]:
    """Of the labels whose text is names: each name with where it leads.  An agency, place or person has its page; a
    person of whom there is no agent yet leads to the search for that name."""
    linked: dict[str, list[tuple[str, str]]] = {}
    if around.issuer:
        page = url_for("naming.name", kind="co-quan", value=around.issuer_id)
        linked[_("Ban hành")] = [(around.issuer, page)]
    if around.places:
        pages = zip(around.places, around.place_ids, strict=True)
        linked[_("Nơi chốn")] = [(name, url_for("naming.name", kind="noi", value=own)) for name, own in pages]
    shown = shown_fields(record.level, readable=readable, staff=staff)
    labels = field_labels()
    for one in around.people:
        if one.field in shown:
            linked.setdefault(labels[one.field], []).append((one.name, _page_of(one)))
    return linked


def _page_of(person: NamedPerson) -> str:
    if person.id:
        return url_for("naming.name", kind="nguoi", value=person.id)
    wanted = " ".join(person.name.replace('"', " ").split())
    return url_for("searching.show", q=f'"{wanted}"')


def description_rows(record: Record, around: Surroundings, *, readable: bool, staff: bool) -> list[tuple[str, str]]:
    """Label and text of every field that has something; handwriting only for one who may read the content,
    declared counts only for staff."""
    rows = [
        (_("Loại"), around.type),
        (_("Số, ký hiệu"), record.number),
        (_("Thời gian"), period(record.date_from, record.date_to) if record.level == "document" else ""),
        (_("Ban hành"), around.issuer),
        (_("Nơi chốn"), "; ".join(around.places)),
        (_("Lĩnh vực"), "; ".join(around.subjects)),
    ]
    labels = field_labels()
    names = shown_fields(record.level, readable=readable, staff=staff)
    rows += [(labels[name], record.value(name)) for name in names]
    rows.append((_("Mã"), record.code))
    return [(label, text) for label, text in rows if text]
