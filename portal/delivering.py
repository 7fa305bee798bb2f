"""Deliveries for staff and clerks: handing over, how far it is, the report, what waits for a decision, undoing."""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Flask, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from archive import handovers, held_changes, quarantine
from archive.accession.seclusion import seclude
from archive.audit import record_event
from archive.catalogue.deliveries import Handover, Package
from archive.claims import changed_nothing, is_empty
from archive.database import reading, writing
from archive.handovers import HandoverError
from archive.locks import held
from archive.packages.registers.sheets import is_register
from archive.resending import mended_by
from archive.settings import settings
from archive.storage.folder import FolderStorage
from archive.undoing import UndoError, undo_package, why_not
from portal.delivery_words import (
    channel_name,
    hand_name,
    nothing_new,
    nothing_new_cells,
    outcome_name,
    quarantine_state,
    report_cells,
    report_heading,
    state_name,
    state_of,
    time_left,
)
from portal.errors import missing
from portal.numbers import asked_number
from portal.rule_words import kind_name, kinds_of, rule_kind
from portal.sheets import KINDS, write_sheet
from portal.viewing import Asking, asking

FIELDS = {"organ": "phong", "identifier": "luu-tru", "fonds_name": "ten-phong", "issuer": "co-quan", "access": "muc"}
WISHES = ("ket-qua", "quy-tac", "truong")
LINES = 100

blueprint = Blueprint("delivering", __name__)


