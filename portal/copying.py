"""A reader's copies: given to their owner alone, until their day, while the right to copy is there."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from flask import Blueprint, Flask, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive.access import Viewer, ground, may
from archive.accounts import viewer_of
from archive.audit import record_event
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.database import reading, writing
from desk import requests as desk
from desk.copies.keys import signing_gaps
from desk.copies.ordering import copy_path, find_copy, ordered
from desk.copies.recordings import given_recordings
from desk.copies.rights import may_have
from desk.handing import hands_files, paper_records
from portal.auditing import allowed
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.numbers import asked_number
from portal.viewing import Asking, asking

PIECE = 1 << 18
MEDIA = {".pdf": "application/pdf", ".zip": "application/zip"}

blueprint = Blueprint("copying", __name__)


def install(app: Flask) -> None:
    """The pages of a request show its copies."""
    app.jinja_env.globals["parts_of_copy"] = parts
    app.jinja_env.globals["paper_of_request"] = shown_paper
    app.jinja_env.globals["signing_gaps"] = told_gaps


def told_gaps() -> list[str]:
    """What the installation's signatures lack, in words for staff and administrators."""
    words = {
        "stamp": _("Bản sao được ký không có dấu thời gian: chưa đặt VANKHO_TSA_URL."),
        "roots": _(
            "Bản sao được ký không kèm dữ liệu để xét lâu dài, và /xac-thuc chưa xét được nơi cấp chứng thư số: "
            "chưa đặt VANKHO_SIGNATURE_ROOTS."
        ),
    }
    return [words[one] for one in signing_gaps()]


def shown_copies(session: Session, who: Asking, copies: Iterable[IssuedCopy]) -> list[tuple[IssuedCopy, Record | None]]:
    """Those of a request's copies that were ordered with their records, None for one that the viewer does not see (any
    more)."""
    found = [(one, session.get_one(Record, one.record_id)) for one in ordered(copies)]
    return [(one, record if may(who.viewer, "see", record, who.day) else None) for one, record in found]


def parts(copy: IssuedCopy, record: Record) -> list[int]:
    """What a made copy consists of: 0 its own file, where there is one, and the pages whose recordings it gives."""
    with reading() as session:
        heard = [one.n for one in given_recordings(session, record, copy.grade, copy.pages)]
    return [0, *heard] if not heard or copy_path(copy.code, copy.grade).is_file() else heard


def shown_paper(asked: ReadingRequest) -> list[Record]:
    """What of a granted request is copied on paper only, of the records that the viewer sees."""
    who = asking()
    with reading() as session:
        found = paper_records(session, asked) if asked.state != "payment" else []
    return [one for one in found if may(who.viewer, "see", one, who.day)]


@blueprint.get("/yeu-cau/<request_code>/ban-sao/<copy_code>")
@for_signed_in
def download(request_code: str, copy_code: str) -> ResponseReturnValue:
    """The file of a copy, or (``ban-ghi``, a page) a recording that it gives; whatever is not so (another's, not made,
    past its day, right withdrawn) is missing.  Of who came or wrote staff fetch it, to hand it over."""
    who = asking()
    with reading() as session:
        copy, asked = find_copy(session, copy_code), desk.find_request(session, request_code)
        if copy is None or asked is None or copy.request_id != asked.id:
            raise missing()
        record, n = session.get_one(Record, copy.record_id), asked_number("ban-ghi")
        heard = [one for one in given_recordings(session, record, copy.grade, copy.pages) if one.n == n]
        reader = _reader(session, who, asked, copy)
        may_fetch = reader is not None and may_have(session, reader, copy, record, who.day)
    running = copy.state == "made" and copy.until is not None and copy.until >= today_number()
    path = copy_path(copy.code, copy.grade)
    if reader is None or not running or not may_fetch or not (heard if n else path.is_file()):
        raise missing()
    allowed()
    with writing() as session:
        why = ground(reader, "read", record)
        told = ({"page": n} if n else {}) | ({"to": reader.name} if reader.name != who.viewer.name else {})
        record_event(session, who.viewer.name, "copy-fetched", record.public_id, ground=why, copy=copy.code, **told)
    if heard:
        own, name = heard[0], f"{copy.code}-{n}.{heard[0].container}"
        answer = Response(_pieces(house().storage.open(own.sha256)), content_type=own.media_type)
        answer.headers["Content-Length"] = str(own.size)
    else:
        name = path.name
        answer = Response(_pieces(path.open("rb")), content_type=MEDIA[path.suffix])
        answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers["Content-Disposition"] = f'attachment; filename="ban-sao-{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _reader(session: Session, who: Asking, asked: ReadingRequest, copy: IssuedCopy) -> Viewer | None:
    """Whose copy it is, where who asks has it or hands it over."""
    if copy.account_id != asked.account_id:
        return None
    if asked.account_id == own_account().id:
        return who.viewer
    if not hands_files(session, who.viewer, asked):
        return None
    return viewer_of(session.get_one(Account, asked.account_id), who.day)


def _pieces(opened: BinaryIO) -> Iterator[bytes]:
    with opened as file:
        while piece := file.read(PIECE):
            yield piece
