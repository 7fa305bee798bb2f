"""Evidence with a request: read from a form without holding what is too large, given out to who may see it."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from limits import RateLimitItemPerHour
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from archive.audit import record_event
from archive.catalogue.evidence import Evidence
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.database import reading, writing
from archive.terms import term
from desk import requests as desk
from desk.papers.allowed import MEDIA, NAMES, file_kinds, largest, paper_kinds
from desk.papers.judging import FIELD as WHOLE
from desk.papers.keeping import Sent, drop_held, evidence_of, evidence_path, find_evidence, held, hold
from desk.papers.seeing import may_see_evidence
from desk.steps import RequestError
from portal.auditing import allowed
from portal.errors import missing
from portal.guarding import for_signed_in, own_account
from portal.house import house
from portal.viewing import asking

MOST_BODY = 1 << 30  # bytes that are read to tell what is wrong; of a file no more than its limit is kept
SPOOLED = 1 << 20
PIECE = 1 << 18
FIELD = "giay-to-"  # the kind of paper follows
OF_ACCOUNT = RateLimitItemPerHour(120)  # forms with files
FORMS = ("portal.requesting.send", "portal.following.act", "portal.assisting.take")

blueprint = Blueprint("evidence", __name__)


class _Capped(SpooledTemporaryFile[bytes]):
    """Keeps one byte more than the largest file may have; the rest is read and forgotten."""

    def __init__(self, most: int) -> None:
        super().__init__(max_size=SPOOLED)
        self._room = most + 1

    def write(self, data: Any) -> int:
        """Says that all was written, so that the reader of the form goes on to its next field."""
        piece = bytes(data)[: self._room]
        self._room -= len(piece)
        super().write(piece)
        return len(data)


class _Parser(FormDataParser):
    """A reader of forms whose files are capped."""

    def __init__(self, stream_factory: object = None, **told: Any) -> None:
        most = largest(today_number())
        super().__init__(lambda *_given, **_named: cast("Any", _Capped(most)), **told)


def install(app: Flask) -> None:
    """The forms that carry evidence are larger than others: their views say how large, then check their token."""
    guard: CSRFProtect = app.extensions["csrf"]
    for view in FORMS:
        guard.exempt(view)
    app.jinja_env.globals.update(
        evidence_rules=evidence_rules, paper_name=paper_name, seen_evidence=seen_evidence, media_name=NAMES.get
    )


def read_form() -> None:
    """Reads the form of this request with its files, and checks its token.  Raises RequestEntityTooLarge, CSRFError."""
    request.max_content_length, request.max_form_memory_size, request.max_form_parts = MOST_BODY, 1 << 20, 200
    if (request.content_length or 0) > MOST_BODY:
        raise RequestEntityTooLarge  # before a byte of it is read
    request.form_data_parser_class = _Parser
    guard: CSRFProtect = current_app.extensions["csrf"]
    guard.protect()


def hold_files(submission: str) -> list[RequestError]:
    """Keeps the files of the form for its number, takes off those that were crossed out (``bo-giay-to``); returns what
    is wrong with the files."""
    account, crossed = own_account(), request.form.getlist("bo-giay-to")
    if crossed:
        with writing() as session:
            drop_held(session, account.id, submission, crossed)
    sent = [
        Sent(kind, one.filename or "", cast(BinaryIO, one.stream))
        for kind in paper_kinds(today_number())
        for one in request.files.getlist(f"{FIELD}{kind}")
        if one.filename
    ]
    if sent and house().limits.wait(OF_ACCOUNT, f"evidence:{account.id}"):
        return [RequestError(_("Bạn đã gửi nhiều lần trong một giờ. Hãy đợi rồi gửi tiếp giấy tờ."), WHOLE)]
    return hold(account.id, submission, sent)


def too_large() -> RequestError:
    """What is told where the files of a form are more together than is read."""
    return RequestError(_("Các tệp gửi cùng lúc lớn quá. Hãy gửi từng tệp, mỗi tệp trong mức ghi ở mẫu."), WHOLE)


def held_for(submission: str) -> list[Evidence]:
    """What is held for a form that is shown again."""
    with reading() as session:
        return held(session, own_account().id, submission)


def evidence_rules() -> dict[str, Any]:
    """What a form says of evidence: kinds of papers, kinds of files, how many."""
    day = today_number()
    return {
        "papers": paper_kinds(day),
        "files": {NAMES[name]: one.most >> 20 for name, one in file_kinds(day).items()},
        "accept": ",".join(
            [f".{ending}" for one in file_kinds(day).values() for ending in one.endings]
            + [MEDIA[one] for one in file_kinds(day)]
        ),
        "most": term("evidence.most", day),
        "kept": term("evidence.kept", day),
    }


def paper_name(paper: str) -> str:
    """A kind of paper as people say it."""
    names: dict[str, str] = {
        "purpose": _("Giấy giới thiệu, công văn hoặc đề cương nêu mục đích"),
        "identity": _("Giấy tờ tùy thân (căn cước, hộ chiếu)"),
        "proxy": _("Giấy ủy quyền"),
        "heir": _("Giấy tờ về quan hệ nhân thân, thừa kế"),
        "priority": _("Giấy tờ về trường hợp đặc biệt, ưu tiên"),
        "other": _("Giấy tờ khác"),
    }
    return names.get(paper, paper)


def seen_evidence(found: ReadingRequest, *, staff: bool = False) -> tuple[list[Evidence], bool]:
    """The evidence of a request, and whether who asks may see it: others are told how many files."""
    with reading() as session:
        there = evidence_of(session, found)
        seen = may_see_evidence(session, found, asking().viewer) if staff and there else not staff
    return there, seen


@blueprint.get("/yeu-cau/<code>/giay-to/<evidence>")
@for_signed_in
def own(code: str, evidence: str) -> ResponseReturnValue:
    """The file of evidence with one's own request; whatever is not so is missing."""
    with reading() as session:
        asked = desk.find_request(session, code)
        if asked is None or asked.account_id != own_account().id:
            raise missing()
        found = _found(session, asked, evidence)
    return _given(asked, found)


@blueprint.get("/quan-tri/yeu-cau/<code>/giay-to/<evidence>")
def officers(code: str, evidence: str) -> ResponseReturnValue:
    """The file of evidence for the officers of that request (desk.papers.seeing); for all others it is missing."""
    who = asking()
    if not who.viewer.is_staff:
        raise missing()
    with reading() as session:
        asked = desk.find_request(session, code)
        if asked is None or not may_see_evidence(session, asked, who.viewer):
            raise missing()
        found = _found(session, asked, evidence)
    return _given(asked, found)


def _found(session: Session, asked: ReadingRequest, evidence: str) -> Evidence:
    found = find_evidence(session, asked, evidence)
    if found is None:
        raise missing()
    return found


def _given(asked: ReadingRequest, found: Evidence) -> Response:
    """The file, never shown by the browser as a page of ours: as an attachment, its type not guessed."""
    allowed()
    with writing() as session:
        record_event(session, asking().viewer.name, "evidence-read", request=asked.code, evidence=found.code)
    path = evidence_path(found.code)
    answer = Response(_pieces(found.code), content_type=MEDIA[found.media])
    answer.headers["Content-Length"] = str(path.stat().st_size)
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pieces(code: str) -> Iterator[bytes]:
    with evidence_path(code).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
