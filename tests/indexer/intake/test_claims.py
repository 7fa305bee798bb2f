"""The same package handed over several times: each delivery claims only what came with its own taking."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive.access import Viewer
from archive.catalogue.deliveries import Handover
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.claims import changed_nothing
from archive.database import reading, writing
from archive.handovers import Progress, progress, receive
from archive.settings import ROOT
from archive.stations import custody_of
from indexer.intake import waiting
from indexer.intake.waiting import take_handover, take_waiting
from tests.transfers import province

pytestmark = pytest.mark.both_databases

HEAD = Viewer(frozenset({"role:head"}), "lan", "head")
#: Both come to the lock at once; who does not get it asks again until the other is done.
TAKING = """
import sys
import archive.catalogue.tables
from indexer.intake.taking import IntakeBusyError
from indexer.intake.waiting import take_handover
print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        take_handover(sys.argv[1])
        break
    except IntakeBusyError:
        pass
"""


def give(path: Path) -> str:
    with writing() as session:
        return receive(session, HEAD, channel="folder", name=path.name, context={}, place=path)[0].public_id


def told(public_id: str) -> tuple[Progress, Handover]:
    with reading() as session:
        one = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        return progress(session, one), one


def test_two_processes_take_the_same_package_at_once_and_one_after(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    both = [give(path), give(path)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TAKING, one], cwd=ROOT, env=os.environ, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for one in both
    ]  # fmt: skip
    for one in running:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    for one in running:
        _out, err = one.communicate(timeout=120)
        assert one.returncode == 0, err
    after = give(path)
    assert take_waiting()

    found = {one: told(one) for one in (*both, after)}
    bringing = [one for one in both if found[one][0].records]
    assert len(bringing) == 1
    how, handover = found[bringing[0]]
    rows = sum(how.counts.values())
    assert (how.records, how.counts["accepted"] + how.counts["warned"], how.counts["unchanged"]) == (5, rows, 0)
    assert not changed_nothing(handover)
    for other in {*both, after} - set(bringing):
        how, handover = found[other]
        assert (how.records, how.files, how.pages) == (0, 0, 0)
        assert {name: n for name, n in how.counts.items() if n} == {"unchanged": rows}
        assert changed_nothing(handover)
    with reading() as session:
        for record in session.scalars(select(Record)):
            ways = list(custody_of(session, record, HEAD))
            assert [one.delivery.public_id for one in ways if one.delivery] == bringing


def test_of_a_package_from_before_claims_were_noted_all_is_the_first_ones(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    first = give(path)
    take_handover(first)
    with writing() as session:
        session.execute(update(Handover).values(context={}))
    second = give(path)
    take_handover(second)
    assert [told(one)[0].records for one in (first, second)] == [5, 0]


class KilledError(BaseException):
    """Ends a run where no handler of errors would."""


def test_a_process_that_dies_between_the_end_of_its_package_and_saying_so(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KilledError

    one = give(province(tmp_path / "goi").write())
    with monkeypatch.context() as patch:
        patch.setattr(waiting, "_finish", die)
        with pytest.raises(KilledError):
            take_handover(one)
    taken = take_handover(one)
    how, handover = told(one)
    brought = how.counts["accepted"] + how.counts["warned"]
    assert (taken.state, how.records, brought) == ("taken", 5, sum(how.counts.values()))
    assert not changed_nothing(handover)
    with reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "delivery-taken")).one()
        assert event.detail["accepted"] == how.counts["accepted"]
