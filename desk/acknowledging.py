"""The receipt of a request with the day its answer is promised for (giấy tiếp nhận hồ sơ và hẹn trả kết quả), on paper.

The national service expects it of every dossier (R).  Who holds code and second word only gets it without the person:
what names nobody (when, how many papers, the day, where to fetch) stays.  Papers are named to who sees them
(desk.papers.seeing).
"""

from datetime import date

from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM
from archive.settings import settings
from archive.working_days import working_days_between
from desk.papers.keeping import evidence_of
from desk.papers.seeing import may_see_evidence
from desk.printing import FilledForm, fill_form, follow_address, form_lines
from desk.steps import is_own

SLIP = "acknowledgement"  # as a kind of form
TITLE = "title"


def fill_acknowledgement(session: Session, viewer: Viewer, request: ReadingRequest, second: str = "") -> FilledForm:
    """The receipt of a request as the viewer may read it; ``second``: the word to be printed, or empty."""
    form = fill_form(session, viewer, request, second)
    filled = {line.field: told for line, told in form.lines}
    there = [one for one in evidence_of(session, request) if one.erased_at is None]
    received = request.received_at.astimezone(VIET_NAM).date()
    told = {
        "kind": next(line.label for line, _told in form.lines if line.field == TITLE),
        "papers": f"{len(there):02d} tệp trên hệ thống" if there else "không có",
        "days": f"{working_days_between(received.toordinal(), request.due_on)} ngày làm việc, từ ngày sau ngày nhận",
        "due": _due(request),
        "fetch": _place(request),
    }
    filled |= {name: (text,) for name, text in told.items()}
    named = is_own(session, request, viewer.name) or may_see_evidence(session, request, viewer)
    filled["evidence"] = tuple(one.name for one in there) if named else ()
    lines = [one for one in form_lines(SLIP, request.received_at.toordinal()) if one.kind == SLIP]
    return FilledForm(request.code, tuple((one, filled.get(one.field, ())) for one in lines), second)


def _due(request: ReadingRequest) -> str:
    if request.ended_at is not None:
        return f"đã giải quyết xong ngày {request.ended_at.astimezone(VIET_NAM):%d/%m/%Y}"
    if request.paused_on:
        return "tạm dừng, chờ người yêu cầu; tính tiếp khi đã đủ"
    return f"ngày {date.fromordinal(request.due_on):%d/%m/%Y}"


def _place(request: ReadingRequest) -> str:
    """Where the result is fetched; an address of somebody is never in it."""
    desk = f"phòng đọc của {settings().archive_name}"
    if request.post_to:
        return f"bản giấy gửi qua bưu chính đến địa chỉ ghi ở yêu cầu; theo dõi tại {follow_address(request.code)}"
    if request.channel != "online":
        return desk
    return f"trang yêu cầu, {follow_address(request.code)}; bản giấy nếu có: {desk}"
