"""Proposals: what a machine reads on a document's pages, set beside its description, never over it.

A field is proposed where the description has nothing, or where it says otherwise (``contradicts``).  What a person
decided about a field and a value stays decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from analyzers.fold import fold
from analyzers.heading import HeadingField, Told, read_heading, read_signer
from analyzers.legibility import judge
from analyzers.numbers import number_key
from archive.accession.description import read_days
from archive.catalogue.reading import Proposal
from archive.gazetteer import places

FIRST_PAGE = 6_000
"""Characters of a first page that are read."""

UNMARKED = 0.4
"""How sure at most is what was read in Vietnamese without marks: its letters are not right, nor perhaps its words."""

FIELDS: dict[HeadingField, str] = {
    "number": "CodeNumber", "type": "TypeName", "date": "IssuedDate", "issuer": "OrganName", "subject": "Subject",
    "signer": "Signer",
}  # fmt: skip
"""The circular's name of each field; a number is one value here and two fields there."""

PLACE = "Place"
_COMPARED = {"CodeNumber", "TypeName", "IssuedDate", "OrganName"}  # the others may be told in many ways
_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Proposed:
    """A field's value as it was read: how sure, on which page, from which word to which (from 0, both included)."""

    field: str
    value: str
    confidence: float
    page: int
    first_word: int
    last_word: int


def read_proposals(pages: Sequence[tuple[int, str]]) -> list[Proposed]:
    """What the pages (number, text) of a document tell: its head from the first, its signer from the last."""
    told = [page for page in pages if page[1]]
    if not told or told[0][0] != 1:
        return []
    n, first = 1, told[0][1][:FIRST_PAGE]
    heading = read_heading(first)
    found = [_proposed(FIELDS[one.field], one, n, first) for one in heading]
    subject = next((one for one in heading if one.field == "subject"), None)
    found += _places(subject, n, first) if subject else []
    if heading and (signer := read_signer(told[-1][1])):
        found.append(_proposed("Signer", signer, *told[-1]))
    if not found:
        return []
    bare = {page for page, text in told if page in (n, told[-1][0]) and judge(text[:FIRST_PAGE]).unmarked}
    return [replace(one, confidence=min(one.confidence, UNMARKED)) if one.page in bare else one for one in found]


def differing(values: Mapping[str, str], found: Iterable[Proposed]) -> list[tuple[Proposed, bool]]:
    """What is not in the description (the values that people see), and whether it contradicts it."""
    kept = []
    for one in found:
        own = values.get(one.field, "")
        if one.field == "CodeNumber" and own:
            notation = values.get("CodeNotation", "")
            own = f"{own}/{notation}" if notation else own
        if not own:
            kept.append((one, False))
        elif one.field in _COMPARED and not _same(one, own):
            kept.append((one, True))
    return kept


def propose_all(
    session: Session,
    records: Iterable[tuple[int, str, Mapping[str, str], Iterable[Mapping[str, Any]]]],
    *,
    replace: bool = False,
) -> None:
    """Writes the proposals for documents given as (id, level, values, pages); others are left out."""
    rows = []
    for record_id, level, values, pages in records:
        if level != "document":
            continue
        known = _forget_waiting(session, record_id) if replace else set()
        told = read_proposals([(page["n"], page["text"]) for page in pages])
        rows += [_row(record_id, one, doubt) for one, doubt in differing(values, told) if one.field not in known]
    if rows:
        session.execute(insert(Proposal), rows)


def propose_for(
    session: Session,
    record_id: int,
    values: Mapping[str, str],
    pages: Sequence[tuple[int, str]],
    certainty: Mapping[int, float],
) -> None:
    """Writes the proposals for one document anew, from its pages as they are now.

    ``certainty``: how sure the letters of a page are (0..1); where recognition doubts them, a proposal does.
    """
    known = _forget_waiting(session, record_id)
    found = [
        replace(one, confidence=round(one.confidence * certainty.get(one.page, 1.0), 3))
        for one in read_proposals(pages)
    ]
    rows = [_row(record_id, one, doubt) for one, doubt in differing(values, found) if one.field not in known]
    if rows:
        session.execute(insert(Proposal), rows)


def _forget_waiting(session: Session, record_id: int) -> set[str]:
    """Removes what waits; returns the fields that a person decided about."""
    own = Proposal.record_id == record_id
    session.execute(delete(Proposal).where(own, Proposal.state == "waiting"))
    return set(session.scalars(select(Proposal.field).where(own)))


def _row(record_id: int, one: Proposed, contradicts: bool) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "field": one.field,
        "value": one.value,
        "confidence": one.confidence,
        "page": one.page,
        "first_word": one.first_word,
        "last_word": one.last_word,
        "contradicts": contradicts,
    }


def _proposed(field: str, told: Told, page: int, text: str) -> Proposed:
    first = len(text[: told.start].split())
    # A word that began before the stretch is its first word.
    if told.start and not text[told.start - 1].isspace():
        first -= 1
    last = max(len(text[: told.end].split()) - 1, first)
    return Proposed(field, told.value, told.confidence, page, first, last)


def _places(subject: Told, page: int, text: str) -> list[Proposed]:
    """Places that the subject names with the word for their kind ("xã Tịnh Khê"): names alone are mostly none ("Công an
    nhân dân", companies, persons; docs/decisions/0032)."""
    mentions = [one for one in places().gazetteer.find(subject.value) if one.kind]
    names = list(dict.fromkeys(_named(subject.value, one.start, one.end) for one in mentions))[:_MOST_PLACES]
    if not names:
        return []
    whole = _proposed(PLACE, subject, page, text)
    return [Proposed(PLACE, "; ".join(names), 0.7, page, whole.first_word, whole.last_word)]


def _named(text: str, start: int, end: int) -> str:
    """The place as it is written; of a town ("thị xã") the gazetteer takes the second word only."""
    before = text[:start].rstrip().rpartition(" ")[2]
    return f"{before} {text[start:end]}" if fold(before) == "thi" else text[start:end]


def _same(one: Proposed, own: str) -> bool:
    if one.field == "CodeNumber":
        return number_key(own) == number_key(one.value)
    if one.field == "IssuedDate":
        days = read_days("document", {"IssuedDate": own})
        return days is None or days == read_days("document", {"IssuedDate": one.value})
    told, delivered = " ".join(fold(one.value).split()), " ".join(fold(own).split())
    told, delivered = (name.replace("ubnd", "uy ban nhan dan") for name in (told, delivered))
    return told == delivered or (one.field == "OrganName" and (told in delivered or delivered in told))
