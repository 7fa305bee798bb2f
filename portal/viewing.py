"""Who asks: made once a request, in this one place.  The anonymous reader is a value like any other."""

from dataclasses import dataclass
from typing import cast

from flask import g, has_request_context, request

from archive import accounts, clock
from archive.access import Viewer
from archive.catalogue.people import Account
from portal.signing import signed_in_account


@dataclass(frozen=True, slots=True)
class Asking:
    """The viewer, the day of the question, whether the answer is for this person only, and the name of the token that
    was used."""

    viewer: Viewer
    day: int
    personal: bool
    token: str = ""


class UnknownToken(Exception):
    """A bearer token that belongs to no active account, was revoked or has expired."""


class NarrowToken(Exception):
    """A good token that was not made for this; ``scope`` is what it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


#: Which scope (archive.identity.tokens) a token needs for an address; every other one needs ``read``.
SCOPE_OF = dict.fromkeys(("api.search", "api.facet", "api.suggest"), "search") | dict.fromkeys(
    ("deliveries_api.begin", "deliveries_api.listed", "deliveries_api.state", "deliveries_api.report",
     "deliveries_api.add"), "deliver",
)  # fmt: skip


def asking() -> Asking:
    """Who asks, and on which day; UnknownToken when the API was given a token that is not known, NarrowToken when it
    was made for other things."""
    if "asking" not in g:
        g.asking = _ask()
    return cast(Asking, g.asking)


def viewer() -> Viewer:
    """The viewer of this request."""
    return asking().viewer


def is_personal() -> bool:
    """Whether this answer belongs to somebody who signed in or carries a token."""
    return has_request_context() and (("asking" in g and asking().personal) or "Authorization" in request.headers)


def _ask() -> Asking:
    day = clock.today_number()
    if request.path.startswith("/api/") and "Authorization" in request.headers:
        scheme, _blank, token = request.headers["Authorization"].partition(" ")
        found = accounts.find_token(token.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise UnknownToken
        account: Account | None = found[0]
        token_name = found[1].name
        scope = SCOPE_OF.get(request.endpoint or "", "read")
        if scope not in found[1].scopes.split():
            raise NarrowToken(scope)
    else:
        account, token_name = signed_in_account(), ""
    if account is None:
        return Asking(Viewer.anonymous(), day, personal=False)
    return Asking(accounts.viewer_of(account, day), day, personal=True, token=token_name)
