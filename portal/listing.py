"""Lists of conditional records for archivists and heads: every list, its decision, its members."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive import conditional_lists
from archive.database import reading
from portal.errors import missing
from portal.numbers import asked_number
from portal.personal import staff_only

blueprint = Blueprint("listing", __name__)


@blueprint.get("/quan-tri/danh-muc")
def lists() -> ResponseReturnValue:
    """Every list of conditional records."""
    who = staff_only()
    with reading() as session:
        found = conditional_lists.all_lists(session)
    return render_template("conditional_lists.html", lists=found, day=who.day)


@blueprint.get("/quan-tri/danh-muc/<public_id>")
def members(public_id: str) -> ResponseReturnValue:
    """One list and its members, 50 a page (``tu``: the first place)."""
    who = staff_only()
    start = asked_number("tu", 1, digits=8)
    with reading() as session:
        found = conditional_lists.find_list(session, public_id)
        if found is None:
            raise missing()
        shown = conditional_lists.members(session, who.viewer, found, who.day, start)
    return render_template(
        "conditional_list.html", list=found, members=shown, window=conditional_lists.WINDOW, day=who.day
    )
