"""A reader's copies: given to their owner alone, until their day, while the right to copy is there."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Flask, Response
from flask.typing import ResponseReturnValue

from archive.access import ground, may, may_copy_pages
from archive.audit import record_event
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.database import reading, writing
from desk import requests as desk
from desk.copies.ordering import copies_of, copy_path, find_copy
from desk.handing import paper_records
from portal.auditing import allowed
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.viewing import asking

PIECE = 1 << 18
MEDIA = {".pdf": "application/pdf", ".zip": "application/zip"}

blueprint = Blueprint("copying", __name__)


def install(app: Flask) -> None:
    """The pages of a request show its copies."""
    app.jinja_env.globals["copies_of_request"] = shown_copies
    app.jinja_env.globals["paper_of_request"] = shown_paper


def shown_copies(request_id: int) -> list[tuple[IssuedCopy, Record | None]]:
    """The copies of a request with their records, None for one that the viewer does not see (any more)."""
    who = asking()
    with reading() as session:
        found = [(one, session.get_one(Record, one.record_id)) for one in copies_of(session, request_id)]
    return [(one, record if may(who.viewer, "see", record, who.day) else None) for one, record in found]


def shown_paper(asked: ReadingRequest) -> list[Record]:
    """What of a granted request is copied on paper only, of the records that the viewer sees."""
    who = asking()
    with reading() as session:
        found = paper_records(session, asked) if asked.state != "payment" else []
    return [one for one in found if may(who.viewer, "see", one, who.day)]


@blueprint.get("/yeu-cau/<request_code>/ban-sao/<copy_code>")
@for_signed_in
def download(request_code: str, copy_code: str) -> ResponseReturnValue:
    """The file of a copy; whatever is not so (another's, not made, past its day, right withdrawn) is missing."""
    who = asking()
    with reading() as session:
        copy, asked = find_copy(session, copy_code), desk.find_request(session, request_code)
        if copy is None or asked is None or copy.request_id != asked.id:
            raise missing()
        record = session.get_one(Record, copy.record_id)
    owned = copy.account_id == asked.account_id == own_account().id
    running = copy.state == "made" and copy.until is not None and copy.until >= today_number()
    path = copy_path(copy.code, copy.grade)
    if not owned or not running or not may_copy_pages(who.viewer, record, copy.pages, who.day) or not path.is_file():
        raise missing()
    allowed()
    with writing() as session:
        why = ground(who.viewer, "read", record)
        record_event(session, who.viewer.name, "copy-fetched", record.public_id, ground=why, copy=copy.code)
    answer = Response(_pieces(path), content_type=MEDIA[path.suffix])
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="ban-sao-{path.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
