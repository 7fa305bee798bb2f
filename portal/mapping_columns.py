"""What the columns of a delivered register mean: shown to who sees the delivery, said anew by who decides."""

from itertools import islice
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import handovers
from archive.accession.mappings import find_mapping, save_mapping
from archive.catalogue.deliveries import Handover
from archive.database import reading, writing
from archive.packages.registers.columns import FIELDS, Column, recognise
from archive.packages.registers.sheets import is_register, open_register
from archive.packages.sources import DeliveryError
from portal.delivering import deciders_only, find_delivery, givers_only
from portal.errors import missing

SAMPLE = 300

blueprint = Blueprint("mapping_columns", __name__)


@blueprint.get("/quan-tri/tiep-nhan/<public_id>/cot")
def columns(public_id: str) -> ResponseReturnValue:
    """Each column with its meaning, how that is known, and an example."""
    who = givers_only()
    with reading() as session:
        found = find_delivery(session, who, public_id)
        known = _columns(session, found)
    decides = handovers.sees_all(who.viewer)
    return render_template("register_columns.html", one=found, columns=known, fields=FIELDS, decides=decides)


@blueprint.post("/quan-tri/tiep-nhan/<public_id>/cot")
def say(public_id: str) -> ResponseReturnValue:
    """Keeps the meanings (``cot-0`` …) for every register with these headings, and takes this one anew."""
    who = deciders_only()
    with writing() as session:
        found = find_delivery(session, who, public_id)
        known = _columns(session, found)
        told = {one.heading: request.form.get(f"cot-{one.place}", "") for one in known if one.heading}
        if any(field and field not in FIELDS for field in told.values()):
            raise missing()
        headings = [one.heading for one in known]
        save_mapping(session, headings, told, name=found.name, actor=who.viewer.name)
        if found.state in {"taken", "refused", "failed"}:
            handovers.send_again(found)
    return redirect(url_for("delivering.delivery", public_id=public_id), 303)


def _columns(session: Session, handover: Handover) -> list[Column]:
    """The columns of the register that was delivered; what is none, or no longer there, is missing."""
    path = Path(handover.place)
    if handover.state == "receiving" or not is_register(path) or not path.is_file():
        raise missing()
    try:
        sheet = open_register(path)
    except DeliveryError as error:
        raise missing() from error
    try:
        rows = [cells for _row, cells in islice(sheet.rows(), SAMPLE)]
        return recognise(sheet.headings, rows, find_mapping(session, sheet.headings))
    finally:
        sheet.close()
