"""What waits in quarantine, for who decides about deliveries and, of their fonds, for archivists of single fonds; for
all others these pages are missing.

The list and a row's page say why it waits, not what it says: that is shown on asking, which is in the audit log.
"""

from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from analyzers.personal import mask
from archive import handovers, quarantine
from archive.access_rules import Closure
from archive.audit import record_event
from archive.clock import today_number
from archive.database import reading, writing
from archive.images import ImageError
from archive.packages.fields import FIELD
from archive.quarantine import QuarantineError
from portal.delivering import givers_only
from portal.delivery_words import file_kind, held_name, quarantine_ground, quarantine_state, table_name
from portal.errors import missing
from portal.held_text import picture_of, pictured, texts_of
from portal.numbers import as_number, asked_number
from portal.viewing import Asking

WISHES: dict[str, quarantine.Wish] = {"cho-ra": "release", "giu": "keep", "bo": "refuse"}
blueprint = Blueprint("quarantining", __name__)


@blueprint.get("/quan-tri/cach-ly")
def rows() -> ResponseReturnValue:
    """What waits, oldest first (``trang-thai``, ``vi-sao``, ``lan-giao``, ``tu``)."""
    return _rows("", _told(asked_number("da", 0)))


@blueprint.post("/quan-tri/cach-ly")
def decide_many() -> ResponseReturnValue:
    """Decides the ticked rows (``dong``) with one ``can-cu``: ``viec``, ``muc`` and ``ngay-mo`` as for one."""
    who = _deciders_only()
    wish = WISHES.get(request.form.get("viec", ""))
    if wish is None:
        raise missing()
    numbers = [number for one in request.form.getlist("dong") if (number := as_number(one, digits=12))]
    try:
        if not numbers:
            raise QuarantineError(_("Hãy chọn ít nhất một dòng."))
        with writing() as session:
            done, left = quarantine.decide_many(
                session, numbers, wish, _closure() if wish == "release" else Closure("02", None),
                actor=who.viewer.name, ground=request.form.get("can-cu", ""), within=_scope(session, who),
            )  # fmt: skip
    except QuarantineError as error:
        return _rows(str(error)), 422
    if not left:
        kept: dict[str, Any] = {name: request.args[name] for name in ("vi-sao", "lan-giao") if name in request.args}
        return redirect(url_for("quarantining.rows", da=done, **kept), 303)
    told = _told(done)
    why = " ".join(_("Dòng số %(n)s: %(why)s", n=number, why=reason) for number, reason in left)
    return _rows(why, told), 422 if left and not done else 200


def _told(count: int) -> str:
    return str(ngettext("Đã quyết định %(n)s dòng.", "Đã quyết định %(n)s dòng.", count, n=count)) if count > 0 else ""


def _rows(error: str = "", done: str = "") -> str:
    who = _deciders_only()
    start = max(asked_number("tu", 1), 1)
    asked = request.args.get("trang-thai", "")
    state = asked if asked in quarantine.STATES else "waiting"
    ground, delivery = (request.args.get(name, "").replace("\0", "")[:60] for name in ("vi-sao", "lan-giao"))
    with reading() as session:
        own = _scope(session, who)
        found, total = quarantine.listed(
            session, state=state, ground=ground, delivery=delivery, start=start - 1, within=own
        )
        grounds = quarantine.grounds(session, state, own)
    return render_template(
        "quarantine.html", error=error, done=done, sees_all=handovers.sees_all(who.viewer),
        rows=found, total=total, start=start, window=quarantine.WINDOW, state=state, ground=ground,
        delivery=delivery, grounds=grounds, states=quarantine.STATES, state_name=quarantine_state,
        ground_name=quarantine_ground, table_name=table_name,
    )  # fmt: skip


@blueprint.get("/quan-tri/cach-ly/<int:row_id>")
def row(row_id: int) -> ResponseReturnValue:
    """Why one row waits, what was decided, and the forms to decide."""
    return _page(_deciders_only(), row_id)


