"""Accounts, their tokens and grants, and the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class Account(Versioned, Base):
    """Somebody who signs in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]  # argon2id
    role: Mapped[str]  # reader, clerk, archivist, head, administrator
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    totp_secret: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[str]  # a new one ends every session of the account


class AccountToken(Base):
    """A bearer token of the API; only its SHA-256 is kept."""

    __tablename__ = "account_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]


class Grant(Versioned, Base):
    """A reader's permission on a record, file or fonds, by a decision, for a time."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    valid_from: Mapped[int]  # day numbers, both included
    valid_to: Mapped[int]
    revoked: Mapped[datetime | None]
    ground: Mapped[str]


class AuditEvent(Base):
    """What was done, by whom, to what."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    record: Mapped[str | None]  # public identifier
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
