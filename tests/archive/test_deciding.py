"""Decisions about access: effective at the next request while the index lags, audited, refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import NEVER, Viewer, may, may_copy
from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.outbox import Veto
from archive.catalogue.people import Account, AuditEvent
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import DecisionError, grant, move, own_grants, revoke, set_closure, set_hiding, withdraw_record
from search.criteria import Criteria
from search.gateway import Gateway
from tests.transfers import Transfer, drain_all, province, record, take
from vankho.accounts import add_account
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases

ANYONE = Viewer.anonymous()
BY = {"actor": "an", "ground": "QĐ 12/QĐ-UBND ngày 05/01/2026"}


@pytest.fixture
def house(home: Path, tmp_path: Path) -> Gateway:
    take(province(tmp_path / "goi").document("VB6", "HS1", body="mậtmã ở đây").write())
    return Gateway(search_engine())


def found(gateway: Gateway, q: str, viewer: Viewer = ANYONE) -> int:
    results = gateway.search(viewer, Criteria(q=q))
    assert results.total == len(results.hits) == sum(one.count for one in results.levels)
    return results.total


def decide(decision: Callable[[Session], object]) -> None:
    with writing() as session:
        decision(session)


def account(name: str = "lan", role: str = "reader") -> Account:
    with writing() as session:
        add_account(session, name, "mat-khau-thu-2026", role, totp=False)
    with reading() as session:
        return session.scalars(select(Account).where(Account.name == name)).one()


def events(public_id: str) -> list[AuditEvent]:
    with reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.record == public_id).order_by(AuditEvent.id)))


def test_what_is_closed_is_gone_from_the_next_answer_and_comes_back_with_the_index(house: Gateway) -> None:
    own = record("VB6").public_id
    assert found(house, "mậtmã") == 1
    decide(lambda s: set_closure(s, own, Closure("02"), **BY))
    assert found(house, "mậtmã") == 0  # the index still says that everyone may search it
    assert not may(ANYONE, "read", record("VB6"), today_number())
    drain_all()
    with reading() as session:
        assert session.scalars(select(Veto)).all() == []
    assert found(house, "mậtmã") == 0
    assert found(house, "VB6") == 1  # the description is there again
    decide(lambda s: set_closure(s, own, Closure("01"), **BY))
    assert found(house, "mậtmã") == 0  # a loosening waits for the index
    drain_all()
    assert found(house, "mậtmã") == 1
    told = [(one.action, one.actor, one.ground, one.detail.get("level")) for one in events(own) if one.ground]
    assert told == [("closure-set", "an", BY["ground"], "02"), ("closure-set", "an", BY["ground"], "01")]


def test_a_closure_binds_all_below_and_nothing_opens_against_what_is_above(house: Gateway) -> None:
    fonds, file = record("H48.01").public_id, record("HS1").public_id
    decide(lambda s: set_closure(s, fonds, Closure("02", today_number() + 5), **BY))
    assert record("VB6").everyone_from_read == today_number() + 5
    decide(lambda s: set_closure(s, file, Closure("01"), **BY))
    assert record("VB6").everyone_from_read == today_number() + 5
    decide(lambda s: set_closure(s, fonds, Closure("01"), **BY))
    assert (record("VB6").everyone_from_read, record("VB4").everyone_from_read) == (0, NEVER)
    decide(lambda s: set_hiding(s, fonds, True, **BY))
    assert (record("VB6").everyone_from_see, record("VB4").everyone_from_see) == (0, NEVER)


def test_a_delivery_does_not_undo_a_decision(house: Gateway, tmp_path: Path) -> None:
    decide(lambda s: set_closure(s, record("VB6").public_id, Closure("02"), **BY))
    again = province(tmp_path / "goi").document("VB6", "HS1", body="mậtmã ở đây, sửa lại")
    assert take(again.write()).counts["held"] == 1
    assert record("VB6").everyone_from_read == NEVER


def test_a_grant_acts_at_once_and_ends_at_once(house: Gateway) -> None:
    file = record("HS2", "file").public_id
    lan, day = account(), today_number()
    assert found(house, '"Nội dung của văn bản VB4"', viewer_of(lan, day)) == 0
    made: list[int] = []
    decide(lambda s: made.append(grant(s, "lan", file, (day, day + 1), **BY).id))
    assert found(house, '"Nội dung của văn bản VB4"', viewer_of(lan, day)) == 1
    assert may(viewer_of(lan, day + 1), "read", record("VB5"), day + 1)
    assert not may(viewer_of(lan, day + 2), "read", record("VB5"), day + 2)
    decide(lambda s: revoke(s, made[0], **BY))
    assert found(house, '"Nội dung của văn bản VB4"', viewer_of(lan, day)) == 0
    assert [one.action for one in events(file)] == ["granted", "revoked"]


def test_a_document_that_moves_takes_the_closure_and_the_grants_of_its_new_file(house: Gateway) -> None:
    lan, day, own = account(), today_number(), record("VB6").public_id
    decide(lambda s: grant(s, "lan", record("HS1").public_id, (day, day), **BY))
    decide(lambda s: move(s, own, record("HS2", "file").public_id, **BY))
    assert found(house, "mậtmã") == 0
    assert not may(viewer_of(lan, day), "read", record("VB6"), day)
    drain_all()
    assert found(house, "mậtmã") == 0
    assert record("VB6").lineage.split()[1] == record("HS2", "file").public_id


def test_what_is_withdrawn_is_seen_by_nobody(house: Gateway) -> None:
    file = record("HS1").public_id
    decide(lambda s: withdraw_record(s, file, **BY))
    for viewer in (ANYONE, viewer_of(account("cu", "archivist"), today_number())):
        assert found(house, "mậtmã", viewer) == 0
        assert found(house, "VB6", viewer) == 0
    with pytest.raises(DecisionError, match="Không có tài liệu"):
        decide(lambda s: set_closure(s, file, Closure("01"), **BY))


def test_decisions_that_cannot_be_are_refused_and_leave_nothing(house: Gateway) -> None:
    own, file, day = record("VB6").public_id, record("HS1").public_id, today_number()
    account()
    refused: list[tuple[Callable[[Session], object], str]] = [
        (lambda s: set_closure(s, "khong-co", Closure("02"), **BY), "Không có tài liệu"),
        (lambda s: set_closure(s, own, Closure("03"), **BY), "03"),
        (lambda s: set_closure(s, own, Closure("02"), actor="an", ground="  "), "căn cứ"),
        (lambda s: set_closure(s, own, Closure("02"), actor="an", ground="x" * 501), "căn cứ"),
        (lambda s: set_hiding(s, file, True, **BY), "không phải là phông"),
        (lambda s: move(s, file, own, **BY), "một văn bản vào một hồ sơ"),
        (lambda s: grant(s, "khong-co", own, (day, day), **BY), "Không có tài khoản"),
        (lambda s: grant(s, "lan", own, (day - 9, day - 1), **BY), "hạn"),
        (lambda s: grant(s, "lan", own, (day + 2, day + 1), **BY), "hạn"),
        (lambda s: revoke(s, 99, **BY), "số 99"),
    ]
    for decision, words in refused:
        with pytest.raises(DecisionError, match=words):
            decide(decision)
    assert found(house, "mậtmã") == 1
    assert events(own) == []


def test_the_scan_of_a_file_follows_a_document_that_is_closed(home: Path, tmp_path: Path) -> None:
    made = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1").document("VB2", "HS1")
    made.data["HS1.txt"] = "Bản quét cả hồ sơ, có mậtmã".encode()
    take(made.write())
    assert record("HS1").everyone_from_read == 0
    decide(lambda s: set_closure(s, record("VB1").public_id, Closure("02"), **BY))
    assert (record("HS1").everyone_from_read, record("VB2").everyone_from_read) == (NEVER, 0)
    assert found(Gateway(search_engine()), "mậtmã") == 0


def test_a_grant_says_for_what_and_whether_it_may_be_copied(house: Gateway) -> None:
    own, day = record("VB6").public_id, today_number()
    decide(lambda s: set_closure(s, own, Closure("02"), **BY))
    reader = account()
    terms = {"purpose": "luận án  tiến sĩ", **BY}
    decide(lambda s: grant(s, "lan", record("HS1").public_id, (day, day + 3), **terms))
    assert may(viewer_of(reader, day), "read", record("VB6"), day)
    assert not may_copy(viewer_of(reader, day), record("VB6"), day)
    decide(lambda s: grant(s, "lan", own, (day, day + 1), copying=True, **terms))
    assert may_copy(viewer_of(reader, day), record("VB6"), day)
    assert not may_copy(viewer_of(reader, day + 2), record("VB6"), day + 2)  # what is left lets read only
    with reading() as session:
        shown = [(g.purpose, g.copying) for g in own_grants(session, viewer_of(reader, day), record("VB6"), day)]
        assert own_grants(session, ANYONE, record("VB6"), day) == []
    assert shown == [("luận án tiến sĩ", False), ("luận án tiến sĩ", True)]
    assert may_copy(Viewer(frozenset({"role:head"}), role="head"), record("VB6"), day)
    assert not may_copy(ANYONE, record("VB6"), day)
    decide(lambda s: set_closure(s, own, Closure("01"), **BY))
    assert may_copy(ANYONE, record("VB6"), day)
