"""Staff write down a request for one who comes to the reading room, writes, or has no e-mail."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from archive.clock import today_number
from archive.database import writing
from archive.identifiers import is_identifier, new_identifier
from archive.identity.errors import AccountError
from archive.terms import term
from desk.assisting import Person, codes_to_ids, enter
from desk.fees.tariff import POSTAGE, fee, reducible
from desk.papers.judging import FIELD
from desk.papers.keeping import attach
from desk.requests import Wish, most_records, sent_with
from desk.steps import RequestError
from portal.answering import officer
from portal.evidence import held_for, hold_files, read_form
from portal.following import PRIVATE
from portal.guarding import own_account
from portal.request_words import channel_labels, kind_labels, requester_labels
from portal.requesting import paper_of
from portal.resuming import what_was_typed
from portal.signing import ask_again, signed_in

blueprint = Blueprint("assisting", __name__, url_prefix="/quan-tri/ghi-yeu-cau")


@blueprint.get("")
def begin() -> ResponseReturnValue:
    """The form."""
    officer()
    return _form()


@blueprint.post("")
def take() -> ResponseReturnValue:
    """Writes the request down and goes to it; what is wrong is told beside its field with everything kept."""
    if signed_in() is None and what_was_typed():
        return ask_again()
    who = officer()
    try:
        read_form()
    except RequestEntityTooLarge:
        return _form(_("Các tệp gửi cùng lúc lớn quá. Hãy gửi từng tệp, mỗi tệp trong mức ghi ở mẫu."), FIELD, 413)
    form = request.form
    given = {name: form.get(name, "").replace("\0", "").strip() for name in (
        "tai-khoan", "ho-ten", "so-giay-to", "dien-thoai", "hinh-thuc", "muc-dich", "noi-dung", "nguoi", "cach",
        "thay-mat", "giay-to", "tai-lieu", "lan-gui", "so-ban", "doi-tuong", "dia-chi",
    )}  # fmt: skip
    person = Person(given["tai-khoan"], given["ho-ten"], given["so-giay-to"], given["dien-thoai"])
    submission = given["lan-gui"] if is_identifier(given["lan-gui"]) else new_identifier()
    if wrong := hold_files(submission):
        return _form(" ".join(wrong), FIELD, 422, submission)
    if form.get("viec") == "giay-to":
        return _form(submission=submission)
    try:
        with writing() as session:
            there = sent_with(session, submission)
            if there is not None and there.entered_by == who.viewer.name:  # pressed twice, or after going back
                return redirect(url_for("answering.consider", code=there.code), 303)
            pages = codes_to_ids(session, given["tai-lieu"].split("\n"))
            wish = Wish(
                given["hinh-thuc"], given["muc-dich"], list(pages), given["noi-dung"], given["nguoi"] or "citizen",
                submission, given["doi-tuong"], paper_of(given["so-ban"]), pages, given["dia-chi"],
            )  # fmt: skip
            made = enter(
                session, who.viewer, person, wish, channel=given["cach"], behalf=given["thay-mat"],
                proof=given["giay-to"],
            )  # fmt: skip
            attach(session, made, own_account().id, submission, who.viewer.name)
            code = made.code
    except RequestError as error:
        field = "tai-lieu" if error.field.startswith("trang-") else error.field  # pages stand in its lines
        return _form(str(error), field, 422, submission)
    except AccountError as error:
        return _form(str(error), "ho-ten", 422, submission)
    return redirect(url_for("answering.consider", code=code), 303)


def _form(error: str = "", field: str = "", status: int = 200, submission: str = "") -> ResponseReturnValue:
    labels = {"kinds": kind_labels(), "requesters": requester_labels(), "channels": channel_labels()}
    submission, kept = submission or new_identifier(), request.form if status != 413 else {}
    page = render_template(
        "assisted_request.html", **labels, error=error, field=field, kept=kept, submission=submission,
        most=most_records(), most_paper=term("paper.most", today_number()),
        reductions=reducible(today_number()), postage=fee(POSTAGE, today_number()), held=held_for(submission),
    )  # fmt: skip
    return page, status, PRIVATE
