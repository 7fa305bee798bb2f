"""Undoing a delivery while nothing refers to it: what it brought is withdrawn, what it changed is put back.

One transaction, audited with its ground; the same package may be taken again afterwards.  Refused, with the reasons,
as soon as somebody or something builds upon a record of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from archive.access import Access
from archive.accession.correction import apply_access, settle_access
from archive.accession.custody import CHANGED, NEW, restore
from archive.audit import record_event
from archive.catalogue.conditional import ConditionalMember
from archive.catalogue.deliveries import Accession, Handover, HeldChange, Package, QuarantinedRow
from archive.catalogue.people import Grant
from archive.catalogue.records import Record
from archive.catalogue.takedowns import TakedownRequest
from archive.catalogue.themes import ThemePiece
from archive.clock import now, today_number
from archive.deciding import LONGEST_GROUND
from archive.departures import note_departure

SHOWN = 5  # codes that a reason names


class UndoError(ValueError):
    """The delivery cannot be undone; the text is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records were withdrawn and how many put back."""

    withdrawn: int
    restored: int


def undo_package(session: Session, public_id: str, *, actor: str, ground: str) -> Undone:
    """Undoes what a package did.  UndoError where there is none, nothing to undo, no ground, or something refers to it.

    Nobody may be taking a package meanwhile: the caller holds the lock of intake.
    """
    package = session.scalar(select(Package).where(Package.public_id == public_id).with_for_update())
    if package is None:
        raise UndoError("Không có lần giao này.")
    ground = " ".join(ground.split())
    if not ground or len(ground) > LONGEST_GROUND:
        raise UndoError(f"Cần ghi căn cứ của việc hoàn tác (không quá {LONGEST_GROUND} chữ cái).")
    mine = (Accession.package_id == package.id, Accession.undone.is_(None))
    if not session.scalar(select(exists().where(*mine))):
        raise UndoError("Lần giao này không để lại bản ghi nào, hoặc đã được hoàn tác.")
    if reasons := why_not(session, package.id):
        raise UndoError("Không hoàn tác được: " + "; ".join(reasons) + ".")
    changed = session.execute(
        select(Accession, Record)
        .join(Record, Record.id == Accession.record_id)
        .where(*mine, Accession.kind == CHANGED)
        .order_by(Accession.id.desc())
    ).all()
    fresh = select(Accession.record_id).where(*mine, Accession.kind == NEW)
    for accession, record in changed:
        if accession.before is not None and not record.withdrawn:
            before = record.access
            restore(session, record, accession.before)
            settle_access(session, record, before, actor)
    withdrawn = _withdraw(session, list(session.scalars(fresh)), actor)
    moment = now()
    session.execute(update(Accession).where(*mine).values(undone=moment))
    for table in (HeldChange, QuarantinedRow):
        waits = (table.package_id == package.id, table.decided_at.is_(None))
        session.execute(update(table).where(*waits).values(decided_at=moment))
    session.execute(
        update(Handover)
        .where(Handover.package_id == package.id, Handover.state == "taken")
        .values(state="undone", undone=moment, undone_by=actor)
    )
    done = Undone(withdrawn, len(changed))
    told = {"withdrawn": done.withdrawn, "restored": done.restored}
    record_event(session, actor, "delivery-undone", None, ground=ground, delivery=package.public_id, **told)
    return done


def why_not(session: Session, package_id: int) -> list[str]:
    """What refers to the records of a package, each a Vietnamese clause with some codes; empty: it can be undone."""
    mine = and_(Accession.package_id == package_id, Accession.undone.is_(None))
    ours = select(Accession.record_id).where(mine)
    fresh = select(Accession.record_id).where(mine, Accession.kind == NEW)
    later, child, own = aliased(Accession), aliased(Record), aliased(Accession)
    newest = select(func.max(own.id)).where(own.package_id == package_id, own.record_id == Record.id).scalar_subquery()
    checks = (
        ("có gói khác đã sửa", exists().where(later.record_id == Record.id, later.package_id != package_id,
                                                 later.undone.is_(None), later.id > newest)),
        ("đã có tài liệu của gói khác xếp vào", and_(
            Record.id.in_(fresh),
            exists().where(child.parent_id == Record.id, child.id.not_in(fresh), child.withdrawn.is_(False)))),
        ("có giấy phép đọc", exists().where(Grant.record_id == Record.id, Grant.revoked.is_(None))),
        ("nằm trong danh mục có điều kiện", exists().where(ConditionalMember.record_id == Record.id)),
        ("có yêu cầu gỡ bỏ", exists().where(TakedownRequest.record_id == Record.id)),
        ("nằm trong chuyên đề", exists().where(ThemePiece.record_id == Record.id)),
    )  # fmt: skip
    reasons = []
    for words, condition in checks:
        asked = select(Record.code, Record.title).where(Record.id.in_(ours), condition).order_by(Record.id)
        # Inventories have no code
        if codes := [code or title for code, title in session.execute(asked.limit(SHOWN + 1))]:
            reasons.append(f"{words}: {_listed(codes)}")
    edited = select(Record.code, Record.curated).where(Record.id.in_(ours)).order_by(Record.id)
    if codes := [code for code, curated in session.execute(edited) if curated]:
        reasons.append(f"lưu trữ viên đã sửa mô tả: {_listed(codes)}")
    return reasons


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:SHOWN]) + (", …" if len(codes) > SHOWN else "")


def _withdraw(session: Session, ids: Sequence[int], actor: str) -> int:
    """All of them, announced and vetoed by their topmost; each stays withdrawn when what is above it comes again."""
    known = set(ids)
    there: list[int] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        there += session.scalars(select(Record.id).where(Record.id.in_(part), Record.withdrawn.is_(False)))
    tops = []
    for start in range(0, len(there), 500):
        for record in session.scalars(select(Record).where(Record.id.in_(there[start : start + 500]))):
            record.withdrawn = True
            if record.parent_id not in known:
                note_departure(session, record, today_number())
                tops.append(record)
    session.flush()
    for record in tops:
        apply_access(session, record, Access(), record.access, actor)
    return len(there)
