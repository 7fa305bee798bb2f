"""How long requests take, for staff: plots and tables of a time, and the same as a spreadsheet."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.database import reading
from desk.measuring import Figures, Line, figures
from portal.answering import officer
from portal.errors import missing
from portal.following import PRIVATE
from portal.request_words import kind_labels, state_labels
from portal.sheets import KINDS, sheet_file

blueprint = Blueprint("measuring", __name__)


@blueprint.get("/quan-tri/so-lieu")
def show() -> ResponseReturnValue:
    """The figures of the requests that ended between two days (``tu``, ``den``; without them: this year)."""
    officer()
    first, last = _days()
    with reading() as session:
        found = figures(session, first, last)
    tables = _tables(found)
    page = render_template(
        "figures.html", figures=found, tables=tables, first=date.fromordinal(first).isoformat(),
        last=date.fromordinal(last).isoformat(),
        most=max((good + late for _month, good, late in found.months), default=1),
        longest=max((line.p90 or 0 for _title, lines in tables for line in lines), default=0) or 1,
    )  # fmt: skip
    return page, 200, PRIVATE


@blueprint.get("/quan-tri/so-lieu.<kind>")
def download(kind: str) -> ResponseReturnValue:
    """The same tables as CSV or XLSX."""
    officer()
    if kind not in KINDS:
        raise missing()
    first, last = _days()
    with reading() as session:
        found = figures(session, first, last)
    rows = [[_("Theo"), *_heading()]]
    rows += [[title, *_cells(line)] for title, lines in _tables(found) for line in lines]
    rows += [
        [_("Tháng"), month, str(good + late), "", "", f"{100 * good / (good + late):.0f}", "", "", "", ""]
        for month, good, late in found.months
    ]
    return sheet_file(rows, kind, "so-lieu-yeu-cau", PRIVATE)


def _heading() -> list[str]:
    return [
        _("Tên"), _("Đã trả lời"), _("Trung vị (ngày làm việc)"), _("Bách phân vị 90 (ngày làm việc)"),
        _("Đúng hạn (phần trăm)"), _("Từ chối"), _("Đánh giá (1–5)"),
        _("Quá hạn, chưa trả lời"), _("Đã rút"),
    ]  # fmt: skip


def _cells(line: Line) -> list[str]:
    def told(value: float | None, form: str) -> str:
        return "" if value is None else format(value, form)

    share = None if line.on_time is None else 100 * line.on_time
    return [
        line.name, str(line.count), told(line.median, "g"), told(line.p90, "g"), told(share, ".0f"),
        str(line.refused), told(line.rating, ".1f"), str(line.overdue), str(line.withdrawn),
    ]  # fmt: skip


def _tables(found: Figures) -> list[tuple[str, list[Line]]]:
    kinds, states = kind_labels(), state_labels()
    return [
        (_("Hình thức"), [replace(one, name=kinds.get(one.name, one.name)) for one in found.kinds]),
        (_("Giai đoạn"), [replace(one, name=states.get(one.name, one.name)) for one in found.stages]),
        (_("Người giải quyết"), [replace(one, name=one.name or _("chưa ai nhận")) for one in found.officers]),
        (_("Cơ quan có tài liệu"), [replace(one, name=one.name or _("không theo tài liệu")) for one in found.agencies]),
    ]


def _days() -> tuple[int, int]:
    today = date.fromordinal(officer().day)
    found = []
    for field, otherwise in (("tu", date(today.year, 1, 1)), ("den", today)):
        try:
            found.append(date.fromisoformat(request.args.get(field, "")).toordinal())
        except ValueError:
            found.append(otherwise.toordinal())
    return min(found), max(found)
