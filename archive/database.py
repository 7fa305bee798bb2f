"""The catalogue's database: one engine a process, sessions that commit or roll back whole.

SQLite runs in WAL mode with a full fsync at commit; a writing session begins IMMEDIATE, so that two writers queue
instead of failing half way.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from archive.settings import settings

BUSY_MS = 60_000


def open_database(url: str) -> Engine:
    """An engine on the address, prepared for many processes; makes the folder of an SQLite file.

    What follows ``sqlite:///`` is a path as it stands: a folder's name may hold ``?`` or ``#``.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(URL.create("sqlite", database=path), connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, by us
        for pragma in (
            "secure_delete=ON",  # what is withdrawn as secret is overwritten in the file, too
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Turns the write-ahead log on.  SQLite does not wait by itself here when processes open a new file at once."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.02)


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    return open_database(url)


def engine() -> Engine:
    """The engine of the configured catalogue."""
    return _engine(settings().database)


def forget_engines() -> None:
    """Closes what is open: before a fork, and between tests."""
    for url in {settings().database}:
        _engine(url).dispose()
    _engine.cache_clear()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading: one consistent view, never committed.  What was read stays readable afterwards."""
    with Session(engine(), expire_on_commit=False, autoflush=False) as session:
        try:
            yield session
        finally:
            session.expunge_all()  # a rollback would expire the objects
            session.rollback()


@contextmanager
def writing() -> Iterator[Session]:
    """A session for writing: commits at the end, rolls back on any error."""
    with Session(engine().execution_options(writing=True), expire_on_commit=False) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def is_alive() -> bool:
    """Whether the database answers."""
    with reading() as session:
        return session.execute(text("SELECT 1")).scalar() == 1
