"""Sealing the audit trail: committed events get their places in a chain of digests, in one order for ever.

Places are given after the commit, by one sealer at a time: of two writers on PostgreSQL the one with the lower number
may commit last, and a chain made by the writers themselves would have them queue behind each other.  The digest of an
event covers what can be erased by law (actor, record, ground, detail) under a salt that goes with it, so that nothing
can be guessed from a digest that is left; the chain covers that digest and what always stays (place, number, moment,
action).  Digests are SHA-256 in hexadecimal.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import UTC
from threading import Lock
from typing import cast

from sqlalchemy import Table, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from archive.catalogue.people import AuditEvent, AuditHead
from archive.database import reading, writing
from archive.settings import settings
from archive.storage.durability import replace_file

LOT = 500  # events of one transaction: SQLite has one writer at a time
HEAD_FILE = "audit.head"

_table = cast(Table, AuditEvent.__table__)
_WRITING_HEAD = Lock()  # threads of one process share a temporary name


def seal() -> int:
    """Seals what is committed; returns how many events.  Any process may call it: sealers queue for the head's row."""
    total = 0
    while _has_unsealed():
        sealed, head = _seal_lot()
        total += sealed
        if sealed:
            keep_head(head)
        if sealed < LOT:
            break
    return total


def _seal_lot() -> tuple[int, str]:
    with writing() as session:
        head = session.get_one(AuditHead, 1, with_for_update=True)
        waiting = select(AuditEvent).where(AuditEvent.place.is_(None)).order_by(AuditEvent.id).limit(LOT)
        events = session.scalars(waiting).all()
        place, chain, seals = head.place, head.chain, []
        for event in events:
            place += 1
            salt = secrets.token_hex(16)
            digest = payload_digest(event, salt)
            chain = link(chain, place, event, digest)
            seals.append({"number": event.id, "place": place, "salt": salt, "digest": digest, "chain": chain})
        _write(session, seals)
        head.place, head.chain = place, chain
        return len(events), head_text(place, chain)


def _write(session: Session, seals: Sequence[dict[str, object]]) -> None:
    if not seals:
        return
    names = ("place", "salt", "digest", "chain")
    sealing = update(_table).where(_table.c.id == bindparam("number"), _table.c.place.is_(None))
    sealing = sealing.values({name: bindparam(name) for name in names})
    session.connection().execute(sealing, seals)


def payload_digest(event: AuditEvent, salt: str) -> str:
    """The digest of what can be erased, under its salt."""
    return _digest([salt, event.actor, event.record, event.ground, event.detail])


def link(before: str, place: int, event: AuditEvent, digest: str) -> str:
    """The chain's digest at a place: of the digest before it ("" at the beginning) and of what stays of the event."""
    moment = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _digest([before, place, event.id, moment, event.action, digest])


def _digest(parts: Sequence[object]) -> str:
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def head_text(place: int, chain: str) -> str:
    """The head as it is written outside the database: ``place:digest``."""
    return f"{place}:{chain}"


def read_head(text: str) -> tuple[int, str]:
    """Place and digest of a written head; ValueError on anything else."""
    place, colon, chain = text.strip().partition(":")
    if not (colon and place.isascii() and place.isdigit() and len(place) < 19):
        raise ValueError(text)
    if int(place) and not (len(chain) == 64 and set(chain) <= set("0123456789abcdef")):
        raise ValueError(text)
    return int(place), chain


def head(session: Session) -> str:
    """The newest head."""
    row = session.get_one(AuditHead, 1)
    return head_text(row.place, row.chain)


def unsealed(session: Session) -> int:
    """How many events wait for their place."""
    return session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.place.is_(None))) or 0


def keep_head(text: str) -> None:
    """Writes the head beside the database, where who only has the database cannot take it back."""
    path = settings().home / HEAD_FILE
    with _WRITING_HEAD:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())


def kept_head() -> str:
    """The head that was written beside the database last, "" where none was."""
    try:
        return (settings().home / HEAD_FILE).read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def _has_unsealed() -> bool:
    with reading() as session:
        return bool(session.scalar(select(exists().where(AuditEvent.place.is_(None)))))
