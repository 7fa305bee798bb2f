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

blueprint = Blueprint("indexing", __name__, url_prefix="/quan-tri/chi-muc")


@blueprint.get("")
@for_administrators
def show() -> ResponseReturnValue:
    """What waits, the rebuild under way, the last sweep, what an index refused."""
    with reading() as session:
        sent = request.args.get("gui", "")
        told = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None
        return render_template("administration/indexing.html", state=queue_state(session), sent=told)


@blueprint.post("")
@for_administrators
def again() -> ResponseReturnValue:
    """Sends one refused record (form field ``record``), or all of them, to the indices again."""
    wish = request.form.get("record", "")
    if wish and not (wish.isascii() and wish.isdigit() and len(wish) < 12):
        raise missing()
    with writing() as session:
        count = send_again(session, [int(wish)] if wish else None)
        record_event(session, own_account().name, "refused-sent-again", records=count)
    return redirect(url_for("indexing.show", gui=count), 303)
