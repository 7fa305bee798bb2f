"""The cursor: an opaque, signed way to the next page, bound to the question and to the viewer's tags."""

import hashlib
import json
from dataclasses import astuple, dataclass, replace

from itsdangerous import BadData, URLSafeSerializer

from archive.access import Viewer
from search.criteria import Criteria, CriteriaError
from search.facet_pages import FacetPlace, FacetQuestion
from search.results import FacetValue


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of results begins, and how wide the question had become when it was first asked.

    Behind the first of ``ids`` that is still found (``back``: before it), ``skip`` hits left out; ``near`` hits were
    thought to stand before the page.  The ids are of records that this viewer was shown: a cursor says nothing of
    scores, nor of what is withheld.
    """

    near: int = 0
    widening: int = 0
    ids: tuple[str, ...] = ()
    back: bool = False
    skip: int = 0


class Cursors:
    """Makes and reads cursors with one secret key."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(
            secret, salt="vankho.search.cursor", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def write(self, viewer: Viewer, criteria: Criteria, place: Place) -> str:
        """The cursor of a place in the results of this question, for this viewer."""
        told = [place.near, place.widening, " ".join(place.ids), int(place.back), place.skip]
        return str(self._signer.dumps([_bound_to(viewer, criteria), *told]))

    def read(self, viewer: Viewer, criteria: Criteria) -> Place:
        """The place of the question's cursor, the beginning if it has none.

        CriteriaError if the cursor was tampered with, or belongs to another question or another reader.
        """
        if not criteria.cursor:
            return Place()
        try:
            bound, near, widening, ids, back, skip = self._signer.loads(criteria.cursor)
        except (BadData, ValueError, TypeError):
            bound = ""
        if bound != _bound_to(viewer, criteria):
            raise _foreign()
        return Place(near, widening, tuple(ids.split()), bool(back), skip)


class FacetCursors:
    """The same for pages of a facet's values."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(
            secret, salt="vankho.search.facet", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def write(self, viewer: Viewer, criteria: Criteria, asked: FacetQuestion, last: FacetValue) -> str:
        """The cursor of what follows a value."""
        return str(self._signer.dumps([_bound_to(viewer, criteria, astuple(asked)), last.value, last.count]))

    def read(self, viewer: Viewer, criteria: Criteria, asked: FacetQuestion) -> FacetPlace:
        """Behind which value to begin; CriteriaError on a cursor that is not of this question and this viewer."""
        if not criteria.cursor:
            return FacetPlace()
        try:
            bound, value, count = self._signer.loads(criteria.cursor)
        except (BadData, ValueError, TypeError):
            bound = ""
        if bound != _bound_to(viewer, criteria, astuple(asked)):
            raise _foreign()
        return FacetPlace(value, count)


def _foreign() -> CriteriaError:
    return CriteriaError(
        "cursor",
        "con trỏ trang không hợp lệ hoặc thuộc về một câu hỏi khác; hãy tìm lại từ trang đầu",
        "not a cursor of this question; start again from the first page",
    )


def lost_place() -> CriteriaError:
    """What is said when nothing is left of the place that a cursor names."""
    return CriteriaError(
        "cursor",
        "các tài liệu ở chỗ này đã thay đổi; hãy tìm lại từ trang đầu",
        "the records at this place have changed; start again from the first page",
    )


def _bound_to(viewer: Viewer, criteria: Criteria, more: tuple[object, ...] = ()) -> str:
    question = json.dumps([replace(criteria, cursor="").parameters(), sorted(viewer.tags), *more])
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:32]
