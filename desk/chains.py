"""Consents that a request needs before it is decided: chains of approval as dated data (``config/desk/chains.tsv``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.audit import record_event
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestConsent
from archive.clock import now, today_number
from archive.gazetteer import read_rows
from archive.terms import in_force, read_day
from desk.covered import Covered, asked_for
from desk.steps import LONGEST_REASON, RequestError, StepError, allowed, move

OUTSIDE = "out:"
Wholes = Mapping[int, Covered]


@dataclass(frozen=True, slots=True)
class Consent:
    """Whose consent is wanted: a role, or somebody outside the archive (``name``), with what it rests on."""

    record: str  # open, conditional, person
    requester: str  # citizen, official, foreign, any
    order: int
    consent: str
    first: int
    last: int | None
    basis: str
    sure: str

    @property
    def name(self) -> str:
        """Who is outside the archive; empty for a role."""
        return self.consent.removeprefix(OUTSIDE) if self.consent.startswith(OUTSIDE) else ""


def wanted(session: Session, request: ReadingRequest, whole: Wholes | None = None) -> list[Consent]:
    """The consents that the request needs on this day, in their order, each once: those of all its records' classes.
    ``whole``: what the records stand for, where it was read already."""
    day, whole = today_number(), asked_for(session, request) if whole is None else whole
    return chain(classes(session, whole, day), request.requester, day)


def chain(kinds: Iterable[str], requester: str, day: int) -> list[Consent]:
    """The consents for records of these classes and that kind of requester."""
    kinds = set(kinds)
    rows = [
        one
        for one in _chains()
        if one.record in kinds and one.requester in {requester, "any"}
        if in_force(one.first, one.last, day)
    ]
    return list({one.consent: one for one in sorted(rows, key=lambda one: one.order)}.values())


def classes(session: Session, whole: Wholes, day: int) -> set[str]:
    """The classes that records, and of a file the documents in it, fall into: open, conditional, person."""
    everything = [one for each in whole.values() for one in each.everything]
    above = {one for each in whole.values() for one in each.record.lineage.split()}  # closed by what it is in, too
    named = any((one.named_opens_on or 0) > day for one in everything) or session.scalar(
        select(Record.id).where(Record.public_id.in_(above), Record.named_opens_on > day).limit(1)
    )
    found = {"person"} if named else set()
    for one in everything:
        found.add("open" if may(Viewer.anonymous(), "read", one, day) else "conditional")
    return found


def given(session: Session, request: ReadingRequest) -> list[RequestConsent]:
    """The consents that were given in this round."""
    rows = select(RequestConsent).where(RequestConsent.request_id == request.id, RequestConsent.round == request.round)
    return list(session.scalars(rows.order_by(RequestConsent.ordinal)))


def progress(
    session: Session, request: ReadingRequest, whole: Wholes | None = None
) -> tuple[list[Consent], set[str], Consent | None]:
    """The consents that the request needs, those that were given in this round, and the next it waits for."""
    needed, there = wanted(session, request, whole), {one.approver for one in given(session, request)}
    return needed, there, next((one for one in needed if one.consent not in there), None)


def missing_consent(session: Session, request: ReadingRequest) -> Consent | None:
    """The next consent that the request waits for; None if it may be decided."""
    return progress(session, request)[2]


def consent(session: Session, request: ReadingRequest, role: str, actor: str, reference: str) -> None:
    """Notes the next consent, with the number and day of the paper that gives it.  Raises StepError, RequestError."""
    step = allowed(session, request, "consent", role, actor)
    due, reference = missing_consent(session, request), " ".join(reference.split())
    if due is None:
        raise StepError("Yêu cầu này không chờ ý kiến nào nữa; hãy xem lại trang.")
    if not due.name and role not in {due.consent, "head"}:
        raise StepError("Ý kiến này không do bạn cho; hãy xem lại trang.")
    if not reference or len(reference) > LONGEST_REASON:
        raise RequestError("Cần ghi số, ngày của văn bản đồng ý (hoặc ý kiến).", "ly-do")
    session.add(
        RequestConsent(
            request_id=request.id, round=request.round, ordinal=len(given(session, request)) + 1,
            approver=due.consent, actor=actor, at=now(), reference=reference,
        )
    )  # fmt: skip
    move(session, request, step, actor, f"{due.name}: {reference}" if due.name else reference)
    record_event(session, actor, "request-consent", request=request.code, ground=reference, approver=due.consent)


@cache
def _chains() -> tuple[Consent, ...]:
    return tuple(
        Consent(record, requester, int(order), who, read_day(first) or 0, read_day(last), basis, sure)
        for record, requester, order, who, first, last, basis, sure in read_rows("desk/chains.tsv")
    )
