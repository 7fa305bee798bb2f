"""What stands beside a record in its description: names of agents and places, terms, fixity.

No access is decided here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.accession.description import PEOPLE, people_named
from archive.accession.names import name_key
from archive.catalogue.authorities import Agent, Place, Term
from archive.catalogue.fixity import StoredObject
from archive.catalogue.records import ENCLOSED, Record, RecordFile, RecordPlace, RecordSubject

#: Fields of the description by level, the circular's names (TT 02/2019), in the order in which people read them.
DESCRIPTION: dict[str, tuple[str, ...]] = {
    "fonds": ("FondHistory", "ArchivesTime", "KeyGroups", "OtherTypes", "Language", "LookupTools", "Description"),
    "inventory": ("Description",),
    "file": (
        "Maintenance",
        "Language",
        "InforSign",
        "Keyword",
        "ConfidenceLevel",
        "PaperFileCode",
        "RiskRecovery",
        "RiskRecoveryStatus",
        "Format",
        "Description",
    ),
    "document": (
        "Signer",
        "EventName",
        "Photographer",
        "Recorder",
        "Colour",
        "FilmSize",
        "PlayTime",
        "Quality",
        "DocAttached",
        "ArchivesNumber",
        "Language",
        "PageAmount",
        "InforSign",
        "Keyword",
        "ConfidenceLevel",
        "Process",
        "RiskRecovery",
        "RiskRecoveryStatus",
        "Format",
        "Description",
    ),
}

#: Fields that are content, shown only with the right to read.
CONTENT = ("Autograph",)

#: Counts and extents as they were declared on delivery: for staff, because they tell of members that are hidden.
DECLARED: dict[str, tuple[str, ...]] = {
    "fonds": ("PaperTotal", "PaperDigital"),
    "file": ("TotalDoc", "SheetNumber", "PageNumber"),
}


def shown_fields(level: str, *, readable: bool, staff: bool) -> tuple[str, ...]:
    """The fields of the description that a viewer is shown, in their order."""
    names = DESCRIPTION[level] + (CONTENT if readable else ())
    return names + (DECLARED.get(level, ()) if staff else ())


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person that a field of the description names; ``id`` is the agent's public one, empty while there is none."""

    field: str
    name: str
    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Labels of a record: type, issuer, places, subjects; the public ids of issuer and places in the same order."""

    type: str = ""
    issuer: str = ""
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    issuer_id: str = ""
    place_ids: tuple[str, ...] = ()
    people: tuple[NamedPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class Fixity:
    """What is recorded of a record's files: how many, whether all were whole, when the oldest check was made."""

    files: int
    intact: bool
    stored_at: datetime | None
    checked_at: datetime | None


def surroundings(session: Session, record: Record) -> Surroundings:
    """The labels that belong to the record's description."""
    term = session.get(Term, ("type", record.type_slug)) if record.type_slug else None
    agent = session.get(Agent, record.issuer_id) if record.issuer_id else None
    places = session.execute(
        select(Place.name, Place.public_id)
        .join(RecordPlace, RecordPlace.place_id == Place.id)
        .where(RecordPlace.record_id == record.id)
        .order_by(Place.name)
    ).all()
    subjects = session.scalars(
        select(Term.label)
        .join(RecordSubject, RecordSubject.slug == Term.slug)
        .where(RecordSubject.record_id == record.id, Term.vocabulary == "field")
        .order_by(Term.label)
    )
    return Surroundings(
        term.label if term else "",
        agent.name if agent else "",
        tuple(name for name, _own in places),
        tuple(subjects),
        agent.public_id if agent else "",
        tuple(own for _name, own in places),
        _people(session, record),
    )


def _people(session: Session, record: Record) -> tuple[NamedPerson, ...]:
    told = [(field, name) for field in PEOPLE for name in people_named(record.level, record.value(field))]
    if not told:
        return ()
    asked = select(Agent.name_key, Agent.public_id, Agent.kind)
    rows = session.execute(asked.where(Agent.name_key.in_({name_key(name) for _field, name in told})))
    known = {key: (own, kind) for key, own, kind in rows}
    return tuple(NamedPerson(field, name, *known.get(name_key(name), ("", "person"))) for field, name in told)


def type_labels(session: Session, records: tuple[Record, ...]) -> dict[str, str]:
    """Labels of the records' types, by slug."""
    slugs = {one.type_slug for one in records if one.type_slug}
    if not slugs:
        return {}
    rows = session.execute(select(Term.slug, Term.label).where(Term.vocabulary == "type", Term.slug.in_(slugs)))
    return {row.slug: row.label for row in rows}


def fixity(session: Session, record: Record) -> Fixity | None:
    """What the storage recorded of the record's files; None where it has none."""
    count, damaged, stored, checked, unchecked = session.execute(
        select(
            func.count(),
            func.count().filter(~StoredObject.intact),
            func.max(StoredObject.stored_at),
            func.min(StoredObject.checked_at),
            func.count().filter(StoredObject.checked_at.is_(None)),
        )
        .join(RecordFile, RecordFile.sha256 == StoredObject.sha256)
        .where(RecordFile.record_id == record.id, RecordFile.kind != ENCLOSED)
    ).one()
    if not count:
        return None
    return Fixity(count, not damaged, stored, None if unchecked else checked)
