"""What was typed before signing in goes along to an identity provider and back (portal.resuming): in two signed cookies
of a quarter of an hour, in this browser and nowhere else.  The house keeps nothing, the provider gets nothing.

They open for the link of the page that asked to sign in only: who comes to this browser later is not shown them.
"""

import secrets

from flask import Response, request
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.cookies import cookie_name, give_cookie, in_production
from portal.house import house

COOKIES = ("con-lai-1", "con-lai-2")
PIECE = 3_000  # characters: all cookies together stay below the 8 KiB that servers read of a line
SECONDS = 900


def put_along(answer: Response, kept: str, own: str) -> None:
    """Gives the browser what :func:`packed` made for the link ``own``."""
    told = packed(kept, own)
    for n, name in enumerate(COOKIES):
        give_cookie(answer, name, told[n * PIECE : (n + 1) * PIECE], SECONDS)


def new_link() -> str:
    """What the link of one page carries, so that it alone opens what that page put along."""
    return secrets.token_urlsafe(12)


def packed(kept: str, own: str) -> str:
    """The text as it is put along; "" where it is too long for that."""
    text = str(_signer().dumps([own, kept]))
    return text if len(text) <= PIECE * len(COOKIES) else ""


def brought_back(own: str) -> str:
    """What was put along for that link; "" where there is nothing, or it is another's or too old."""
    names = [cookie_name(one, production=in_production()) for one in COOKIES]
    try:
        link, kept = _signer().loads("".join(request.cookies.get(one, "") for one in names), max_age=SECONDS)
    except (BadData, TypeError, ValueError):
        return ""
    return str(kept) if own and secrets.compare_digest(str(link).encode(), own.encode()) else ""


def drop(answer: Response) -> None:
    """Takes it from the browser, if it is there."""
    for one in COOKIES:
        if cookie_name(one, production=in_production()) in request.cookies:
            give_cookie(answer, one, "", 0)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house().settings.secret.get_secret_value(), salt="typed")
