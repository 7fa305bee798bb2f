"""Text goes out compressed where the reader takes it: a phone on a slow network gets a fifth of the bytes.

Pages of people who signed in, and pages with a form's token, are left as they are: secrets and chosen text in one
compressed answer can be told apart by its length (BREACH).
"""

import gzip

from flask import Flask, Response, request

from portal.viewing import is_personal

SMALLEST = 1_000
LEVEL = 5
TYPES = frozenset({"text/html", "text/css", "application/json", "image/svg+xml"})


def _compress(answer: Response) -> Response:
    if answer.mimetype not in TYPES:
        return answer
    answer.vary.add("Accept-Encoding")
    secret = is_personal() or "Set-Cookie" in answer.headers
    if answer.status_code != 200 or secret or not request.accept_encodings.quality("gzip") or request.method == "HEAD":
        return answer
    answer.direct_passthrough = False
    data = answer.get_data()
    if len(data) >= SMALLEST:
        answer.set_data(gzip.compress(data, LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        if "ETag" in answer.headers:
            answer.set_etag(answer.get_etag()[0] or "", weak=True)
    return answer


def install(app: Flask) -> None:
    """Compresses the application's answers."""
    app.after_request(_compress)
