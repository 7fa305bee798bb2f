"""What signing in leaves in the catalogue: sessions, attempts, recovery codes; assignments to fonds; letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class AccountSession(Base):
    """A signed-in device.  Only the SHA-256 of the secret in its cookie is kept; it runs while its epoch is the
    account's and nobody has ended it."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    epoch: Mapped[str]
    means: Mapped[str]  # password, openid
    opened: Mapped[datetime]
    last_seen: Mapped[datetime]
    expires: Mapped[datetime]
    ended: Mapped[datetime | None]
    address: Mapped[str]
    device: Mapped[str]  # User-Agent, cut


class SignInAttempt(Base):
    """One attempt to sign in, for throttling; removed after a day.  The name is a digest: people type passwords into
    the wrong box."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    device: Mapped[str]  # digest of the device's own cookie, empty on one not known for this name
    success: Mapped[bool]


class RecoveryCode(Base):
    """A code for who lost the telephone; its SHA-256, and when it was used."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    used: Mapped[datetime | None]


class Assignment(Base):
    """A fonds that an archivist works on, for a time; without a fonds, the whole archive."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    valid_from: Mapped[int]  # day numbers, both included
    valid_to: Mapped[int | None]  # none: until it is ended
    ended: Mapped[datetime | None]


class Letter(Base):
    """An e-mail to send: what it is about, never its text, so that no link lies in the database or in its copies."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    address: Mapped[str]  # of the network, of who caused it
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created: Mapped[datetime] = mapped_column(index=True)
    due: Mapped[datetime | None] = mapped_column(index=True)  # none: nothing more to do
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, sent, needless, failed
    trouble: Mapped[str] = mapped_column(default="")
