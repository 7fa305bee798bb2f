"""The list of a record's members: in their own order by places, or by title, year or number from somewhere on, or only
those with certain words.  Everything stands in the address, so that whoever comes back comes back to the same place.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, describing
from archive.access import sql_condition
from archive.browsing import Extent, Window
from archive.catalogue.records import Record
from archive.member_lists import WINDOW, Members, Order, Stretch
from portal.addresses import record_url
from portal.house import house
from portal.numbers import as_number, asked_number
from portal.picking import Picking, asked_picking, place
from portal.viewing import Asking
from search.criteria import Criteria, CriteriaError, Sort
from search.errors import SearchDownError

LONGEST_NUMBER = 200
LONGEST_WORDS = 200
ORDERS: dict[str, Order] = {"tieu-de": "title", "nam": "day", "so": "number"}
NAMES = {order: name for name, order in ORDERS.items()}
_SORTS: dict[str, Sort] = {"tieu-de": "title", "nam": "date", "so": "number"}


@dataclass(frozen=True, slots=True)
class Row:
    """A member in a list: the record, its type, what lies below it, how it may be read."""

    record: Record
    type: str
    extent: Extent
    access: str
    opens_on: int | None


@dataclass(frozen=True, slots=True)
class MemberList:
    """What a list of members shows.  ``start`` is the place of its first row in the members' own order, 0 in others."""

    rows: list[Row]
    total: int
    start: int = 0
    window: Window | None = None
    order: str = ""  # as in addresses: tieu-de, nam, so; empty: the members' own
    before: str = ""  # addresses
    after: str = ""
    notice: str = ""
    asked: dict[str, str] = field(default_factory=dict)  # what the fields of the form keep
    letters: tuple[str, ...] = ()
    kept: str = ""  # the member one comes back to
    base: dict[str, str] = field(default_factory=dict)  # what every address of this list carries
    level: str = ""
    public_id: str = ""
    filtered: bool = False
    picking: Picking = field(default_factory=Picking)

    def url(self, **more: str) -> str:
        """The address of this page with another list."""
        return record_url(self.level, self.public_id, **self.base, **more)

    def here(self, picking: str = "") -> str:
        """The address of this part of the list, with boxes to choose by (``chon``) or (empty) without."""
        kept = {name: value for name, value in (self.base | place()).items() if name != "chon"}
        return record_url(self.level, self.public_id, **kept, **({"chon": picking} if picking else {}))


def list_members(
    session: Session, who: Asking, page: Record, parent: Record, level: str = "", base: dict[str, str] | None = None
) -> MemberList:
    """The members of ``parent`` as the request asks for them, on the page of the record ``page``."""
    members = Members(who.viewer, who.day, parent, level)
    window = browsing.children(session, who.viewer, parent, who.day, _start(session, members), level=level)
    names, picking = ("so", "nam", "loc"), asked_picking()
    shown = MemberList(
        rows=[], total=window.total, start=window.start, window=window,
        base=(base or {}) | picking.base, level=page.level,
        public_id=page.public_id, asked={name: value for name in names if (value := _asked(name))},
        letters=members.letters(session) if window.total > WINDOW else (), kept=_asked("tai"),
        picking=picking,
    )  # fmt: skip
    if words := _asked("loc")[:LONGEST_WORDS]:
        return _filtered(session, who, parent, shown, words)
    order, stretch, notice = _stretch(session, members)
    if stretch is None or not order:
        return replace(shown, rows=rows_of(session, who, window.records), notice=notice)
    name = NAMES[order]
    own = [one.public_id for one in stretch.records]
    return replace(
        shown,
        rows=rows_of(session, who, stretch.records),
        window=None,
        start=0,
        order=name,
        notice=notice,
        before=shown.url(xep=name, truoc=own[0]) if own and stretch.more_before else "",
        after=shown.url(xep=name, sau=own[-1]) if own and stretch.more_behind else "",
    )


def rows_of(session: Session, who: Asking, records: tuple[Record, ...]) -> list[Row]:
    """Members with what their rows show."""
    extents = browsing.children_extents(session, who.viewer, records, who.day)
    types = describing.type_labels(session, records)
    return [
        Row(one, types.get(one.type_slug or "", ""), extents.get(one.id, Extent()), *browsing.standing(one, who.day))
        for one in records
    ]


