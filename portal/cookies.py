"""Our cookies: HttpOnly and SameSite=Lax; in production only over TLS, and under a name that binds them to this host.

A browser takes a ``__Host-`` cookie only from a secure answer, without a domain and for the whole site (RFC 6265bis):
no neighbour below the same domain can plant one.
"""

from flask import Response

from portal.house import house


def cookie_name(plain: str, *, production: bool) -> str:
    """The name of a cookie that decides about rights."""
    return f"__Host-{plain}" if production else plain


def in_production() -> bool:
    """Whether the house that answers serves for real."""
    return house().settings.mode == "production"


def give_cookie(answer: Response, plain: str, value: str, seconds: int) -> None:
    """Sets such a cookie on an answer."""
    answer.set_cookie(
        cookie_name(plain, production=in_production()),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=in_production(),
    )
