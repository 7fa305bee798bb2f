"""Staff write down a request for one who comes to the reading room, writes, or has no e-mail."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from archive.clock import today_number
from archive.database import writing
from archive.identifiers import is_identifier, new_identifier
from archive.identity.errors import AccountError
from archive.terms import term
from desk.assisting import Person, enter
from desk.consents import purposes
from desk.fees.tariff import POSTAGE, fee, reducible
from desk.papers.judging import FIELD
from desk.papers.keeping import attach
from desk.requests import Wish, most_records, sent_with
from desk.steps import FormError, RequestError, faults_of
from portal.answering import officer
from portal.evidence import held_for, hold_files, read_form, too_large
from portal.following import PRIVATE
from portal.guarding import own_account
from portal.registering import consents_ticked
from portal.request_words import channel_labels, kind_labels, requester_labels
from portal.requesting import paper_of
from portal.resuming import what_was_typed
from portal.signing import ask_again, signed_in
from portal.wording import either

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
        return _form([too_large()], 413)
    form = request.form
    given = {name: form.get(name, "").replace("\0", "").strip() for name in (
        "tai-khoan", "ho-ten", "so-giay-to", "dien-thoai", "hinh-thuc", "muc-dich", "noi-dung", "nguoi", "cach",
        "thay-mat", "giay-to", "tai-lieu", "lan-gui", "so-ban", "doi-tuong", "dia-chi",
    )}  # fmt: skip
    person = Person(given["tai-khoan"], given["ho-ten"], given["so-giay-to"], given["dien-thoai"], consents_ticked())
    submission = given["lan-gui"] if is_identifier(given["lan-gui"]) else new_identifier()
    wrong = hold_files(submission)
    if form.get("viec") == "giay-to":
        return _form(wrong, 422 if wrong else 200, submission)
    try:
        with writing() as session:
            there = sent_with(session, submission)
            if there is not None and there.entered_by == who.viewer.name:  # pressed twice, or after going back
                return redirect(url_for("answering.consider", code=there.code), 303)
            wish = Wish(
                given["hinh-thuc"], given["muc-dich"], (), given["noi-dung"], given["nguoi"] or "citizen", submission,
                given["doi-tuong"], paper_of(given["so-ban"]), {}, given["dia-chi"],
            )  # fmt: skip
            made = enter(
                session, who.viewer, person, wish, channel=given["cach"], behalf=given["thay-mat"],
                proof=given["giay-to"], lines=given["tai-lieu"].split("\n"),
            )  # fmt: skip
            if wrong:
                raise FormError(wrong)  # all else is right: it is written down when the papers are
            attach(session, made, own_account().id, submission, who.viewer.name)
            code = made.code
    except RequestError as error:
        if error.field != FIELD:
            wrong = [*map(_of_this_form, faults_of(error)), *wrong]
        return _form(wrong, 422, submission)
    except AccountError as error:
        return _form([RequestError(either(error.vi, error.en), "ho-ten"), *wrong], 422, submission)
    return redirect(url_for("answering.consider", code=code), 303)


def _of_this_form(one: RequestError) -> RequestError:
    """Pages stand in the lines of the records."""
    return RequestError(one.words, "tai-lieu", **one.values) if one.field.startswith("trang-") else one


def _form(faults: Sequence[RequestError] = (), status: int = 200, submission: str = "") -> ResponseReturnValue:
    labels = {"kinds": kind_labels(), "requesters": requester_labels(), "channels": channel_labels()}
    submission, kept = submission or new_identifier(), request.form if status != 413 else {}
    page = render_template(
        "assisted_request.html", **labels, faults=faults,
        uses=purposes(today_number()), ticked=consents_ticked() if status != 413 else {},
        kept=kept, submission=submission,
        most=most_records(), most_paper=term("paper.most", today_number()),
        reductions=reducible(today_number()), postage=fee(POSTAGE, today_number()), held=held_for(submission),
    )  # fmt: skip
    return page, status, PRIVATE
