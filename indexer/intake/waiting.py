"""Deliveries that wait are taken one after the other, by whichever process holds the lock of intake."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.accession.mappings import is_alike, kept_mapping
from archive.audit import record_event
from archive.catalogue.deliveries import Handover
from archive.catalogue.records import Record
from archive.claims import Span, note_claim
from archive.clock import now
from archive.database import reading, writing
from archive.handovers import CONTEXT, pages_read
from archive.outbox import end_of_log
from archive.packages.opening import Context
from archive.packages.registers.sheets import is_register, open_register
from archive.packages.sources import DeliveryError
from archive.retrying import MOST_ATTEMPTS, is_due, next_attempt
from archive.troubles import explain
from indexer.intake.taking import IntakeBusyError, Taken, take_package

log = logging.getLogger("vankho.intake")

UNFINISHED = ("waiting", "taking")
DIED = "tiến trình nhận bị dừng giữa chừng nhiều lần ở lần giao này"


class GivenUpError(RuntimeError):
    """A delivery has had its attempts."""


def take_waiting() -> Handover | None:
    """Takes the oldest delivery that is due, or whose taking was broken off; None where there is none, or another
    process takes.  What cannot be taken is refused with its reason; what fails is tried again after a while."""
    due = or_(Handover.due.is_(None), is_due(Handover.due))
    with reading() as session:
        found = session.scalars(
            select(Handover).where(Handover.state.in_(UNFINISHED), due).order_by(Handover.id).limit(1)
        ).first()
    if found is None:
        return None
    try:
        return take_handover(found.public_id)
    except IntakeBusyError:
        return None


def take_handover(public_id: str, shown: Callable[[str, int, int], None] | None = None) -> Handover:
    """Takes one delivery; IntakeBusyError if another package is being taken just now.

    An attempt is counted before it is made, so that a delivery which kills its process is not taken for ever.
    """
    with reading() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        path = Path(handover.place)

    def begin() -> Context:
        _begin(public_id)
        if not path.exists():
            raise DeliveryError(f"Không còn “{handover.name}” ở chỗ đã giao.")
        with reading() as session:
            return make_context(session, path, handover.context)

    def told(step: str, done: int, total: int) -> None:
        _change(public_id, state="taking", step=step, done=done, total=total)
        if shown:
            shown(step, done, total)

    try:
        taken = take_package(path, told, begin, partial(_note, public_id))
    except DeliveryError as error:
        return _finish(public_id, None, str(error))
    except IntakeBusyError:
        raise
    except GivenUpError:
        return _put_off(public_id, "")
    except Exception as error:
        log.exception("a delivery could not be taken; it will be tried again")
        return _put_off(public_id, explain(error))
    return _finish(public_id, taken, "")


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
        None, known["only"], known_archives(session),
    )  # fmt: skip
    if path.is_file() and is_register(path):
        sheet = open_register(path)
        try:
            context = with_mapping(session, context, sheet.headings)
        finally:
            sheet.close()
    return context


def with_mapping(session: Session, context: Context, headings: Sequence[str]) -> Context:
    """The context with what was kept of these headings, before what it says of columns itself."""
    if (kept := kept_mapping(session, headings)) is None:
        return context
    like = kept.name if is_alike(kept, headings) else ""
    return replace(context, mapping={**kept.columns, **(context.mapping or {})}, alike=like)


def known_archives(session: Session) -> dict[str, str]:
    """The archives' code of each fonds that is there by the fonds' code; none for a code that two archives have."""
    rows = session.execute(select(Record.code, Record.natural_key).where(Record.level == "fonds", ~Record.withdrawn))
    found = [(code, key.split("\x1f")[0]) for code, key in rows]
    twice = {code for code, n in Counter(code for code, _ in found).items() if n > 1}
    return {code: archives for code, archives in found if code not in twice}


def _note(public_id: str, session: Session, package_id: int, span: Span, counts: dict[str, int], line: int) -> None:
    """With the end of the package: a process that dies before it says so leaves no delivery that brought nothing."""
    handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
    handover.package_id = package_id
    note_claim(handover, span, counts, line)


def _finish(public_id: str, taken: Taken | None, refused: str) -> Handover:
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        handover.finished, handover.message = now(), refused
        handover.state = "taken" if taken else "refused"
        if taken:
            handover.position = end_of_log(session)
            handover.context = {**handover.context, "read": pages_read(session, handover)}
        action = "delivery-taken" if taken else "delivery-refused"
        counts = handover.context["counts"] if taken else {"why": refused}
        record_event(session, handover.account, action, None, delivery=public_id, **counts)
        session.flush()
        session.expunge_all()
        return handover


def _begin(public_id: str) -> None:
    """Counts an attempt, once this process holds the lock; GivenUpError where there were enough."""
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        if handover.attempts >= MOST_ATTEMPTS:
            raise GivenUpError
        handover.attempts += 1
        handover.state, handover.begun, handover.due = "taking", now(), None


def _put_off(public_id: str, why: str) -> Handover:
    """An attempt broke off (``why``, '' where its process died): it waits for its turn, or at last for a person."""
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        handover.message = why or handover.message or DIED
        if handover.attempts >= MOST_ATTEMPTS:
            handover.state, handover.finished = "failed", now()
            told = {"delivery": public_id, "why": handover.message}
            record_event(session, handover.account, "delivery-failed", None, **told)
        else:
            handover.state, handover.due = "waiting", next_attempt(max(1, handover.attempts))
        session.flush()
        session.expunge_all()
        return handover


def _change(public_id: str, **columns: object) -> None:
    with writing() as session:
        handover = session.scalars(select(Handover).where(Handover.public_id == public_id)).one()
        for name, value in columns.items():
            setattr(handover, name, value)
