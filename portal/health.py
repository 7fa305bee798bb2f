"""For the machines that watch: whether the process lives, and whether it can serve."""

from collections.abc import Callable

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from archive.access import Viewer
from archive.database import is_alive
from portal.house import house
from search.criteria import Criteria

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Catalogue and index answer; 503 with the part that does not."""
    parts = {"catalogue": _works(is_alive), "index": _works(_index_answers)}
    well = all(parts.values())
    body = {
        "status": "ok" if well else "unavailable",
        "parts": {k: "ok" if v else "unavailable" for k, v in parts.items()},
    }
    return jsonify(body), 200 if well else 503


def _index_answers() -> bool:
    house().gateway.search(Viewer.anonymous(), Criteria(size=1))
    return True


def _works(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception as error:
        current_app.logger.error("not ready: %s", type(error).__name__)
        return False
