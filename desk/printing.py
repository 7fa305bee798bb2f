"""The printed form of a request (``config/desk/forms.tsv``), filled, with the QR code of the address that follows it.

Whoever holds code and second word only learns neither who asked nor for what (desk.following): those lines are
empty in his print, to be written by hand.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from fpdf import FPDF
from sqlalchemy.orm import Session

from archive.access import Viewer, may
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM, now, today_number
from archive.gazetteer import read_rows
from archive.settings import settings
from archive.terms import in_force, read_day
from desk.copies.drawing import FACE, HEIGHT, WIDTH, close_fonts, draw_code, known, new_pdf
from desk.covered import cover
from desk.fees.tariff import reduction
from desk.papers.keeping import evidence_of
from desk.requests import items_of

MARGIN, BOTTOM, LINE = 56.0, 60.0, 14.0
ROOM = 70.0  # for signatures
DOTS = "." * 90
GONE = "một tài liệu không còn xem được"
CLOSED = frozenset(
    {
        "person",
        "identification",
        "contact",
        "workplace",
        "behalf",
        "payer",
        "post",
        "purpose",
        "wanted",
        "records",
        "copies",
        "evidence",
    }
)


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of the form of a kind of request: what fills it, what stands before it, between which days it holds."""

    kind: str
    field: str
    label: str
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form ready to be drawn: the lines with what fills them; ``second``: the word to be printed, or empty."""

    code: str
    lines: tuple[tuple[FormLine, tuple[str, ...]], ...]
    second: str = ""


def fill_form(session: Session, viewer: Viewer, request: ReadingRequest, second: str = "") -> FilledForm:
    """The form of a request as the viewer may read it; a record that he does not see is named by nothing."""
    filled = _filled(session, viewer, request)
    rows = [(one, filled.get(one.field, ())) for one in form_lines(request.kind, request.received_at.toordinal())]
    return FilledForm(request.code, tuple(rows), second)


def without_person(form: FilledForm) -> FilledForm:
    """The same form without who asked and for what."""
    rows = tuple((one, () if one.field in CLOSED else told) for one, told in form.lines)
    return replace(form, lines=rows, second="")


def form_lines(kind: str, day: int) -> list[FormLine]:
    """The lines of a kind of request on that day, in their order."""
    return [one for one in _lines() if one.kind in {kind, "any"} and in_force(one.first, one.last, day)]


def follow_address(code: str) -> str:
    """Where a request is followed, as it is printed."""
    told = settings()
    return f"{told.public_url.rstrip('/') or f'http://{told.host}:{told.port}'}/theo-doi?ma={code}"


def print_form(form: FilledForm) -> bytes:
    """The form as PDF/A-3.  Raises CopyWaitsError where the fonts are not installed."""
    agency = settings().archive_name
    title = next((one.label for one, _told in form.lines if one.field == "title"), form.code)
    pdf = new_pdf(agency, title, form.code, now())
    try:
        _draw(pdf, form, agency, title)
        return bytes(pdf.output())
    finally:
        close_fonts(pdf)


def _filled(session: Session, viewer: Viewer, request: ReadingRequest) -> dict[str, tuple[str, ...]]:
    account, day = session.get_one(Account, request.account_id), today_number()
    there = [one for one in evidence_of(session, request) if one.erased_at is None]
    records = []
    for item, record in items_of(session, request):
        pages = f"; trang {item.pages_asked}" if item.pages_asked else ""
        named = ", ".join(one for one in (record.code, record.number, record.title) if one)
        records.append(f"{named}{pages}" if may(viewer, "see", record, day) else GONE)
    due = "tạm dừng" if request.paused_on else f"{date.fromordinal(request.due_on):%d/%m/%Y}"
    whole = cover(session, [record for _item, record in items_of(session, request)], viewer, day)
    number = "01 tệp" if any(one.digitised for one in whole.values()) else ""
    paper = f"{request.paper_copies:02d} bản giấy" if request.paper_copies else ""
    less = reduction(request.payer_class, day) if request.payer_class else None
    told = {
        "copies": ", ".join(one for one in (number, paper) if one) or "01 bản giấy",
        "payer": f"{request.payer_class} (giảm {less.percent} %, {less.basis})" if less else "",
        "person": account.full_name or account.name, "identification": account.identification,
        "contact": ", ".join(one for one in (account.email, account.phone) if one), "workplace": account.workplace,
        "behalf": request.behalf, "post": request.post_to, "purpose": request.purpose, "wanted": request.wanted,
        "evidence": f"{len(there)} tệp trên hệ thống" if there else request.proof or "không có",
        "received": f"{request.received_at.astimezone(VIET_NAM):%H:%M ngày %d/%m/%Y}", "due": due,
    }  # fmt: skip
    return {name: (text,) for name, text in told.items() if text} | {"records": tuple(records)}


def _draw(pdf: FPDF, form: FilledForm, agency: str, title: str) -> None:
    pdf.add_page(format=(WIDTH, HEIGHT))
    draw_code(pdf, follow_address(form.code), WIDTH - MARGIN - 84, 40, 84)
    _text(pdf, 44, agency, 10, width=WIDTH - 2 * MARGIN - 100)
    _text(pdf, pdf.get_y() + 4, f"Mã yêu cầu: {form.code}", 9, width=WIDTH - 2 * MARGIN - 100)
    if form.second:
        told = f"Từ kiểm tra: {form.second[:4]}-{form.second[4:]}"
        _text(pdf, pdf.get_y(), told, 9, width=WIDTH - 2 * MARGIN - 100)
    _text(pdf, pdf.get_y(), f"Theo dõi: {follow_address(form.code)}", 8, width=WIDTH - 2 * MARGIN - 100)
    _text(pdf, max(pdf.get_y() + 16, 144), title, 14, bold=True, align="C")
    pdf.set_y(pdf.get_y() + 10)
    for line, filled in form.lines:
        if line.field not in {"title", "signature"}:
            _draw_line(pdf, line, filled)
    _draw_signatures(pdf, [one.label for one, _told in form.lines if one.field == "signature"])


def _draw_line(pdf: FPDF, line: FormLine, told: tuple[str, ...]) -> None:
    if line.field == "undertaking":
        _text(pdf, _room(pdf, 3 * LINE) + 6, line.label, 10)
        return
    _text(pdf, _room(pdf, 2 * LINE) + 4, f"{line.label}:", 9, bold=True)
    for n, one in enumerate(told or (DOTS,), 1):
        numbered = f"{n}. {one}" if len(told) > 1 else one
        for piece in known(pdf, numbered).split("\n"):
            pdf.set_font(FACE, "", 10)
            cut: Any = pdf.multi_cell(WIDTH - 2 * MARGIN - 14, LINE, piece, dry_run=True, output="LINES")
            for row in cut or [""]:
                _text(pdf, _room(pdf, LINE), row, 10, x=MARGIN + 14)


def _draw_signatures(pdf: FPDF, names: list[str]) -> None:
    if not names:
        return
    y, width = _room(pdf, ROOM) + 18, (WIDTH - 2 * MARGIN) / len(names)
    for n, name in enumerate(names):
        _text(pdf, y, name, 10, bold=True, align="C", x=MARGIN + n * width, width=width)


def _room(pdf: FPDF, height: float) -> float:
    """Where the next line goes; on a new page if it has no room on this one."""
    if pdf.get_y() + height > HEIGHT - BOTTOM:
        pdf.add_page(format=(WIDTH, HEIGHT))
        pdf.set_y(50)
    return pdf.get_y()


def _text(
    pdf: FPDF, y: float, text: str, size: int, *, bold: bool = False, align: str = "L", x: float = MARGIN,
    width: float = 0,
) -> None:  # fmt: skip
    pdf.set_xy(x, y)
    pdf.set_font(FACE, "B" if bold else "", size)
    room = width or WIDTH - MARGIN - x
    pdf.multi_cell(room, LINE, known(pdf, text), align=align, new_x="LMARGIN", new_y="NEXT")


@cache
def _lines() -> tuple[FormLine, ...]:
    rows = sorted(read_rows("desk/forms.tsv"), key=lambda row: int(row[1]))
    return tuple(
        FormLine(kind, field, label, date.fromisoformat(first).toordinal(), read_day(last))
        for kind, _order, field, label, first, last, _basis, _sure in rows
    )
