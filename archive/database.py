"""The catalogue's database: one engine a process, sessions that commit or roll back whole.

SQLite runs in WAL mode with a full fsync at commit; a writing session begins IMMEDIATE, so that two writers queue
instead of failing half way.  On PostgreSQL writers run side by side (READ COMMITTED): what two of them may do to the
same row is held by unique constraints, by versions, by ``FOR UPDATE`` or by a lock (archive.locks).
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import URL, CursorResult, Engine, UpdateBase, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.postgres import open_postgres, write_json
from archive.settings import settings

BUSY_MS = 60_000
SERIALIZATION_FAILURES = {"40001", "40P01"}  # not serializable, deadlock: SQLSTATE
ATTEMPTS = 5

Result = TypeVar("Result")


def open_database(url: str) -> Engine:
    """An engine on the address, prepared for many processes; makes the folder of an SQLite file.

    What follows ``sqlite:///`` is a path as it stands: a folder's name may hold ``?`` or ``#``.
    """
    if url.startswith("postgresql"):
        return open_postgres(url)
    if not url.startswith("sqlite"):
        return create_engine(url, hide_parameters=True)
    path = url.removeprefix("sqlite:///")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        URL.create("sqlite", database=path),
        connect_args={"timeout": BUSY_MS / 1000},
        json_serializer=write_json,
        hide_parameters=True,  # an error's text goes to logs, and what is written may be somebody's
    )

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
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # touches no file yet, so it cannot fail: no need for all that stands around a statement
            connection.connection.dbapi_connection.execute("BEGIN")

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


_ENGINES: dict[str, Engine] = {}  # by address, as long as the process lives
_OPENING = Lock()  # server processes have several threads


def engine() -> Engine:
    """The engine of the configured catalogue."""
    url = settings().database
    with _OPENING:
        if url not in _ENGINES:
            _ENGINES[url] = open_database(url)
        return _ENGINES[url]


def forget_engines() -> None:
    """Closes what is open: before a fork, and between tests."""
    with _OPENING:
        while _ENGINES:
            _ENGINES.popitem()[1].dispose()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading: one consistent view, never committed.  What was read stays readable afterwards."""
    with Session(_reader(engine()), expire_on_commit=False, autoflush=False) as session:
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


@contextmanager
def alone(table: str) -> Iterator[Session]:
    """A writing session with one consistent view, begun when no other such session on that table runs.

    ``table`` is a name from the code.  On PostgreSQL it is locked against other writers, not against readers, before
    the view is taken: LOCK TABLE takes none, every other way to wait for a lock does.
    """
    if engine().dialect.name != "postgresql":
        with writing() as session:  # BEGIN IMMEDIATE is that lock
            yield session
        return
    with Session(engine().execution_options(isolation_level="REPEATABLE READ"), expire_on_commit=False) as session:
        session.execute(text(f'LOCK TABLE "{table}" IN EXCLUSIVE MODE'))
        yield session
        session.commit()


def changes(session: Session, statement: UpdateBase) -> bool:
    """Carries an UPDATE or DELETE out; whether it met a row."""
    return bool(cast("CursorResult[Any]", session.execute(statement)).rowcount)


def repeated(action: Callable[[], Result]) -> Result:
    """What the action (one whole transaction) returns; done again where the database could not serialise it."""
    for _ in range(ATTEMPTS - 1):
        try:
            return action()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in SERIALIZATION_FAILURES:
                raise
    return action()


def _reader(engine: Engine) -> Engine:
    """The engine as readers use it.  SQLite's transactions are one view by themselves."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def is_alive() -> bool:
    """Whether the database answers."""
    with reading() as session:
        return session.execute(text("SELECT 1")).scalar() == 1
