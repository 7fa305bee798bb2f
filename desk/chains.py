"""Consents that a request needs before it is decided, and who decides: chains of approval as dated data
(``config/desk/chains.tsv``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestConsent
from archive.clock import today_number
from archive.gazetteer import read_rows
from archive.terms import in_force, read_day
from desk.covered import Covered, asked_for
from desk.kinds import REQUESTERS

OUTSIDE = "out:"
RECORDS = ("open", "conditional", "person", "none")
STAFF = frozenset({"archivist", "head"})  # the roles that act on requests of others
Wholes = Mapping[int, Covered]


@dataclass(frozen=True, slots=True)
class Consent:
    """A link of a chain: whose consent is wanted, a role or somebody outside the archive (``name``), or the ``roles``
    of which one decides; with what it rests on."""

    record: str  # one of RECORDS
    requester: str  # citizen, official, foreign, any
    order: int
    act: str  # consents, decides
    consent: str
    first: int
    last: int | None
    basis: str
    sure: str

    @property
    def name(self) -> str:
        """Who is outside the archive; empty for a role."""
        return self.consent.removeprefix(OUTSIDE) if self.consent.startswith(OUTSIDE) else ""

    @property
    def roles(self) -> frozenset[str]:
        """The roles that decide."""
        return frozenset(self.consent.split())


def wanted(session: Session, request: ReadingRequest, whole: Wholes | None = None) -> list[Consent]:
    """The consents that the request needs on this day, in their order, each once: those of all its records' classes.
    ``whole``: what the records stand for, where it was read already."""
    day, whole = today_number(), asked_for(session, request) if whole is None else whole
    return chain(classes(session, whole, day), request.requester, day)


def chain(kinds: Iterable[str], requester: str, day: int) -> list[Consent]:
    """The consents for records of these classes and that kind of requester."""
    rows = _rows("consents", kinds, requester, day)
    return list({one.consent: one for one in sorted(rows, key=lambda one: one.order)}.values())


def classes(session: Session, whole: Wholes, day: int) -> set[str]:
    """The classes that records, and of a file the documents in it, fall into: open, conditional, person; of a
    request without records: none."""
    everything = [one for each in whole.values() for one in each.everything]
    above = {one for each in whole.values() for one in each.record.lineage.split()}  # closed by what it is in, too
    named = any((one.named_opens_on or 0) > day for one in everything) or session.scalar(
        select(Record.id).where(Record.public_id.in_(above), Record.named_opens_on > day).limit(1)
    )
    found = {"person"} if named else set() if everything else {"none"}
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


def decider(kinds: Iterable[str], requester: str, day: int) -> Consent | None:
    """Who decides on records of these classes for that kind of requester: of several rows the highest in order, of one
    order the latest; None where no row says it (nobody decides then)."""
    rows = _rows("decides", kinds, requester, day)
    return max(rows, key=lambda one: (one.order, one.first), default=None)


def decides(session: Session, request: ReadingRequest, whole: Wholes | None = None) -> Consent | None:
    """Who decides on the request today."""
    day, whole = today_number(), asked_for(session, request) if whole is None else whole
    return decider(classes(session, whole, day), request.requester, day)


def deciders(session: Session, request: ReadingRequest) -> frozenset[str]:
    """The roles that decide on the request today."""
    found = decides(session, request)
    return found.roles if found else frozenset()


def deciding_roles(day: int) -> frozenset[str]:
    """The roles that decide on any request on that day."""
    running = [one for one in _chains() if one.act == "decides" and in_force(one.first, one.last, day)]
    return frozenset(role for one in running for role in one.roles)


def without_decider(day: int) -> list[tuple[str, str]]:
    """The classes of record and of requester whose requests nobody could decide on that day."""
    pairs = [(kind, requester) for kind in RECORDS for requester in REQUESTERS]
    return [(kind, requester) for kind, requester in pairs if decider([kind], requester, day) is None]


def gaps(day: int) -> list[str]:
    """Where a class of requests has nobody to decide, on that day or from a later one on: day, record, requester."""
    days = {day} | {one.first for one in _chains()} | {one.last + 1 for one in _chains() if one.last}
    return [
        f"{date.fromordinal(one).isoformat()} {kind} {requester}"
        for one in sorted(one for one in days if one >= day)
        for kind, requester in without_decider(one)
    ]


def _rows(act: str, kinds: Iterable[str], requester: str, day: int) -> list[Consent]:
    kinds = set(kinds)
    return [
        one
        for one in _chains()
        if one.act == act and one.record in kinds and one.requester in {requester, "any"}
        if in_force(one.first, one.last, day)
    ]


@cache
def _chains() -> tuple[Consent, ...]:
    found = tuple(
        Consent(record, requester, int(order), act, who, read_day(first) or 0, read_day(last), basis, sure)
        for record, requester, order, act, who, first, last, basis, sure in read_rows("desk/chains.tsv")
    )
    for one in found:
        if one.act not in {"consents", "decides"} or one.record not in RECORDS:
            raise ValueError(f"chains.tsv: {one.record} {one.act}")
        if one.act == "decides" and (not one.roles or not one.roles <= STAFF):
            raise ValueError(f"chains.tsv: {one.consent} decides nothing here")
    return found
