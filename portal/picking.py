"""Choosing several members of a list for the reading list at once (``chon``), on the list's own page.

A link in each of fifty rows would make every page heavy (tests: pages stay under 60 KiB), so the boxes stand on the
page that one asks for: the same address with ``chon=1`` (``ca``: all of them ticked), kept through parts, orders and
filters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from archive.access import Viewer
from archive.database import reading
from desk.requests import seen_records
from portal.errors import missing
from portal.numbers import asked_number
from portal.reading_list import MOST_LISTED, keep, listed, pages_listed

PRIVATE = {"Cache-Control": "no-store"}  # a token, and what this browser has on its list
#: What of an address says which part of a list is shown.
PLACE = ("ml", "so", "nam", "chu", "xep", "sau", "truoc", "loc", "cursor", "tu", "tai", "ds")


@dataclass(frozen=True, slots=True)
class Picking:
    """How a list is shown to one who may choose: ``on`` with boxes, ``every`` with all of them ticked; ``listed`` stand
    on the reading list already, whole; ``added``: how many just came on it, None where none were sent."""

    on: bool = False
    every: bool = False
    listed: frozenset[str] = frozenset()
    added: int | None = None

    @property
    def base(self) -> dict[str, str]:
        """What the addresses of the list carry."""
        return {"chon": "1"} if self.on else {}

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says of being kept."""
        return PRIVATE if self.on else {}


def asked_picking() -> Picking:
    """As the address has it."""
    wish = request.args.get("chon", "")
    if wish not in {"1", "ca"}:
        return Picking()
    added = asked_number("da", digits=2) if "da" in request.args else None
    whole = frozenset(listed()) - pages_listed().keys()
    return Picking(True, wish == "ca", whole, min(added, MOST_LISTED) if added is not None else None)


def place() -> dict[str, str]:
    """The part of the list that the address shows."""
    return {name: value for name in PLACE if (value := request.args.get(name, "").replace("\0", ""))}


@dataclass(frozen=True, slots=True)
class Put:
    """How many of those chosen are on the reading list now; what is told where that is not all of them."""

    added: int
    told: str = ""


def put_several(viewer: Viewer, wishes: Sequence[str]) -> Put:
    """Puts these records on the list, whole, as many as fit.  What the viewer does not see is missing, like what does
    not exist: it counts as such, and where nothing else was chosen the answer is that of a missing page."""
    wanted, kept = list(dict.fromkeys(wishes)), listed()
    with reading() as work:
        found = seen_records(work, viewer, wanted)
    if wanted and not found:
        raise missing()
    new = [one for one in found if one.public_id not in kept]
    left = new[max(0, MOST_LISTED - len(kept)) :]
    put = [one.public_id for one in found if one not in left]
    keep([*kept, *put], {one: pages for one, pages in pages_listed().items() if one not in put})
    gone = len(wanted) - len(found)
    return Put(len(put), _left_out(len(put), [one.number or one.code for one in left], gone) if left or gone else "")


def _left_out(put: int, left: Sequence[str], gone: int) -> str:
    told = [ngettext("Đã thêm %(n)s tài liệu.", "Đã thêm %(n)s tài liệu.", put, n=put)] if put else []
    if left:
        told.append(
            _(
                "Danh sách chỉ giữ %(n)s tài liệu nên chưa thêm: %(left)s. Hãy gửi yêu cầu hoặc bỏ bớt rồi chọn lại.",
                n=MOST_LISTED,
                left=", ".join(left),
            )
        )
    if gone:
        told.append(
            ngettext(
                "%(n)s tài liệu đã chọn không còn xem được nên không thêm.",
                "%(n)s tài liệu đã chọn không còn xem được nên không thêm.",
                gone,
                n=gone,
            )
        )
    return " ".join(str(one) for one in told)
