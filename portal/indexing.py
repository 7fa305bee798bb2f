"""The way to the indices as administrators see it: what waits, what was refused and why, rebuild and sweep.

Records are named by their identifiers only: whoever runs the system does not thereby read what is closed.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.audit import record_event
from archive.database import reading, writing
from indexer.queue import queue_state, send_again
from portal.errors import missing
from portal.guarding import for_administrators, own_account
from portal.numbers import whole_number

blueprint = Blueprint("indexing", __name__, url_prefix="/quan-tri/chi-muc")


@blueprint.get("")
@for_administrators
def show() -> ResponseReturnValue:
    """What waits, the rebuild under way, the last sweep, what an index refused."""
    with reading() as session:
        told = whole_number(request.args.get("gui", ""), digits=8)
        return render_template("administration/indexing.html", state=queue_state(session), sent=told)


@blueprint.post("")
@for_administrators
def again() -> ResponseReturnValue:
    """Sends one refused record (form field ``record``), or all of them, to the indices again."""
    wish = request.form.get("record", "")
    one = whole_number(wish, digits=11)
    if wish and one is None:
        raise missing()
    with writing() as session:
        count = send_again(session, None if one is None else [one])
        record_event(session, own_account().name, "refused-sent-again", records=count)
    return redirect(url_for("indexing.show", gui=count), 303)
