"""Fees for staff: what is owed, one bill, money over the counter, refunds, receipts."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from archive.catalogue.fees import Bill
from archive.catalogue.requests import ReadingRequest
from archive.database import reading, writing
from archive.identifiers import new_identifier
from desk.fees.counter import pay_at_desk, refund
from desk.fees.owing import how_many_owed_back, unplaced
from desk.fees.settling import FeeError
from desk.revoking import can_be_revoked
from desk.steps import is_own
from portal.answering import officer
from portal.errors import missing
from portal.numbers import whole_number
from portal.paying import PRIVATE, page_of, receipt_sheet, standings
from portal.viewing import Asking
from portal.wording import say

MOST_LISTED = 200
ACTS = {"thu", "hoan"}

blueprint = Blueprint("charging", __name__, url_prefix="/quan-tri/phi")


@blueprint.get("")
def queue() -> ResponseReturnValue:
    """What is owed, due first, and what was paid last; ``ma`` goes to the bill of that reference."""
    who, code = officer(), "".join(request.args.get("ma", "").split()).upper()
    wrong = ""
    with reading() as session:
        if code:
            if _find(session, code):
                return redirect(url_for("charging.show", code=code), 303)
            wrong = _("Không có phí nào mang mã “%(code)s”.", code=code[:20])
        due = select(Bill).where(Bill.state == "due").order_by(Bill.due_on, Bill.id).limit(MOST_LISTED)
        done = select(Bill).where(Bill.state != "due").order_by(Bill.id.desc()).limit(20)
        told = {
            "due": session.scalars(due).all(),
            "done": session.scalars(done).all(),
            "unmatched": unplaced(session) + how_many_owed_back(session),
        }
    page = render_template("fees.html", **told, standings=standings(), wrong=wrong, asked=code, day=who.day)
    return page, 404 if wrong else 200, PRIVATE


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """One bill: its lines and their law, what was paid, the forms of the counter."""
    return _show(officer(), code)


@blueprint.post("/<code>")
def act(code: str) -> ResponseReturnValue:
    """Takes the fee at the desk (``viec=thu``, ``so-tien``), or gives it back (``viec=hoan``, with ``ly-do``; heads).
    ``lan`` is the number of the form: sent twice, it counts once."""
    who, wish, form = officer(), request.form.get("viec", ""), request.form.get("lan", "")
    if wish not in ACTS:
        raise missing()
    try:
        with writing() as session:
            bill = _find(session, code)
            if bill is None:
                raise missing()
            amount, role, name = _amount(request.form.get("so-tien", "")), who.viewer.role, who.viewer.name
            if wish == "thu":
                pay_at_desk(session, bill.id, amount, form, role, name)
            else:
                refund(session, bill.id, amount, request.form.get("ly-do", ""), form, role, name)
    except FeeError as error:
        return _show(who, code, say(error), 422)
    except StaleDataError:
        return _show(who, code, _("Phí này vừa được người khác xử lý; hãy xem lại rồi làm tiếp."), 409)
    return redirect(url_for("charging.show", code=code), 303)


@blueprint.get("/<code>/bien-lai")
def receipt(code: str) -> ResponseReturnValue:
    """The receipt of a bill, to be printed."""
    officer()
    with reading() as session:
        bill = _find(session, code)
        if bill is None:
            raise missing()
        return receipt_sheet(session, session.get_one(ReadingRequest, bill.request_id))


def _show(who: Asking, code: str, error: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        bill = _find(session, code)
        if bill is None:
            raise missing()
        told, of = page_of(session, bill), session.get_one(ReadingRequest, bill.request_id)
        own, revocable = is_own(session, of, who.viewer.name), can_be_revoked(session, of)
        making = of.state == "making"
    page = render_template(
        "fee.html", bill=told, of=of, error=error, kept=request.form, form=new_identifier(),
        refunds=who.viewer.role == "head" and not own, own=own, day=who.day,
        revocable=revocable, making=making,
    )  # fmt: skip
    return page, status, PRIVATE


def _find(session: Session, code: str) -> Bill | None:
    return session.scalar(select(Bill).where(Bill.code == code))


def _amount(text: str) -> int:
    """Whole đồng as people write them: 20000, 20.000; FeeError for anything else."""
    amount = whole_number(text.strip().replace(".", "").replace(",", "").replace(" ", ""), digits=12)
    if amount is None:
        raise FeeError(_("Số tiền phải là số nguyên đồng, ví dụ 20.000."))
    return amount
