"""What waits in quarantine: seen by who decides about deliveries, released, kept or refused, each with a ground.

An archivist of single fonds sees and decides the rows of these only.  A released row comes in when its delivery is
taken once more (archive.accession.releases); nothing is searchable before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.access_rules import Closure
from archive.audit import record_event
from archive.catalogue.deliveries import Accession, Handover, Package, QuarantinedRow, ReportRow
from archive.catalogue.records import Record
from archive.clock import now
from archive.handovers import sees_all, send_again
from archive.identity.roles import assigned_fonds
from archive.packages.fields import CODE

WINDOW = 50
LONGEST_GROUND = 500
STATES = ("waiting", "released", "refused", "entered")
WITHDRAWN = "record.withdrawn"
SECRECY = frozenset({"secrecy.stamp", "access.secret", WITHDRAWN})
Wish = Literal["release", "keep", "refuse"]
DECIDED = "Dòng này đã có người quyết định."


class QuarantineError(ValueError):
    """A decision that cannot be taken; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row apart with the package that brought it, and the delivery where there is one."""

    row: QuarantinedRow
    package: Package
    handover: Handover | None

    @property
    def code(self) -> str:
        """The record's code."""
        return self.row.values.get(CODE.get(self.row.sheet, ""), "") or self.row.natural_key.rpartition("\x1f")[2]


def scope(session: Session, viewer: Viewer, day: int) -> ColumnElement[bool]:
    """The rows that a viewer decides: all for who decides about deliveries, those of the own fonds for an archivist of
    single fonds, for all others none."""
    if sees_all(viewer):
        return true()
    if viewer.role != "archivist":
        return false()
    # Codes that differ in case only are two fonds, and LIKE would take them for one
    keys = [key[: key.rindex("\x1f") + 1] for key in assigned_fonds(session, viewer.name, day)]
    return or_(false(), *(func.substr(QuarantinedRow.natural_key, 1, len(key)) == key for key in keys))


def listed(
    session: Session, *, state: str = "waiting", ground: str = "", delivery: str = "", start: int = 0,
    within: ColumnElement[bool] | None = None,
) -> tuple[list[Waiting], int]:  # fmt: skip
    """WINDOW rows from ``start`` on, oldest first, and how many there are; by state, ground, delivery (public id), of
    those ``within`` a scope."""
    asked = _asked(state, ground, delivery, within)
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    rows = session.scalars(asked.order_by(QuarantinedRow.id).offset(start).limit(WINDOW)).all()
    return [_with_delivery(session, one) for one in rows], total


def grounds(
    session: Session, state: str = "waiting", within: ColumnElement[bool] | None = None
) -> list[tuple[str, int]]:
    """The grounds of what is in that state with their numbers, most first."""
    rows = _asked(state, "", "", within).subquery()
    asked = select(rows.c.ground, func.count()).group_by(rows.c.ground).order_by(func.count().desc(), rows.c.ground)
    return [(ground, count) for ground, count in session.execute(asked)]


def find(session: Session, row_id: int, within: ColumnElement[bool] | None = None) -> Waiting | None:
    """The row of that number, if it is within the scope."""
    asked = select(QuarantinedRow).where(QuarantinedRow.id == row_id, true() if within is None else within)
    row = session.scalar(asked)
    return _with_delivery(session, row) if row else None


def lines_about(session: Session, one: Waiting) -> list[ReportRow]:
    """What the report says of the row: why it is apart, and the place of a stamp."""
    asked = select(ReportRow).where(ReportRow.package_id == one.row.package_id)
    if one.row.row:
        asked = asked.where(ReportRow.sheet == one.row.sheet, ReportRow.row == one.row.row)
    else:
        asked = asked.where(func.coalesce(ReportRow.record, ReportRow.about) == one.code)
    return list(session.scalars(asked.order_by(ReportRow.id).limit(WINDOW)))


def release(session: Session, row_id: int, closure: Closure, *, actor: str, ground: str) -> QuarantinedRow:
    """Lets the row come in with that access; its delivery is taken once more.

    QuarantineError where somebody was quicker, there is no ground, or the delivery no longer lies where it was.
    """
    row, ground = _undecided(session, row_id), _checked(ground)
    if closure.level not in ("01", "02"):
        raise QuarantineError("Cần chọn mức tiếp cận: công khai hay có điều kiện.")
    handover = _handover(session, _package_of(session, row))
    if handover is None or not Path(handover.place).exists():
        raise QuarantineError("Gói đã giao không còn ở chỗ cũ; hãy giao lại rồi quyết định.")
    if handover.state == "taking":  # it may have passed this row already
        raise QuarantineError("Gói của dòng này đang được nhận; hãy quyết định khi việc ấy xong.")
    _decide(session, row, "released", actor, ground, handover)
    row.decided_at, row.level, row.opens_on = now(), closure.level, closure.opens_on
    if handover.state in ("taken", "failed"):
        send_again(handover)
    return row


