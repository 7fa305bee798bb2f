"""Deliveries for programs: receiving whole or in pieces, state and report.

Only a token with the scope ``deliver`` is heard, never a signed session: so no other site's page can hand over in
somebody's name.  The pieces follow the offsets of the tus protocol (1.0): ``Upload-Length`` announces,
``Upload-Offset`` tells where a piece goes.
"""

from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from archive import handovers
from archive.catalogue.deliveries import Handover
from archive.database import reading, writing
from archive.handovers import ConflictError, HandoverError
from archive.settings import settings
from portal.delivering import find_delivery
from portal.errors import missing, problem
from portal.numbers import as_number, asked_number
from portal.sending import LONGEST, take_piece
from portal.viewing import Asking, UnknownToken, asking

LONGEST_KEY = 200
LINES = 500
NAMES = {
    "fonds": "organ", "identifier": "identifier", "fonds_name": "fonds_name", "organ": "issuer", "access": "access",
    "file": "file",
}  # fmt: skip

blueprint = Blueprint("deliveries_api", __name__, url_prefix="/api/v1/deliveries")


def install(app: Flask) -> None:
    """A token in a header is no cookie: no form token is needed."""
    guard: CSRFProtect = app.extensions["csrf"]
    for view in ("begin", "add"):
        guard.exempt(f"portal.deliveries_api.{view}")


def giver() -> Asking:
    """Who asks, by a token only; who may hand over nothing is told that there is nothing."""
    if "Authorization" not in request.headers:
        raise UnknownToken
    who = asking()
    if not handovers.may_give(who.viewer):
        raise missing()
    return who


@blueprint.post("")
def begin() -> ResponseReturnValue:
    """Receives a delivery (``name``, and what a register leaves out, in the address); 202 with a receipt.

    With ``Upload-Length`` and no body: 201, the pieces follow by PATCH.
    """
    who = giver()
    most = settings().delivery_limit << 20
    request.max_content_length = most + 1
    key, name = request.headers.get("Idempotency-Key", "").strip(), request.args.get("name", "").strip()
    if not 0 < len(key) <= LONGEST_KEY:
        return _refused(
            400, "Cần Idempotency-Key (tối đa 200 ký tự).", "An Idempotency-Key is needed (200 characters)."
        )
    if not name:
        return _refused(
            400, "Cần tham số name: tên tệp.", "The parameter name is needed: the name of the file.", "name"
        )
    context = {mine: request.args.get(theirs, "").strip()[:200] for theirs, mine in NAMES.items()}
    corrects = request.args.get("corrects", "").strip()[:40]
    told = context | {"corrects": corrects}
    receive = partial(
        handovers.receive, viewer=who.viewer, channel="api", name=name, context=context, key=key, agent=who.token,
        corrects=corrects,
    )  # fmt: skip
    announced = request.headers.get("Upload-Length", "")
    try:
        if announced:
            size = as_number(announced, digits=LONGEST)
            if not 0 < size <= most:
                return _refused(413, f"Upload-Length từ 1 đến {most}.", f"Upload-Length is 1 to {most}.")
            asked = handovers.digest_of(name, size, told)
            with writing() as session:
                made, _new = receive(session, size=size, asked=asked)
                return _receipt(made, 201)
        with handovers.spooled(request.stream, most) as piece:
            if not piece.size:
                return _refused(400, "Phần thân rỗng.", "The body is empty.")
            asked = handovers.digest_of(name, piece.size, told, piece.sha256)
            with writing() as session:
                made, new = receive(session, size=piece.size, asked=asked)
                if new:
                    handovers.add_piece(session, made, 0, piece)
                return _receipt(made, 202)
    except ConflictError as error:
        return _refused(409, str(error), "This Idempotency-Key stands for another delivery.")
    except HandoverError as error:
        return _refused(422, str(error), "The delivery cannot be received.")


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """The deliveries that this account sees, newest first (``start`` from 1)."""
    who, start = giver(), max(asked_number("start", 1, digits=7), 1)
    with reading() as session:
        rows, total = handovers.listed(
            session, who.viewer, request.args.get("state", "")[:20].replace("\0", ""), start - 1
        )
        told = [_told(one) for one in rows]
    return jsonify(total=total, deliveries=told)


@blueprint.get("/<public_id>")
def state(public_id: str) -> ResponseReturnValue:
    """How far a delivery is, with its counts; ``Upload-Offset`` tells (also to HEAD) how many bytes have arrived."""
    who = giver()
    with reading() as session:
        found = find_delivery(session, who, public_id)
        how = handovers.progress(session, found)
        answer = jsonify(
            **_told(found), counts=dict(how.counts), records=how.records, files=how.files, pages=how.pages,
            recognised=how.recognised, to_recognise=how.to_recognise, unread=how.unread, rests=how.rests,
            indexed=how.indexed, step=found.step, done=found.done, of=found.total, seconds_left=how.seconds_left,
            report=url_for("deliveries_api.report", public_id=public_id),
        )  # fmt: skip
    answer.headers["Upload-Offset"], answer.headers["Upload-Length"] = str(found.arrived), str(found.size)
    return answer


@blueprint.get("/<public_id>/report")
def report(public_id: str) -> ResponseReturnValue:
    """Lines of the report, 500 from ``start``, narrowed by ``outcome``, ``code``, ``field``."""
    who, start = giver(), max(asked_number("start", 1, digits=7), 1)
    wish = [request.args.get(name, "")[:200].replace("\0", "") for name in ("outcome", "code", "field")]
    with reading() as session:
        found = find_delivery(session, who, public_id)
        rows = list(session.scalars(handovers.report_rows(found, *wish).offset(start - 1).limit(LINES + 1)))
    lines = [
        {"table": one.sheet, "row": one.row, "field": one.field, "record": one.record, "code": one.code,
         "message": one.message, "action": one.action, "outcome": one.outcome}
        for one in rows[:LINES]
    ]  # fmt: skip
    return jsonify(lines=lines, next=start + LINES if len(rows) > LINES else None)


@blueprint.patch("/<public_id>")
def add(public_id: str) -> ResponseReturnValue:
    """A piece at ``Upload-Offset``; 204 with the new offset, 409 with the true one where it does not go on."""
    who = giver()
    return take_piece(who, public_id, settings().delivery_limit << 20)


def _receipt(made: Handover, status: int) -> Response:
    answer = jsonify(**_told(made))
    answer.status_code = status
    answer.headers["Location"] = url_for("deliveries_api.state", public_id=made.public_id)
    answer.headers["Upload-Offset"] = str(made.arrived)
    return answer


def _told(one: Handover) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("received", "begun", "finished", "undone")}
    return {
        "id": one.public_id, "name": one.name, "channel": one.channel, "state": one.state, "message": one.message,
        "corrects": one.corrects or None,
        "size": one.size, "arrived": one.arrived, **{k: v.isoformat() if v else None for k, v in moments.items()},
        "url": url_for("deliveries_api.state", public_id=one.public_id),
        "page": url_for("delivering.delivery", public_id=one.public_id),
    }  # fmt: skip


def _refused(status: int, vi: str, en: str, parameter: str = "") -> Response:
    return problem(status, vi, en, parameter)
