"""The printed form of a request, as PDF: for who asked, for officers, and without the person for who holds its code."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import ServiceUnavailable

from archive.access import Viewer
from archive.catalogue.requests import ReadingRequest
from archive.database import reading
from desk import requests as desk
from desk.acknowledging import fill_acknowledgement
from desk.copies.errors import CopyWaitsError
from desk.following import second_word
from desk.handing import fill_slip
from desk.printing import FilledForm, fill_form, print_form, without_person
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.viewing import Asking, asking

blueprint = Blueprint("printing", __name__)


@blueprint.get("/yeu-cau/<code>/phieu.pdf")
@for_signed_in
def own(code: str) -> ResponseReturnValue:
    """The form of one's own request, with the second word."""
    with reading() as session:
        found = _own(session, code)
        form = fill_form(session, asking().viewer, found, _second(found))
    return given(form)


@blueprint.get("/quan-tri/yeu-cau/<code>/phieu.pdf")
def officers(code: str) -> ResponseReturnValue:
    """The form for officers; with the second word where staff wrote the request down, for who stands at the desk."""
    who = asking()
    with reading() as session:
        found = _for_officers(session, who, code)
        form = fill_form(session, who.viewer, found, _second(found) if found.channel != "online" else "")
    return given(form)


@blueprint.get("/quan-tri/yeu-cau/<code>/phieu-tra.pdf")
def slip(code: str) -> ResponseReturnValue:
    """The slip by which the result of a request is handed out at the desk, for officers; before there is a result it is
    missing."""
    who = asking()
    if not who.viewer.is_staff:
        raise missing()
    with reading() as session:
        found = desk.find_request(session, code)
        form = fill_slip(session, who.viewer, found) if found else None
    if form is None:
        raise missing()
    return given(form)


@blueprint.get("/yeu-cau/<code>/giay-hen.pdf")
@for_signed_in
def own_receipt(code: str) -> ResponseReturnValue:
    """The receipt of one's own request with the day of its answer, and the second word."""
    with reading() as session:
        found = _own(session, code)
        form = fill_acknowledgement(session, asking().viewer, found, _second(found))
    return given(form, "giay-hen")


@blueprint.get("/quan-tri/yeu-cau/<code>/giay-hen.pdf")
def receipt(code: str) -> ResponseReturnValue:
    """The receipt for officers, to be given to who stands at the desk; with the second word as in the form."""
    who = asking()
    with reading() as session:
        found = _for_officers(session, who, code)
        form = fill_acknowledgement(session, who.viewer, found, _second(found) if found.channel != "online" else "")
    return given(form, "giay-hen")


def _own(session: Session, code: str) -> ReadingRequest:
    found = desk.find_request(session, code)
    if found is None or found.account_id != own_account().id:
        raise missing()
    return found


def _for_officers(session: Session, who: Asking, code: str) -> ReadingRequest:
    found = desk.find_request(session, code) if who.viewer.is_staff else None
    if found is None:
        raise missing()
    return found


def followed_receipt(found: ReadingRequest) -> Response:
    """The receipt for who holds the code and the second word: neither who asked nor for what."""
    with reading() as session:
        return given(without_person(fill_acknowledgement(session, Viewer.anonymous(), found)), "giay-hen")


def followed_form(found: ReadingRequest) -> Response:
    """The form for who holds the code and the second word: neither who asked nor for what."""
    with reading() as session:
        return given(without_person(fill_form(session, Viewer.anonymous(), found)))


def given(form: FilledForm, name: str = "phieu") -> Response:
    """The form as a file."""
    try:
        data = print_form(form)
    except CopyWaitsError as error:
        raise ServiceUnavailable(str(error)) from error
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{form.code[:8]}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _second(found: ReadingRequest) -> str:
    return second_word(house().settings.secret.get_secret_value(), found)
