"""What every answer says to the browser about trust: nothing inline, nothing from elsewhere, no frames.

No page needs a script; the one there is (suggestions while typing) is a file of ours and asks only this house.
"""

from flask import Flask, Response, request

from portal.viewing import is_personal

POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), interest-cohort=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def _protect(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static":
        return answer
    answer.vary.add("Cookie")
    if request.path.startswith("/api/"):
        answer.vary.add("Authorization")
    if is_personal():
        # What a signed-in person was shown is kept by nobody, not even by the browser
        answer.headers["Cache-Control"] = "private, no-store"
    elif "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-cache"
    return answer


def install(app: Flask) -> None:
    """Puts the headers on every answer."""
    app.after_request(_protect)
