"""Numbers of identity papers lie encrypted in the database and are read by who has the secret."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from archive import schema
from archive.catalogue.people import Account
from archive.database import engine, reading, writing
from archive.sealed_text import MARK, seal, unseal
from archive.settings import settings
from tests.archive.test_migrating import run

pytestmark = pytest.mark.both_databases

NUMBER = "051188000777"


def kept() -> str:
    with reading() as session:
        return str(session.scalar(text("SELECT identification FROM account")))


def read() -> str:
    with reading() as session:
        return str(session.scalar(select(Account.identification)))


def test_a_number_lies_encrypted_and_is_unknown_under_another_secret(
    bare_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.migrate(engine())
    with writing() as session:
        session.add(Account(name="hoa", password_hash="", role="reader", epoch="t", identification=NUMBER))
    assert kept().startswith(MARK)
    assert "0777" not in kept()
    assert read() == NUMBER
    assert seal(NUMBER) != seal(NUMBER), "the same number is not seen to be the same"
    assert unseal(kept()[:-4] + "AAA=") == ""
    monkeypatch.setenv("VANKHO_SECRET", "một khóa khác hẳn, dài hơn ba mươi hai ký tự")
    settings.cache_clear()
    assert read() == ""
    monkeypatch.delenv("VANKHO_SECRET")
    settings.cache_clear()
    assert read() == NUMBER


def test_numbers_that_were_there_are_encrypted_and_come_back(bare_home: Path) -> None:
    schema.migrate(engine())
    run(command.downgrade, "0032")
    with engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO account (name, password_hash, role, active, epoch, identification, version)"
                f" VALUES ('hoa', '', 'reader', true, 't', '{NUMBER}', 1)"
            )
        )
    schema.migrate(engine())
    assert kept().startswith(MARK)
    assert read() == NUMBER
    run(command.downgrade, "0032")
    assert kept() == NUMBER
