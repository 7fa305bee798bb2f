"""Which of the deliveries of one package brought what: each claims only the records that came with its own taking.

The same package may be handed over several times.  A finished taking notes which accessions it made (``spans`` of
numbers, in the delivery's context) and its counts; the lock of intake keeps two takings from interleaving.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

from archive.catalogue.deliveries import Accession, Handover, Package, ReportRow

Span = tuple[int, int]  # accessions above the first number, up to the second


def begin_span(session: Session, package_id: int) -> int:
    """The number above which accessions belong to the taking that begins now.

    What attempts that broke off left behind belongs to the one that comes to its end.
    """
    if noted := [upto for one in _handovers(session, package_id) for _since, upto in spans_of(one)]:
        return max(noted)
    return end_span(session, package_id) if session.get_one(Package, package_id).finished else 0


def end_span(session: Session, package_id: int) -> int:
    """The newest accession of the package."""
    return session.scalar(select(func.max(Accession.id)).where(Accession.package_id == package_id)) or 0


def note_claim(handover: Handover, span: Span, counts: dict[str, int], line: int) -> None:
    """Keeps what a taking did for this delivery, whose lines in the report are newer than ``line``; counts and line
    of the first one stay."""
    told = dict(handover.context)
    told.setdefault("counts", counts)
    told.setdefault("line", line)
    if span[1] > span[0]:
        told["spans"] = [*told.get("spans", []), list(span)]
    handover.context = told


def spans_of(handover: Handover) -> list[Span]:
    """What the takings of this delivery made."""
    return [(since, upto) for since, upto in handover.context.get("spans", [])]


def counts_of(handover: Handover, package: Package | None) -> dict[str, Any]:
    """Rows by outcome in this delivery's own taking; of older deliveries those of the package."""
    return handover.context.get("counts") or (package.counts if package else {})


def changed_nothing(handover: Handover) -> bool:
    """Whether a delivery brought and changed nothing, as what it has was here before it, waits or was refused."""
    counts = handover.context.get("counts", {})
    fresh = any(counts.get(one) for one in ("accepted", "warned"))
    return handover.state == "taken" and bool(counts.get("unchanged")) and not fresh and not spans_of(handover)


def all_there(handover: Handover) -> bool:
    """Whether it changed nothing, and no row of it waits or was refused either."""
    counts = handover.context.get("counts", {})
    return changed_nothing(handover) and not any(n for name, n in counts.items() if name != "unchanged")


def is_empty(handover: Handover) -> bool:
    """Whether nothing of a delivery was taken in, held or kept apart: it had no rows, or all were refused."""
    counts = handover.context.get("counts")
    none = counts is not None and not any(n for name, n in counts.items() if name != "rejected")
    return handover.state == "taken" and none and not spans_of(handover)


def own_lines(handover: Handover) -> ColumnElement[bool]:
    """SQL over the lines of reports: its package's, of a delivery that changed nothing those of its own taking only."""
    since = handover.context.get("line", 0) if changed_nothing(handover) else 0
    return and_(ReportRow.package_id == (handover.package_id or 0), ReportRow.id > since)


def claimed(session: Session, handover: Handover) -> ColumnElement[bool]:
    """SQL over accessions: those that this delivery brought; what no delivery noted belongs to the package's first."""
    if not handover.package_id:
        return false()
    others = _handovers(session, handover.package_id)
    mine = [_within(spans_of(handover))]
    if others and others[0].id == handover.id:
        mine.append(not_(_within([span for one in others for span in spans_of(one)])))
    return and_(Accession.package_id == handover.package_id, or_(*mine))


def owner(session: Session, accession: Accession) -> Handover | None:
    """The delivery that brought this; None where the package came before deliveries were noted."""
    others = _handovers(session, accession.package_id)
    for one in others:
        if any(since < accession.id <= upto for since, upto in spans_of(one)):
            return one
    return others[0] if others else None


def brought_before(session: Session, handover: Handover) -> list[int]:
    """The numbers of the other deliveries of the same package that brought something, oldest first."""
    others = _handovers(session, handover.package_id or 0)
    return [one.id for one in others if one.id != handover.id and (spans_of(one) or one.id == others[0].id)]


def _handovers(session: Session, package_id: int) -> Sequence[Handover]:
    return session.scalars(select(Handover).where(Handover.package_id == package_id).order_by(Handover.id)).all()


def _within(spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(false(), *(and_(Accession.id > since, Accession.id <= upto) for since, upto in spans))
