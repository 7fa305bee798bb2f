"""Deliveries that wait are taken one after the other, by whichever process holds the lock of intake."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accession.mappings import find_mapping
from archive.audit import record_event
from archive.catalogue.deliveries import Handover, Package
from archive.catalogue.records import Record
from archive.clock import now
from archive.database import reading, writing
from archive.handovers import CONTEXT
from archive.outbox import end_of_log
from archive.packages.opening import Context
from archive.packages.registers.sheets import is_register, open_register
from archive.packages.sources import DeliveryError
from indexer.intake.taking import IntakeBusyError, Taken, take_package

log = logging.getLogger("vankho.intake")

UNFINISHED = ("waiting", "taking")


def take_waiting() -> Handover | None:
    """Takes the oldest delivery that waits, or whose taking was broken off; None where there is none, or another
    process takes.  What cannot be taken is refused with its reason."""
    with reading() as session:
        found = session.scalars(
            select(Handover).where(Handover.state.in_(UNFINISHED)).order_by(Handover.id).limit(1)
        ).first()
    if found is None:
        return None
    try:
        return take_handover(found.public_id)
    except IntakeBusyError:
        return None


def take_handover(public_id: str, shown: Callable[[str, int, int], None] | None = None) -> Handover:
    """Takes one delivery; IntakeBusyError if another package is being taken just now."""
    with reading() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        path = Path(handover.place)
        try:
            context: Context | None = make_context(session, path, handover.context)
            refused = "" if path.exists() else f"Không còn “{handover.name}” ở chỗ đã giao."
        except DeliveryError as error:
            context, refused = None, str(error)

    def told(step: str, done: int, total: int) -> None:
        _change(public_id, state="taking", step=step, done=done, total=total)
        if shown:
            shown(step, done, total)

    taken: Taken | None = None
    if not refused:
        begun = now()
        try:
            taken = take_package(path, told, context, lambda: _change(public_id, state="taking", begun=begun))
        except DeliveryError as error:
            refused = str(error)
    return _finish(public_id, taken, refused)


def make_context(session: Session, path: Path, given: dict[str, str]) -> Context:
    """The context of a delivery: a fonds that is there gives its archives, the headings a saved mapping."""
    organ, identifier = given.get("organ", ""), given.get("identifier", "")
    if organ and not identifier:
        there = select(Record.natural_key).where(Record.level == "fonds", Record.code == organ).limit(1)
        identifier = (session.scalars(there).first() or "").split("\x1f")[0]
    known = {one: given.get(one, "") for one in (*CONTEXT, "only")}
    known["identifier"] = identifier
    context = Context(
        known["identifier"], known["organ"], known["fonds_name"], known["issuer"], known["access"], known["file"],
        None, known["only"],
    )  # fmt: skip
    if path.is_file() and is_register(path):
        sheet = open_register(path)
        try:
            context = replace(context, mapping=find_mapping(session, sheet.headings))
        finally:
            sheet.close()
    return context


def _finish(public_id: str, taken: Taken | None, refused: str) -> Handover:
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        handover.finished, handover.message = now(), refused
        handover.state = "taken" if taken else "refused"
        if taken:
            handover.package_id = session.scalar(select(Package.id).where(Package.public_id == taken.package))
            handover.position = end_of_log(session)
        action = "delivery-taken" if taken else "delivery-refused"
        counts = taken.counts if taken else {"why": refused}
        record_event(session, handover.account, action, None, delivery=public_id, **counts)
        session.flush()
        session.expunge_all()
        return handover


def _change(public_id: str, **columns: object) -> None:
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        for name, value in columns.items():
            setattr(handover, name, value)
