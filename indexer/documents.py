"""From the catalogue to index documents: reads the truth about records, whatever the message that asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from analyzers.collation import sort_key
from analyzers.languages import read_languages
from analyzers.numbers import number_keys
from archive.access import RIGHTS
from archive.accession.description import PEOPLE, people_named
from archive.accession.names import name_key
from archive.among import among
from archive.catalogue.authorities import Agent, Place, Term
from archive.catalogue.records import Page, Record, RecordPlace, RecordSubject, read_access, read_values
from archive.gazetteer import province_value
from search.document import PageDocument, RecordDocument

#: Fields of the delivered metadata that everybody who sees the record may match (DESIGN section 5: *description*).
DESCRIPTION = (
    "Keyword",
    "InforSign",
    "Description",
    "FondHistory",
    "KeyGroups",
    "OtherTypes",
    "ArchivesTime",
    "Signer",
    "Place",
    "EventName",
    "Photographer",
    "Recorder",
)

#: What is read of a record (as rows: half the time of objects); the layers that no index knows stay unread.
_READ = [
    *(Record.id, Record.public_id, Record.level, Record.lineage, Record.code, Record.title, Record.number),
    *(Record.type_slug, Record.issuer_id, Record.date_from, Record.date_to, Record.medium, Record.withdrawn),
    *(Record.delivered, Record.curated),
    *(getattr(Record, f"{fact}_{right}") for fact in ("everyone_from", "allow", "deny") for right in RIGHTS),
]

#: Engines take exact values and sort keys of some length only; a delivered field may have any.
LONGEST_NUMBER = 200
LONGEST_SORTED = 500

BATCH_CHARACTERS = 6_000_000
BATCH_RECORDS = 1_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the indices shall hold of one record; ``record`` is None if they shall hold nothing."""

    public_id: str
    record_id: int
    seq: int
    record: RecordDocument | None
    pages: tuple[PageDocument, ...]


def build_documents(session: Session, wanted: Sequence[tuple[int, int]]) -> Iterator[list[Indexed]]:
    """Batches for records given as (record id, seq), bounded by records and by characters of text."""
    for ids in _parts(session, wanted):
        yield _build(session, dict(ids))


def _parts(session: Session, wanted: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(wanted), BATCH_RECORDS):
        part = wanted[start : start + BATCH_RECORDS]
        counted = session.execute(
            select(Page.record_id, func.sum(func.length(Page.text)))
            .where(among(Page.record_id, [i for i, _ in part]))
            .group_by(Page.record_id)
        )
        sizes: dict[int, int] = dict(list(counted))
        batch: list[tuple[int, int]] = []
        characters = 0
        for item in part:
            size = sizes.get(item[0]) or 0
            if batch and characters + size > BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
            batch.append(item)
            characters += size
        if batch:
            yield batch


def _build(session: Session, seqs: dict[int, int]) -> list[Indexed]:
    records = session.execute(select(*_READ).where(among(Record.id, seqs))).all()
    texts = _group(
        session.execute(
            select(Page.record_id, Page.n, Page.text)
            .where(among(Page.record_id, seqs))
            .order_by(Page.record_id, Page.n)
        )
    )
    places = _names(
        session, select(RecordPlace.record_id, Place.public_id, Place.name).join(Place), seqs, RecordPlace.record_id
    )
    subjects = _names(
        session,
        select(RecordSubject.record_id, Term.slug, Term.label).join(
            Term, (Term.slug == RecordSubject.slug) & (Term.vocabulary == "field")
        ),
        seqs,
        RecordSubject.record_id,
    )
    issuers = {
        i: (public_id, name)
        for i, public_id, name in session.execute(
            select(Agent.id, Agent.public_id, Agent.name).where(
                among(Agent.id, {r.issuer_id for r in records if r.issuer_id})
            )
        )
    }
    roles = {record.id: _roles(record) for record in records}
    keys = {key for found in roles.values() for key, _role in found}
    named = session.execute(select(Agent.name_key, Agent.public_id).where(among(Agent.name_key, keys)))
    people: dict[str, str] = dict(list(named)) if keys else {}
    above = {own for record in records for own in record.lineage.split()[:-1]}
    inventories = frozenset(
        session.scalars(select(Record.public_id).where(among(Record.public_id, above), Record.level == "inventory"))
    )
    return [
        _document(
            record,
            seqs[record.id],
            texts[record.id],
            places[record.id],
            subjects[record.id],
            issuers.get(record.issuer_id or 0),
            tuple((people[key], role) for key, role in roles[record.id] if key in people),
            inventories,
        )
        for record in records
    ]


