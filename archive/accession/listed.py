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
    """The list cannot be added, changed or ended; the text is Vietnamese and says why, ``en`` is the same in English,
    ``field`` names what is wrong: decision, day, approver, lines, ground, review."""

    def __init__(self, vi: str, en: str = "", field: str = "") -> None:
        super().__init__(vi)
        self.en, self.field = en, field


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
    found = expect_list(session, decision, decided_on, approver)
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
    put_on(session, found, list(members.values()), actor, told)
    return told


def expect_list(session: Session, decision: str, decided_on: int, approver: str) -> ConditionalList:
    """The list of that decision, or a new one that is not in the session yet.  ListError as for :func:`add_list`."""
    decision, approver = decision.strip(), approver.strip()
    if not decision or not approver:
        raise ListError(
            "Danh mục cần số quyết định và người phê duyệt.",
            "A list needs the number of a decision and who approved it.",
            "approver" if decision else "decision",
        )
    if decided_on > today_number():
        raise ListError(
            "Ngày quyết định chưa đến; hãy thêm danh mục khi quyết định đã ban hành.",
            "The day of the decision has not come; add the list when the decision is issued.",
            "day",
        )
    found = session.scalar(select(ConditionalList).where(ConditionalList.decision == decision))
    if found and (found.decided_on, found.approver) != (decided_on, approver):
        raise ListError(
            f"Quyết định {decision} đã có, với ngày hoặc người phê duyệt khác.",
            f"The decision {decision} is there with another day or approver.",
            "decision",
        )
    return found or ConditionalList(public_id="", decision=decision, decided_on=decided_on, approver=approver)


def put_on(
    session: Session, found: ConditionalList, members: Sequence[tuple[Record, str]], actor: str, told: Added
) -> None:
    """Puts records on the list, each with its ground, and binds their rights at once; what became of them is added to
    ``told``.  A new list is kept with its first member; ListError where there is none."""
    if not members:
        raise ListError(
            "Không dòng nào của danh mục chỉ được một tài liệu trong kho.",
            "No line of the list names one record of the holdings.",
            "lines",
        )
    if not found.public_id:
        found.public_id, found.added_at, found.added_by = new_identifier(), now(), actor
        session.add(found)
        session.flush()
        record_event(session, actor, "conditional-list-added", list=found.public_id, decision=found.decision)
    told.public_id = found.public_id
    for record, ground in members:
        if session.get(ConditionalMember, (found.id, record.id)) is None:
            session.add(ConditionalMember(list_id=found.id, record_id=record.id, ground=ground))
            session.flush()
            bind_record(session, record)
            record_event(session, actor, "conditional-listed", record.public_id, decision=found.decision, ground=ground)
            told.added += 1
        else:
            told.unchanged += 1


def end_list(session: Session, decision: str, ended_on: int, actor: str, ground: str = "") -> ConditionalList:
    """The list is no longer in force from that day; its records stay as closed as they are.  ListError if unknown."""
    found = session.scalar(select(ConditionalList).where(ConditionalList.decision == decision.strip()))
    if found is None:
        raise ListError(f"Không có danh mục theo quyết định {decision}.", f"There is no list of {decision}.")
    if ended_on < found.decided_on:
        raise ListError("Ngày hết hiệu lực trước ngày quyết định.", "That is before the day of the decision.", "day")
    found.ended_on, found.end_ground = ended_on, ground
    told = {"ground": ground} if ground else {}
    record_event(session, actor, "conditional-list-ended", list=found.public_id, decision=found.decision, **told)
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
