"""PostgreSQL: how a connection is opened, and what it never waits for longer than.

What the address says itself (``?sslmode=...&options=...``) is kept and wins.
"""

import json

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

STATEMENT_SECONDS = 300  # a count over every page of a nation; a person's question takes milliseconds
LOCK_SECONDS = 60  # as long as SQLite waits for another writer
IDLE_SECONDS = 900  # a transaction that nobody goes on with: longer than the slowest batch for an index
MIGRATION_LOCK_SECONDS = 30

POOL = {"pool_size": 5, "max_overflow": 10, "pool_timeout": 30, "pool_recycle": 1800}

_SESSION = {
    "timezone": "UTC",
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}
#: A lock is waited for and kept as long as it takes; a machine that vanished gives it back within a minute.
_LOCK_SESSION = {
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_session_timeout": "0",
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def write_json(value: object) -> str:
    """JSON without U+0000, in which PostgreSQL finds nothing again; U+FFFD stands in its place.  For both databases."""
    told = json.dumps(value)
    return json.dumps(_clean(value)) if "\\u0000" in told else told


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def open_postgres(url: str) -> Engine:
    """An engine on the address, with a pool; connections are tried before they are used.  Raises SQLAlchemyError."""
    made = make_url(url)
    return _create(made, _SESSION, "vankho", pool_pre_ping=True, **POOL)


def open_lock_engine(engine: Engine) -> Engine:
    """An engine on the same database whose connections are never shared nor kept: each holds one lock."""
    return _create(engine.url, _LOCK_SESSION, "vankho lock", poolclass=NullPool, isolation_level="AUTOCOMMIT")


def _create(url: URL, session: dict[str, str], name: str, **more: object) -> Engine:
    told = url.query.get("options", ())
    own = (told,) if isinstance(told, str) else told
    options = " ".join([*(f"-c {key}={value}" for key, value in session.items()), *own])
    arguments: dict[str, object] = {
        "connect_timeout": 10,
        "tcp_user_timeout": 60_000,
        "client_encoding": "utf8",
        "application_name": name,
    }
    chosen = {key: value for key, value in arguments.items() if key not in url.query}
    try:
        return create_engine(
            url, connect_args={**chosen, "options": options}, json_serializer=write_json, hide_parameters=True, **more
        )
    except ModuleNotFoundError as error:
        raise SQLAlchemyError(f"thiếu gói “{error.name}” của cấu hình đầy đủ; hãy chạy: make install-full") from error
