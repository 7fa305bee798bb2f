"""What waits in quarantine, for who decides about deliveries; for all others these pages are missing.

The list and a row's page say why it waits, not what it says: that is shown on asking, which is in the audit log.
"""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from analyzers.personal import mask
from archive import quarantine
from archive.access_rules import Closure
from archive.audit import record_event
from archive.database import reading, writing
from archive.quarantine import QuarantineError
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.extraction.legacy_text import decode_runs
from indexer.extraction.sidecar import decode_text
from portal.delivering import deciders_only
from portal.delivery_words import quarantine_ground, quarantine_state, table_name
from portal.errors import missing
from portal.numbers import asked_number
from portal.viewing import Asking

LONGEST = 20_000  # characters of text that are shown of a file

blueprint = Blueprint("quarantining", __name__)


@blueprint.get("/quan-tri/cach-ly")
def rows() -> ResponseReturnValue:
    """What waits, oldest first (``trang-thai``, ``vi-sao``, ``lan-giao``, ``tu``)."""
    deciders_only()
    start = max(asked_number("tu", 1), 1)
    asked = request.args.get("trang-thai", "")
    state = asked if asked in quarantine.STATES else "waiting"
    ground, delivery = (request.args.get(name, "").replace("\0", "")[:60] for name in ("vi-sao", "lan-giao"))
    with reading() as session:
        found, total = quarantine.listed(session, state=state, ground=ground, delivery=delivery, start=start - 1)
        grounds = quarantine.grounds(session, state)
    return render_template(
        "quarantine.html", rows=found, total=total, start=start, window=quarantine.WINDOW, state=state, ground=ground,
        delivery=delivery, grounds=grounds, states=quarantine.STATES, state_name=quarantine_state,
        ground_name=quarantine_ground, table_name=table_name,
    )  # fmt: skip


@blueprint.get("/quan-tri/cach-ly/<int:row_id>")
def row(row_id: int) -> ResponseReturnValue:
    """Why one row waits, what was decided, and the forms to decide."""
    deciders_only()
    return _page(row_id)


@blueprint.post("/quan-tri/cach-ly/<int:row_id>/xem")
def look(row_id: int) -> ResponseReturnValue:
    """The same with all that the row says, metadata and texts; who looked is in the audit log."""
    who = deciders_only()
    with writing() as session:
        found = quarantine.find(session, row_id)
        if found is None:
            raise missing()
        delivery = found.handover.public_id if found.handover else ""
        record_event(session, who.viewer.name, "quarantine-read", None, delivery=delivery, row=row_id)
    return _page(row_id, opened=True)


@blueprint.post("/quan-tri/cach-ly/<int:row_id>")
def decide(row_id: int) -> ResponseReturnValue:
    """Releases (``viec=cho-ra`` with ``muc`` and perhaps ``ngay-mo``), keeps (``giu``) or refuses for good (``bo``);
    needs ``can-cu``."""
    who = deciders_only()
    wish = request.form.get("viec", "")
    if wish not in {"cho-ra", "giu", "bo"}:
        raise missing()
    try:
        _decide(who, row_id, wish)
    except QuarantineError as error:
        return _page(row_id, str(error)), 422
    return redirect(url_for("quarantining.row", row_id=row_id, xong=wish), 303)


def _decide(who: Asking, row_id: int, wish: str) -> None:
    ground, actor = request.form.get("can-cu", ""), who.viewer.name
    with writing() as session:
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


def _page(row_id: int, error: str = "", *, opened: bool = False) -> str:
    with reading() as session:
        found = quarantine.find(session, row_id)
        if found is None:
            raise missing()
        lines = quarantine.lines_about(session, found)
    done = {
        "cho-ra": _("Đã cho ra; gói được nhận lại để đưa dòng này vào."),
        "giu": _("Đã giữ trong khu cách ly."),
        "bo": _("Đã thôi không nhận dòng này."),
    }
    texts = [(name, _text(sha256)) for name, kind, sha256 in found.row.files if opened and kind == "text"]
    values = {name: mask(str(value)) for name, value in found.row.values.items()} if opened else {}
    return render_template(
        "quarantine_row.html", one=found, lines=lines, error=error, done=done.get(request.args.get("xong", ""), ""),
        opened=opened, values=values, texts=texts, state_name=quarantine_state, ground_name=quarantine_ground,
        table_name=table_name,
    )  # fmt: skip


def _text(sha256: str) -> str:
    """The beginning of a text in quarantine, personal numbers masked; empty where its bytes are not there."""
    apart = FolderStorage(settings().home / "quarantine")
    if not apart.has(sha256):
        return ""
    with apart.open(sha256) as stream:
        data = stream.read(4 * LONGEST)
    return mask(decode_runs(decode_text(data)[0])[0][:LONGEST])
