"""A line of a page beside its correction: the picture of it, old and new in pieces."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from flask import url_for
from sqlalchemy.orm import Session

from archive.boxes import BoxesError, decode, rectangles
from archive.catalogue.people import Account
from archive.catalogue.records import Page, Record
from archive.line_corrections import Shown
from archive.lines import TextLine

PICTURE = "!1200,240"  # most pixels of the picture of a line


@dataclass(frozen=True, slots=True)
class LinePicture:
    """Its address, its width and height in the units of the page's boxes: their ratio is that of the image."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A correction for the queue: who proposed it, the picture of its line, old and new in pieces (text, changed)."""

    shown: Shown
    proposer: str
    picture: LinePicture | None
    before: list[tuple[str, bool]]
    after: list[tuple[str, bool]]


def compare(session: Session, one: Shown) -> Compared:
    """A correction as the queue shows it."""
    correction = one.correction
    account = session.get(Account, correction.account_id) if correction.account_id else None
    picture = picture_of(one.record, one.page, one.now) if one.page and one.now else None
    before = one.now.text if one.now and correction.state == "contested" else one.before
    pieces = _pieces(before, one.after)
    return Compared(one, account.name if account else "", picture, *pieces)


def _pieces(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both lines in runs of words, each with whether the other line has it otherwise."""
    old, new = before.split(), after.split()
    left, right = list[tuple[str, bool]](), list[tuple[str, bool]]()
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left += [(" ".join(old[i1:i2]), kind != "equal")] if i1 < i2 else []
        right += [(" ".join(new[j1:j2]), kind != "equal")] if j1 < j2 else []
    return left, right


def picture_of(record: Record, page: Page, line: TextLine | None) -> LinePicture | None:
    """The part of the image that shows the line; None without boxes or image."""
    if line is None or page.image_sha256 is None or page.boxes is None:
        return None
    try:
        boxes = decode(page.boxes)
    except BoxesError:
        return None
    found = rectangles(boxes, line.first_word, line.first_word + len(line.words) - 1)
    if not found or boxes.count != len(page.text.split()):
        return None
    pad = max(one.h for one in found) / 2
    left, top = max(min(one.x for one in found) - pad, 0), max(min(one.y for one in found) - pad, 0)
    right = min(max(one.x + one.w for one in found) + pad, boxes.width)
    bottom = min(max(one.y + one.h for one in found) + pad, boxes.height)
    share = (100 * left / boxes.width, 100 * top / boxes.height,
             100 * (right - left) / boxes.width, 100 * (bottom - top) / boxes.height)  # fmt: skip
    region = "pct:" + ",".join(f"{one:.2f}" for one in share)
    url = url_for(
        "picturing.picture", public_id=record.public_id, n=page.n, region=region, size=PICTURE, rotation="0",
        quality="default", format="webp",
    )  # fmt: skip
    return LinePicture(url, max(round(right - left), 1), max(round(bottom - top), 1))