@blueprint.post("/quan-tri/cach-ly/<int:row_id>/xem")
def look(row_id: int) -> ResponseReturnValue:
    """The same with all that the row says, metadata and texts; with ``tep`` and ``trang`` the picture of that page of
    that file.  Who looked is in the audit log."""
    who = _deciders_only()
    number, page = (as_number(request.form.get(name, ""), digits=6) for name in ("tep", "trang"))
    with writing() as session:
        found = quarantine.find(session, row_id, _scope(session, who))
        if found is None:
            raise missing()
        delivery = found.handover.public_id if found.handover else ""
        files = found.row.files
        path = files[number - 1][0] if 1 <= number <= len(files) else ""
        record_event(
            session, who.viewer.name, "quarantine-read", None, delivery=delivery, row=row_id, path=path, page=page
        )
    if not number:
        return _page(who, row_id, opened=True)
    try:
        answer = make_response(picture_of(files, number, max(page, 1)))
    except LookupError:
        raise missing() from None
    except ImageError as error:
        return _page(who, row_id, _("Không xem được trang ấy: %(why)s.", why=error), opened=True), 422
    answer.mimetype = "image/webp"
    return answer


@blueprint.post("/quan-tri/cach-ly/<int:row_id>")
def decide(row_id: int) -> ResponseReturnValue:
    """Releases (``viec=cho-ra`` with ``muc`` and perhaps ``ngay-mo``), keeps (``giu``) or refuses for good (``bo``);
    needs ``can-cu``."""
    who = _deciders_only()
    wish = request.form.get("viec", "")
    if wish not in WISHES:
        raise missing()
    try:
        _decide(who, row_id, wish)
    except QuarantineError as error:
        return _page(who, row_id, str(error)), 422
    return redirect(url_for("quarantining.row", row_id=row_id, xong=wish), 303)


def _decide(who: Asking, row_id: int, wish: str) -> None:
    ground, actor = request.form.get("can-cu", ""), who.viewer.name
    with writing() as session:
        if quarantine.find(session, row_id, _scope(session, who)) is None:
            raise missing()
        if wish == "cho-ra":
            quarantine.release(session, row_id, _closure(), actor=actor, ground=ground)
        elif wish == "giu":
            quarantine.keep(session, row_id, actor=actor, ground=ground)
        else:
            quarantine.refuse(session, row_id, actor=actor, ground=ground)


def _closure() -> Closure:
    day = request.form.get("ngay-mo", "").strip()
    try:
        opens_on = date.fromisoformat(day).toordinal() if day else None
    except ValueError:
        raise QuarantineError(_("Không đọc được ngày mở.")) from None
    level = request.form.get("muc", "")
    if level == "01" and opens_on:
        raise QuarantineError(_("Ngày mở chỉ đi với mức có điều kiện."))
    return Closure(level, opens_on)


def _deciders_only() -> Asking:
    """Who asks, if he decides about deliveries or is an archivist of single fonds; for all others there is nothing."""
    who = givers_only()
    if not handovers.sees_all(who.viewer) and who.viewer.role != "archivist":
        raise missing()
    return who


def _scope(session: Session, who: Asking) -> ColumnElement[bool]:
    return quarantine.scope(session, who.viewer, today_number())


def _page(who: Asking, row_id: int, error: str = "", *, opened: bool = False) -> str:
    with reading() as session:
        found = quarantine.find(session, row_id, _scope(session, who))
        if found is None:
            raise missing()
        lines = quarantine.lines_about(session, found)
    done = {
        "cho-ra": _("Đã cho ra; gói được nhận lại để đưa dòng này vào."),
        "giu": _("Đã giữ trong khu cách ly."),
        "bo": _("Đã thôi không nhận dòng này."),
    }
    texts = [(name, mask(text) if text else text) for name, text in texts_of(found.row.files)] if opened else []
    fields = FIELD[found.row.sheet]
    values = [
        (fields[name].labels[0] if name in fields else name, mask(str(value)))
        for name, value in (found.row.values.items() if opened else ())
    ]
    return render_template(
        "quarantine_row.html", sees_all=handovers.sees_all(who.viewer),
        one=found, lines=lines, error=error, done=done.get(request.args.get("xong", ""), ""),
        opened=opened, pictured=pictured, values=values, texts=texts, state_name=quarantine_state,
        ground_name=quarantine_ground, table_name=table_name, held_name=held_name, file_kind=file_kind,
    )  # fmt: skip
