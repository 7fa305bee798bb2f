"""What people decide about the planted documents after they were indexed."""

from sqlalchemy import select

from archive.access_rules import Closure
from archive.catalogue.people import Grant
from archive.catalogue.records import Record
from archive.clock import today
from archive.database import writing
from archive.deciding import grant, move, revoke, set_closure, withdraw_record
from tests.leaks.planted import GROUND, Planted, documents, identifier


def tell_stories(*, rebuilding: bool = False) -> None:
    """Lets happen what the documents' stories say (those of a rebuild under way only then)."""
    for one in documents():
        if one.story and one.story.endswith("rebuilt") == rebuilding:
            _tell(one)


def _tell(one: Planted) -> None:
    own, day = identifier(one.name), today().toordinal()
    with writing() as session:
        if one.story.startswith("closed"):
            set_closure(session, own, Closure("02"), **GROUND)
        elif one.story == "moved":
            move(session, own, identifier("H48.B.2"), **GROUND)
        elif one.story == "withdrawn":
            withdraw_record(session, own, **GROUND)
        elif one.story == "granted":
            grant(session, "granted", own, (day, day + 5), **GROUND)
        else:
            given = session.scalars(select(Grant.id).join(Record).where(Record.public_id == own)).one()
            revoke(session, given, **GROUND)
