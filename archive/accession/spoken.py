"""Recordings in which a personal number is said: held from readers as images are that show one.

What people decided stays over a new delivery while it is the same file.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.recordings import Recording


def decided_recordings(session: Session, record_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What people decided about the recordings of records that are about to be replaced, by record and SHA-256."""
    asked = select(Recording.record_id, Recording.sha256, Recording.held)
    rows = session.execute(asked.where(Recording.record_id.in_(record_ids), Recording.held.in_(("released", "kept"))))
    return {(record_id, sha256): held for record_id, sha256, held in rows}


def keep_recordings(
    records: Sequence[tuple[int, Sequence[Mapping[str, Any]]]],
    marks: Sequence[Mapping[str, Any]],
    decided: Mapping[tuple[int, str], str],
) -> list[dict[str, Any]]:
    """Rows of the recordings of records (id, columns of Recording): held where a mark stands on their page."""
    marked = {(one["record_id"], one["page"]) for one in marks}
    return [
        {
            "record_id": i,
            **one,
            "held": decided.get((i, one["sha256"]), "held" if (i, one["n"]) in marked else ""),
        }
        for i, many in records
        for one in many
    ]
