"""What a delivery does to the rights of records is in the audit trail, one event for each record that it names."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.people import AuditEvent
from archive.database import reading
from indexer.intake.taking import take_package
from tests.transfers import province, record, take

pytestmark = pytest.mark.both_databases


def noted() -> list[tuple[str, str, str | None, dict[str, object]]]:
    with reading() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    return [(one.actor, one.action, one.record, one.detail) for one in rows]


def test_a_first_delivery_changes_no_rights(home: Path, tmp_path: Path) -> None:
    take(province(tmp_path / "goi").write())
    assert noted() == []


def test_a_tightening_says_what_was_and_what_is(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    take_package(transfer.change("VB1", Mode="Hạn chế").write())
    detail = {"before": "open", "after": "conditional", "members": False}
    assert noted() == [("delivery", "access-tightened", record("VB1").public_id, detail)]
    take_package(transfer.change("VB2", Mode="Hạn chế", OpenDate="01/01/2031").write())
    assert noted()[1:] == [("delivery", "access-tightened", record("VB2").public_id, detail | {"after": "2031-01-01"})]


def test_a_tightened_file_is_one_event_that_says_its_members_follow(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    take_package(transfer.change("HS1", Rights="Hạn chế").write())
    told = [one for one in noted() if one[2] == record("HS1").public_id]
    assert [(one[1], one[3]["members"]) for one in told] == [("access-tightened", True)]


def test_what_turns_out_secret_is_noted_as_withdrawn(home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    take(transfer.write())
    take_package(transfer.change("VB1", AccessLevel="03").write())
    assert ("delivery", "withdrawn", record("VB1").public_id) in [one[:3] for one in noted()]
