"""The roles of DESIGN section 5 and the tags that they give a viewer.

The tags of records name archivist, head and administrator; which of them an account carries is decided here, at the
moment of the question: an archivist the one of the whole archive only while assigned to it, an administrator none.
"""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from archive.access import tag
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Assignment

ROLES = ("reader", "clerk", "archivist", "head", "administrator", "auditor")

#: Who works for the archive or an agency: needs a second factor in production.
STAFF_ROLES = frozenset(ROLES) - {"reader"}


def role_tags(session: Session, account: Account, day: int) -> frozenset[str]:
    """The tags of the account's role on that day (a day number).

    An archivist carries ``role:archivist`` (everything) while assigned to the whole archive, and for each assigned
    fonds the tag that a grant on it would give: it stands on every record of that fonds.
    """
    if account.role == "archivist":
        fonds = session.scalars(
            select(Record.public_id)
            .select_from(Assignment)
            .outerjoin(Record, Record.id == Assignment.record_id)
            .where(Assignment.account_id == account.id, *_runs(day))
        )
        return frozenset(t for one in fonds for t in (_fonds_tags(one) if one else (tag("role", "archivist"),)))
    # An administrator runs the system and reads no more than anybody (DESIGN section 5)
    return frozenset() if account.role == "administrator" else frozenset({tag("role", account.role)})


def assigned_fonds(session: Session, name: str, day: int) -> list[str]:
    """The natural keys of the single fonds that the archivist of that account name is assigned to on that day."""
    asked = (
        select(Record.natural_key)
        .join(Assignment, Assignment.record_id == Record.id)
        .join(Account, Account.id == Assignment.account_id)
        .where(Account.name == name, Account.role == "archivist", Record.level == "fonds", *_runs(day))
    )
    return list(session.scalars(asked))


def assignments_of(session: Session, account_id: int) -> list[tuple[Assignment, Record | None]]:
    """The assignments that were not ended, with their fonds (None: the whole archive), oldest first."""
    rows = session.execute(
        select(Assignment, Record)
        .outerjoin(Record, Record.id == Assignment.record_id)
        .where(Assignment.account_id == account_id, Assignment.ended.is_(None))
        .order_by(Assignment.valid_from, Assignment.id)
    )
    return [(one, record) for one, record in rows]


def _fonds_tags(public_id: str) -> tuple[str, ...]:
    return tag("grant", public_id), tag("copy", public_id)


def _runs(day: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Assignment.ended.is_(None),
        Assignment.valid_from <= day,
        or_(Assignment.valid_to.is_(None), Assignment.valid_to >= day),
    )
