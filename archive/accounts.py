"""Accounts: signing in, and what an account may see.

A failure takes as long whether the name exists or not.  Guessing is slowed for all processes together
(archive.identity.throttling); of a name that failed only a digest is kept, because people type passwords into the
wrong box.
"""

import unicodedata
from datetime import timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import or_, select, update

from archive.access import Viewer, tag
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, AccountToken, Grant
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.identity.roles import role_tags
from archive.identity.second_factor import accept_code
from archive.identity.sessions import new_epoch, secret_digest
from archive.identity.throttling import is_throttled, name_digest, note_attempt

FAILED = "sign-in-failed"
SIGNED_IN = "sign-in"
SIGNED_OUT = "sign-out"
LONGEST_PASSWORD = 1000
USED_EVERY = timedelta(minutes=5)  # a call of the API costs no write more often than this

_hasher = PasswordHasher()


class TooManyFailures(Exception):
    """Too many wrong attempts for this name or from this address; try again when the window has passed."""


def normal_name(name: str) -> str:
    """A name as accounts bear it, however it was typed."""
    return unicodedata.normalize("NFC", name.strip())


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return _hasher.hash(_normal(password))


def token_digest(token: str) -> str:
    """What is kept of a bearer token: its SHA-256 in hexadecimal."""
    return secret_digest(token)


def authenticate(name: str, password: str, code: str = "", address: str = "", device: str = "") -> Account | None:
    """The account if name, password and (where it has a secret) the one-time or recovery code are right, else None.

    ``name`` is the account's name or its e-mail address, ``address`` the caller's network address, ``device`` the
    digest of a device that signed in to this name before.  Raises TooManyFailures where archive.identity.throttling
    says wait; that answer does not look at the password.
    """
    name = normal_name(name)
    key = name_digest(name)
    with reading() as session:
        if is_throttled(session, key, address, device):
            raise TooManyFailures
        account = session.scalar(
            select(Account)
            .where(or_(Account.name == name, Account.email == name.lower()))
            .order_by(Account.name != name)
            .limit(1)
        )
    known = account is not None and account.active
    right = is_password(account if known else None, password) and known
    with writing() as session:
        if account is None or not right or not accept_code(session, account, code):
            record_event(session, "", FAILED, name=key, address=address)
            note_attempt(session, key, address, device, success=False)
            return None
        record_event(session, account.name, SIGNED_IN, address=address)
        note_attempt(session, key, address, device, success=True)
    return account


def confirm_password(account: Account, password: str, address: str = "", device: str = "") -> bool:
    """Whether somebody who is signed in knows the account's password; counted and refused like signing in."""
    key = name_digest(account.name)
    with reading() as session:
        if is_throttled(session, key, address, device):
            raise TooManyFailures
    right = is_password(account, password)
    if not right:
        with writing() as session:
            record_event(session, "", FAILED, name=key, address=address)
            note_attempt(session, key, address, device, success=False)
    return right


def confirm_code(account: Account, code: str, address: str = "", device: str = "") -> bool:
    """Whether somebody who is signed in has the account's second factor; uses the code up, counted like signing in."""
    key = name_digest(account.name)
    with reading() as session:
        if is_throttled(session, key, address, device):
            raise TooManyFailures
    with writing() as session:
        if accept_code(session, account, code):
            return True
        record_event(session, "", FAILED, name=key, address=address)
        note_attempt(session, key, address, device, success=False)
    return False


def is_password(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; takes as long for nobody, and for an account without one."""
    stored = account.password_hash if account and account.password_hash else ""
    decoy = _decoy()  # made in every case, so that the first failure takes no longer than the first success
    return _matches(stored or decoy, password) and bool(stored)


def account_by_token(token: str) -> Account | None:
    """The active account of a bearer token that runs."""
    found = find_token(token)
    return found[0] if found else None


def find_token(token: str) -> tuple[Account, AccountToken] | None:
    """The active account of a bearer token that was not revoked and has not expired, and the token's row; notes now
    and then that it was used."""
    with reading() as session:
        row = session.execute(
            select(Account, AccountToken)
            .join(AccountToken, AccountToken.account_id == Account.id)
            .where(
                AccountToken.digest == token_digest(token),
                AccountToken.revoked.is_(None),
                or_(AccountToken.expires.is_(None), AccountToken.expires > now()),
                Account.active,
            )
        ).first()
    if row is None:
        return None
    account, found = row
    if found.last_used is None or now() - found.last_used >= USED_EVERY:
        with writing() as session:
            session.execute(update(AccountToken).where(AccountToken.digest == found.digest).values(last_used=now()))
    return account, found


def end_sessions(account_id: int, actor: str = "") -> None:
    """Ends every session of the account, on every device: a copy of its cookie is worth nothing any more."""
    with writing() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        new_epoch(account)
        record_event(session, actor or account.name, SIGNED_OUT, name=account.name)


def viewer_of(account: Account, day: int) -> Viewer:
    """The viewer that an account is on that day (a day number): its role, assignments, agency, its grants that run."""
    with reading() as session:
        agency = session.get(Agency, account.agency_id) if account.agency_id else None
        granted = session.execute(
            select(Record.public_id, Grant.copying, Grant.pages)
            .join(Grant, Grant.record_id == Record.id)
            .where(
                Grant.account_id == account.id,
                Grant.revoked.is_(None),
                Grant.ended.is_(None),
                Grant.valid_from <= day,
                Grant.valid_to >= day,
            )
        ).all()
        tags = {*role_tags(session, account, day), *(tag("grant", one) for one, _, pages in granted if not pages)}
        tags |= {tag("copy", one) for one, copying, pages in granted if copying and not pages}
        parts = frozenset((one, pages) for one, _, pages in granted if pages)
        copied = frozenset((one, pages) for one, copying, pages in granted if pages and copying)
    if agency and account.role == "clerk":
        tags.add(tag("agency", agency.code))
    return Viewer(frozenset(tags), account.name, account.role, agency.code if agency else "", parts, copied)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)[:LONGEST_PASSWORD]


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash("the password of nobody")


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
