"""The fonds by agency, by period and by place: groups, each with what it holds for this reader."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import fonds_lists
from archive.fonds_lists import Share
from portal.addresses import record_url, search_url
from portal.faceting import Link
from portal.numbers import asked_number
from portal.viewing import Asking
from search.criteria import Criteria

WAYS = ("co-quan", "thoi-gian", "noi")
LEVELS = ("file", "document")  # what is counted
PLACES = 20  # a page


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as the page shows it."""

    title: str
    url: str
    count: int
    links: tuple[Link, ...]


def show_groups(session: Session, who: Asking, by: str) -> ResponseReturnValue:
    """The page of the fonds ``by`` one of WAYS."""
    before = after = ""
    if by == "co-quan":
        groups = [_of_agency(one) for one in fonds_lists.by_agency(session, who.viewer, who.day)]
    elif by == "thoi-gian":
        groups = [_of_decade(year, one) for year, one in fonds_lists.by_decade(session, who.viewer, who.day)]
    else:
        start = max(asked_number("tu", 1), 1)
        found, total = fonds_lists.by_place(session, who.viewer, who.day, start, PLACES)
        groups = [_of_place(one) for one in found]
        before = _page(by, max(1, start - PLACES)) if start > 1 else ""
        after = _page(by, start + PLACES) if start + PLACES <= total else ""
    return render_template("fonds_groups.html", by=by, groups=groups, before=before, after=after)


def _of_agency(group: fonds_lists.Group) -> Shown:
    return Shown(group.name or _("Chưa rõ cơ quan"), "", group.count, _fonds(group.shares))


def _of_decade(year: int, group: fonds_lists.Group) -> Shown:
    if not year:
        return Shown(_("Không rõ năm"), "", group.count, _fonds(group.shares))
    criteria = Criteria(level=LEVELS, date_from=f"{year:04d}", date_to=f"{year + 9:04d}")
    return Shown(f"{year}–{year + 9}", search_url(criteria), group.count, _links(group.shares, criteria))


def _of_place(group: fonds_lists.Group) -> Shown:
    criteria = Criteria(level=LEVELS, facets={"place": (group.public_id,)})
    return Shown(
        group.name,
        url_for("naming.name", kind="noi", value=group.public_id),
        group.count,
        _links(group.shares, criteria),
    )


def _fonds(shares: tuple[Share, ...]) -> tuple[Link, ...]:
    return tuple(
        Link(one.fonds.title or one.fonds.code, record_url("fonds", one.fonds.public_id), one.count) for one in shares
    )


def _links(shares: tuple[Share, ...], criteria: Criteria) -> tuple[Link, ...]:
    return tuple(
        Link(
            one.fonds.title or one.fonds.code,
            search_url(criteria.toggled("fonds", one.fonds.public_id)),
            one.count,
        )
        for one in shares
    )


def _page(by: str, start: int) -> str:
    address = url_for("browsing.fonds_list", theo=by)
    return f"{address}&tu={start}" if start > 1 else address
