"""What was looked at on this device: the browser keeps it, this house never hears of it (decision 0043).

A page says what the browser may keep, and says it only of records that everyone may see and read.
"""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from archive.access import Viewer, may
from archive.catalogue.records import Record
from portal.viewing import asking

blueprint = Blueprint("history", __name__)


@blueprint.get("/da-xem")
def show() -> ResponseReturnValue:
    """The page on which the browser shows what it keeps; the same for everybody."""
    return render_template("history.html")


def may_be_kept(record: Record) -> bool:
    """Whether a browser may keep that this record was looked at: everyone sees it, and reads what it holds."""
    everyone, day = Viewer.anonymous(), asking().day
    reads = record.level in {"fonds", "inventory"} or may(everyone, "read", record, day)
    return reads and may(everyone, "see", record, day)


def install(app: Flask) -> None:
    """Gives ``may_be_kept`` to the templates."""
    app.jinja_env.globals["may_be_kept"] = may_be_kept
