"""Accounts: signing in, and what an account may see.

A failure takes as long whether the name exists or not.  Failures are counted from the audit trail, by name and by
address, so that guessing is slowed for all processes together; the name itself is kept as a digest, because people
type passwords into the wrong box.
"""

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.access import Viewer, tag
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, AccountToken, AuditEvent, Grant
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing

FAILED = "sign-in-failed"
SIGNED_IN = "sign-in"
SIGNED_OUT = "sign-out"
MOST_BY_NAME = 10
MOST_BY_ADDRESS = 50
WINDOW = timedelta(minutes=15)
LONGEST_PASSWORD = 1000

_hasher = PasswordHasher()


class TooManyFailures(Exception):
    """Too many wrong attempts for this name or from this address; try again when the window has passed."""


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt."""
    return _hasher.hash(_normal(password))


def token_digest(token: str) -> str:
    """What is kept of a bearer token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def authenticate(name: str, password: str, code: str = "", address: str = "") -> Account | None:
    """The account if name, password and (where it has a secret) the one-time code are right, else None.

    ``address`` is the caller's network address.  Raises TooManyFailures after more than 10 failures of one name or 50
    of one address in 15 minutes; that answer does not look at the password.
    """
    name = unicodedata.normalize("NFC", name.strip())
    key = hashlib.sha256(name.encode()).hexdigest()[:32]
    with reading() as session:
        if _failures(session, "name", key) > MOST_BY_NAME or (
            address and _failures(session, "address", address) > MOST_BY_ADDRESS
        ):
            raise TooManyFailures
        account = session.scalar(select(Account).where(Account.name == name))
    decoy = _decoy()  # made in every case, so that the first failure takes no longer than the first success
    known = account is not None and account.active
    right = _matches(account.password_hash if account and known else decoy, password)
    right = _code_fits(account.totp_secret if account else None, code) and right and known
    with writing() as session:
        if account is None or not right:
            record_event(session, "", FAILED, name=key, address=address)
            return None
        record_event(session, account.name, SIGNED_IN, address=address)
    return account


def account_by_token(token: str) -> Account | None:
    """The active account of a bearer token that was not revoked."""
    with reading() as session:
        return session.scalar(
            select(Account)
            .join(AccountToken, AccountToken.account_id == Account.id)
            .where(AccountToken.digest == token_digest(token), AccountToken.revoked.is_(None), Account.active)
        )


def account_of_session(account_id: int, epoch: str) -> Account | None:
    """The active account that a session was opened for; None when its epoch has changed since."""
    with reading() as session:
        account = session.get(Account, account_id)
    return account if account is not None and account.active and account.epoch == epoch else None


def end_sessions(account_id: int) -> None:
    """Ends every session of the account, on every device: a copy of its cookie is worth nothing any more."""
    with writing() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        account.epoch = secrets.token_hex(16)
        record_event(session, account.name, SIGNED_OUT)


def viewer_of(account: Account, day: int) -> Viewer:
    """The viewer that an account is on that day (a day number): its role, its agency, its grants that run."""
    with reading() as session:
        agency = session.get(Agency, account.agency_id) if account.agency_id else None
        granted = session.scalars(
            select(Record.public_id)
            .join(Grant, Grant.record_id == Record.id)
            .where(
                Grant.account_id == account.id,
                Grant.revoked.is_(None),
                Grant.valid_from <= day,
                Grant.valid_to >= day,
            )
        ).all()
    tags = {tag("role", account.role), *(tag("grant", one) for one in granted)}
    if agency:
        tags.add(tag("agency", agency.code))
    return Viewer(frozenset(tags), account.name, account.role, agency.code if agency else "")


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


def _code_fits(secret: str | None, code: str) -> bool:
    if not secret:
        return True
    return pyotp.TOTP(secret).verify(code.replace(" ", ""), for_time=now(), valid_window=1)


def _failures(session: Session, kind: str, value: str) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(AuditEvent)
            .where(
                AuditEvent.at > now() - WINDOW,
                AuditEvent.action == FAILED,
                AuditEvent.detail[kind].as_string() == value,
            )
        )
        or 0
    )
