"""What people decide about access: a record is closed, opened, moved or withdrawn, somebody is granted it.

Every decision names who took it and on what ground (Law 33/2024/QH15; TT 05/2025: level 02 by the conditional list),
and leaves an event in the audit trail in its own transaction.  A tightening is vetoed there, too: the next request of
anybody has it, whatever the indices know; a loosening waits for them.  Grants live on the viewer and act at once.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.access_rules import Closure
from archive.accession.correction import settle_access, withdraw
from archive.audit import record_event
from archive.catalogue.people import Account, Grant
from archive.catalogue.records import Record
from archive.clock import now, today_number
from archive.departures import forget_departure, note_departure
from archive.telling import Told

LONGEST_GROUND = 500
SYSTEM = "system"  # who ends what ends by its day


class DecisionError(Told):
    """The decision cannot be taken, and why."""


def set_closure(session: Session, public_id: str, closure: Closure, *, actor: str, ground: str) -> Record:
    """Closes or opens a record by itself: level 01 or 02 and perhaps a day; what is above it stays as strict as it is.

    Raises DecisionError where there is no such record, no ground, or the level is another (03 leaves the archive:
    :func:`withdraw_record`).
    """
    record = found_record(session, public_id)
    ground = checked_ground(ground)
    if closure.level not in {"01", "02"}:
        raise DecisionError("Mức “%(level)s” không đặt được: chỉ có 01 (mở) và 02 (có điều kiện).", level=closure.level)
    before = record.access
    was = {"level": record.level_code, "opens_on": _day(record.opens_on)}
    record.level_code, record.opens_on = closure.level, closure.opens_on
    settle_access(session, record, before, actor)
    told = {"level": closure.level, "opens_on": _day(closure.opens_on), "before": was}
    record_event(session, actor, "closure-set", public_id, ground=ground, **told)
    return record


def set_hiding(session: Session, public_id: str, hidden: bool, *, actor: str, ground: str) -> Record:
    """Whether what is closed in a fonds is not even seen.  Raises DecisionError, also on what is no fonds."""
    record = found_record(session, public_id)
    ground = checked_ground(ground)
    if record.level != "fonds":
        raise DecisionError(
            "“%(record)s” không phải là phông; chỉ phông mới ẩn được phần mô tả của tài liệu đóng.", record=record.code
        )
    before = record.access
    record.hidden_when_closed = hidden
    settle_access(
        session, record, before, actor, members_too=True
    )  # search leaves the whole fonds out until the indices know
    record_event(session, actor, "hiding-set", public_id, ground=ground, hidden=hidden)
    return record


def withdraw_record(session: Session, public_id: str, *, actor: str, ground: str, silent: bool = False) -> Record:
    """Takes a record with all below it out of everybody's sight; its files leave the open storage afterwards
    (archive.accession.seclusion).  What everyone could see leaves a page that says so; ``silent``: nothing is left, as
    of what turned out to be secret, also if it was withdrawn before.  Raises DecisionError."""
    left = session.scalar(select(Record).where(Record.public_id == public_id, Record.withdrawn)) if silent else None
    record = left or found_record(session, public_id)
    ground = checked_ground(ground)
    if silent:
        forget_departure(session, record)
    else:
        note_departure(session, record, today_number())
    if not record.withdrawn:
        withdraw(session, record, actor)
    record_event(session, actor, "withdrawal-decided", public_id, ground=ground, silent=silent)
    return record


def replace_record(session: Session, public_id: str, successor: str, *, actor: str, ground: str) -> Record:
    """Withdraws a record whose place another of its level takes (merged, delivered again under another code): its
    address leads there from now on.  What lies below it leaves with it.  Raises DecisionError."""
    record, heir = found_record(session, public_id), found_record(session, successor)
    ground = checked_ground(ground)
    if record.id == heir.id or record.level != heir.level:
        raise DecisionError("Chỉ thay được bằng một tài liệu khác cùng cấp.")
    if heir.withdrawn or f" {public_id}" in heir.lineage:
        raise DecisionError("Tài liệu “%(record)s” đã rút hoặc nằm bên trong tài liệu bị thay.", record=successor)
    note_departure(session, record, today_number(), heir)
    withdraw(session, record, actor)
    record_event(session, actor, "replaced", public_id, ground=ground, by=successor)
    return record


def move(session: Session, public_id: str, file_id: str, *, actor: str, ground: str) -> Record:
    """Puts a document into another file of any fonds: from now on that file's closure binds it, and grants on the old
    one no longer reach it.  Raises DecisionError."""
    record, file = found_record(session, public_id), found_record(session, file_id)
    ground = checked_ground(ground)
    if record.level != "document" or file.level != "file":
        raise DecisionError("Chỉ chuyển được một văn bản vào một hồ sơ.")
    before, was = record.access, record.parent_id
    record.parent_id, record.fonds_id, record.agency_id = file.id, file.fonds_id, file.agency_id
    record.lineage = f"{record.public_id} {file.lineage}"
    settle_access(session, record, before, actor)
    old = session.get(Record, was) if was else None
    told = old.public_id if old else ""
    record_event(session, actor, "moved", public_id, ground=ground, **{"from": told, "to": file_id})
    return record


def grant(
    session: Session,
    name: str,
    public_id: str,
    days: tuple[int, int],
    *,
    actor: str,
    ground: str,
    purpose: str = "",
    copying: bool = False,
    pages: str = "",
) -> Grant:
    """Lets an account search and read a record, file or fonds, from the first to the last of the days (both included),
    for a purpose; ``copying`` lets it be taken away, too (archive.access.may_copy); ``pages`` ("1-3,7") gives these
    pages only (archive.access.granted_pages), and no search.

    Raises DecisionError where account or record are not there, or the days are none.
    """
    record = found_record(session, public_id)
    ground = checked_ground(ground)
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        raise DecisionError("Không có tài khoản “%(account)s”.", account=name)
    first, last = days
    if last < first or last < today_number():
        raise DecisionError("Giấy phép phải có hạn từ hôm nay trở đi; hạn đã ghi là %(day)s.", day=_day(last))
    purpose = " ".join(purpose.split())[:LONGEST_GROUND]
    made = Grant(
        account_id=account.id,
        record_id=record.id,
        valid_from=first,
        valid_to=last,
        ground=ground,
        purpose=purpose,
        copying=copying,
        pages=pages,
    )
    session.add(made)
    session.flush()
    told = {"to": name, "from": _day(first), "until": _day(last), "grant": made.id, "copying": copying}
    told |= {"purpose": purpose} if purpose else {}
    told |= {"pages": pages} if pages else {}
    record_event(session, actor, "granted", public_id, ground=ground, **told)
    return made


def own_grants(session: Session, viewer: Viewer, record: Record, day: int) -> list[Grant]:
    """The grants that let this viewer in on that day, on the record or what it is in, the longest first."""
    rows = (
        select(Grant)
        .join(Account, Account.id == Grant.account_id)
        .join(Record, Record.id == Grant.record_id)
        .where(
            Account.name == viewer.name,
            Record.public_id.in_(record.lineage.split()),
            Grant.revoked.is_(None),
            Grant.ended.is_(None),
            Grant.valid_from <= day,
            Grant.valid_to >= day,
        )
        .order_by(Grant.valid_to.desc(), Grant.id)
    )
    return list(session.scalars(rows)) if viewer.name else []


def ended_grants(session: Session, ids: Collection[int], day: int) -> set[int]:
    """Those of the grants that ended by their day, and were not taken back."""
    over = or_(Grant.ended.is_not(None), Grant.valid_to < day)
    return set(session.scalars(select(Grant.id).where(Grant.id.in_(ids), Grant.revoked.is_(None), over)))


def revoked_grants(session: Session, ids: Collection[int]) -> set[int]:
    """Those of the grants that were taken back."""
    return set(session.scalars(select(Grant.id).where(Grant.id.in_(ids), Grant.revoked.is_not(None))))


def revoke(session: Session, grant_id: int, *, actor: str, ground: str) -> Grant:
    """Ends a grant now.  Raises DecisionError where there is none that runs."""
    ground = checked_ground(ground)
    found = session.get(Grant, grant_id, with_for_update=True)
    if found is None or found.revoked is not None or found.ended is not None:
        raise DecisionError("Không có giấy phép số %(number)s đang có hiệu lực.", number=grant_id)
    found.revoked = now()
    record = session.get_one(Record, found.record_id)
    record_event(session, actor, "revoked", record.public_id, ground=ground, grant=grant_id)
    return found


def end_grants(session: Session) -> int:
    """Writes down that grants ended whose last day is past; how many.  Once a day: whatever the clock says later, they
    do not run again."""
    running = (Grant.revoked.is_(None), Grant.ended.is_(None), Grant.valid_to < today_number())
    over = session.execute(select(Grant, Record.public_id).join(Record, Record.id == Grant.record_id).where(*running))
    ended = 0
    for one, public_id in over.all():
        one.ended = now()
        record_event(session, SYSTEM, "grant-ended", public_id, grant=one.id, until=_day(one.valid_to))
        ended += 1
    return ended


def found_record(session: Session, public_id: str) -> Record:
    """The record, locked for the decision.  Raises DecisionError where it is not there, or withdrawn."""
    record = session.scalar(select(Record).where(Record.public_id == public_id).with_for_update())
    if record is None or record.withdrawn:
        raise DecisionError("Không có tài liệu nào mang mã “%(record)s”.", record=public_id)
    return record


def checked_ground(ground: str) -> str:
    """The ground of a decision in one line.  Raises DecisionError without one."""
    ground = " ".join(ground.split())
    if not ground or len(ground) > LONGEST_GROUND:
        raise DecisionError("Cần ghi căn cứ của quyết định (không quá %(n)s chữ cái).", n=LONGEST_GROUND)
    return ground


def _day(number: int | None) -> str:
    return date.fromordinal(number).isoformat() if number else ""
