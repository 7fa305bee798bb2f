"""The catalogue's schema: which version the database has, which the code wants, and the way from one to the other."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from archive.catalogue.tables import Base
from archive.clock import now
from archive.postgres import MIGRATION_LOCK_SECONDS

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"

#: The newest migration.  Written here so that starting needs no Alembic; a test compares it with the folder.
HEAD = "0042"


class SchemaError(Exception):
    """The database and the code do not fit; the text is Vietnamese and says what to do."""


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def wanted_version() -> str:
    """The version that this code wants."""
    return HEAD


def found_version(engine: Engine) -> str | None:
    """The version that the database has; None for an empty one."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def known_versions() -> list[str]:
    """The versions that this code has migrations for, newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def check(engine: Engine) -> None:
    """SchemaError unless the database has exactly the version that the code wants."""
    found, wanted = found_version(engine), wanted_version()
    if found == wanted:
        return
    if found is None:
        raise SchemaError("Cơ sở dữ liệu còn trống. Hãy chạy: vankho migrate")
    if found in known_versions():
        raise SchemaError(f"Cơ sở dữ liệu ở bản {found}, cũ hơn chương trình ({wanted}). Hãy chạy: vankho migrate")
    raise SchemaError(f"Cơ sở dữ liệu ở bản {found}, mới hơn chương trình ({wanted}). Hãy cập nhật chương trình.")


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Brings the database to the wanted version; an SQLite file that holds something is copied aside before.

    On PostgreSQL everything happens in one transaction that waits at most half a minute for each lock, so a migration
    never queues readers behind itself for long; the copy (pg_dump) is the operator's.
    Returns the versions before and after.  Raises SchemaError if the database is newer than the code or cannot hold
    Vietnamese.
    """
    from alembic import command

    before = found_version(engine)
    if before == wanted_version():
        return before, before
    if before is not None:
        if before not in known_versions():
            raise SchemaError(f"Cơ sở dữ liệu ở bản {before}, mới hơn chương trình. Hãy cập nhật chương trình.")
        _set_aside(engine, before)
    with engine.execution_options(writing=True).connect() as connection:
        if connection.dialect.name == "postgresql":
            _prepare_postgres(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    return before, wanted_version()


def differences(engine: Engine) -> list[object]:
    """What the tables of the code and of the database do not share; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Base.metadata))


def tables(engine: Engine) -> list[str]:
    """The names of the tables that are there."""
    return sorted(inspect(engine).get_table_names())


def _prepare_postgres(connection: Connection) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise SchemaError(f"Cơ sở dữ liệu dùng bảng mã {encoding}; hãy tạo lại với: CREATE DATABASE … ENCODING 'UTF8'")
    connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_LOCK_SECONDS}s'"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))


def _set_aside(engine: Engine, version: str) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        path = Path(engine.url.database)
        target = path.with_name(f"{path.name}.{version}.{now():%Y%m%dT%H%M%S%f}")
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            # One consistent copy whoever else reads or writes; copying the file would leave the WAL behind.
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
            connection.exec_driver_sql("BEGIN")
