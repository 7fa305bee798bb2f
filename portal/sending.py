"""A large delivery in pieces: how a page sends it (static/sending.js), and how a piece is taken, also of a program.

The pieces follow the offsets of the tus protocol (1.0), as in the API.  A page that was closed or lost its connection
goes on with the same file: by name, size, the moment when it was last changed, its first and last bytes.
"""

import hashlib

from flask import Blueprint, Flask, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms.validators import ValidationError

from archive import handovers
from archive.database import reading, writing
from archive.handovers import ConflictError, EndedError, HandoverError
from archive.settings import settings
from portal.delivering import corrected, find_delivery, givers_only, told_context
from portal.errors import missing, problem
from portal.numbers import as_number, whole_number
from portal.viewing import Asking

PIECE = 2 << 20  # bytes at a time: what a broken connection costs at most
LONGEST = 15  # digits of a number of bytes

blueprint = Blueprint("sending", __name__)


def install(app: Flask) -> None:
    """A piece is longer than forms may be: its view says how long, then checks its token."""
    guard: CSRFProtect = app.extensions["csrf"]
    guard.exempt("portal.sending.add")
    app.jinja_env.globals["piece_size"] = PIECE


@blueprint.post("/quan-tri/tiep-nhan/tung-phan")
def begin() -> ResponseReturnValue:
    """Announces a file (``ten``, ``so-byte``, ``luc``: when it was last changed, ``mau``: its first and last bytes), or
    finds what of it has arrived."""
    who = givers_only()
    name, most = request.form.get("ten", "").strip(), settings().delivery_limit
    size = as_number(request.form.get("so-byte", ""), digits=LONGEST)
    if not name or not 0 < size <= most << 20:
        return problem(413, f"Cần tên tệp, và từ 1 byte đến {most} MiB.", f"A name, and 1 byte to {most} MiB.")
    sample = request.files["mau"].read() if "mau" in request.files else b""
    seen = [request.form.get("luc", "")[:40], hashlib.sha256(sample).hexdigest()]
    asked = handovers.digest_of(name, size, {}, " ".join(seen))
    try:
        with writing() as session:
            made, _new = handovers.receive(
                session, who.viewer, channel="page", name=name, context=told_context(), size=size, asked=asked,
                goes_on=True, corrects=corrected(),
            )  # fmt: skip
            return jsonify(
                arrived=made.arrived,
                to=url_for("sending.add", public_id=made.public_id),
                page=url_for("delivering.delivery", public_id=made.public_id),
            )
    except HandoverError as error:
        return problem(422, str(error), "The delivery cannot be received.")


@blueprint.patch("/quan-tri/tiep-nhan/<public_id>/phan")
def add(public_id: str) -> ResponseReturnValue:
    """A piece at ``Upload-Offset``, with the form's token in ``X-CSRFToken``."""
    who = givers_only()
    try:
        validate_csrf(request.headers.get("X-CSRFToken", ""))
    except ValidationError as error:
        raise CSRFError from error
    return take_piece(who, public_id, PIECE)


def take_piece(who: Asking, public_id: str, most: int) -> ResponseReturnValue:
    """The body as a piece of at most so many bytes, of who began the delivery; 204 with the new offset, 409 with the
    true one where it does not go on there."""
    request.max_content_length = most + 1
    offset = whole_number(request.headers.get("Upload-Offset", ""), digits=LONGEST)
    if offset is None:
        return problem(400, "Cần Upload-Offset.", "Upload-Offset is needed.")
    with reading() as session:
        find_delivery(session, who, public_id)
    try:
        with handovers.spooled(request.stream, most) as piece, writing() as session:
            found = find_delivery(session, who, public_id)
            if found.account != who.viewer.name:
                raise missing()
            arrived = handovers.add_piece(session, found, offset, piece)
    except ConflictError as error:
        answer = problem(409, str(error), "The piece does not begin where the last one ended.")
        with reading() as session:
            answer.headers["Upload-Offset"] = str(find_delivery(session, who, public_id).arrived)
        return answer
    except EndedError as error:
        return problem(422, str(error), "This delivery is not received any more; send it from its beginning.")
    except HandoverError as error:
        return problem(422, str(error), "More bytes than were announced.")
    return Response(status=204, headers={"Upload-Offset": str(arrived)})
