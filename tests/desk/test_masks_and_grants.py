"""Masks and the decision: neither is taken while the other is under way, and no whole lets a masked part be read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from archive.access import may_page
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Grant
from archive.catalogue.records import Page, Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.page_ranges import read_pages, write_pages
from desk.copies.errors import CopyError
from desk.copies.masking import mask_region, unmask
from desk.decision import Answer, decide, fulfil
from desk.requests import items_of
from desk.steps import RequestError
from tests.desk.requests_of_tests import account, found, open_desk, pay, send, to_approval, viewer
from tests.transfers import record

pytestmark = pytest.mark.both_databases


@pytest.fixture
def waiting(home: Path, tmp_path: Path) -> str:
    """A request of "hoa" for copies of VB1 (conditional, three pages) and its file, waiting for the decision."""
    open_desk(tmp_path / "goi")
    with writing() as session:
        own = session.get_one(Record, record("VB1").id)
        session.add_all(Page(record_id=own.id, n=n, text="x", image_index=0) for n in range(own.page_count + 1, 4))
        own.page_count = 3
    code = send(account("hoa"), "VB1", kind="copy")
    to_approval(code)
    return code


def mask(code: str, n: int = 2) -> None:
    with writing() as session:
        page = session.get_one(Page, (record("VB1").id, n))
        mask_region(session, found(session, code), record("VB1"), page, (0.1, 0.1, 0.2, 0.2), "lan")


def granted(code: str) -> None:
    """The head grants; what is paid acts at once here."""
    with writing() as session:
        asked = found(session, code)
        told = {
            item.record_id: Answer(today_number() + 5, copying=True, ground="QĐ 1")
            for item, _ in items_of(session, asked)
        }
        decide(session, asked, told, "head", "truong")
        fulfil(session, asked)


def pages() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Grant.pages).join(Record).where(Record.code == record("VB1").code)))


def test_the_grant_is_on_the_pages_without_masks(waiting: str) -> None:
    mask(waiting)
    granted(waiting)
    assert pages() == ["1,3"]
    assert [may_page(viewer("hoa"), record("VB1"), n, today_number()) for n in (1, 2, 3)] == [True, False, True]


def test_who_decides_waits_for_who_masks(waiting: str) -> None:
    with ThreadPoolExecutor(1) as pool, writing() as session:
        page = session.get_one(Page, (record("VB1").id, 2))
        mask_region(session, found(session, waiting), record("VB1"), page, (0.1, 0.1, 0.2, 0.2), "lan")
        decided = pool.submit(granted, waiting)
        with pytest.raises(TimeoutError):
            decided.result(timeout=0.5)
        session.commit()
        decided.result(timeout=30)
    assert pages() == ["1,3"]


def test_who_masks_waits_for_who_decides(waiting: str) -> None:
    with ThreadPoolExecutor(1) as pool, writing() as session:
        asked = found(session, waiting)
        told = {record("VB1").id: Answer(today_number() + 5, copying=True, ground="QĐ 1")}
        decide(session, asked, told, "head", "truong")
        masked = pool.submit(mask, waiting)
        with pytest.raises(TimeoutError):
            masked.result(timeout=0.5)
        session.commit()
        with pytest.raises(CopyError, match="đã quyết định"):
            masked.result(timeout=30)
    with reading() as session:
        assert [one.masks for one in session.scalars(select(IssuedCopy))] == []


def test_masks_stay_as_they_were_decided_while_the_copy_is_made(waiting: str) -> None:
    mask(waiting)
    granted(waiting)
    pay(waiting)
    with writing() as session:
        assert found(session, waiting).state == "making"
        page = session.get_one(Page, (record("VB1").id, 2))
        with pytest.raises(CopyError, match="đã quyết định"):  # what the head decided without would be read
            unmask(session, found(session, waiting), record("VB1"), page, 0, "lan")
    with pytest.raises(CopyError, match="đã quyết định"):  # page 3 is read by the grant already
        mask(waiting, 3)


def test_a_whole_in_which_a_masked_record_lies_is_not_granted(home: Path, tmp_path: Path) -> None:
    open_desk(tmp_path / "goi")
    with reading() as session:
        file = session.get_one(Record, record("VB1").parent_id)
    code = send(account("hoa"), "VB1", file.code, kind="copy")
    mask(code, 1)
    to_approval(code)
    with pytest.raises(RequestError, match="đang có chỗ che") as refused:
        granted(code)
    assert refused.value.field == f"tra-loi-{file.id}"
    with reading() as session:
        assert session.query(Grant).count() == 0


@given(some.sets(some.integers(1, 40)))
def test_pages_are_written_as_they_are_read(numbers: set[int]) -> None:
    assert set(read_pages(write_pages(numbers), 40) if numbers else ()) == numbers
