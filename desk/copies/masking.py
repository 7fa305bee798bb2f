"""Masks of a copy, given by staff until the request is decided: before anything is made, so that no copy lacks them.

They wait in the row of the copy (state ``prepared``); the decision orders it with them.  A mask is a rectangle in
fractions of the page; words are found by the boxes that recognition left.
"""

import unicodedata
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import boxes
from archive.audit import record_event
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Page, Record
from archive.catalogue.requests import ReadingRequest
from desk.copies.errors import CopyError
from desk.copies.ordering import GRADES, prepared
from desk.copies.pages import Region, read_regions
from desk.copies.rights import lock_masks
from desk.states import UNDECIDED

MOST = 200  # masks of one page
EDGE = 0.003  # of the page: a word's box may cut its accents


def may_mask(request: ReadingRequest) -> bool:
    """Whether masks can still be given: the request is for copies and not decided."""
    return request.state in UNDECIDED and request.kind in GRADES


def masks_of(session: Session, request: ReadingRequest, record: Record, n: int) -> list[Region]:
    """The masks of page ``n`` in the copy that is or will be made."""
    copy = _copy(session, request, record)
    return read_regions(copy.masks.get(str(n), [])) if copy is not None else []


def mask_region(session: Session, request: ReadingRequest, record: Record, page: Page, region: Region, by: str) -> None:
    """Masks a rectangle.  Raises CopyError where it lies outside or nothing can be masked any more."""
    _add(session, request, record, page, [region], by)


def mask_words(session: Session, request: ReadingRequest, record: Record, page: Page, words: str, by: str) -> int:
    """Masks every place of the page where the words stand one after another; returns how many.  CopyError if none."""
    found = list(_places(page, words))
    if not found:
        raise CopyError(
            "Không thấy “%(words)s” trên trang %(page)s: hãy ghi đúng chữ của trang, hoặc che theo vùng.",
            words=words[:60],
            page=page.n,
        )
    _add(session, request, record, page, [one for place in found for one in place], by)
    return len(found)


def unmask(session: Session, request: ReadingRequest, record: Record, page: Page, place: int, by: str) -> None:
    """Takes back the mask at that place of the list."""
    regions = masks_of(session, request, record, page.n)
    if not 0 <= place < len(regions):
        raise CopyError("Vùng che ấy không còn; hãy xem lại trang.")
    _keep(session, request, record, page, [one for n, one in enumerate(regions) if n != place], by)


def _add(session: Session, request: ReadingRequest, record: Record, page: Page, regions: list[Region], by: str) -> None:
    kept = [*masks_of(session, request, record, page.n), *read_regions([list(one) for one in regions])]
    kept = list(dict.fromkeys(kept))
    if len(kept) > MOST:
        raise CopyError("Một trang có nhiều nhất %(n)s vùng che; hãy che bằng vùng lớn hơn.", n=MOST)
    _keep(session, request, record, page, kept, by)


def _keep(
    session: Session, request: ReadingRequest, record: Record, page: Page, regions: list[Region], by: str
) -> None:
    lock_masks(session, request)
    session.refresh(request)
    if not may_mask(request):
        raise CopyError("Yêu cầu này đã quyết định hoặc không xin bản sao: không đổi vùng che được nữa.")
    if page.is_image_closed:
        raise CopyError(
            "Ảnh trang %(page)s không cho độc giả xem: bản sao dùng chữ của trang, không che được vùng.", page=page.n
        )
    copy = _copy(session, request, record)
    if copy is None:
        copy = prepared(request, record.id, GRADES[request.kind])
        session.add(copy)
    copy.masks = {**copy.masks, str(page.n): [list(one) for one in regions]}
    session.flush()
    record_event(session, by, "copy-masked", record.public_id, request=request.code, page=page.n, masks=len(regions))


def _copy(session: Session, request: ReadingRequest, record: Record) -> IssuedCopy | None:
    return session.scalar(
        select(IssuedCopy).where(
            IssuedCopy.request_id == request.id, IssuedCopy.record_id == record.id,
            IssuedCopy.grade == GRADES.get(request.kind, ""),
        )
    )  # fmt: skip


def _places(page: Page, words: str) -> Iterator[list[Region]]:
    tokens, wanted = [_plain(one) for one in page.text.split()], [_plain(one) for one in words.split()]
    if page.boxes is None or not any(wanted):
        return
    found = boxes.decode(page.boxes)
    if found.count != len(tokens):
        return
    across, down = found.width, found.height
    for first in range(len(tokens) - len(wanted) + 1):
        if tokens[first : first + len(wanted)] == wanted:
            yield [
                _wider(one.x / across, one.y / down, one.w / across, one.h / down)
                for one in boxes.rectangles(found, first, first + len(wanted) - 1)
            ]


def _wider(x: float, y: float, w: float, h: float) -> Region:
    left, top = max(x - EDGE, 0.0), max(y - EDGE, 0.0)
    return left, top, min(x + w + EDGE, 1.0) - left, min(y + h + EDGE, 1.0) - top


def _plain(word: str) -> str:
    """A word without letter case and without the marks around it."""
    return unicodedata.normalize("NFC", word).casefold().strip(".,;:!?()[]“”\"'…")
