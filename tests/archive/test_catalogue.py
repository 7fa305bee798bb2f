"""The catalogue: the version that refuses stale writes, identifiers and layers of metadata."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm.exc import StaleDataError

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
)
from archive.clock import now
from archive.database import engine, open_database, writing
from archive.identifiers import ALPHABET, is_identifier, new_identifier
from tests.transfers import province, record, take

pytestmark = pytest.mark.both_databases


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
