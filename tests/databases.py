"""Catalogues for tests on both databases: an SQLite file, or a PostgreSQL database of the test's own.

The PostgreSQL ones are made with a Vietnamese locale as their default, so that an order which is not ours would show.
A migrated one is made once a run and emptied between tests; a test that changes its tables gets another in its place.
"""

import os
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, insert, make_url, text

from archive import schema
from archive.database import open_database
from tests.services import service_url

DatabaseKind = Literal["sqlite", "postgresql"]
KINDS: tuple[DatabaseKind, ...] = ("sqlite", "postgresql")

PREFIX = "vankho_test_"
CREATE = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'vi'"
EMPTY = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
    PERFORM setval(one.sequencename::regclass, 1, false);
  END LOOP;
END $$
"""


def administering(address: str) -> Engine:
    """A way to the server for statements outside of any transaction."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")


def drop_database(connection: Connection, name: str) -> None:
    """Removes a database, where there is one, whoever is connected to it.

    Not ``WITH (FORCE)``: the server's own cleaning is not this role's to end, and the statement is refused while it is
    at work there.  Without it the server sends its cleaning away itself, and waits for the sessions ended here.
    """
    connection.execute(
        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND usename = USER"),
        {"name": name},
    )
    connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))


class Server:
    """The PostgreSQL of the tests: makes databases, and removes them."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._engine = administering(address)
        self._made = 0
        self._kept: list[str] = []
        self._migrated = ""
        self._shape: Any = None
        self._remove_orphans()

    def create(self) -> str:
        """The address of a new database with nothing in it."""
        return self._make(CREATE)

    def copy(self, address: str) -> str:
        """The address of a new database with all that lies in that one; nobody may be connected to it."""
        return self._make(f"CREATE DATABASE {{}} TEMPLATE {make_url(address).database}")

    def remove(self, address: str) -> None:
        """Removes a database, whoever is connected to it."""
        with self._engine.connect() as connection:
            drop_database(connection, make_url(address).database or "")

    def migrated(self) -> str:
        """The address of a database with an empty catalogue; the one of the test before, where it is unharmed."""
        if self._migrated and not self._emptied():
            self.remove(self._migrated)
            self._migrated = ""
        if not self._migrated:
            self._migrated = self.create()
            engine = open_database(self._migrated.replace("postgresql://", "postgresql+psycopg://", 1))
            schema.migrate(engine)
            with engine.connect() as connection:
                self._shape = _shape(connection)
            engine.dispose()
        return self._migrated

    def keep(self, address: str) -> None:
        """Leaves a database to the whole run; removed at its end."""
        self._kept.append(address)

    def close(self) -> None:
        """Removes what is left of this run."""
        for address in (self._migrated, *self._kept):
            if address:
                self.remove(address)

    def _emptied(self) -> bool:
        engine = create_engine(self._migrated.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("SET lock_timeout = '10s'"))
            if _shape(connection) != self._shape:
                return False
            from archive.catalogue.tables import Base, RequestStep
            from desk.states import OWN_PAIRS, PAIRS

            # Between tests even what is kept for ever goes
            kept = ("audit_event", "payment")
            for name in kept:
                connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for name in kept:
                connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
            connection.execute(text(EMPTY))
            connection.execute(text("INSERT INTO outbox_claim (id, seq) VALUES (1, 0)"))
            steps = [{"before": a, "after": b, "own": (a, b) in OWN_PAIRS} for a, b in sorted(PAIRS)]
            connection.execute(insert(RequestStep), steps)
            connection.execute(text("INSERT INTO audit_head (id, place, chain) VALUES (1, 0, '')"))
        return True

    def _make(self, statement: str) -> str:
        self._made += 1
        name = f"{PREFIX}{os.getpid()}_{self._made}"
        with self._engine.connect() as connection:
            connection.execute(text(statement.format(name)))
        return self._url(name)

    def _url(self, name: str) -> str:
        # Nothing here survives the server: no need to wait for its disk at each commit.
        url = make_url(self._address).set(database=name)
        return url.update_query_dict({"options": "-c synchronous_commit=off"}).render_as_string(hide_password=False)

    def _remove_orphans(self) -> None:
        """Removes what runs that were killed left behind."""
        with self._engine.connect() as connection:
            names = connection.scalars(
                text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"), {"prefix": PREFIX}
            ).all()
        for name in names:
            if not _runs(int(name.removeprefix(PREFIX).split("_")[0])):
                self.remove(self._url(name))


@lru_cache(maxsize=1)
def server() -> Server:
    """The server of this run; the test is skipped (or fails) where there is none."""
    address = service_url("postgres")
    if os.environ.get("VANKHO_REQUIRE_SERVICES") != "1":
        pytest.importorskip("psycopg")  # a package of the full profile
    return Server(address)


@lru_cache(maxsize=1)
def _migrated_bytes() -> bytes:
    with TemporaryDirectory(prefix="vankho-test-") as folder:
        file = Path(folder) / "catalogue.sqlite3"
        engine = open_database(f"sqlite:///{file}")
        schema.migrate(engine)
        engine.dispose()  # the last connection takes the write-ahead log into the file
        return file.read_bytes()


def migrated_file(home: Path) -> None:
    """An SQLite catalogue with nothing in it in this home, migrated once a run."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "catalogue.sqlite3").write_bytes(_migrated_bytes())


def _shape(connection: Connection) -> list[tuple[Any, ...]]:
    """Every column, index and version of the schema, to see whether a test changed it."""
    asked = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
        "UNION ALL SELECT 'version', version_num FROM alembic_version ORDER BY 1, 2"
    )
    return [tuple(row) for row in connection.execute(text(asked))]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
