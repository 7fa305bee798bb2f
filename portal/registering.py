"""Opening a reader's account and choosing a new password, both by a link in a letter.

Asking answers the same, and does the same, whoever has an account: one row is written, the worker decides what to send.
"""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from archive.clock import today_number
from archive.database import reading, writing
from archive.identity.errors import AccountError
from archive.identity.links import read_email_link, read_password_link, read_registration
from archive.identity.passwords import check_password, set_password
from archive.identity.registration import ask_for_letter, change_email, normal_email, open_account, send_letter
from desk.consents import CONTACT, FIELD, SERVICE, note_consents, purposes, wrong_ticks
from desk.persons import PERSON, wrong_person
from desk.steps import RequestError
from portal.house import house
from portal.languages import chosen
from portal.wording import either

LONGEST_PASSWORD_FIELD = 1000

blueprint = Blueprint("registering", __name__)


@blueprint.get("/dang-ky")
def ask() -> ResponseReturnValue:
    """The form that asks for an account, or who to ask where there is no mail server."""
    return _asking("register")


@blueprint.post("/dang-ky")
def take() -> ResponseReturnValue:
    """Sends a letter with a link; the answer does not say whether the address has an account."""
    return _take("register")


@blueprint.get("/quen-mat-khau")
def forgotten() -> ResponseReturnValue:
    """The form that asks for a new password."""
    return _asking("password")


@blueprint.post("/quen-mat-khau")
def take_forgotten() -> ResponseReturnValue:
    """Sends a letter with a link, if there is such an account; the answer is the same."""
    return _take("password")


@blueprint.get("/dang-ky/<link>")
def confirm(link: str) -> ResponseReturnValue:
    """The form of the person; looking at it changes nothing, mail scanners follow links too."""
    with reading() as work:
        email = read_registration(work, _key(), link)
    return _person(email, {}, {}) if email else _void("register")


@blueprint.post("/dang-ky/<link>")
def open_confirmed(link: str) -> ResponseReturnValue:
    """Opens the account, once; all that is wrong is told beside its field."""
    given = {name: request.form.get(name, "").replace("\0", "")[: 2 * LONGEST_PASSWORD_FIELD] for name in PERSON}
    with reading() as work:
        email = read_registration(work, _key(), link)
    if email is None:
        return _void("register")
    ticked, password = consents_ticked(), request.form.get("moi", "")[:LONGEST_PASSWORD_FIELD]
    used = {SERVICE, CONTACT} if given["dien-thoai"].strip() or given["noi-lam-viec"].strip() else {SERVICE}
    if wrong := [*wrong_person(*given.values()), *_wrong_password(password, email), *wrong_ticks(ticked, used)]:
        return _person(email, given, ticked, wrong)
    try:
        with writing() as work:
            made = open_account(work, email, password, **{PERSON[name]: value for name, value in given.items()})
            note_consents(work, made, ticked, method="online", language=chosen(), actor=made.name)
    except IntegrityError:  # the same link twice in the same moment
        return _void("register")
    except AccountError as error:
        return _person(email, given, ticked, [RequestError(either(error.vi, error.en))])
    return redirect(url_for("signing.sign_in", xong="dang-ky"), 303)


@blueprint.get("/doi-thu/<link>")
def confirm_email(link: str) -> ResponseReturnValue:
    """The page that makes an address the account's; looking at it changes nothing."""
    with reading() as work:
        found = read_email_link(work, _key(), link)
    return _show("new_email.html", 200, email=found[1]) if found else _void("email")


@blueprint.post("/doi-thu/<link>")
def take_email(link: str) -> ResponseReturnValue:
    """Makes the address the account's, once; the one before is told."""
    try:
        with writing() as work:
            found = read_email_link(work, _key(), link, to_change=True)
            if found is None:
                return _void("email")
            if before := change_email(work, *found):
                send_letter(work, "email-changed", before, chosen())
    except IntegrityError:  # somebody else took the address in the same moment
        return _void("email")
    return redirect(url_for("signing.sign_in", xong="doi-thu"), 303)


@blueprint.get("/dat-mat-khau/<link>")
def choose(link: str) -> ResponseReturnValue:
    """The form of the new password."""
    with reading() as work:
        account = read_password_link(work, _key(), link)
    return _new_password(account.name) if account else _void("password")


@blueprint.post("/dat-mat-khau/<link>")
def chosen_password(link: str) -> ResponseReturnValue:
    """Sets the password, once; every session and token of the account ends."""
    with reading() as work:
        account = read_password_link(work, _key(), link)
    if account is None:
        return _void("password")
    try:
        password = _typed_password()
        with writing() as work:
            mine = read_password_link(work, _key(), link, to_change=True)
            if mine is None:  # the same link twice in the same moment: the second finds another password
                return _void("password")
            set_password(work, mine, password, mine.name, forgotten=True)
    except AccountError as error:
        return _new_password(account.name, either(error.vi, error.en))
    return redirect(url_for("signing.sign_in", xong="mat-khau"), 303)


def sends_letters() -> bool:
    """Whether this installation has a mail server."""
    return bool(house().settings.smtp_url.get_secret_value())


def consents_ticked() -> dict[str, str]:
    """The ticks of a form by purpose: the wording that was read."""
    told = {one.name: request.form.get(FIELD + one.name, "")[:20] for one in purposes(today_number())}
    return {name: wording for name, wording in told.items() if wording}


def _wrong_password(password: str, email: str) -> list[RequestError]:
    wrong = []
    try:
        check_password(password, email)
    except AccountError as error:
        wrong.append(RequestError(either(error.vi, error.en), "moi"))
    try:
        _typed_password()
    except AccountError as error:
        wrong.append(RequestError(either(error.vi, error.en), "lai"))
    return wrong


def _key() -> str:
    return house().settings.secret.get_secret_value()


def _typed_password() -> str:
    password, again = (request.form.get(name, "")[:LONGEST_PASSWORD_FIELD] for name in ("moi", "lai"))
    if password != again:
        raise AccountError(
            "Hai lần gõ mật khẩu mới không giống nhau.", "The new password was not typed the same twice."
        )
    return password


def _take(kind: str) -> ResponseReturnValue:
    if not sends_letters():
        return _asking(kind)
    typed = request.form.get("thu", "")[:400]
    try:
        email = normal_email(typed)
    except AccountError as error:
        return _asking(kind, typed, either(error.vi, error.en))
    with writing() as work:
        ask_for_letter(work, kind, email, chosen(), request.remote_addr or "")
    return _show("asked_by_mail.html", 200, kind=kind, typed=email, sent=True)


def _asking(kind: str, typed: str = "", error: str = "") -> ResponseReturnValue:
    return _show(
        "asked_by_mail.html", 422 if error else 200, kind=kind, typed=typed, error=error, possible=sends_letters()
    )


def _person(
    email: str, given: Mapping[str, str], ticked: Mapping[str, str], faults: Sequence[RequestError] = ()
) -> ResponseReturnValue:
    uses = purposes(today_number())
    told = {"email": email, "given": given, "ticked": ticked, "uses": uses, "faults": faults}
    return _show("registration.html", 422 if faults else 200, **told)


def _new_password(name: str, error: str = "") -> ResponseReturnValue:
    return _show("new_password.html", 422 if error else 200, name=name, error=error)


def _void(kind: str) -> ResponseReturnValue:
    return _show("void_link.html", 410, kind=kind)


def _show(template: str, status: int, **words: object) -> ResponseReturnValue:
    return render_template(template, **words), status, {"Cache-Control": "no-store"}
