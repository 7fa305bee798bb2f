"""What the catalogue says the indices should hold of records, against what they hold: for the sweep and the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.access import AccessFilter, Right, Viewer, may
from archive.among import among
from archive.catalogue.outbox import DeadLetter, OutboxRow
from archive.catalogue.records import Record
from archive.clock import today_number
from indexer.documents import Indexed, build_documents
from search.document import RecordPages
from search.engines.protocol import Engine, EngineError, Held
from search.engines.values import UnfitError, all_values, fingerprint
from search.plan import Access, Bool, Keyword, Plan

Difference = Literal["missing", "outdated", "foreign"]


@dataclass(slots=True)
class Compared:
    """Records compared, and the different ones: public identifier, index and how."""

    checked: int = 0
    different: dict[str, tuple[int, str, Difference]] = field(default_factory=dict)  # with the record's id


def compare(session: Session, engine: Engine, names: dict[str, str], ids: Sequence[int], end: int) -> Compared:
    """Compares records with the indices of these names; ``end`` is how far in the outbox these are.

    What changed after that is left out, and so is what an index refused (it is among the dead letters).  Raises
    EngineError where an index is ahead of the catalogue: a backup was restored, and only a rebuild helps.
    """
    result = Compared()
    changing, above = _changing(session, end)
    refused = set(session.scalars(select(DeadLetter.record_id).where(among(DeadLetter.record_id, ids))))
    for batch in build_documents(session, [(one, end) for one in ids]):
        lineages = dict(_lineages(session, batch)) if above else {}
        compared = [
            one for one in batch
            if one.record_id not in changing | refused and not above & set(lineages.get(one.record_id, "").split())
        ]  # fmt: skip
        wanted = {one.public_id: _wanted(one) for one in compared}
        for index, name in names.items():
            held = engine.states(name, list(wanted))
            for one in compared:
                how = _difference(wanted[one.public_id].get(index), held.get(one.public_id), end)
                if how:
                    result.different.setdefault(one.public_id, (one.record_id, index, how))
        result.checked += len(compared)
    return result


def _changing(session: Session, end: int) -> tuple[set[int], set[str]]:
    """The records whose change is still on its way, and the public identifiers of those whose members change, too."""
    later = or_(OutboxRow.seq.is_(None), OutboxRow.seq > end)
    ids = set(session.scalars(select(OutboxRow.record_id).where(later)))
    above = select(Record.public_id).join(OutboxRow, OutboxRow.record_id == Record.id).where(OutboxRow.members, later)
    return ids, set(session.scalars(above))


def _lineages(session: Session, batch: list[Indexed]) -> list[tuple[int, str]]:
    ids = [one.record_id for one in batch]
    return [
        (i, lineage) for i, lineage in session.execute(select(Record.id, Record.lineage).where(among(Record.id, ids)))
    ]


def _wanted(one: Indexed) -> dict[str, tuple[int, int]]:
    """Documents and the sum of their fingerprints, by index; an index that shall hold nothing is absent."""
    if one.record is None:
        return {}
    found: dict[str, tuple[int, int]] = {}
    try:
        for index, written in (("records", one.record), ("pages", RecordPages(one.public_id, one.seq, one.pages))):
            if values := all_values(index, written):
                found[index] = len(values), sum(fingerprint(each) for each in values)
    except UnfitError:
        return {}
    return found


def _difference(wanted: tuple[int, int] | None, held: Held | None, end: int) -> Difference | None:
    if held and held.version > end:
        raise EngineError(
            f"chỉ mục mới hơn cơ sở dữ liệu ({held.version} > {end}), như sau khi khôi phục bản sao lưu; "
            "hãy chạy: vankho index rebuild"
        )
    if held is None:
        return "missing" if wanted else None
    if wanted is None:
        return "foreign"
    return "outdated" if wanted != (held.documents, held.fingerprint) else None


def probe(session: Session, engine: Engine, name: str, ids: Sequence[int]) -> list[str]:
    """Asks an index of records as everybody, record by record: the public identifiers of those that it gives though
    the reader may not search or see them, or keeps though he may."""
    wrong = []
    viewer, day = Viewer.anonymous(), today_number()
    rights: tuple[Right, ...] = ("see", "search")
    for row in session.scalars(select(Record).where(among(Record.id, ids), Record.allow_see != "")):
        for right in rights:
            own = Bool(filter=(Keyword("id", (row.public_id,)), Access(AccessFilter(right, (), day))))
            there = engine.query(Plan("records", own, size=0), name).total > 0
            if there != may(viewer, right, row, day):
                wrong.append(row.public_id)
    return wrong
