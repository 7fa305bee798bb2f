"""What the columns of a delivered register mean: shown to who sees the delivery, said anew by who decides."""

from itertools import islice
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import handovers
from archive.accession.mappings import forget_mapping, is_alike, kept_mapping, save_mapping
from archive.catalogue.deliveries import Handover, RegisterMapping
from archive.database import reading, writing
from archive.packages.registers.columns import FIELDS, Column, names_of, recognise
from archive.packages.registers.sheets import is_register, open_register
from archive.packages.sources import DeliveryError
from portal.delivering import deciders_only, find_delivery, givers_only
from portal.errors import missing

SAMPLE = 300

blueprint = Blueprint("mapping_columns", __name__)


@blueprint.get("/quan-tri/tiep-nhan/<public_id>/cot")
def columns(public_id: str) -> ResponseReturnValue:
    """Each column with its meaning, how that is known, and an example; whose kept mapping it is read by."""
    who = givers_only()
    with reading() as session:
        found = find_delivery(session, who, public_id)
        headings, kept, known = _columns(session, found)
    return render_template(
        "register_columns.html", one=found, columns=known, fields={name: _(words) for name, words in FIELDS.items()},
        decides=handovers.sees_all(who.viewer), kept=kept, alike=kept is not None and is_alike(kept, headings),
        named=any(headings),
    )  # fmt: skip


@blueprint.post("/quan-tri/tiep-nhan/<public_id>/cot")
def say(public_id: str) -> ResponseReturnValue:
    """Keeps the meanings (``cot-0`` …) for every register with these headings, or forgets what was kept (``viec=bo``),
    and takes this one anew."""
    who = deciders_only()
    forget = request.form.get("viec", "") == "bo"
    with writing() as session:
        found = find_delivery(session, who, public_id)
        headings, _kept, known = _columns(session, found)
        if (forget and not forget_mapping(session, headings, actor=who.viewer.name)) or not any(headings):
            raise missing()
        if not forget:
            names = names_of([one.heading for one in known])
            told = {name: request.form.get(f"cot-{one.place}", "") for name, one in zip(names, known, strict=True)}
            if any(field and field not in FIELDS for field in told.values()):
                raise missing()
            save_mapping(session, headings, told, name=found.name, actor=who.viewer.name)
        if found.state in {"taken", "refused", "failed"}:
            handovers.send_again(found)
    done = "bo-cot" if forget else "cot"
    return redirect(url_for("delivering.delivery", public_id=public_id, xong=done), 303)


def _columns(session: Session, handover: Handover) -> tuple[list[str], RegisterMapping | None, list[Column]]:
    """Headings, kept mapping and columns of the register that was delivered; what is none, or no longer there, is
    missing."""
    path = Path(handover.place)
    if handover.state == "receiving" or not is_register(path) or not path.is_file():
        raise missing()
    try:
        sheet = open_register(path)
    except DeliveryError as error:
        raise missing() from error
    try:
        rows = [cells for _row, cells in islice(sheet.rows(), SAMPLE)]
        kept = kept_mapping(session, sheet.headings)
        return sheet.headings, kept, recognise(sheet.headings, rows, kept.columns if kept else None)
    finally:
        sheet.close()
