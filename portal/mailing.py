"""What the post could not deliver, for administrators: nothing is lost, and they see why it waits."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.audit import record_event
from archive.database import reading, writing
from desk.post import counted, troubled, try_again
from portal.errors import missing
from portal.guarding import for_administrators, own_account
from portal.registering import sends_letters

blueprint = Blueprint("mailing", __name__, url_prefix="/quan-tri/thu")


@blueprint.get("")
@for_administrators
def show() -> ResponseReturnValue:
    """How many letters were sent and wait, and those in trouble with the server's words."""
    with reading() as work:
        numbers, letters = counted(work), troubled(work)
    return render_template("administration/letters.html", numbers=numbers, letters=letters, possible=sends_letters())


@blueprint.post("/<int:letter_id>")
@for_administrators
def again(letter_id: int) -> ResponseReturnValue:
    """Sends a letter again at the next look of the post."""
    if not try_again(letter_id):
        raise missing()
    with writing() as work:
        record_event(work, own_account().name, "letter-again", letter=letter_id)
    return redirect(url_for("mailing.show"), 303)
