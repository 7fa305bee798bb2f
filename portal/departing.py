"""What answers for a record that was public and left: the way to what replaced it, or a page that it was withdrawn.

Looked up for every address of a record that is missing, whether one lies there or none.
"""

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from archive import browsing, departures
from archive.access import may_page
from archive.catalogue.records import Record
from archive.database import reading
from archive.identifiers import is_identifier
from portal.addresses import LEVELS, record_url
from portal.viewing import Asking, NarrowToken, UnknownToken, asking
from portal.wording import day as day_words
from portal.wording import wants_json

GONE = 410


def answer_departed() -> Response | None:
    """The answer for a missing record that has left, by redirect (301) or tombstone (410); None: it is just missing.

    Of a tombstone with a location the record lives on there, only the page that is asked for does not.
    """
    named = str((request.view_args or {}).get("public_id", ""))
    if request.method not in {"GET", "HEAD"} or not is_identifier(named) or "allowed" in g:
        return None
    if request.path.startswith("/quan-tri/"):
        return None
    kind = str((request.view_args or {}).get("kind", ""))
    try:
        who = asking()
        with reading() as session:
            gone = departures.find_departure(session, named)
            if gone is None or (kind and LEVELS.get(kind) != gone.level):
                return None
            heir = browsing.find_record(session, who.viewer, gone.successor, who.day) if gone.successor else None
            page = _page(session, who, named, heir) if heir and wants_json() and "n" in (request.view_args or {}) else 0
    except (UnknownToken, NarrowToken, SQLAlchemyError):
        return None
    if heir is not None and page is None:
        return Response(status=GONE, headers={"Location": record_url(heir.level, heir.public_id)})
    if heir is not None:
        return make_response(redirect(_address(named, heir, page or 0), 301))
    if wants_json():
        return Response(status=GONE)
    title = _("Tài liệu này đã rút khỏi cổng")
    said = _("Tài liệu từng mở cho mọi người xem; Trung tâm đã rút ngày %(day)s.", day=day_words(gone.left_on))
    return make_response(render_template("error.html", title=title, text=said, back="/", asked=""), GONE)


def _page(session: Session, who: Asking, named: str, heir: Record) -> int | None:
    """Under which number the page that is asked for is in the successor, for who may see it there; None: it is not.

    Numbers shift where records are merged: only the same file of the storage is the same page.
    """
    n = departures.same_page(session, named, int((request.view_args or {})["n"]), heir)
    return n if n and may_page(who.viewer, heir, n, who.day) else None


def _address(old: str, heir: Record, page: int) -> str:
    """The same address of the successor where programs ask, else its page with the words that are looked for: pages,
    hits and regions are counted anew there."""
    if page:
        here = url_for(str(request.endpoint), **(request.view_args or {}) | {"public_id": heir.public_id, "n": page})
        return here + (f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else "")
    if wants_json() or request.path.startswith("/t/"):
        asked = request.query_string.decode("ascii", "ignore")
        return request.path.replace(old, heir.public_id) + (f"?{asked}" if asked else "")
    q = request.args.get("q", "")
    return record_url(heir.level, heir.public_id, **({"q": q} if q else {}))
