"""Records closed for the sake of a person named in them: until the term after the death, against every delivery."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import NEVER, Viewer, may
from archive.access_rules import Closure
from archive.catalogue.deliveries import HeldChange
from archive.catalogue.people import AuditEvent, PersonClosure
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import DecisionError, set_closure
from archive.named_persons import close_for_person, end_person_closure, running_closures
from archive.terms import add_years
from search.criteria import Criteria
from search.gateway import Gateway
from tests.transfers import drain_all, province, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

ANYONE = Viewer.anonymous()
HEAD = Viewer(frozenset({"role:head"}), role="head")
BY = {"actor": "an", "ground": "Điều 30 Luật Lưu trữ 2011"}
PERSON = "Bùi Thị Kín"


@pytest.fixture
def gateway(home: Path, tmp_path: Path) -> Gateway:
    take(province(tmp_path / "goi").document("VB6", "HS1", body="lýlịch của người ấy").write())
    return Gateway(search_engine())


def close(public_id: str, died_on: int | None, person: str = PERSON) -> int:
    with writing() as session:
        return close_for_person(session, public_id, person, died_on, **BY).id


def found(gateway: Gateway, viewer: Viewer = ANYONE) -> int:
    return gateway.search(viewer, Criteria(q="lýlịch")).total


def reads(viewer: Viewer, code: str = "VB6", day: int | None = None) -> bool:
    return may(viewer, "read", record(code), day or today_number())


def test_it_is_closed_until_the_term_after_the_death_and_opens_by_itself(gateway: Gateway) -> None:
    died = today_number() - 3_000
    close(record("VB6").public_id, died)
    assert found(gateway) == 0  # at the next request, whatever the index knows
    drain_all()
    opens = add_years(died, 40)
    assert record("VB6").everyone_from_read == opens
    assert not reads(ANYONE, day=opens - 1)
    assert reads(ANYONE, day=opens)
    assert found(gateway, HEAD) == 1


def test_a_death_long_ago_closes_nothing(gateway: Gateway) -> None:
    close(record("VB6").public_id, add_years(today_number(), -41))
    assert reads(ANYONE)


def test_an_unknown_death_stays_closed_and_binds_what_is_below(gateway: Gateway) -> None:
    own = close(record("HS1").public_id, None)
    assert record("HS1").everyone_from_read == record("VB6").everyone_from_read == NEVER
    assert not reads(ANYONE)
    with writing() as session:
        end_person_closure(session, own, **BY)
    assert reads(ANYONE)


def test_of_several_persons_the_last_day_counts_and_a_level_opens_nothing_against_them(gateway: Gateway) -> None:
    own = record("VB6").public_id
    early, late = today_number() - 9_000, today_number() - 1_000
    close(own, early)
    second = close(own, late, "Trần Văn Muộn")
    with writing() as session:
        set_closure(session, own, Closure("01"), **BY)
    assert record("VB6").everyone_from_read == add_years(late, 40)
    with writing() as session:
        end_person_closure(session, second, **BY)
    assert record("VB6").everyone_from_read == add_years(early, 40)
    with reading() as session:
        assert [one.person for one in running_closures(session, record("VB6").id)] == [PERSON]


def test_a_later_delivery_corrects_the_rest_and_loosens_nothing(gateway: Gateway, tmp_path: Path) -> None:
    close(record("VB6").public_id, None)
    close(record("HS1").public_id, None)
    again = province(tmp_path / "lai")
    take(again.document("VB6", "HS1", body="lýlịch của người ấy", Subject="Trích yếu mới").write())
    with reading() as session:
        assert session.scalars(select(HeldChange)).all() == []
    assert record("VB6").title == "Trích yếu mới"
    assert record("VB6").everyone_from_read == NEVER


def test_the_name_is_in_no_event(gateway: Gateway) -> None:
    own = close(record("VB6").public_id, None)
    with writing() as session:
        end_person_closure(session, own, **BY)
    with reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.record == record("VB6").public_id)).all()
        told = " ".join(f"{one.ground} {one.detail}" for one in events)
        assert session.get_one(PersonClosure, own).person == PERSON
    assert {"person-closure-set", "person-closure-ended"} <= {one.action for one in events}
    assert "Kín" not in told


def test_bad_ones_are_refused_in_words(gateway: Gateway) -> None:
    own = record("VB6").public_id
    for died_on, person in ((today_number() + 1, PERSON), (None, "  ")):
        with pytest.raises(DecisionError), writing() as session:
            close_for_person(session, own, person, died_on, **BY)
    with pytest.raises(DecisionError), writing() as session:
        end_person_closure(session, 99, **BY)
    assert reads(ANYONE)


@pytest.mark.parametrize(("start", "end"), [("2000-02-29", "2040-02-29"), ("1960-02-29", "2000-02-29")])
def test_years_end_on_the_same_day(start: str, end: str) -> None:
    from datetime import date

    assert add_years(date.fromisoformat(start).toordinal(), 40) == date.fromisoformat(end).toordinal()
    assert add_years(date(2000, 2, 29).toordinal(), 1) == date(2001, 3, 1).toordinal()
