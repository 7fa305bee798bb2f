"""What every answer says to the browser about trust: nothing inline, nothing from elsewhere, no frames.

No page needs a script; the one there is (suggestions while typing) is a file of ours and asks only this house.
"""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.viewing import is_personal

POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "media-src 'self'",
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

IIIF = "/iiif/"  # what viewers of other sites may show

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def _protect(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.path.startswith(IIIF) and not is_personal():
        # Viewers of other sites ask without cookies; what is shown to a person stays with this site
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
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


def _refuse_foreign_forms() -> None:
    """A form that another site has the browser send is refused whatever token it carries: browsers say so themselves
    (Fetch Metadata); programs say nothing and are asked for the token only."""
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise CSRFError("sent by another site")


def trust_proxies(app: Flask, hops: int) -> None:
    """Takes address and scheme of the reader from the reverse proxies before the portal, as many as there are; with
    none, what a request says of itself is not believed."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def install(app: Flask) -> None:
    """Puts the headers on every answer, refuses what other sites send."""
    app.before_request(_refuse_foreign_forms)
    app.after_request(_protect)
