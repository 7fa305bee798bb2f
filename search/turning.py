"""Turning pages: which of the hits that came back are the page, and where the pages beside it begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.cursor import Place
from search.plan import Start

_LAST, _EARLIER = 3, 3  # records of this page and of the pages before: one of them will still be found


@dataclass(frozen=True, slots=True)
class Turned:
    """A page: the ids of its hits, and the places of its neighbours (None: there is none)."""

    ids: tuple[str, ...]
    next: Place | None
    previous: Place | None


def start_of(place: Place) -> Start | None:
    """Where the engine begins; None for the first page."""
    return Start(place.ids, place.near, place.back, place.skip) if place != Place(widening=place.widening) else None


def position(ordered: Sequence[str], place: Place, size: int) -> int:
    """Where in the whole order of hits the page of a place begins: next to a record of its, or where it was."""
    places = {own: at for at, own in enumerate(ordered)}
    if place.back:
        end = next((places[own] - place.skip for own in place.ids if own in places), place.near)
        return max(end - size, 0)
    return next((places[own] + 1 + place.skip for own in place.ids if own in places), place.near)


def asked_size(size: int) -> int:
    """As many hits as a page has, and one more that says whether there is a further page."""
    return size + 1 if size else 0


def cut(hits: Sequence[str], place: Place, size: int) -> tuple[tuple[str, ...], bool]:
    """The hits of the page, and whether there are more in the direction that was looked."""
    more = len(hits) > size
    return tuple(hits[-size:] if place.back else hits[:size]) if size else (), more


def turn(hits: Sequence[str], shown: Sequence[str], place: Place, size: int, widening: int) -> Turned:
    """The page of hits that came back; ``shown`` are those that the catalogue does not withhold."""
    page, more = cut(hits, place, size)
    kept = [own for own in page if own in set(shown)]
    near = max(place.near - len(page), 0) if place.back else place.near
    following = before = None
    if page and (more or place.back):
        carried = () if place.back else place.ids[:_EARLIER]
        ids = (*kept[: -_LAST - 1 : -1], *carried)
        skip = page[::-1].index(kept[-1]) if kept else (0 if place.back else place.skip) + len(page)
        following = Place(near + len(page), widening, ids, skip=skip)
    if page and (more if place.back else near > 0):
        ids = tuple(kept[:_LAST])
        before = Place(near, widening, ids, back=True, skip=page.index(kept[0]) if kept else 0)
    return Turned(page, following, before)
