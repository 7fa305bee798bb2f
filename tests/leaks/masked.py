"""A reader's copy with a masked page: what is masked is not for him, the page beside it is."""

from sqlalchemy import select

from archive.catalogue.people import Account
from archive.catalogue.records import Page, Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import now
from archive.database import writing
from desk.copies.masking import mask_region
from desk.decision import Answer, decide, settle

MASKED = "yeucauche" + "a" * 17


def decide_with_masks(public_id: str, day: int) -> None:
    """A copy of the record is granted to "granted", the whole first page masked in it, and paid for."""
    with writing() as session:
        asker = session.scalars(select(Account.id).where(Account.name == "granted")).one()
        record = session.scalars(select(Record).where(Record.public_id == public_id)).one()
        asked = ReadingRequest(
            code=MASKED, account_id=asker, kind="copy", purpose="x", received_at=now(), due_on=day,
            term="answer.copy", state="approval", officer="",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        session.add(RequestItem(request_id=asked.id, record_id=record.id))
        session.flush()
        mask_region(session, asked, record, session.get_one(Page, (record.id, 1)), (0.0, 0.0, 1.0, 1.0), "test")
        session.flush()
        decide(session, asked, {record.id: Answer(day + 5, copying=True, ground="QĐ 1")}, "head", "head")
        settle(session, asked)
