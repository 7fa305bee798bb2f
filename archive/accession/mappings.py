"""Mappings of registers that people said once: found again by the headings, whatever the sheet is called."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.deliveries import RegisterMapping
from archive.clock import now
from archive.packages.registers.columns import signature


def find_mapping(session: Session, headings: Sequence[str]) -> dict[str, str] | None:
    """Heading to field ('' for not taken) as it was saved for these headings; None where nothing was."""
    if not any(headings):
        return None
    found = session.get(RegisterMapping, signature(headings))
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