def _number_keys(number: str) -> tuple[str, ...]:
    """What the number may be asked by; a number of signs only, or as long as a text, is none."""
    return tuple(key for key in number_keys(number) if key) if 0 < len(number) <= LONGEST_NUMBER else ()


def _roles(record: Row[Any]) -> tuple[tuple[str, str], ...]:
    """The persons that the description names: the key of the name, the role."""
    told = zip(PEOPLE.values(), read_values(record, PEOPLE), strict=True)
    return tuple((name_key(name), role) for role, text in told if text for name in people_named(record.level, text))


Named = list[tuple[str, str]]


def _group(rows: Iterable[tuple[int, int, str]]) -> dict[int, list[tuple[int, str]]]:
    grouped: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for record_id, n, text in rows:
        grouped[record_id].append((n, text))
    return grouped


def _names(
    session: Session, statement: Select[int, str, str], seqs: dict[int, int], column: InstrumentedAttribute[int]
) -> dict[int, Named]:
    grouped: dict[int, Named] = defaultdict(list)
    rows = session.execute(statement.where(among(column, seqs)))
    for record_id, value, label in sorted((i, value, label) for i, value, label in rows):
        grouped[record_id].append((value, label))
    return grouped


def _document(
    record: Row[Any],
    seq: int,
    texts: list[tuple[int, str]],
    places: Named,
    subjects: Named,
    issuer: tuple[str, str] | None,
    people: tuple[tuple[str, str], ...],
    inventories: frozenset[str],
) -> Indexed:
    access = read_access(record)
    if record.withdrawn or not (access.see.allow or access.search.allow or access.read.allow):
        return Indexed(record.public_id, record.id, seq, None, ())
    if not access.search.allow:
        texts = []  # for nobody: not even in the index
    lineage = tuple(record.lineage.split())
    language, type_name, *described = read_values(record, ("Language", "TypeName", *DESCRIPTION))
    if record.level != "document":
        type_name = ""
    told = [record.title, record.number, type_name, issuer[1] if issuer else "", record.code]
    told += described + [label for _, label in subjects]
    facets = {
        # A photograph is digitised, too: who asks for all that is on the screen gets it
        "medium": ("digital", "photo") if record.medium == "photo" else (record.medium,) if record.medium else (),
        "type": (record.type_slug,) if record.type_slug else (),
        "issuer": (issuer[0],) if issuer else (),
        # Its province as well: who chooses a province gets the records of all its places.
        "place": tuple(dict.fromkeys((*(v for v, _ in places), *filter(None, (province_value(n) for _, n in places))))),
        "person": tuple(dict.fromkeys(own for own, _ in people)),
        "field": tuple(value for value, _ in subjects),
        "fonds": (lineage[-1],),
        "inventory": tuple(one for one in lineage if one in inventories),
        "language": read_languages(language),
    }
    document = RecordDocument(
        id=record.public_id,
        version=seq,
        level=record.level,
        lineage=lineage,
        access=access,
        title=record.title,
        description="\n".join(part for part in told if part),
        content="\f".join([record.title, *(text for _, text in texts)]),
        number_keys=_number_keys(record.number) if record.level == "document" else (),
        facets=facets,
        date_from=record.date_from,
        date_to=record.date_to,
        title_key=sort_key(record.title[:LONGEST_SORTED]),
        number_sort=sort_key(record.number[:LONGEST_SORTED]),
        roles=tuple(dict.fromkeys(f"{own} {role}" for own, role in people)),
    )
    pages = tuple(PageDocument(record.public_id, n, seq, lineage, access, text) for n, text in texts if text)
    return Indexed(record.public_id, record.id, seq, document, pages)
