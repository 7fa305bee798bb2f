"""The catalogue: its migrations, the version that refuses stale writes, identifiers and layers of metadata."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm.exc import StaleDataError

from archive import schema
from archive.accounts import authenticate
from archive.audit import record_event
from archive.catalogue.base import Base, Versioned
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.fees import Bill, UnmatchedMoney
from archive.catalogue.tables import (
    Account,
    Agency,
    Agent,
    Appointment,
    AuditEvent,
    Delegation,
    Enquiry,
    Grant,
    Handover,
    HeldChange,
    IssuedCopy,
    Loan,
    Package,
    PersonClosure,
    Place,
    QuarantinedRow,
    ReadingRequest,
    Record,
    TakedownRequest,
    Term,
    Theme,
    Veto,
)
from archive.clock import now
from archive.database import engine, open_database, writing
from archive.identifiers import ALPHABET, is_identifier, new_identifier
from archive.outbox import Message, announce, claim, end_of_log, last_seq, read_messages, veto
from tests.transfers import province, record, take

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


def test_two_writers_queue(home: Path) -> None:
    with writing() as session:
        session.execute(text("INSERT INTO term VALUES ('type', 'a', 'A')"))
        other: Engine = open_database(str(engine().url))
        with other.connect() as reader:
            assert reader.execute(text("SELECT count(*) FROM term")).scalar() == 0, "nobody sees what may roll back"
        other.dispose()


def _record(**changes: Any) -> Record:
    values = {"public_id": new_identifier(), "level": "fonds", "natural_key": "k", "lineage": "x", "code": "c"}
    return Record(**(values | changes))


def _package() -> Package:
    return Package(public_id=new_identifier(), name="p", digest="d", first_taken=now(), last_taken=now())


def _account() -> Account:
    return Account(name="n", password_hash="h", role="reader", epoch="e")


#: A row of each versioned table (made after the rows it points to), and the column to change.
ROWS: dict[type[Versioned], tuple[Callable[[], Any], str]] = {
    LineCorrection: (
        lambda: LineCorrection(record_id=1, page=1, line=1, before="b", after="a", proposed_at=now()),
        "after",
    ),
    Agency: (lambda: Agency(public_id="a", code="c", name="n"), "name"),
    Agent: (lambda: Agent(public_id="a", name="n", name_key="k"), "name"),
    Place: (lambda: Place(public_id="a", name="n", name_key="k"), "name"),
    Record: (_record, "title"),
    Account: (_account, "role"),
    Grant: (lambda: Grant(account_id=1, record_id=1, valid_from=1, valid_to=2, ground="g"), "ground"),
    ReadingRequest: (
        lambda: ReadingRequest(
            code="c", account_id=1, kind="reading", purpose="p", received_at=now(), due_on=1, term="answer.reading"
        ),
        "purpose",
    ),
    PersonClosure: (lambda: PersonClosure(record_id=1, person="p", opens_on=1, ground="g"), "ground"),
    HeldChange: (lambda: HeldChange(record_id=1, package_id=1, key="k", values={}, ground="g"), "ground"),
    QuarantinedRow: (
        lambda: QuarantinedRow(key="k", package_id=1, sheet="s", row=1, natural_key="k", ground="g", values={}),
        "ground",
    ),
    Handover: (
        lambda: Handover(
            public_id="h", account="n", channel="page", name="n", place="p", state="waiting", received=now()
        ),
        "state",
    ),
    TakedownRequest: (
        lambda: TakedownRequest(
            code="c", about="a", asker="n", contact="c", wish="w", reason="r", received_at=now(), due_on=1
        ),
        "state",
    ),
    IssuedCopy: (
        lambda: IssuedCopy(
            code="c",
            request_id=1,
            record_id=1,
            account_id=1,
            grade="plain",
            state="waiting",
            masks={},
            ordered_at=now(),
        ),
        "error",
    ),
    Appointment: (lambda: Appointment(account_id=1, day=1, half="morning", seat=1, made_at=now()), "note"),
    Loan: (lambda: Loan(code="c", record_id=1, account_id=1, out_at=now(), out_by="o", due_on=1), "note"),
    Delegation: (lambda: Delegation(from_account=1, to_account=1, first=1, last=2, ground="g"), "ground"),
    Bill: (lambda: Bill(code="c", request_id=1, total=1, made_at=now(), due_on=1), "state"),
    UnmatchedMoney: (
        lambda: UnmatchedMoney(way="transfer", outside="o", amount=1, told="t", reason="unknown", at=now()),
        "state",
    ),
    Enquiry: (lambda: Enquiry(code="c", kind="error", text="t", received_at=now()), "answer"),
    Theme: (lambda: Theme(slug="s", kind="story", title="t", changed_at=now(), changed_by="a"), "title"),
}


def test_every_versioned_table_is_in_the_table_of_this_test() -> None:
    assert set(ROWS) == {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Versioned)}


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_a_stale_write_is_refused(home: Path, kind: type[Versioned]) -> None:
    make, column = ROWS[kind]
    with writing() as session:
        if kind in (
            Appointment,
            Delegation,
            Grant,
            LineCorrection,
            Loan,
            HeldChange,
            PersonClosure,
            QuarantinedRow,
            ReadingRequest,
        ):
            session.add_all([_record(), _package(), _account()])
            session.flush()
        if kind is Bill:
            session.add_all([_account(), ROWS[ReadingRequest][0]()])
            session.flush()
        if kind is IssuedCopy:
            session.add_all([_record(), _account(), ROWS[ReadingRequest][0]()])
            session.flush()
        row = make()
        session.add(row)
    assert row.version == 1
    key = row.id
    with writing() as session:
        fresh: Any = session.get(kind, key)
        setattr(fresh, column, "first")
    assert fresh.version == 2
    setattr(row, column, "second, from what was read before the first")
    with pytest.raises(StaleDataError), writing() as session:
        session.add(row)
    with writing() as session:
        assert getattr(session.get(kind, key), column) == "first"


def test_identifiers_are_opaque() -> None:
    made = {new_identifier() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(len(one) == 26 and set(one) <= set(ALPHABET) and is_identifier(one) for one in made)
    for place in range(25):  # every letter takes part: 128 random bits, two of padding in the last
        assert len({one[place] for one in made}) == 32
    assert not any(is_identifier(one) for one in ("", "a" * 25, "a" * 27, "A" * 26, "1" * 26, "../" + "a" * 23))


def test_identifiers_are_kept_over_every_delivery(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    first = {code: record(code).public_id for code in ("HS1", "VB1", "VB4")}
    assert all(is_identifier(one) for one in first.values())
    transfer.change("VB1", Subject="Về việc khác").change("HS1", Title="Hồ sơ khác")
    take(transfer.write())
    assert record("VB1").title == "Về việc khác"
    assert {code: record(code).public_id for code in first} == first


@pytest.mark.parametrize(
    ("delivered", "curated", "seen"),
    [
        ({}, {}, ""),
        ({"Subject": "giao"}, {}, "giao"),
        ({"Subject": "giao"}, {"Subject": "sửa"}, "sửa"),
        ({}, {"Subject": "sửa"}, "sửa"),
        ({"Subject": "sai"}, {"Subject": ""}, ""),
        ({"Subject": "giao"}, {"Keyword": "khác"}, "giao"),
    ],
)
def test_people_see_the_curated_over_the_delivered(
    delivered: dict[str, str], curated: dict[str, str], seen: str
) -> None:
    assert _record(delivered=delivered, proposed={"Subject": "máy"}, curated=curated).value("Subject") == seen


def test_a_moment_needs_its_zone_and_comes_back_aware(home: Path) -> None:
    moment = now()
    with writing() as session:
        package = _package()
        package.first_taken = moment
        session.add(package)
    with writing() as session:
        assert session.get_one(Package, package.id).first_taken == moment
    package.last_taken = moment.replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"), writing() as session:
        session.add(package)


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


@pytest.mark.on_postgres
def test_every_text_compares_by_its_bytes_whatever_the_locale_of_the_database(home: Path) -> None:
    with engine().connect() as connection:
        assert (
            connection.scalar(text("SELECT daticulocale FROM pg_database WHERE datname = current_database()")) == "vi"
        )
        odd = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
                "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
            )
        )
        assert odd.all() == []


def test_an_order_by_text_is_the_same_on_both(home: Path) -> None:
    names = ["Ă", "a", "B", "à", "z", "Đ", "d", "a b", "a-b", "ab", "", "~", "10", "9"]
    with writing() as session:
        session.add_all(Term(vocabulary="field", slug=f"s{n}", label=name) for n, name in enumerate(names))
    with writing() as session:
        assert list(session.scalars(select(Term.label).order_by(Term.label))) == sorted(names, key=str.encode)


def test_u0000_is_replaced_wherever_it_comes_in(home: Path) -> None:
    """PostgreSQL keeps it in no text and finds nothing by it: both databases answer alike."""
    with writing() as session:
        session.add(_record(title="a\0b", delivered={"Sub\0ject": "a\0b", "list": ["\0", 1], "kept": "\\u0000"}))
        record_event(session, "x\0y", "read", "\0", page="\0")
    with writing() as session:
        found = session.scalars(select(Record).where(Record.title == "a\0b")).one()
        assert found.title == "a\N{REPLACEMENT CHARACTER}b"
        clean = "a\N{REPLACEMENT CHARACTER}b"
        assert found.delivered == {
            "Sub\N{REPLACEMENT CHARACTER}ject": clean, "list": ["\N{REPLACEMENT CHARACTER}", 1], "kept": "\\u0000"
        }  # fmt: skip
        assert session.scalars(select(AuditEvent.id).where(AuditEvent.detail["page"].as_string() != "")).all()
    assert authenticate("\0", "\0") is None
