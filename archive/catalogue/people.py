"""Accounts, their tokens and grants, and the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned, Whole
from archive.catalogue.sealed import Sealed


class Account(Versioned, Base):
    """Somebody who signs in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]  # argon2id
    role: Mapped[str]  # archive.identity.roles
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    totp_secret: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[str]  # a new one ends every session of the account
    # TT 05/2025 article 35.2.a: what a reader's account says of the person
    full_name: Mapped[str] = mapped_column(default="", server_default="")
    identification: Mapped[str] = mapped_column(
        Sealed, default="", server_default=""
    )  # personal number or another paper
    email: Mapped[str | None] = mapped_column(index=True, unique=True)
    phone: Mapped[str] = mapped_column(default="", server_default="")
    workplace: Mapped[str] = mapped_column(default="", server_default="")
    created: Mapped[datetime | None]
    totp_pending: Mapped[str | None]  # a secret that was shown and not yet confirmed
    totp_step: Mapped[int | None] = mapped_column(Whole)  # the last one used: a code counts once
    openid: Mapped[str | None] = mapped_column(index=True, unique=True)  # issuer, blank, subject
    notices: Mapped[str] = mapped_column(default="each", server_default="each")  # of requests: each, daily, none
    told_event: Mapped[int] = mapped_column(default=0, server_default="0")  # the last step a digest told of
    erased_at: Mapped[datetime | None]  # nobody's any more: what refers to the row names no person


class AccountToken(Base):
    """A bearer token of the API; only its SHA-256 is kept."""

    __tablename__ = "account_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    scopes: Mapped[str] = mapped_column(default="search read", server_default="search read")
    expires: Mapped[datetime | None]  # none: given before tokens had an end
    last_used: Mapped[datetime | None]


class Grant(Versioned, Base):
    """A reader's permission on a record, file or fonds, by a decision, for a purpose and a time."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    valid_from: Mapped[int]  # day numbers, both included
    valid_to: Mapped[int]
    revoked: Mapped[datetime | None]
    ended: Mapped[datetime | None]  # when its last day was found past: a clock set back does not bring it again
    ground: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")  # what the reader asked it for
    copying: Mapped[bool] = mapped_column(default=False)  # read and copy; otherwise read only
    pages: Mapped[str] = mapped_column(default="", server_default="")  # "1-3,7"; none: the whole record


class PersonClosure(Versioned, Base):
    """A record closed for the sake of a person named in it (archive.named_persons); the name is for archivists only."""

    __tablename__ = "person_closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    person: Mapped[str]
    died_on: Mapped[int | None]  # the last day number on which the person may have died; None: not known
    opens_on: Mapped[int]  # a day number, NEVER where the death is not known
    ground: Mapped[str]
    ended: Mapped[datetime | None]


class AuditEvent(Base):
    """What was done, by whom, to what, under which ground.

    Writers fill the first part; the sealer (archive.sealing) gives place, salt, digest and chain.  A sealed row is kept
    for ever by triggers of the database; only actor, record, ground, detail and salt can be erased by law, and then
    ``erased`` names the event that says who did so and why.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_actor", "actor", "id"),
        Index("ix_audit_event_record", "record", "id"),
        Index("ix_audit_event_unsealed", "id", sqlite_where=text("place IS NULL"),
              postgresql_where=text("place IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    record: Mapped[str | None]  # public identifier
    ground: Mapped[str] = mapped_column(default="")  # the tag that let the actor in, or the decision or law
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    place: Mapped[int | None] = mapped_column(Whole, unique=True)  # in the chain, from 1; None until it is sealed
    salt: Mapped[str] = mapped_column(default="")  # without it an erased row could be guessed from its digest
    digest: Mapped[str] = mapped_column(default="")
    chain: Mapped[str] = mapped_column(default="")
    erased: Mapped[int | None] = mapped_column(Whole)  # the event of the erasing


class AuditHead(Base):
    """One row: the newest place of the chain and its digest.  Sealers queue by locking it, writers never touch it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    place: Mapped[int] = mapped_column(Whole)
    chain: Mapped[str]
