"""Lists of conditional records: adding one binds its members' rights; leaving a list opens nothing by itself.

Law 33/2024/QH15 Điều 25 and NĐ 113/2025/NĐ-CP (V2).  A member is conditional (02) without a day of opening; what is
below it is bound with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from archive.access_rules import Closure
from archive.accession.candidate import SEPARATOR
from archive.accession.correction import settle_access
from archive.audit import record_event
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.records import Record
from archive.clock import now, today_number
from archive.identifiers import new_identifier

CONDITIONAL = Closure("02", None)
LEVELS = {"DocCode": "document", "FileCode": "file", "OrganId": "fonds"}


class ListError(ValueError):
    """The list cannot be added or ended; the text is Vietnamese and says why."""


@dataclass(slots=True)
class Added:
    """What became of a list: how many records were put on it, how many were there, and each row that names none."""

    public_id: str = ""
    added: int = 0
    unchanged: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)  # row of the table (from 2), what is wrong with it


def add_list(
    session: Session, decision: str, decided_on: int, approver: str, rows: Sequence[Mapping[str, str]], actor: str
) -> Added:
    """Adds the list, or further members to the one of that decision, in the caller's transaction.

    A row names a record by ``DocCode``, ``FileCode`` or ``OrganId`` (the most exact one counts; ``Identifier`` and
    ``OrganId`` narrow it), with the list's ``Ground``.  A row that names no record, or several, is told and left out.
    Raises ListError where decision, day or approver are missing or deny what is there, or no row names a record.
    """
    decision, approver = decision.strip(), approver.strip()
    if not decision or not approver:
        raise ListError("Danh mục cần số quyết định và người phê duyệt.")
    if decided_on > today_number():
        raise ListError("Ngày quyết định chưa đến; hãy thêm danh mục khi quyết định đã ban hành.")
    found = session.scalar(select(ConditionalList).where(ConditionalList.decision == decision))
    if found and (found.decided_on, found.approver) != (decided_on, approver):
        raise ListError(f"Quyết định {decision} đã có, với ngày hoặc người phê duyệt khác.")
    told, members = Added(), dict[int, tuple[Record, str]]()
    for number, row in enumerate(rows, 2):
        records = _named(session, row)
        if len(records) == 1:
            members.setdefault(records[0].id, (records[0], row.get("Ground", "").strip()))
        else:
            named = row.get("DocCode") or row.get("FileCode") or row.get("OrganId") or ""
            told.wrong.append(
                (number, f"“{named}” {'chỉ nhiều hơn một tài liệu' if records else 'không có trong kho'}")
            )
    if not members:
        raise ListError("Không dòng nào của danh mục chỉ được một tài liệu trong kho.")
    if found is None:
        made = {"decision": decision, "decided_on": decided_on, "approver": approver, "added_by": actor}
        found = ConditionalList(public_id=new_identifier(), added_at=now(), **made)
        session.add(found)
        session.flush()
        record_event(session, actor, "conditional-list-added", list=found.public_id, decision=decision)
    told.public_id = found.public_id
    for record, ground in members.values():
        if session.get(ConditionalMember, (found.id, record.id)) is None:
            session.add(ConditionalMember(list_id=found.id, record_id=record.id, ground=ground))
            session.flush()
            bind_record(session, record)
            record_event(session, actor, "conditional-listed", record.public_id, decision=decision, ground=ground)
            told.added += 1
        else:
            told.unchanged += 1
    return told


def end_list(session: Session, decision: str, ended_on: int, actor: str) -> ConditionalList:
    """The list is no longer in force from that day; its records stay as closed as they are.  ListError if unknown."""
    found = session.scalar(select(ConditionalList).where(ConditionalList.decision == decision.strip()))
    if found is None:
        raise ListError(f"Không có danh mục theo quyết định {decision}.")
    if ended_on < found.decided_on:
        raise ListError("Ngày hết hiệu lực trước ngày quyết định.")
    found.ended_on = ended_on
    record_event(session, actor, "conditional-list-ended", list=found.public_id, decision=found.decision)
    return found


def bind_record(session: Session, record: Record) -> None:
    """Makes the record, and what is below it, conditional at least; a tightening is vetoed in this transaction."""
    before = record.access
    record.level_code, record.opens_on = CONDITIONAL.level, CONDITIONAL.opens_on
    settle_access(session, record, before)


def is_listed(session: Session, record_id: int) -> bool:
    """Whether the record itself is on a list in force today."""
    joined = select(ConditionalList.id).join(ConditionalMember, ConditionalMember.list_id == ConditionalList.id)
    return session.scalar(joined.where(ConditionalMember.record_id == record_id, *_runs()).limit(1)) is not None


def lists_of(session: Session, record: Record) -> list[tuple[ConditionalList, str]]:
    """The lists in force that bind the record or what it is in, each with its ground for that."""
    rows = session.execute(
        select(ConditionalList, ConditionalMember.ground)
        .join(ConditionalMember, ConditionalMember.list_id == ConditionalList.id)
        .join(Record, Record.id == ConditionalMember.record_id)
        .where(Record.public_id.in_(record.lineage.split()), *_runs())
        .order_by(ConditionalList.decided_on, ConditionalList.id)
    )
    return [(one, ground) for one, ground in rows]


def _runs() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    day = today_number()
    return (
        ConditionalList.decided_on <= day,
        or_(ConditionalList.ended_on.is_(None), ConditionalList.ended_on > day),
    )


def _named(session: Session, row: Mapping[str, str]) -> list[Record]:
    name = next((one for one in LEVELS if row.get(one, "").strip()), "")
    if not name:
        return []
    asked = select(Record).where(Record.level == LEVELS[name], Record.code == row[name].strip())
    if identifier := row.get("Identifier", "").strip():
        asked = asked.where(Record.natural_key.startswith(f"{identifier}{SEPARATOR}", autoescape=True))
    if organ := row.get("OrganId", "").strip():
        asked = asked.where(Record.natural_key.contains(f"{SEPARATOR}{organ}{SEPARATOR}", autoescape=True))
    return list(session.scalars(asked.limit(2)))
