"""A clock that ran ahead and was set right: nothing waits for its days, and nothing that ended by them comes back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import may
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.deliveries import Handover
from archive.catalogue.people import AuditEvent, Grant
from archive.catalogue.sign_in import Letter
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.deciding import DecisionError, end_grants, ended_grants, grant, own_grants, revoke
from archive.identity.registration import send_letter
from archive.retrying import PAUSES, is_due, next_attempt
from archive.settings import settings
from desk.copies.making import make_waiting
from tests.desk.requests_of_tests import open_desk, viewer
from tests.desk.test_copies import change, found, ordered, request_id
from tests.transfers import record

__all__ = ["request_id"]
pytestmark = pytest.mark.both_databases

TODAY, AHEAD = "2026-11-02T09:00:00+07:00", "2026-11-12T09:00:00+07:00"
GROUND = {"actor": "an", "ground": "QĐ 1"}


@pytest.fixture(autouse=True)
def clock(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    set_to(monkeypatch, TODAY)
    yield monkeypatch
    settings.cache_clear()


def set_to(clock: pytest.MonkeyPatch, moment: str) -> None:
    clock.setenv("VANKHO_NOW", moment)
    settings.cache_clear()


def test_a_copy_that_was_put_off_by_a_clock_ahead_is_made(request_id: int, clock: pytest.MonkeyPatch) -> None:
    (first, second) = ordered(request_id)
    set_to(clock, AHEAD)
    change(first, next_at=next_attempt(1))
    set_to(clock, TODAY)
    change(second, next_at=next_attempt(len(PAUSES)))  # an honest pause is kept
    assert make_waiting(5) == 1
    assert {one.code: one.state for one in found(request_id)} == {first.code: "made", second.code: "waiting"}


@pytest.mark.parametrize(("minutes", "due"), [(-1, True), (0, True), (1, False), (120, False), (121, True)])
def test_due_is_what_has_come_or_lies_beyond_every_pause(home: Path, minutes: int, due: bool) -> None:
    at = now() + timedelta(minutes=minutes)
    with writing() as session:
        send_letter(session, "register", "x@noi.vn", "vi")
        told = {"account": "an", "channel": "page", "name": "x", "place": "/x", "state": "waiting"}
        session.add(Handover(public_id="a" * 26, received=now(), **told))
        session.flush()
        session.scalars(select(Letter)).one().due = at
        session.scalars(select(Handover)).one().due = at
    with reading() as session:
        for column in (Letter.due, Handover.due):
            assert bool(session.scalars(select(column).where(is_due(column))).all()) == due, column


def test_a_grant_that_ended_stays_ended(home: Path, tmp_path: Path, clock: pytest.MonkeyPatch) -> None:
    open_desk(tmp_path / "goi")
    own, day = record("VB1"), today_number()
    with writing() as session:
        first = grant(session, "hoa", own.public_id, (day, day + 3), **GROUND).id
        second = grant(session, "hoa", own.public_id, (day, day + 30), pages="1", **GROUND).id
        assert end_grants(session) == 0
    assert may(viewer("hoa"), "read", own, day)
    set_to(clock, AHEAD)
    with writing() as session:
        assert end_grants(session) == 1
        assert end_grants(session) == 0, "once"
    set_to(clock, TODAY)
    assert not may(viewer("hoa"), "read", own, day)
    with writing() as session:
        assert [one.id for one in own_grants(session, viewer("hoa"), own, day)] == [second]
        assert ended_grants(session, [first, second], day) == {first}
        with pytest.raises(DecisionError, match="đang có hiệu lực"):
            revoke(session, first, **GROUND)
        row = session.get_one(Grant, first)
        assert (row.revoked, row.ended is not None) == (None, True)
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "grant-ended")).all()
        assert [(one.record, one.detail["grant"]) for one in told] == [(own.public_id, first)]
        assert session.query(IssuedCopy).count() == 0
