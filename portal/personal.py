"""Personal data in the papers, for archivists and heads: images that wait for a decision, and what is masked."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import browsing, reviewing
from archive.audit import record_event
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.masking import may_restore
from archive.reviewing import ReviewError
from portal.describing import field_labels
from portal.errors import missing
from portal.numbers import asked_number
from portal.viewing import Asking, asking

LONGEST_GROUND = 200
LARGEST_PLACE = 100_000_000

blueprint = Blueprint("personal", __name__)


def kind_labels() -> dict[str, str]:
    """What the kinds of personal data are called."""
    return {
        "citizen": _("số căn cước"),
        "identity_card": _("số chứng minh nhân dân"),
        "account": _("số tài khoản"),
        "phone": _("số điện thoại"),
        "by_hand": _("che theo yêu cầu"),
    }


def staff_only() -> Asking:
    """Who asks, if he may decide about personal data; for all others the page is missing."""
    who = asking()
    if not may_restore(who.viewer):
        raise missing()
    return who


@blueprint.get("/quan-tri/du-lieu-ca-nhan")
def queue() -> ResponseReturnValue:
    """Images that wait, 50 a page (``tu``: the first place)."""
    return _queue(staff_only())


@blueprint.post("/quan-tri/du-lieu-ca-nhan/<public_id>/<int:n>")
def decide(public_id: str, n: int) -> ResponseReturnValue:
    """Releases (``viec=cong-khai``, with ``can-cu``) or keeps (``viec=giu``) the image of a page."""
    who = staff_only()
    wish, ground = request.form.get("viec", ""), request.form.get("can-cu", "")[:LONGEST_GROUND]
    if wish not in {"cong-khai", "giu"} or n > LARGEST_PLACE:
        raise missing()
    try:
        with writing() as session:
            record = browsing.find_readable(session, who.viewer, public_id, who.day)
            if record is None:
                raise missing()
            decision = reviewing.decide_image
            decision(session, who.viewer.name, record, n, "released" if wish == "cong-khai" else "kept", ground)
    except ReviewError as error:
        return _queue(who, str(error)), 422
    return redirect(url_for("personal.queue", tu=asked_number("tu", 1, digits=8), xong=wish), 303)


def _queue(who: Asking, error: str = "") -> str:
    with reading() as session:
        found = reviewing.waiting_images(session, who.viewer, who.day, asked_number("tu", 1, digits=8))
    done = {"cong-khai": _("Đã công khai ảnh."), "giu": _("Đã giữ ảnh, bạn đọc không thấy.")}
    return render_template(
        "personal_queue.html",
        queue=found,
        window=reviewing.WINDOW,
        kinds=kind_labels(),
        error=error,
        done=done.get(request.args.get("xong", ""), ""),
    )


def wants_originals(who: Asking) -> bool:
    """Whether the originals were asked for (``hien=ca-nhan``) by one who may see them."""
    return request.args.get("hien") == "ca-nhan" and may_restore(who.viewer)


def note_showing(who: Asking, record: Record, page: int, marks: Sequence[PersonalMark]) -> None:
    """Writes into the audit trail that originals were shown, of which kinds and on what ground; never the originals."""
    ground = request.args.get("can-cu", "").strip()[:LONGEST_GROUND] or f"nghiệp vụ lưu trữ ({who.viewer.role})"
    kinds = sorted({one.kind for one in marks})
    with writing() as session:
        record_event(
            session, who.viewer.name, "personal-shown", record.public_id, page=page, kinds=kinds, ground=ground
        )


def original_fields(record: Record, marks: Sequence[PersonalMark]) -> list[tuple[str, str]]:
    """Label and delivered text of the fields of the description in which something is masked."""
    named = {"Subject": _("Trích yếu"), "Title": _("Tiêu đề"), "FondName": _("Tên phông"), "OrganName": _("Ban hành")}
    labels = {**field_labels(), "Place": _("Nơi chốn"), **named}
    fields = dict.fromkeys(one.field for one in marks if one.field)
    return [(labels.get(name, name), str(record.delivered.get(name, ""))) for name in fields]
