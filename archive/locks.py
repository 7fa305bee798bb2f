"""Locks between processes: one drainer, one taker of packages at a time; a lock ends with the process that holds it.

One interface, two renderings.  Where the catalogue is SQLite everything happens on one machine: the lock of a file.
On PostgreSQL processes may run on several: an advisory lock of a session, on a connection of its own, which the
server gives back when that connection ends, however it ends.  (Not through a pooler in transaction mode: there a
session is nobody's.)

A file's lock cannot be lost while the process lives.  A connection can: then another may hold the lock already.  So
whoever works in parts asks :func:`ensure_held` before each part becomes durable.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from archive.database import engine
from archive.postgres import open_lock_engine
from archive.settings import settings

_HELD: dict[str, Callable[[], None]] = {}  # what this process holds, and how to see that it still does


class LockLostError(ConnectionError):
    """The lock went with its connection: another process may hold it.  The text is Vietnamese."""


@contextmanager
def held(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Holds the installation's lock of that name for the block; yields False, holding nothing, if another has it and
    not ``wait``.  Not for two threads of one process at once."""
    taking = _held_on_server(name, wait) if engine().dialect.name == "postgresql" else _held_file(lock_file(name), wait)
    with taking as ensure:
        if ensure is None:
            yield False
            return
        before = _HELD.get(name)  # one that was lost, if any
        _HELD[name] = ensure
        try:
            yield True
        finally:
            if before:
                _HELD[name] = before
            else:
                del _HELD[name]


def ensure_held(name: str) -> None:
    """LockLostError if this process took the lock, has not given it back and yet no longer has it."""
    if ensure := _HELD.get(name):
        ensure()


def is_held(session: Session, name: str) -> bool:
    """Whether a process has the lock of that name at this moment."""
    if engine().dialect.name == "postgresql":
        key = _key(str(session.scalar(text("SELECT current_schema()"))), name) & (1 << 64) - 1
        asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1" \
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())" \
                " AND classid::bigint = :high AND objid::bigint = :low"  # fmt: skip
        return bool(session.scalar(text(asked), {"high": key >> 32, "low": key & (1 << 32) - 1}))
    try:
        descriptor = os.open(lock_file(name), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:  # shared, and for a moment: who wants the lock just then comes again
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def lock_file(name: str) -> Path:
    """The file whose lock it is where the catalogue is SQLite."""
    return settings().home / f"{name}.lock"


@contextmanager
def _held_file(path: Path, wait: bool) -> Iterator[Callable[[], None] | None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
            return
        yield lambda: None
    finally:
        os.close(descriptor)


@contextmanager
def _held_on_server(name: str, wait: bool) -> Iterator[Callable[[], None] | None]:
    own = open_lock_engine(engine())
    connection = own.connect()
    try:
        key = _key(str(connection.scalar(text("SELECT current_schema()"))), name)
        call = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        taken = connection.scalar(text(f"SELECT {call}(:key)"), {"key": key})
        if taken is False:
            yield None
            return
        yield lambda: _ask(connection, name)
    finally:
        connection.invalidate()  # closes it whatever its state: the lock goes with it
        connection.close()
        own.dispose()


def _ask(connection: Connection, name: str) -> None:
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise LockLostError(
            f"mất kết nối giữ khóa “{name}” với cơ sở dữ liệu; phần đã ghi xong vẫn giữ nguyên, hãy chạy lại"
        ) from error


def _key(schema: str, name: str) -> int:
    """64 bits of the installation (a schema of this database) and the name."""
    digest = hashlib.sha256(f"vankho\0{schema}\0{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
