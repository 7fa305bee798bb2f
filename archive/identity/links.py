"""Signed links in letters: each for one purpose and one account or address, for a time, used once.

Nothing of a link is kept.  It carries a mark of what it is to change, and is void when that has changed: a link that
sets a password by the password's own hash, one that opens an account by there being none of that address yet.
"""

import hashlib
import hmac
from typing import Any, Literal

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.clock import now

Purpose = Literal["register", "password", "email"]

#: How long a link holds, in seconds.
LIFETIME: dict[Purpose, int] = {"register": 24 * 3600, "password": 3600, "email": 24 * 3600}
INVITATION_SECONDS = 7 * 24 * 3600


def registration_link(key: str, email: str) -> str:
    """The part of a link that opens an account for an e-mail address."""
    return _sign(key, "register", LIFETIME["register"], {"email": email})


def read_registration(session: Session, key: str, link: str) -> str | None:
    """The e-mail address of a link that may still open an account."""
    told = _read(key, "register", link)
    return told["email"] if told and account_of_email(session, told["email"]) is None else None


def password_link(key: str, account: Account, *, invitation: bool = False) -> str:
    """The part of a link that sets the account's password, once; an invitation holds for seven days, else an hour."""
    seconds = INVITATION_SECONDS if invitation else LIFETIME["password"]
    return _sign(key, "password", seconds, {"id": account.id, "mark": _mark(key, account)})


def read_password_link(session: Session, key: str, link: str, *, to_change: bool = False) -> Account | None:
    """The active account whose password the link may still set; ``to_change``: locked for the transaction."""
    told = _read(key, "password", link)
    if told is None:
        return None
    account = session.get(Account, told["id"], with_for_update=to_change or None)
    if account is None or not account.active:
        return None
    return account if hmac.compare_digest(_mark(key, account), str(told["mark"])) else None


def email_link(key: str, account: Account, email: str) -> str:
    """The part of a link, sent to a new address, that makes it the account's."""
    return _sign(key, "email", LIFETIME["email"], {"id": account.id, "email": email, "mark": _mark(key, account)})


def read_email_link(session: Session, key: str, link: str, *, to_change: bool = False) -> tuple[Account, str] | None:
    """The active account and the address that the link may still give it: void when the account has another address or
    password by now, or the address another account; ``to_change``: locked for the transaction."""
    told = _read(key, "email", link)
    if told is None or account_of_email(session, told["email"]) is not None:
        return None
    account = session.get(Account, told["id"], with_for_update=to_change or None)
    if account is None or not account.active or not hmac.compare_digest(_mark(key, account), str(told["mark"])):
        return None
    return account, str(told["email"])


def account_of_email(session: Session, email: str) -> Account | None:
    """The account, open or closed, that has the address as its own or as its name."""
    return session.scalar(
        select(Account).where(or_(Account.email == email, Account.name == email)).order_by(Account.id).limit(1)
    )


def _mark(key: str, account: Account) -> str:
    said = f"{account.id} {account.password_hash} {account.email}".encode()
    return hmac.new(key.encode(), b"password link " + said, hashlib.sha256).hexdigest()[:32]


def _sign(key: str, purpose: Purpose, seconds: int, told: dict[str, Any]) -> str:
    until = int(now().timestamp()) + seconds
    return str(URLSafeSerializer(key, salt=f"link {purpose}").dumps({"until": until, **told}))


def _read(key: str, purpose: Purpose, link: str) -> dict[str, Any] | None:
    try:
        told = dict(URLSafeSerializer(key, salt=f"link {purpose}").loads(link))
    except BadData:
        return None
    return told if now().timestamp() <= told["until"] else None
