"""Beside a copy with masks: which pages its grant lets be read on the system, and who may have the copy.

What is masked in a copy is not read by the grant that comes with it: that gives the pages without masks only, and where
none is left there is no grant.  The copy was decided all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, granted_pages, may, may_copy_pages, tag
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.page_ranges import read_pages, write_pages


@dataclass(frozen=True, slots=True)
class BesideMasks:
    """Pages with masks, and those that are read on the system ("1-3,7"; none: the copy only)."""

    masked: str
    read: str


def lock_masks(session: Session, request: ReadingRequest) -> None:
    """Who masks and who decides wait for each other: no mask is given while it is decided without it."""
    session.execute(select(ReadingRequest.id).where(ReadingRequest.id == request.id).with_for_update())


def beside_masks(copies: Iterable[IssuedCopy], item: RequestItem, record: Record) -> BesideMasks | None:
    """What is read beside the copy of a record, of all ``copies`` of its request (desk.copies.ordering.every_copy);
    None where none of its pages that are granted (asked for, before the decision) is masked."""
    hidden = _masked(copies).get(record.id, frozenset())
    try:
        pages = read_pages(item.pages if item.answer else item.pages_asked, record.page_count)
    except ValueError:  # of fewer pages than when it was asked for
        pages = list(range(1, record.page_count + 1))
    met = hidden.intersection(pages)
    return BesideMasks(write_pages(met), write_pages(set(pages) - met)) if met else None


def masked_below(session: Session, request: ReadingRequest, record: Record) -> Record | None:
    """A record inside this one, of the same request, that has masks: a grant on the whole would give it unmasked."""
    copies = session.scalars(select(IssuedCopy).where(IssuedCopy.request_id == request.id))
    others = select(Record).where(Record.id.in_([*_masked(copies)]), Record.id != record.id)
    return next((one for one in session.scalars(others) if record.public_id in one.lineage.split()), None)


def may_have(session: Session, viewer: Viewer, copy: IssuedCopy, record: Record, day: int) -> bool:
    """Whether the viewer may have this copy on that day (a day number): where he may copy its pages, or, of one with
    masks, where its decision runs and he may still copy those without, and nothing since keeps readers with a grant
    from the record."""
    if may_copy_pages(viewer, record, copy.pages, day):
        return True
    rule = record.access.read
    if not (hidden := _of(copy)) or rule.deny & viewer.tags or tag("grant", record.public_id) not in rule.allow:
        return False
    item = session.get(RequestItem, (copy.request_id, copy.record_id))
    if item is None or item.answer != "granted" or not item.copying or item.until < day:
        return False
    try:
        left = set(read_pages(copy.pages, record.page_count)) - hidden
    except ValueError:
        return False
    return left <= granted_pages(viewer, record, copying=True) if left else item.grant_id is None


def ends_with_its_decision(item: RequestItem, copy: IssuedCopy, record: Record, day: int) -> bool:
    """Whether the copy is given until the last day of the decision at most: it is not of what everyone reads."""
    return item.grant_id is not None or (bool(_of(copy)) and not may(Viewer.anonymous(), "read", record, day))


def _masked(copies: Iterable[IssuedCopy]) -> dict[int, frozenset[int]]:
    """The pages with masks in the copies, by the row of their record."""
    return {one.record_id: found for one in copies if (found := _of(one))}


def _of(copy: IssuedCopy) -> frozenset[int]:
    return frozenset(int(n) for n, regions in copy.masks.items() if regions)