def install(app: Flask) -> None:
    """The form of an upload is larger than others may be: its view says how large, then checks its token."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.delivering.give")
    words = (
        channel_name,
        state_name,
        state_of,
        outcome_name,
        hand_name,
        kind_name,
        rule_kind,
        changed_nothing,
        is_empty,
        time_left,
    )
    app.jinja_env.globals.update({one.__name__: one for one in words})


def givers_only() -> Asking:
    """Who asks, if he may hand over or decide; for all others these pages are missing."""
    who = asking()
    if not handovers.may_give(who.viewer):
        raise missing()
    return who


@blueprint.get("/quan-tri/tiep-nhan")
def deliveries() -> ResponseReturnValue:
    """What was handed over, newest first (``trang-thai``, ``tu``), and the forms to hand over more."""
    return _list(givers_only())


@blueprint.post("/quan-tri/tiep-nhan")
def give() -> ResponseReturnValue:
    """Receives a file (``goi``), or from an administrator a path on the server (``thu-muc``), and goes to its page."""
    who = asking()
    gives = handovers.may_give(who.viewer)
    if gives:
        request.max_content_length = (settings().delivery_limit << 20) + (64 << 10)
        request.max_form_memory_size = 1 << 20  # the reader of forms holds this much of a file, too, before it spools
    try:
        validate_csrf(request.form.get("csrf_token", ""))
    except ValidationError as error:
        if not gives:
            raise CSRFError from error
        return _list(who, _("Chưa giao được: mẫu này đã để quá lâu. Hãy gửi lại.")), 400
    if not gives:
        raise missing()
    context = told_context()
    folder, file = request.form.get("thu-muc", "").strip(), request.files.get("goi")
    try:
        if folder and who.viewer.role == "administrator":
            with writing() as session:
                public_id = _point(session, who, folder, context).public_id
        elif file is not None and file.filename:
            with handovers.spooled(file.stream, settings().delivery_limit << 20) as piece, writing() as session:
                made, _new = handovers.receive(
                    session, who.viewer, channel="page", name=file.filename, context=context, size=piece.size,
                    corrects=corrected(),
                )  # fmt: skip
                handovers.add_piece(session, made, 0, piece)
                public_id = made.public_id
        else:
            raise HandoverError(_("Hãy chọn một tệp."))
    except HandoverError as error:
        return _list(who, str(error)), 422
    return redirect(url_for("delivering.delivery", public_id=public_id), 303)


@blueprint.get("/quan-tri/tiep-nhan/<public_id>")
def delivery(public_id: str) -> ResponseReturnValue:
    """How far a delivery is, and its report (``ket-qua``, ``quy-tac``, ``truong``, ``tu``)."""
    return _page(givers_only(), public_id)


@blueprint.get("/quan-tri/tiep-nhan/<public_id>/bao-cao.<kind>")
def report(public_id: str, kind: str) -> ResponseReturnValue:
    """The report, narrowed as on the page, as CSV or XLSX."""
    who = givers_only()
    if kind not in KINDS:
        raise missing()
    with reading() as session:
        found = find_delivery(session, who, public_id)
        wish = _wish()
        lines = [report_cells(one) for one in session.scalars(handovers.report_rows(found, *wish.values()))]
        said = nothing_new_cells(found, handovers.first_taken(session, found))
    sheet = write_sheet([report_heading(), *said, *lines], kind)
    answer = Response(stream_with_context(sheet), content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="bao-cao-{public_id}.{kind}"'
    return answer


@blueprint.post("/quan-tri/tiep-nhan/<public_id>/nhan-lai")
def again(public_id: str) -> ResponseReturnValue:
    """Sends a delivery once more whose taking broke off: at once, and with all its attempts."""
    who = givers_only()
    with writing() as session:
        found = find_delivery(session, who, public_id)
        if not handovers.is_put_off(found):
            raise missing()
        handovers.send_again(found)
        record_event(session, who.viewer.name, "delivery-again", None, delivery=public_id)
    return redirect(url_for("delivering.delivery", public_id=public_id), 303)


@blueprint.post("/quan-tri/tiep-nhan/<public_id>/giu-lai/<int:held_id>")
def decide(public_id: str, held_id: int) -> ResponseReturnValue:
    """Confirms (``viec=xac-nhan``) what is held (0: all of it), or leaves the record as it is (``viec=bo``); needs
    ``can-cu``."""
    who = deciders_only()
    wish = request.form.get("viec", "")
    if wish not in {"xac-nhan", "bo"}:
        raise missing()
    try:
        with writing() as session:
            found = find_delivery(session, who, public_id)
            ground = request.form.get("can-cu", "")
            held_changes.decide_held(session, found, held_id, wish == "xac-nhan", actor=who.viewer.name, ground=ground)
    except HandoverError as error:
        return _page(who, public_id, str(error)), 422
    return redirect(url_for("delivering.delivery", public_id=public_id, xong=wish), 303)


@blueprint.post("/quan-tri/tiep-nhan/<public_id>/hoan-tac")
def undo(public_id: str) -> ResponseReturnValue:
    """Undoes a delivery while nothing refers to it; needs ``can-cu``."""
    who = deciders_only()
    try:
        with held(handovers.TAKING) as mine:
            if not mine:
                raise UndoError(_("Đang có một gói khác được nhập; hãy thử lại khi việc ấy xong."))
            with writing() as session:
                found = find_delivery(session, who, public_id)
                if changed_nothing(found) or is_empty(found):
                    raise UndoError(_("Lần giao này không đổi gì nên không có gì để hoàn tác."))
                package = session.get(Package, found.package_id) if found.package_id else None
                ground = request.form.get("can-cu", "")
                undo_package(session, package.public_id if package else "", actor=who.viewer.name, ground=ground)
                package_id = package.id if package else 0
            home = settings().home  # killed here, the next taking of a package clears what is left
            seclude(FolderStorage(home / "storage"), FolderStorage(home / "quarantine"), home, package_id)
    except UndoError as error:
        return _page(who, public_id, str(error)), 422
    return redirect(url_for("delivering.delivery", public_id=public_id, xong="hoan-tac"), 303)


def deciders_only() -> Asking:
    """Who asks, if he decides about deliveries; for all others there is nothing."""
    who = givers_only()
    if not handovers.sees_all(who.viewer):
        raise missing()
    return who


def told_context() -> dict[str, str]:
    """What the form says of a delivery beside its file."""
    return {name: request.form.get(field, "").strip()[:200] for name, field in FIELDS.items()}


def corrected() -> str:
    """The earlier delivery (``sua``) that this one corrects, as form or address say."""
    return request.values.get("sua", "").strip()[:40].replace("\0", "")


def find_delivery(session: Session, who: Asking, public_id: str) -> Handover:
    """The delivery, if it is seen; else it is missing."""
    found = handovers.find(session, who.viewer, public_id)
    if found is None:
        raise missing()
    return found


def _point(session: Session, who: Asking, folder: str, context: dict[str, str]) -> Handover:
    path = Path(folder)
    if not path.is_absolute() or "\0" in folder or not path.exists():
        raise HandoverError(_("Không có đường dẫn này trên máy chủ (cần đường dẫn đầy đủ)."))
    if path.resolve().is_relative_to(settings().home.resolve()):
        raise HandoverError(_("Không nhận từ thư mục của chính hệ thống."))
    made, _new = handovers.receive(
        session,
        who.viewer,
        channel="folder",
        name=path.name,
        context=context,
        place=path.resolve(),
        corrects=corrected(),
    )
    record_event(session, who.viewer.name, "delivery-pointed", None, delivery=made.public_id, path=folder)
    return made


def _wish() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:200].replace("\0", "") for name in WISHES}


def _list(who: Asking, error: str = "") -> str:
    state, start = request.args.get("trang-thai", "")[:20], max(asked_number("tu", 1), 1)
    with reading() as session:
        rows, total = handovers.listed(session, who.viewer, state.replace("\0", ""), start - 1)
        mended = handovers.find(session, who.viewer, earlier) if (earlier := corrected()) else None
    return render_template(
        "deliveries.html", rows=rows, total=total, start=start, window=handovers.WINDOW, state=state, error=error,
        is_administrator=who.viewer.role == "administrator", agency=who.viewer.agency, limit=settings().delivery_limit,
        viewer=who.viewer, mended=mended, decides=handovers.sees_all(who.viewer),
    )  # fmt: skip


def _counts(counts: Mapping[str, int], waits: int) -> dict[str, int]:
    """Rows by outcome as they stand today: of those that were held so many still wait."""
    told: dict[str, int] = {}
    for name, count in counts.items():
        told |= {"held": min(count, waits), "decided": max(0, count - waits)} if name == "held" else {name: count}
    return told


def _page(who: Asking, public_id: str, error: str = "") -> str:
    wish, start = _wish(), max(asked_number("tu", 1), 1)
    with reading() as session:
        found = find_delivery(session, who, public_id)
        progress = handovers.progress(session, found)
        choices = handovers.report_choices(session, found)
        choices["code"] = kinds_of(choices["code"])
        asked = handovers.report_rows(found, *wish.values())
        lines = list(session.scalars(asked.offset(start - 1).limit(LINES + 1)))
        decides = handovers.sees_all(who.viewer)
        waiting = held_changes.held_changes(session, found) if decides else []
        waits = held_changes.count_held(session, found)
        others, elsewhere = held_changes.held_elsewhere(session, who.viewer, found)
        decided = held_changes.decided_changes(session, found)
        decided_rows = quarantine.decided(session, found.package_id or 0) if decides else []
        apart = quarantine.count_waiting(session, found.package_id or 0) if decides else 0
        mending = mended_by(session, who.viewer, found)
        same = handovers.same_before(session, who.viewer, found)
        nothing = nothing_new(found, handovers.first_taken(session, found))
        blocked = why_not(session, found.package_id) if decides and found.package_id and found.state == "taken" else []
    done = {
        "xac-nhan": _("Đã xác nhận; gói được nhận lại để áp dụng thay đổi này."),
        "bo": _("Đã bỏ thay đổi, bản ghi giữ nguyên."),
        "hoan-tac": _("Đã hoàn tác lần giao này."),
        "cot": _("Đã lưu nghĩa của các cột."),
        "bo-cot": _("Đã bỏ nghĩa đã lưu của các cột."),
    }
    return render_template(
        "delivery.html", one=found, progress=progress, choices=choices, lines=lines[:LINES], more=len(lines) > LINES,
        start=start, window=LINES, wish=wish, held=waiting, decided=decided, mending=mending,
        decides=decides, blocked=blocked, error=error, same=same,
        nothing=nothing, waits=waits,
        elsewhere=elsewhere,
        counts=progress.counts if found.state == "undone" else _counts(progress.counts, waits + others),
        decided_rows=decided_rows, apart=apart, quarantine_state=quarantine_state,
        done=done.get(request.args.get("xong", ""), ""), cells=report_cells, put_off=handovers.is_put_off(found),
        has_columns=found.state != "receiving" and is_register(Path(found.place)),
    )  # fmt: skip
