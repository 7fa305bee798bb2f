"""One rule, three renderings: the object, the database and the engine agree on any rule, viewer and day."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.access import NEVER, RIGHTS, Access, Rule, Viewer, engine_filter, may, sql_condition
from archive.catalogue.records import Record
from archive.catalogue.tables import Base
from archive.database import engine as catalogue
from archive.database import open_database
from search import plan
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Engine
from tests.search.documents import pages, record

TAGS = st.frozensets(
    st.sampled_from(
        ["role:archivist", "role:arch", "role", "agency:a", "agency:a-b", "grant:x", "grant:xy", "g", "a.b", "a:b"]
    ),
    max_size=4,
)
DAYS = st.sampled_from([0, 1, 730_000, 739_000, 739_001, NEVER - 1, NEVER])
RULES = st.builds(Rule, everyone_from=DAYS, allow=TAGS, deny=TAGS)
ACCESS = st.builds(Access, see=RULES, search=RULES, read=RULES)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = open_database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    Base.metadata.create_all(made)
    return made


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return EmbeddedEngine(tmp_path / "index")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accesses=st.lists(ACCESS, min_size=1, max_size=12),
    viewers=st.lists(TAGS, min_size=1, max_size=4),
    day=st.sampled_from([1, 730_000, 739_000, 739_001]),
)
def test_the_three_renderings_agree(
    database: Database, engine: Engine, accesses: list[Access], viewers: list[frozenset[str]], day: int
) -> None:
    names = [f"r{n}" for n in range(len(accesses))]
    records, leaves = engine.create("records"), engine.create("pages")
    pairs = list(zip(names, accesses, strict=True))
    assert engine.write(records, [record(own, access=access) for own, access in pairs]) == []
    assert engine.write(leaves, [pages(own, "chữ", access=access) for own, access in pairs]) == []
    for name in (records, leaves):
        engine.commit(name, 1)
    with Session(database.execution_options(writing=True)) as session:
        session.execute(delete(Record))
        for own, access in pairs:
            row = Record(public_id=own, level="document", natural_key=own, lineage=own, code=own)
            row.access = access
            assert row.access == access
            session.add(row)
        session.flush()
        for tags in viewers:
            viewer = Viewer(tags)
            for right in RIGHTS:
                expected = [own for own, access in pairs if may(viewer, right, record(own, access=access), day)]
                asked = select(Record.public_id).where(sql_condition(viewer, right, day)).order_by(Record.id)
                assert list(session.scalars(asked)) == expected
                clause = plan.Access(engine_filter(viewer, right, day))
                found = engine.query(plan.Plan("records", clause, size=100), records)
                assert (sorted(own for own, _ in found.hits), found.total) == (sorted(expected), len(expected))
            found = engine.query(
                plan.Plan("pages", plan.Access(engine_filter(viewer, "search", day)), size=100), leaves
            )
            expected = [f"{own}.1" for own, access in pairs if may(viewer, "search", record(own, access=access), day)]
            assert sorted(own for own, _ in found.hits) == sorted(expected)
        session.rollback()
    engine.release()  # not dropped: each drop collects the garbage of the whole run, two seconds at its end


@pytest.mark.on_postgres
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accesses=st.lists(ACCESS, min_size=1, max_size=12),
    viewers=st.lists(TAGS, min_size=1, max_size=4),
    day=st.sampled_from([1, 730_000, 739_000, 739_001]),
)
def test_postgresql_agrees_with_the_object(
    home: Path, accesses: list[Access], viewers: list[frozenset[str]], day: int
) -> None:
    pairs = [(f"r{n}", access) for n, access in enumerate(accesses)]
    with Session(catalogue()) as session:
        for own, access in pairs:
            row = Record(public_id=own, level="document", natural_key=own, lineage=own, code=own)
            row.access = access
            session.add(row)
        session.flush()
        for tags in viewers:
            viewer = Viewer(tags)
            for right in RIGHTS:
                expected = [own for own, access in pairs if may(viewer, right, record(own, access=access), day)]
                asked = select(Record.public_id).where(sql_condition(viewer, right, day)).order_by(Record.id)
                assert list(session.scalars(asked)) == expected
        session.rollback()