def decide_many(
    session: Session, row_ids: Sequence[int], wish: Wish, closure: Closure, *, actor: str, ground: str,
    within: ColumnElement[bool],
) -> tuple[int, list[tuple[int, str]]]:  # fmt: skip
    """Decides several rows with one ground; how many, and the numbers of the others with the reason.

    What bears marks of secrecy is let out together at most under conditions: who opens it to everyone looks at it
    first.  QuarantineError where there is no ground.
    """
    ground = _checked(ground)
    done, left = 0, list[tuple[int, str]]()
    for row_id in dict.fromkeys(row_ids[:WINDOW]):
        found = find(session, row_id, within)
        try:
            if found is None:
                raise QuarantineError("Không có dòng nào như vậy trong khu cách ly.")
            if wish == "release":
                if found.row.ground in SECRECY and closure.level != "02":
                    raise QuarantineError("Dòng có dấu hiệu mật muốn mở công khai thì phải xem và quyết định riêng.")
                release(session, row_id, closure, actor=actor, ground=ground)
            else:
                (keep if wish == "keep" else refuse)(session, row_id, actor=actor, ground=ground)
            done += 1
        except QuarantineError as error:
            left.append((row_id, str(error)))
    return done, left


def keep(session: Session, row_id: int, *, actor: str, ground: str) -> QuarantinedRow:
    """Leaves the row where it is, to be looked at again.  QuarantineError as for ``release``."""
    row, ground = _undecided(session, row_id), _checked(ground)
    _decide(session, row, "kept", actor, ground, _handover(session, row.package_id))
    return row


def refuse(session: Session, row_id: int, *, actor: str, ground: str) -> QuarantinedRow:
    """Refuses the row for good; its bytes stay in quarantine and in the package.  QuarantineError likewise."""
    row, ground = _undecided(session, row_id), _checked(ground)
    _decide(session, row, "refused", actor, ground, _handover(session, row.package_id))
    row.decided_at = now()
    return row


def decided(session: Session, package_id: int) -> list[QuarantinedRow]:
    """What of a package people decided, newest first."""
    mine = (QuarantinedRow.package_id == package_id, QuarantinedRow.judged_at.is_not(None))
    return list(
        session.scalars(select(QuarantinedRow).where(*mine).order_by(QuarantinedRow.judged_at.desc()).limit(WINDOW))
    )


def count_waiting(session: Session, package_id: int) -> int:
    """How many rows of a package wait."""
    mine = (QuarantinedRow.package_id == package_id, QuarantinedRow.decided_at.is_(None))
    return session.scalar(select(func.count()).select_from(QuarantinedRow).where(*mine)) or 0


def _asked(state: str, ground: str, delivery: str, within: ColumnElement[bool] | None) -> Select[QuarantinedRow]:
    asked = select(QuarantinedRow).where(true() if within is None else within)
    if state == "waiting":
        asked = asked.where(QuarantinedRow.decided_at.is_(None))
    else:
        asked = asked.where(QuarantinedRow.decision == state)
    if ground:
        asked = asked.where(QuarantinedRow.ground == ground)
    if delivery:
        own = select(Handover.package_id).where(Handover.public_id == delivery)
        asked = asked.where(QuarantinedRow.package_id.in_(own))
    return asked


def _with_delivery(session: Session, row: QuarantinedRow) -> Waiting:
    package_id = _package_of(session, row)
    return Waiting(row, session.get_one(Package, package_id), _handover(session, package_id))


def _package_of(session: Session, row: QuarantinedRow) -> int:
    """Of a withdrawn record the package that last brought it, since another one's taking set it apart."""
    if row.ground != WITHDRAWN:
        return row.package_id
    level = {"phong": "fonds", "ho-so": "file"}.get(row.sheet, "document")
    brought = select(Accession.package_id).join(Record, Record.id == Accession.record_id)
    own = (Record.natural_key == row.natural_key, Record.level == level, Accession.undone.is_(None))
    return session.scalar(brought.where(*own).order_by(Accession.id.desc()).limit(1)) or row.package_id


def _handover(session: Session, package_id: int) -> Handover | None:
    asked = select(Handover).where(Handover.package_id == package_id).order_by(Handover.id.desc()).limit(1)
    return session.scalar(asked)


def _undecided(session: Session, row_id: int) -> QuarantinedRow:
    row = session.get(QuarantinedRow, row_id, with_for_update=True)
    if row is None:
        raise QuarantineError("Không có dòng nào như vậy trong khu cách ly.")
    if row.decided_at is not None:
        raise QuarantineError(DECIDED)
    return row


def _checked(ground: str) -> str:
    ground = " ".join(ground.split())
    if not ground or len(ground) > LONGEST_GROUND:
        raise QuarantineError(f"Cần ghi căn cứ của quyết định (không quá {LONGEST_GROUND} chữ cái).")
    return ground


def _decide(
    session: Session, row: QuarantinedRow, decision: str, actor: str, ground: str, handover: Handover | None
) -> None:
    row.decision, row.decided_by, row.reason, row.judged_at = decision, actor, ground, now()
    delivery = handover.public_id if handover else ""
    record_event(session, actor, f"quarantine-{decision}", None, ground=ground, delivery=delivery, row=row.id)
