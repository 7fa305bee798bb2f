"""Sound and film in plain copies: the recording's own file as it was delivered, with no mark on it (facts 5.2).

It is given from the storage, so nothing is made of it; the PDF of the copy holds what else was asked for, if anything.
A recording that readers do not hear is copied by its words, which the catalogue keeps masked.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.recordings import Recording
from archive.catalogue.records import Record
from archive.page_ranges import read_pages

RECORDED = ("audio", "video")  # media of records that have recordings


def recordings_in(session: Session, records: Iterable[Record]) -> dict[int, list[Recording]]:
    """The recordings that readers hear of each record, by its row id, in their order."""
    ids = [one.id for one in records if one.medium in RECORDED]
    found: dict[int, list[Recording]] = {}
    rows = select(Recording).where(Recording.record_id.in_(ids)).order_by(Recording.record_id, Recording.n)
    for one in session.scalars(rows) if ids else ():
        if not one.is_closed:
            found.setdefault(one.record_id, []).append(one)
    return found


def given_recordings(session: Session, record: Record, grade: str, pages: str) -> list[Recording]:
    """The recordings that a copy of these pages ("1-3,7", "": all) gives as they are; certified copies give none."""
    if grade != "plain":
        return []
    wanted: Collection[int] = read_pages(pages, record.page_count)
    return [one for one in recordings_in(session, [record]).get(record.id, []) if one.n in wanted]
