"""Migrations of the catalogue: whole or not at all, up and down, refused where code and database do not fit."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event, select, text

from archive import schema
from archive.catalogue.tables import Agent, Base, Veto
from archive.database import engine, reading, writing
from archive.outbox import Message, announce, claim, end_of_log, last_seq, read_messages, veto
from tests.transfers import province, take

pytestmark = pytest.mark.both_databases

NEXT = '''
"""One column more."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.add_column("term", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("term", "note")
'''


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The migrations of a program that is one version ahead."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_note.py").write_text(NEXT.format(head=schema.wanted_version()), encoding="utf-8")
    return folder


def test_migration_from_empty_gives_exactly_the_models(bare_home: Path) -> None:
    assert schema.found_version(engine()) is None
    assert schema.migrate(engine()) == (None, schema.wanted_version())
    assert schema.differences(engine()) == []
    assert set(schema.tables(engine())) == {*Base.metadata.tables, "alembic_version"}
    schema.check(engine())
    assert schema.migrate(engine())[0] == schema.wanted_version(), "again: nothing to do"


def test_the_newest_migration_is_the_one_that_the_code_wants() -> None:
    assert schema.known_versions()[0] == schema.HEAD


def run(action: Callable[..., None], to: str) -> None:
    with engine().execution_options(writing=True).connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.FOLDER))
        config.attributes["connection"] = connection
        action(config, to)
        connection.commit()


def test_down_and_up_again(home: Path) -> None:
    run(command.downgrade, "base")
    assert schema.tables(engine()) == ["alembic_version"]
    run(command.upgrade, "head")
    assert schema.differences(engine()) == []


def test_people_named_before_they_were_agents_become_agents(home: Path, tmp_path: Path) -> None:
    made = province(tmp_path / "goi").change("VB1", Signer="Lê Hòa; Trần Bình").change("VB2", Signer="LÊ HOÀ")
    take(made.change("VB3", Signer="Ủy ban nhân dân tỉnh").write())
    with reading() as session:
        before = {one.name_key: one.kind for one in session.scalars(select(Agent))}
    assert list(before.values()).count("person") == 2
    run(command.downgrade, "0039")
    with reading() as session:
        assert set(session.scalars(select(Agent.kind))) == {"body"}
    run(command.upgrade, "head")
    with reading() as session:
        assert {one.name_key: one.kind for one in session.scalars(select(Agent))} == before


def test_an_empty_database_is_refused_and_told_what_to_do(bare_home: Path) -> None:
    with pytest.raises(schema.SchemaError, match=r"còn trống. Hãy chạy: vankho migrate"):
        schema.check(engine())


def test_an_older_database_is_refused_set_aside_and_migrated(
    home: Path, next_version: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    take(province(tmp_path / "goi").write())
    monkeypatch.setattr(schema, "FOLDER", next_version)
    monkeypatch.setattr(schema, "HEAD", "9999")
    with pytest.raises(schema.SchemaError, match=r"cũ hơn chương trình \(9999\). Hãy chạy: vankho migrate"):
        schema.check(engine())
    with engine().connect() as reader:  # somebody reads meanwhile: what lies in the WAL must be in the copy
        found = reader.execute(text("SELECT count(*) FROM record")).scalar()
        assert found == 9
        before, after = schema.migrate(engine())
    assert after == "9999"
    schema.check(engine())
    if engine().dialect.name == "postgresql":
        return  # pg_dump is the operator's
    copies = list(home.glob(f"catalogue.sqlite3.{before}.*"))
    assert len(copies) == 1
    copy = sqlite3.connect(copies[0])
    try:
        assert copy.execute("SELECT count(*) FROM record").fetchone() == (9,)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        copy.close()


def test_a_migration_that_is_cut_off_has_not_begun(bare_home: Path) -> None:
    """Killed while it was made, a catalogue is made at the next start, not refused as one of an older version."""

    def cut_off(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "CREATE TABLE index_sweep" in statement:
            raise KeyboardInterrupt

    event.listen(engine(), "before_cursor_execute", cut_off)
    with pytest.raises(KeyboardInterrupt):
        schema.migrate(engine())
    event.remove(engine(), "before_cursor_execute", cut_off)
    assert (schema.found_version(engine()), schema.tables(engine())) == (None, [])
    assert schema.migrate(engine()) == (None, schema.HEAD)
    assert schema.differences(engine()) == []


def test_a_newer_database_is_refused_and_not_touched(home: Path, next_version: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "FOLDER", next_version)
        patch.setattr(schema, "HEAD", "9999")
        schema.migrate(engine())
    with pytest.raises(schema.SchemaError, match="mới hơn chương trình"):
        schema.check(engine())
    with pytest.raises(schema.SchemaError, match="mới hơn chương trình"):
        schema.migrate(engine())
    assert schema.found_version(engine()) == "9999"


def test_what_waited_in_an_older_outbox_waits_in_the_new_one(bare_home: Path) -> None:
    """Migration 0003: rows keep their numbers, vetoes theirs, and the next number comes after all of them."""
    bare_home.mkdir(exist_ok=True)
    run(command.upgrade, "0002")
    rows = (
        "INSERT INTO record (id, public_id, level, natural_key, lineage, delivered, proposed, curated, contradicted, "
        "code, title, number, order_key, medium, page_count, source_digest, level_code, hidden_when_closed, withdrawn, "
        "everyone_from_see, everyone_from_search, everyone_from_read, allow_see, allow_search, allow_read, deny_see, "
        "deny_search, deny_read, version) VALUES (1, 'r1', 'fonds', 'k', 'r1', '{}', '{}', '{}', '[]', 'c', '', '', "
        "'', 'paper', 0, '', '01', false, false, 0, 0, 0, '', '', '', '', '', '', 1)",
        "INSERT INTO outbox (seq, record_id, members) VALUES (41, 1, false), (43, 1, true)",
        "INSERT INTO veto (record, seq) VALUES ('r1', 43)",
        "INSERT INTO outbox_cursor VALUES ('pages', 40), ('records', 44)",
    )
    with engine().execution_options(writing=True).begin() as connection:
        for one in rows:
            connection.execute(text(one))
    assert schema.migrate(engine()) == ("0002", schema.HEAD)
    assert schema.differences(engine()) == []
    with writing() as session:
        assert read_messages(session, 0, 9) == [Message(41, 1, False), Message(43, 1, True)]
        assert list(session.execute(select(Veto.record, Veto.seq))) == [("r1", 43)]
        assert (last_seq(session), end_of_log(session)) == (44, 44)
        announce(session, [1])
        veto(session, "r1")
    assert claim() == 45
    run(command.downgrade, "0002")
    with engine().connect() as connection:
        assert list(connection.execute(text("SELECT seq, members FROM outbox ORDER BY seq"))) == [
            (41, False), (43, True), (45, False)
        ]  # fmt: skip
        assert list(connection.execute(text("SELECT record, seq FROM veto"))) == [("r1", 45)]
