"""The part of the description of the JSON interface that is about deliveries (scope ``deliver``)."""

from typing import Any

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
MOMENT = {"type": ["string", "null"], "format": "date-time"}
STATES = ["receiving", "waiting", "taking", "taken", "refused", "failed", "undone"]
OUTCOMES = ["accepted", "warned", "held", "quarantined", "rejected"]


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


RECEIPT = {
    "id": TEXT, "name": TEXT, "channel": TEXT, "state": {"type": "string", "enum": STATES}, "message": TEXT,
    "corrects": {"type": ["string", "null"]},
    "size": COUNT, "arrived": COUNT, "received": MOMENT, "begun": MOMENT, "finished": MOMENT, "undone": MOMENT,
    "url": TEXT, "page": TEXT,
}  # fmt: skip
STATE = RECEIPT | {
    "counts": {"type": "object", "additionalProperties": COUNT}, "records": COUNT, "files": COUNT, "pages": COUNT,
    "recognised": COUNT, "to_recognise": COUNT, "unread": COUNT,
    "indexed": {"type": "boolean"}, "step": TEXT, "done": COUNT, "of": COUNT,
    "seconds_left": {"type": ["integer", "null"]}, "rests": {"type": "boolean"}, "report": TEXT,
}  # fmt: skip
LINE = {
    "table": TEXT, "row": {"type": ["integer", "null"]}, "field": {"type": ["string", "null"]},
    "record": {"type": ["string", "null"]}, "code": TEXT, "message": TEXT, "action": TEXT,
    "outcome": {"type": "string", "enum": OUTCOMES},
}  # fmt: skip
START = {"type": "integer", "minimum": 1, "default": 1}
ID = {"name": "public_id", "in": "path", "required": True, "schema": TEXT}


def _told(where: str, name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": where, "schema": schema, **({"required": True} if required else {})}


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], answers: dict[str, Any], problem: dict[str, Any]
) -> dict[str, Any]:
    wrong = {"description": "Problem", "content": {"application/problem+json": {"schema": problem}}}
    good = {
        status: {"description": "Answer", **({"content": {"application/json": {"schema": schema}}} if schema else {})}
        for status, schema in answers.items()
    }
    responses = good | dict.fromkeys(("400", "401", "403", "404", "429"), wrong)
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"bearer": []}],
        "parameters": parameters,
        "responses": responses,
    }


def delivery_paths(problem: dict[str, Any]) -> dict[str, Any]:
    """The paths; ``problem`` is the schema of what went wrong."""
    context = [
        _told("query", name, TEXT) for name in ("fonds", "identifier", "fonds_name", "organ", "file", "corrects")
    ]
    access = _told("query", "access", {"type": "string", "enum": ["01", "02"]})
    key = _told("header", "Idempotency-Key", {"type": "string", "maxLength": 200}, required=True)
    length, offset = (_told("header", name, COUNT) for name in ("Upload-Length", "Upload-Offset"))
    receipt = _object(RECEIPT)
    body: dict[str, Any] = {"content": {"application/octet-stream": {}}}
    begin = _operation(
        "deliver",
        "Hand over a package, a register or a message: the body; with Upload-Length and no body it comes in pieces.",
        [_told("query", "name", TEXT, required=True), *context, access, key, length],
        {"201": receipt, "202": receipt},
        problem,
    )
    piece = _operation("deliverPiece", "Add a piece.", [ID, offset | {"required": True}], {"204": None}, problem)
    start = _told("query", "start", START)
    listed = _object({"total": COUNT, "deliveries": {"type": "array", "items": receipt}})
    narrowed = [_told("query", name, TEXT) for name in ("outcome", "code", "field")]
    lines = _object({"lines": {"type": "array", "items": _object(LINE)}, "next": {"type": ["integer", "null"]}})
    state = _told("query", "state", {"type": "string", "enum": STATES})
    return {
        "/api/v1/deliveries": {
            "get": _operation("deliveries", "Deliveries of this account.", [state, start], {"200": listed}, problem),
            "post": begin | {"requestBody": body},
        },
        "/api/v1/deliveries/{public_id}": {
            "get": _operation("delivery", "How far a delivery is.", [ID], {"200": _object(STATE)}, problem),
            "patch": piece | {"requestBody": body},
        },
        "/api/v1/deliveries/{public_id}/report": {
            "get": _operation("deliveryReport", "Its report.", [ID, start, *narrowed], {"200": lines}, problem)
        },
    }
