"""What machines read on first pages and propose for the description: staff accept or refuse, one key each."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import proposals
from archive.database import reading, writing
from archive.proposals import ProposalError
from portal.errors import missing
from portal.numbers import asked_number
from portal.personal import staff_only
from portal.viewing import Asking

blueprint = Blueprint("proposals", __name__)


def proposal_labels() -> dict[str, str]:
    """What the fields that are proposed are called."""
    return {
        "CodeNumber": _("Số, ký hiệu"),
        "TypeName": _("Loại"),
        "IssuedDate": _("Thời gian"),
        "OrganName": _("Ban hành"),
        "Subject": _("Trích yếu"),
        "Signer": _("Người ký"),
        "Place": _("Nơi chốn"),
    }


@blueprint.get("/quan-tri/de-xuat")
def queue() -> ResponseReturnValue:
    """Documents with proposals, 20 a page (``tu``: the first place)."""
    return _queue(staff_only())


@blueprint.post("/quan-tri/de-xuat/<public_id>")
def decide(public_id: str) -> ResponseReturnValue:
    """Accepts (``viec=nhan``) or refuses (``viec=bo``) what is proposed for a document: ``truong``, or all of it."""
    who, wish = staff_only(), request.form.get("viec", "")
    if wish not in {"nhan", "bo"}:
        raise missing()
    fields = [one for one in request.form.getlist("truong") if one in proposal_labels()]
    try:
        with writing() as session:
            found = proposals.find_proposals(session, who.viewer, who.day, public_id, fields)
            (proposals.accept if wish == "nhan" else proposals.refuse)(session, who.viewer.name, found)
    except ProposalError as error:
        return _queue(who, str(error)), 422
    return redirect(url_for("proposals.queue", tu=asked_number("tu", 1, digits=8), xong=wish), 303)


def _queue(who: Asking, error: str = "") -> str:
    with reading() as session:
        found = proposals.waiting_proposals(session, who.viewer, who.day, asked_number("tu", 1, digits=8))
    done = {"nhan": _("Đã nhận đề xuất vào mô tả."), "bo": _("Đã bỏ đề xuất, mô tả giữ nguyên.")}
    return render_template(
        "proposals.html",
        queue=found,
        window=proposals.WINDOW,
        labels=proposal_labels(),
        told=_told,
        error=error,
        done=done.get(request.args.get("xong", ""), ""),
    )


def _told(document: proposals.Proposals, field: str) -> str:
    """What the description says of the field now."""
    record = document.record
    return record.number if field == "CodeNumber" else record.value(field)
