"""A delivery that brings masks where we hold what stands below them: what is held stays.

A package that left with its personal numbers masked (TT 05/2025, ``archive.packing``) comes back with the masks.  They
say nothing new, so a value that is the mask of ours is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.personal import DOT
from archive.accession.candidate import Candidate
from archive.catalogue.records import Record
from archive.masking import masked_value


@dataclass(slots=True)
class Masks:
    """Of one candidate: how many values were the masks of ours, and the fields whose masks are of something else."""

    kept: int = 0
    other: tuple[str, ...] = ()


def keep_originals(session: Session, level: str, candidates: Sequence[Candidate]) -> dict[int, Masks]:
    """Puts what the catalogue holds in the place of its masks and seals these candidates anew.

    Returns what was found by the candidate's place in the sequence; those without a mask are not in it.
    """
    masked = {place: one for place, one in enumerate(candidates) if any(DOT in v for v in one.values.values())}
    if not masked:
        return {}
    asked = select(Record.natural_key, Record.delivered, Record.curated).where(
        Record.level == level, Record.natural_key.in_({one.key for one in masked.values()})
    )
    held = {key: (delivered, curated) for key, delivered, curated in session.execute(asked)}
    return {place: _restore(one, *held.get(one.key, ({}, {}))) for place, one in masked.items()}


def _restore(candidate: Candidate, delivered: dict[str, str], curated: dict[str, str]) -> Masks:
    found, values = Masks(), dict(candidate.values)
    for name, value in candidate.values.items():
        if DOT not in value:
            continue
        # What people wrote goes out in a package, too; as delivered it comes back, unmasked.
        ours = next((one for one in (delivered.get(name), curated.get(name)) if one and _is_mask(name, value, one)), "")
        if ours:
            values[name] = ours
            found.kept += ours != value
        else:
            found.other = (*found.other, name)
    if found.kept:
        candidate.values = values
        candidate.seal()
    return found


def _is_mask(name: str, value: str, ours: str) -> bool:
    return value in (ours, masked_value(name, ours))
