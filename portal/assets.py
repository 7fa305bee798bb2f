"""Files for the browser: their address carries a digest of what is in them, so that they may be kept for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

from archive.settings import ROOT

STATIC = ROOT / "static"


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def digest(name: str) -> str:
    """Twelve hexadecimal characters that change with the file."""
    path = STATIC / name
    return _digest(path, path.stat().st_mtime_ns)


def asset(name: str) -> str:
    """The address of a file in ``static/``."""
    return url_for("static", filename=name, v=digest(name))


def _keep(answer: Response) -> Response:
    if request.endpoint == "static" and answer.status_code in {200, 304}:
        fresh = request.args.get("v") == digest(str((request.view_args or {})["filename"]))
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return answer


def install(app: Flask) -> None:
    """Gives ``asset`` to the templates and the header to the files."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)
