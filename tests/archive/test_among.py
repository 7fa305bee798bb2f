"""``among``: one parameter for many values, on both databases."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import event, select

from archive.among import among
from archive.catalogue.authorities import Place
from archive.database import engine, reading, writing

pytestmark = pytest.mark.both_databases

NAMES = ["quyet-dinh", "tờ trình", "a'b", 'c"d', "{e,f}", "g\\h", "Đ"]


@pytest.fixture
def places(home: Path) -> list[Place]:
    made = [Place(public_id=f"place{at}", name=name, name_key=name) for at, name in enumerate(NAMES)]
    with writing() as session:
        session.add_all(made)
        session.flush()
        session.expunge_all()
    return made


@pytest.mark.parametrize("wanted", [NAMES, NAMES[2:4], [], ["not there"], ["Đ", "Đ", "not there"]])
def test_texts_are_found_whatever_signs_they_have(places: list[Place], wanted: Sequence[str]) -> None:
    with reading() as session:
        found = session.scalars(select(Place.name).where(among(Place.name, wanted))).all()
    assert sorted(found) == sorted(set(wanted) & set(NAMES))


def test_whole_numbers_of_any_count_are_one_parameter(places: list[Place]) -> None:
    asked: list[tuple[str, object]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine(), "before_cursor_execute", note)
    try:
        with reading() as session:
            for count in (1, 3, 40_000):  # SQLite takes 32,766 parameters, PostgreSQL 65,535
                numbers = {places[0].id, *range(10**6, 10**6 + count - 1)}
                assert session.scalars(select(Place.name).where(among(Place.id, numbers))).all() == [NAMES[0]]
            assert session.scalars(select(Place.name).where(~among(Place.id, [one.id for one in places]))).all() == []
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    asked_of_places = [(statement, parameters) for statement, parameters in asked if "FROM place" in statement]
    assert len({statement for statement, _ in asked_of_places[:3]}) == 1
    assert all(len(parameters) == 1 for _, parameters in asked_of_places)  # type: ignore[arg-type]


def test_the_index_is_asked_and_not_every_row(places: list[Place]) -> None:
    with reading() as session:
        asked = select(Place.name).where(among(Place.id, [1]) & ~among(Place.id, [2])).compile(session.connection())
        if session.connection().dialect.name != "sqlite":
            assert "= ANY" in str(asked)
            return
        explained = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("[1]", "[2]")).all()
    assert any("SEARCH place" in str(row) for row in explained), explained
