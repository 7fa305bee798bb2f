"""A taking that ends between its parts, and the same command again: the same end as without."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.catalogue.authorities import Agent, Term
from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading
from archive.locks import held
from archive.packages.delivery import Delivery, DeliveryError
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.extraction.apart import ReadingApart
from indexer.intake import preparation, taking
from indexer.intake.preparation import Prepared
from indexer.intake.taking import IntakeBusyError, Taken, Taking, take_package
from tests.conftest import forget_installation
from tests.transfers import Transfer, counts, drain_all, lines, province, take, versions

pytestmark = pytest.mark.both_databases


def mixed(root: Path) -> Transfer:
    """Rows of every outcome, over many parts."""
    made = province(root).document("VB6", "HS1", IssuedDate="31/02/1998").document("VB7", "HS9")
    made.document("VB8", "HS1", AccessLevel="03").document("VB9", "HS1", body="TỐI MẬT\nVăn bản").file("HS3")
    return made.document("VB10", "HS3", OrganName="Sở Nội vụ", Keyword="đất; rừng", Place="Tịnh Khê")


def state(taken: Taken) -> dict[str, Any]:
    """What a taking said of itself, and everything that must not depend on how often a taking was begun, by code."""
    with reading() as session:
        records = session.execute(
            select(
                Record.level, Record.code, Record.title, Record.source_digest, Record.allow_read != "", Record.version
            )
        )
        files = session.execute(select(Record.code, RecordFile.name, RecordFile.sha256).join(RecordFile))
        pages = session.execute(select(Record.code, Page.n, Page.text).join(Page))
        names = session.execute(select(Agent.name)), session.execute(select(Term.vocabulary, Term.slug))
        found = [sorted(map(tuple, rows)) for rows in (records, files, pages, *names)]
    said = Counter((one.sheet, one.row, one.field, one.code, one.message, one.outcome, one.record) for one in lines())
    home = settings().home
    return {
        "taken": (taken.counts, taken.tables),
        "catalogue": found,
        "report": said,
        "rows": {name: n for name, n in counts().items() if name != "outbox"},
        "storage": sorted(FolderStorage(home / "storage").all()),
        "apart": sorted(FolderStorage(home / "quarantine").all()),
        "indexed": {index: set(many) for index, many in versions().items()},
        "incoming": [*(home / "storage" / "incoming").iterdir(), *(home / "quarantine" / "incoming").iterdir()],
    }


class KilledError(BaseException):
    """Ends a run where no handler of errors would."""


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from archive.database import engine
    from archive.schema import migrate

    root = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        forget_installation()
        patch.setenv("VANKHO_HOME", str(root / "home"))
        migrate(engine())
        found = state(take(mixed(root / "goi").write()))
        forget_installation()
    assert found["rows"]["record"] == 12
    assert found["rows"]["quarantined_row"] == 3
    return found


@pytest.mark.parametrize("when", ["before the transaction", "at its end"])
@pytest.mark.parametrize("part", [0, 1, 3, 5, 7])
def test_taken_again_after_an_end_between_the_parts(
    home: Path,
    tmp_path: Path,
    uninterrupted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    part: int,
    when: str,
) -> None:
    path = mixed(tmp_path / "goi").write()
    monkeypatch.setattr(taking, "PART_ROWS", 2)
    whole, done = Taking._commit, 0

    def commit(self: Taking, *arguments: Any) -> None:
        nonlocal done
        if done == part and when == "before the transaction":
            raise KilledError
        whole(self, *arguments)
        done += 1
        if done > part:
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Taking, "_commit", commit)
        with pytest.raises(KilledError):
            take_package(path)
    if part % 2:
        drain_all()
    taken = take(path)
    assert state(taken) == uninterrupted, "what came before the end is counted as this delivery's own, too"
    rows = Counter(taken.counts)
    assert take(path).counts["unchanged"] == rows["accepted"] + rows["warned"], "and not when it is all there"
    assert state(taken) == uninterrupted


def test_an_error_inside_the_transaction_leaves_no_half_part(
    home: Path, tmp_path: Path, uninterrupted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = mixed(tmp_path / "goi").write()

    def fail(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Taking, "_set_apart", fail)  # behind the entering of the part's records
        with pytest.raises(KilledError):
            take_package(path)
    with reading() as session:
        assert "document" not in set(session.scalars(select(Record.level)))
    assert state(take(path)) == uninterrupted


def test_one_package_at_a_time(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    with held("intake") as mine:
        assert mine
        with pytest.raises(IntakeBusyError, match="gói khác"):
            take_package(path)
    assert counts()["package"] == 0
    assert take(path).counts["accepted"] == 8


def test_a_file_that_changes_while_it_is_taken_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uninterrupted: dict[str, Any]
) -> None:
    transfer = mixed(tmp_path / "goi")
    path, whole = transfer.write(), taking.make_pages
    monkeypatch.setattr(preparation, "KEPT_IN_MEMORY", -1)  # every file is read twice, as a large one is

    def change(prepared: Prepared, delivery: Delivery, apart: ReadingApart) -> None:
        whole(prepared, delivery, apart)
        if prepared.sheet == "van-ban":
            (path / "data" / "VB2.txt").write_bytes(b"changed between hashing and keeping")

    with monkeypatch.context() as patch:
        patch.setattr(taking, "make_pages", change)
        with pytest.raises(DeliveryError, match=r"VB2\.txt.* bị thay đổi"):
            take_package(path)
    assert not list(FolderStorage(home / "storage").all())
    assert counts()["stored_object"] == 0
    assert state(take(transfer.write())) == uninterrupted
