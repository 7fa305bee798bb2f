"""Sessions: one row a signed-in device, found by the secret in its cookie, ended by its owner or by a new epoch."""

import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.sign_in import AccountSession
from archive.clock import now
from archive.database import changes, reading, writing

HOURS = 8  # a session lives so long, whatever happens
SEEN_EVERY = timedelta(minutes=5)  # a page costs no write more often than this
LONGEST_DEVICE = 200

SESSION_ENDED = "session-ended"


@dataclass(frozen=True, slots=True)
class Signed:
    """An account, and the row of the session that it was found by."""

    account: Account
    session: AccountSession


def secret_digest(secret: str) -> str:
    """What is kept of a random secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(session: Session, account: Account, means: str, address: str, device: str) -> str:
    """Adds a session of the account as it is now; returns the secret for its cookie (256 random bits)."""
    secret, moment = secrets.token_urlsafe(32), now()
    session.add(
        AccountSession(
            digest=secret_digest(secret),
            account_id=account.id,
            epoch=account.epoch,
            means=means,
            opened=moment,
            last_seen=moment,
            expires=moment + timedelta(hours=HOURS),
            address=address,
            device=device[:LONGEST_DEVICE],
        )
    )
    return secret


def find_session(secret: str, address: str = "") -> Signed | None:
    """The running session of a secret, its account active; notes now and then when and from where it was seen."""
    with reading() as session:
        row = session.execute(
            select(Account, AccountSession)
            .join(AccountSession, AccountSession.account_id == Account.id)
            .where(AccountSession.digest == secret_digest(secret), *_running())
        ).first()
    if row is None:
        return None
    account, found = row
    if now() - found.last_seen >= SEEN_EVERY:
        # Where the catalogue is busy a page is worth more than this
        with contextlib.suppress(OperationalError), writing() as session:
            session.execute(
                update(AccountSession)
                .where(AccountSession.id == found.id)
                .values(last_seen=now(), address=address or found.address)
            )
    return Signed(account, found)


def running_sessions(account_id: int) -> list[AccountSession]:
    """The account's running sessions, the one seen last first."""
    with reading() as session:
        return list(
            session.scalars(
                select(AccountSession)
                .join(Account, Account.id == AccountSession.account_id)
                .where(AccountSession.account_id == account_id, *_running())
                .order_by(AccountSession.last_seen.desc(), AccountSession.id.desc())
            )
        )


def end_session(account: Account, session_id: int, actor: str = "") -> bool:
    """Ends one session of the account; whether there was one."""
    with writing() as session:
        ended = changes(
            session,
            update(AccountSession)
            .where(
                AccountSession.id == session_id, AccountSession.account_id == account.id, AccountSession.ended.is_(None)
            )
            .values(ended=now()),
        )
        if ended:
            record_event(session, actor or account.name, SESSION_ENDED, name=account.name)
    return ended


def new_epoch(account: Account) -> None:
    """Ends every session of the account when the transaction commits: rights or password are about to change."""
    account.epoch = secrets.token_hex(16)


def _running() -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.ended.is_(None),
        AccountSession.expires > now(),
        AccountSession.epoch == Account.epoch,
        Account.active.is_(True),
    )