def _stretch(session: Session, members: Members) -> tuple[Order | None, Stretch | None, str]:
    """The order and stretch that the address names, and what is to be said of it; None: the members' own order."""
    number, year, letter = _asked("so")[:LONGEST_NUMBER], _asked("nam"), _asked("chu")
    if number:
        found = members.from_number(session, number)
        exact = found and any(number in (one.number, one.code, one.number.split("/")[0]) for one in found.records)
        return "number", found, "" if exact else _nothing(_("số hay mã"), number, found)
    if year:
        whole = as_number(year, digits=4) if len(year) == 4 else 0
        found = members.from_year(session, whole) if whole else None
        return "day", found, "" if found and _begins_in(found.records[0], whole) else _nothing(_("năm"), year, found)
    if letter:
        found = members.from_letter(session, letter)
        return "title", found, "" if found else _nothing(_("chữ"), letter, found)
    order = ORDERS.get(_asked("xep"))
    if order is None:
        return None, None, ""
    behind, before = _asked("sau"), _asked("truoc")
    if behind or before:
        next_to = members.behind(session, order, behind) if behind else members.before(session, order, before)
        if next_to is None or not next_to.records:
            return order, members.beginning(session, order), _("Chỗ cũ trong danh sách không còn; danh sách từ đầu.")
        return order, next_to, ""
    return order, members.beginning(session, order), ""


def _begins_in(record: Record, year: int) -> bool:
    return record.date_from is not None and date.fromordinal(record.date_from).year == year


def _nothing(kind: str, asked: str, found: Stretch | None) -> str:
    if found is None:
        text = _(
            "Không có mục nào mang %(kind)s “%(asked)s” ở đây hay về sau; danh sách bên dưới vẫn từ đầu.",
            kind=kind,
            asked=asked,
        )
    else:
        text = _("Không có %(kind)s “%(asked)s” ở đây; danh sách bắt đầu từ mục kế tiếp.", kind=kind, asked=asked)
    return str(text)


def _filtered(session: Session, who: Asking, parent: Record, shown: MemberList, words: str) -> MemberList:
    order = name if (name := _asked("xep")) in ORDERS else "nam"
    level = "document" if parent.level == "file" else "file"
    criteria = Criteria(q=words, sort=_SORTS[order], size=WINDOW, cursor=request.args.get("cursor", ""))
    notice = ""
    try:
        try:
            part = house().gateway.members(who.viewer, parent.public_id, level, criteria)
        except CriteriaError:  # an address of another reader, or of another day of the index
            part = house().gateway.members(who.viewer, parent.public_id, level, replace(criteria, cursor=""))
            notice = _("Chỗ cũ trong danh sách không còn; danh sách từ đầu.")
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        told = _("Chưa lọc được: chỉ mục tìm kiếm đang ngừng. Danh sách bên dưới là tất cả.")
        return replace(shown, rows=rows_of(session, who, shown.window.records if shown.window else ()), notice=told)
    seen = select(Record).where(Record.public_id.in_(part.ids), sql_condition(who.viewer, "see", who.day))
    found = {one.public_id: one for one in session.scalars(seen)}
    records = tuple(found[one] for one in part.ids if one in found)
    return replace(
        shown,
        rows=rows_of(session, who, records),
        total=part.total,
        start=0,
        window=None,
        order=order,
        notice=notice or ("" if records else _("Không có mục nào có “%(words)s” trong tiêu đề hay số.", words=words)),
        before=shown.url(loc=words, xep=order, cursor=part.previous) if part.previous else "",
        after=shown.url(loc=words, xep=order, cursor=part.next) if part.next else "",
        filtered=True,
    )


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()


def _start(session: Session, members: Members) -> int:
    if kept := _asked("tai"):
        place = browsing.position(session, members.viewer, members.parent, members.day, kept, level=members.level)
        return (place - 1) // WINDOW * WINDOW + 1 if place else 1
    return asked_number("tu", 1, digits=8)
