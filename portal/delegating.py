"""Heads let somebody decide in their place while they are away."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.database import reading, writing
from desk.delegation import delegate, end_delegation, running, takers
from desk.steps import RequestError
from portal.answering import officer
from portal.errors import missing
from portal.following import PRIVATE
from portal.viewing import Asking
from portal.wording import say

blueprint = Blueprint("delegating", __name__, url_prefix="/quan-tri/uy-quyen")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """What is delegated now and later, and for a head the form."""
    return _show(officer())


@blueprint.post("")
def change() -> ResponseReturnValue:
    """Delegates (``nguoi``, ``tu``, ``den``, ``can-cu``) or ends a delegation (``thoi``); heads only."""
    who = officer()
    if who.viewer.role != "head":
        raise missing()
    form = request.form
    try:
        with writing() as session:
            if form.get("thoi"):
                number = form["thoi"]
                end_delegation(session, who.viewer, int(number) if number.isdecimal() and len(number) < 10 else 0)
            else:
                days = _day("tu", _("Từ ngày")), _day("den", _("Đến ngày"))
                delegate(session, who.viewer, form.get("nguoi", ""), days, form.get("can-cu", ""))
    except RequestError as error:
        return _show(who, error, 422)
    return redirect(url_for("delegating.show"), 303)


def _day(field: str, name: str) -> int:
    try:
        return date.fromisoformat(request.form.get(field, "")).toordinal()
    except ValueError:
        raise RequestError(_("“%(name)s” phải là một ngày.", name=name), field) from None


def _show(who: Asking, error: RequestError | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        told = {"running": running(session), "officers": takers(session, who.viewer)}
    page = render_template(
        "delegation.html", **told, error=say(error), field=error.field if error else "", kept=request.form,
        is_head=who.viewer.role == "head", day=who.day, today=date.fromordinal(who.day).isoformat(),
    )  # fmt: skip
    return page, status, PRIVATE
