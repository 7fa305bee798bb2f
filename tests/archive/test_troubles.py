"""What people read when PostgreSQL cannot be used: one Vietnamese sentence, from real refusals."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from archive.database import engine, open_database, writing
from archive.settings import settings
from archive.troubles import explain_database

pytestmark = pytest.mark.on_postgres


def explained(action: Callable[[], object]) -> str:
    with pytest.raises(SQLAlchemyError) as caught:
        action()
    return explain_database(caught.value)


def connect(**parts: object) -> Callable[[], object]:
    """Connects to the tests' server with other parts of the address."""
    made = open_database(make_url(settings().database).set(**parts).render_as_string(hide_password=False))  # type: ignore[arg-type]
    return lambda: made.connect()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"port": 1}, "PostgreSQL không chạy hoặc sai địa chỉ"),
        ({"host": "khong-co.invalid"}, "không tìm thấy máy chủ PostgreSQL"),
        ({"database": "không có"}, "chưa có cơ sở dữ liệu ấy"),
        ({"username": "không ai"}, "vai trò ấy"),
        ({"query": {"sslmode": "require"}}, "kết nối TLS"),
    ],
)
def test_a_connection_that_is_refused(home: Path, parts: dict[str, object], words: str) -> None:
    told = explained(connect(**parts))
    assert words in told
    assert told.startswith("cơ sở dữ liệu không dùng được: ")


def test_what_the_server_refuses_later(home: Path) -> None:
    def raising(state: str) -> Callable[[], object]:
        def act() -> None:
            with engine().connect() as connection:
                connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))

        return act

    assert "đĩa đã đầy" in explained(raising("53100"))
    assert "chỉ cho đọc" in explained(raising("25006"))

    def slow() -> None:
        with writing() as session:
            session.execute(text("SET LOCAL statement_timeout = '10ms'"))
            session.execute(text("SELECT pg_sleep(30)"))

    def stuck() -> None:
        with writing() as first, writing() as second:
            first.execute(text("LOCK TABLE term"))
            second.execute(text("SET LOCAL lock_timeout = '10ms'"))
            second.execute(text("LOCK TABLE term"))

    def cut() -> None:
        with writing() as first, writing() as second:
            own = first.scalar(text("SELECT pg_backend_pid()"))
            second.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            first.execute(text("SELECT 1"))

    assert "quá 5 phút" in explained(slow)
    assert "giữ khóa quá lâu" in explained(stuck)
    assert "ngắt kết nối" in explained(cut)


def test_a_session_is_told_what_it_never_waits_for_longer_than(home: Path) -> None:
    with engine().connect() as connection:
        found = [
            connection.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
        ]
        name = connection.scalar(text("SHOW application_name"))
    assert (found, name) == (["5min", "1min", "15min", "UTC"], "vankho")


def test_a_pool_tries_its_connections_before_it_gives_them_out(home: Path) -> None:
    for one in [engine().connect() for _ in range(3)]:
        one.close()
    other = open_database(settings().database)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    with other.connect() as connection:
        assert len(connection.scalars(text(others + "pg_backend_pid()")).all()) >= 3
    other.dispose()
    with engine().connect() as again:
        assert again.scalar(text("SELECT 1")) == 1
