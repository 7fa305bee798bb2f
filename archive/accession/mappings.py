"""Mappings of registers that people said once: found again by the headings, whatever the sheet is called."""

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.deliveries import RegisterMapping
from archive.clock import now
from archive.packages.fields import fold
from archive.packages.registers.columns import signature

_PLACE = re.compile(r"cot\d+")  # how columns.names_of names a column without a heading of its own
SHARED = 3  # headings at least that a register shares with one that is alike


def kept_mapping(session: Session, headings: Sequence[str]) -> RegisterMapping | None:
    """The mapping that was saved for these headings, else the latest for the same but for one (renamed, added, left
    out) or in another order; None where there is neither.  ``is_alike`` tells which."""
    if not any(headings):
        return None
    if found := session.get(RegisterMapping, signature(headings)):
        return found
    ours = _named(headings)
    for one in session.scalars(select(RegisterMapping).order_by(RegisterMapping.saved.desc())):
        theirs = _named(one.columns)
        if len(ours & theirs) >= SHARED and len(ours - theirs) <= 1 and len(theirs - ours) <= 1:
            return one
    return None


def is_alike(mapping: RegisterMapping, headings: Sequence[str]) -> bool:
    """Whether the mapping was saved for other headings than these."""
    return mapping.signature != signature(headings)


def find_mapping(session: Session, headings: Sequence[str]) -> dict[str, str] | None:
    """Name of a column to field ('' for not taken) as it was saved for these headings, or for nearly the same; None
    where nothing was."""
    found = kept_mapping(session, headings)
    return dict(found.columns) if found else None


def save_mapping(
    session: Session, headings: Sequence[str], columns: Mapping[str, str], *, name: str, actor: str
) -> RegisterMapping:
    """Keeps a mapping, in place of an earlier one for the same headings; who did it is in the audit trail."""
    mapping = session.merge(
        RegisterMapping(signature=signature(headings), name=name, columns=dict(columns), saved=now(), saved_by=actor)
    )
    record_event(session, actor, "mapping-saved", name=name, columns=len(columns))
    return mapping


def forget_mapping(session: Session, headings: Sequence[str], *, actor: str) -> bool:
    """Forgets what was saved for just these headings; whether there was anything."""
    found = session.get(RegisterMapping, signature(headings))
    if found is not None:
        session.delete(found)
        record_event(session, actor, "mapping-forgotten", name=found.name, columns=len(found.columns))
    return found is not None


def _named(names: Iterable[str]) -> set[str]:
    return {fold(one) for one in names if one and not _PLACE.fullmatch(fold(one))}
