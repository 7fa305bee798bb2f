"""A line of a page is replaced: its text, the word boxes below it, the personal numbers masked in it and after it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accession.concealing import BY_HAND, conceal_text
from archive.boxes import BoxesError, PageBoxes, decode, encode
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Page
from archive.lines import TextLine
from archive.realigning import cut_words, put_words, replace_words

Marks = Sequence[Mapping[str, Any]]
"""Marks (start, end, kind, original) with places in the line."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What undoing needs: the marks and the word boxes that the line had."""

    marks: list[dict[str, Any]]
    boxes: bytes | None


def hand_masked(session: Session, record_id: int) -> list[str]:
    """The texts that people decided to mask in the record."""
    own = (PersonalMark.record_id == record_id, PersonalMark.kind == BY_HAND)
    return list(session.scalars(select(PersonalMark.original).where(*own).distinct()))


def put_line(
    session: Session, page: Page, line: TextLine, after: str, marks: Marks = (), kept: bytes | None = None
) -> Replaced:
    """Replaces the line by ``after``, of which ``marks`` tells the personal numbers; ``kept``: its boxes, where known.

    What was masked in the line stays masked where the new one still has it; what people masked by hand is masked again.
    A page that shows more personal numbers than before has its image held.
    """
    old = _own_marks(session, page)
    inside = [one for one in old if line.start <= one.start and one.end <= line.end]
    told = [{"start": m.start - line.start, "end": m.end - line.start, "kind": m.kind, "original": m.original}
            for m in inside]  # fmt: skip
    text, by_hand = conceal_text(after, hand_masked(session, page.record_id))
    known = [dict(one) for one in marks]
    for one in (*by_hand, *_carried(line.text, told, text)):
        if all(one["end"] <= other["start"] or other["end"] <= one["start"] for other in known):
            known.append(one)
    for mark in old:
        if mark.start >= line.end:
            mark.start, mark.end = mark.start + len(text) - len(line.text), mark.end + len(text) - len(line.text)
        elif mark.end > line.start:
            session.delete(mark)  # of the line, or beginning or ending in it
    for one in known:
        place = {"start": line.start + one["start"], "end": line.start + one["end"]}
        session.add(PersonalMark(record_id=page.record_id, page=page.n, field="", **{**one, **place}))
    if len(known) > len(inside) and page.image_sha256:
        page.image_held = page.image_held or "held"
    boxes = _fitting_boxes(page)
    if boxes:
        page.boxes = encode(_moved(boxes, line, text.split(), kept))
    page.text = page.text[: line.start] + text + page.text[line.end :]
    session.flush()
    return Replaced(told, encode(cut_words(boxes, line.first_word, len(line.words))) if boxes else None)


def _own_marks(session: Session, page: Page) -> list[PersonalMark]:
    own = (PersonalMark.record_id == page.record_id, PersonalMark.page == page.n, PersonalMark.field == "")
    rows = select(PersonalMark).where(*own, PersonalMark.end > PersonalMark.start)
    return list(session.scalars(rows.order_by(PersonalMark.start)))


def _carried(before: str, marks: Iterable[Mapping[str, Any]], after: str) -> Iterable[dict[str, Any]]:
    """The marks of the old line whose masked words the new one still has, in their order."""
    at = 0
    for one in marks:
        piece = before[one["start"] : one["end"]]
        found = after.find(piece, at)
        if found >= 0:
            at = found + len(piece)
            yield {**one, "start": found, "end": at}


def _fitting_boxes(page: Page) -> PageBoxes | None:
    try:
        boxes = decode(page.boxes) if page.boxes else None
    except BoxesError:
        return None
    return boxes if boxes and boxes.count == len(page.text.split()) else None


def _moved(boxes: PageBoxes, line: TextLine, words: Sequence[str], kept: bytes | None) -> PageBoxes:
    if kept:
        earlier = decode(kept)
        if earlier.count == len(words):
            return put_words(boxes, line.first_word, len(line.words), earlier)
    return replace_words(boxes, line.first_word, line.words, words)
