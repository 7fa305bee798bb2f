"""Personal numbers on the way into the catalogue: masked in pages, remembered as marks, their images held.

What people decided stays over a new delivery: an image that was released or kept stays so while it is the same image,
and a text that was masked by hand is masked wherever the new text has it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from analyzers.personal import DOT, find_personal
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Page
from archive.masking import IDENTIFYING

BY_HAND = "by_hand"
_Image = tuple[str | None, int]  # SHA-256 of the source, page inside it


@dataclass(slots=True)
class Decided:
    """What people decided about one record: its images' standing, and the texts that they masked."""

    images: dict[_Image, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


def forget_marks(session: Session, record_ids: Sequence[int]) -> dict[int, Decided]:
    """Removes the marks of records whose pages are about to be replaced; returns what people decided about them."""
    decided: dict[int, Decided] = defaultdict(Decided)
    pages = select(Page.record_id, Page.image_sha256, Page.image_index, Page.image_held)
    for record_id, sha256, index, held in session.execute(
        pages.where(Page.record_id.in_(record_ids), Page.image_held.in_(("released", "kept")))
    ):
        decided[record_id].images[sha256, index] = held
    marks = select(PersonalMark.record_id, PersonalMark.original).where(
        PersonalMark.record_id.in_(record_ids), PersonalMark.kind == BY_HAND
    )
    for record_id, original in session.execute(marks.order_by(PersonalMark.id)):
        decided[record_id].texts = tuple(dict.fromkeys((*decided[record_id].texts, original)))
    session.execute(delete(PersonalMark).where(PersonalMark.record_id.in_(record_ids)))
    return decided


def conceal(
    record_id: int, pages: Iterable[Mapping[str, Any]], values: Mapping[str, str], decided: Decided | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of pages and of marks for a record's pages (columns of Page) and delivered values."""
    decided = decided or Decided()
    rows, marks = [], list[dict[str, Any]]()
    for page in pages:
        text, found = conceal_text(page["text"], decided.texts)
        marks += ({"record_id": record_id, "page": page["n"], "field": "", **one} for one in found)
        image = (page.get("image_sha256"), page.get("image_index", 0))
        held = decided.images.get(image, "held" if found else "") if image[0] else ""
        rows.append({"record_id": record_id, **page, "text": text, "image_held": held})
    for name, value in values.items():
        if name not in IDENTIFYING:
            found = conceal_text(value)[1]
            marks += ({"record_id": record_id, "page": 0, "field": name, **one} for one in found)
    met = {one["original"] for one in marks if one["kind"] == BY_HAND}
    waiting = {"record_id": record_id, "page": 0, "field": "", "start": 0, "end": 0, "kind": BY_HAND}
    marks += ({**waiting, "original": text} for text in decided.texts if text not in met)
    return rows, marks


def conceal_text(text: str, by_hand: Iterable[str] = ()) -> tuple[str, list[dict[str, Any]]]:
    """The masked text, and its marks: start, end, kind, original.

    A number loses its digits only, a text masked by hand everything but its blanks: words stay where they are.
    """
    letters, marks = list(text), list[dict[str, Any]]()
    for start, end, kind in find_personal(text):
        marks.append({"start": start, "end": end, "kind": kind, "original": text[start:end]})
        letters[start:end] = (DOT if c.isalnum() else c for c in text[start:end])
    for wanted in by_hand:
        for found in re.finditer(re.escape(wanted), text):
            marks.append({"start": found.start(), "end": found.end(), "kind": BY_HAND, "original": wanted})
            letters[found.start() : found.end()] = (c if c.isspace() else DOT for c in wanted)
    return "".join(letters), marks
