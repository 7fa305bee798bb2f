"""The province's two targets, for staff: how far the holdings are digitised and usable online, by fonds and agency."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.database import reading
from archive.holdings import Holdings, Standing, holdings
from archive.progress import MONTHS, Month, pace, progress
from archive.terms import Term, term
from portal.answering import officer
from portal.errors import missing
from portal.following import PRIVATE
from portal.sheets import KINDS, sheet_file
from portal.wording import untitled

MOST_BARS = 12
TICKS = 5  # of the line over the months, whose phone shows every other
TARGETS = ("target.digitised", "target.usable")

blueprint = Blueprint("targets", __name__)


@blueprint.get("/quan-tri/muc-tieu")
def show() -> ResponseReturnValue:
    """The two shares of what the officer may see, against the targets of today; how they came there and go on."""
    found, months, goals = _found()
    digitised, usable = (goal.value / 100 for goal in goals)
    page = render_template(
        "targets.html", found=found, months=months, goals=goals, digitised=digitised, usable=usable, most=MOST_BARS,
        pace_digitised=pace(months, "digitised", "physical", digitised), most_months=MONTHS,
        pace_usable=pace(months, "usable", "unrestricted", usable), ticks=TICKS if len(months) >= TICKS else 2,
    )  # fmt: skip
    return page, 200, PRIVATE


@blueprint.get("/quan-tri/muc-tieu.<kind>")
def download(kind: str) -> ResponseReturnValue:
    """Every fonds, every agency and every month as CSV or XLSX."""
    if kind not in KINDS:
        officer()
        raise missing()
    found, months, _goals = _found()
    rows = [[
        _("Theo"), _("Tên"), _("Văn bản"), _("Không phải bản điện tử"), _("Đã số hóa"), _("Không hạn chế"),
        _("Dùng trên mạng"),
    ]]  # fmt: skip
    for title, standings in ((_("Phông"), found.fonds), (_("Cơ quan nộp lưu"), found.agencies)):
        rows += [[title, untitled(one.name), *_counts(one)] for one in standings]
    rows += [[_("Cuối tháng"), f"{one.first_day:%Y-%m}", *_counts(one.stood)] for one in months]
    return sheet_file(rows, kind, "muc-tieu", PRIVATE)


def _found() -> tuple[Holdings, tuple[Month, ...], tuple[Term, Term]]:
    who = officer()
    with reading() as session:
        found = holdings(session, who.viewer, who.day)
        months = progress(session, who.viewer, who.day)
    return found, months, (term(TARGETS[0], who.day), term(TARGETS[1], who.day))


def _counts(one: Standing) -> list[str]:
    return [*map(str, (one.documents, one.physical, one.digitised, one.unrestricted, one.usable))]
