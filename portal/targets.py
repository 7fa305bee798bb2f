"""The province's two targets, for staff: how far the holdings are digitised and usable online, by fonds and agency."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.database import reading
from archive.holdings import Holdings, Standing, holdings
from archive.terms import Term, term
from portal.answering import officer
from portal.errors import missing
from portal.following import PRIVATE
from portal.sheets import KINDS, sheet_file
from portal.wording import untitled

MOST_BARS = 12
TARGETS = ("target.digitised", "target.usable")

blueprint = Blueprint("targets", __name__)


@blueprint.get("/quan-tri/muc-tieu")
def show() -> ResponseReturnValue:
    """The two shares of what the officer may see, against the targets of today."""
    found, goals = _found()
    page = render_template("targets.html", found=found, goals=goals, digitised=_goal(goals[0]), usable=_goal(goals[1]),
                           most=MOST_BARS)  # fmt: skip
    return page, 200, PRIVATE


@blueprint.get("/quan-tri/muc-tieu.<kind>")
def download(kind: str) -> ResponseReturnValue:
    """Every fonds and every agency as CSV or XLSX."""
    if kind not in KINDS:
        officer()
        raise missing()
    found, _goals = _found()
    rows = [[
        _("Theo"), _("Tên"), _("Văn bản"), _("Không phải bản điện tử"), _("Đã số hóa"), _("Không hạn chế"),
        _("Dùng trên mạng"),
    ]]  # fmt: skip
    for title, standings in ((_("Phông"), found.fonds), (_("Cơ quan nộp lưu"), found.agencies)):
        rows += [[title, *_cells(one)] for one in standings]
    return sheet_file(rows, kind, "muc-tieu", PRIVATE)


def _found() -> tuple[Holdings, tuple[Term, Term]]:
    who = officer()
    with reading() as session:
        found = holdings(session, who.viewer, who.day)
    return found, (term(TARGETS[0], who.day), term(TARGETS[1], who.day))


def _cells(one: Standing) -> list[str]:
    counts = (one.documents, one.physical, one.digitised, one.unrestricted, one.usable)
    return [untitled(one.name), *map(str, counts)]


def _goal(goal: Term) -> float:
    return goal.value / 100
