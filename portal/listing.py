"""Lists of conditional records: every list, its decision, its members; heads add, change and end them."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import browsing, conditional_lists
from archive.accession.list_members import (
    Named,
    add_lines,
    expect_ground,
    is_due,
    read_lines,
    remove_member,
    set_review,
)
from archive.accession.listed import ListError, end_list, expect_list
from archive.catalogue.conditional import ConditionalList
from archive.database import reading, writing
from archive.handovers import TAKING
from archive.locks import held
from portal.errors import missing
from portal.following import PRIVATE
from portal.numbers import asked_number, whole_number
from portal.personal import staff_only
from portal.viewing import Asking
from portal.wording import either

LONGEST = 200

blueprint = Blueprint("listing", __name__)


@blueprint.get("/quan-tri/danh-muc")
def lists() -> ResponseReturnValue:
    """Every list of conditional records, those due for review first; for heads the form of a new one."""
    return _lists(staff_only())


@blueprint.post("/quan-tri/danh-muc")
def add() -> ResponseReturnValue:
    """Adds a list (``so``, ``ngay``, ``nguoi``, ``xem-lai``) with its records (``dong``: lines ``code; ground``, or
    the same as a file ``tep``), which are conditional at once; heads only."""
    who = _heads_only()
    try:
        day, review = _day("ngay", "day"), _review("xem-lai")
        lines = _lines()
        with held(TAKING) as mine, writing() as session:
            _expect_lock(mine=mine)
            found = expect_list(
                session, request.form.get("so", "")[:LONGEST], day, request.form.get("nguoi", "")[:LONGEST]
            )
            if found.public_id:
                raise ListError(
                    "Quyết định này đã có danh mục; hãy thêm tài liệu trên trang của danh mục ấy.",
                    "There is a list of this decision; add records on its page.",
                    "decision",
                )
            told = add_lines(session, found, lines, who.viewer.name)
            if review is not None:
                set_review(session, found, review, who.viewer.name)
    except ListError as error:
        return _lists(who, error)
    return _after(who, told)


@blueprint.get("/quan-tri/danh-muc/<public_id>")
def members(public_id: str) -> ResponseReturnValue:
    """One list and its members, 50 a page (``tu``: the first place)."""
    return _members(staff_only(), public_id)


@blueprint.post("/quan-tri/danh-muc/<public_id>")
def change(public_id: str) -> ResponseReturnValue:
    """Adds records (``viec=them``: ``dong`` or ``tep``), takes one off (``bo``: ``tai-lieu``, ``can-cu``), sets the day
    of review (``xem-lai``), or ends the list (``het``: ``ngay``, ``can-cu``); heads only."""
    who, wish = _heads_only(), request.form.get("viec", "")
    try:
        with held(TAKING) as mine, writing() as session:
            found = conditional_lists.find_list(session, public_id)
            if found is None or wish not in {"them", "bo", "het", "xem-lai"}:
                raise missing()
            _expect_lock(mine=mine)
            told = _changed(session, who, found, wish)
    except ListError as error:
        return _members(who, public_id, error=error, wish=wish)
    if told is not None:
        return _after(who, told)
    return redirect(url_for("listing.members", public_id=public_id, xong=wish), 303)


def _changed(session: Session, who: Asking, found: ConditionalList, wish: str) -> Named | None:
    actor, ground = who.viewer.name, request.form.get("can-cu", "")
    if wish == "them":
        return add_lines(session, found, _lines(), actor)
    if wish == "bo":
        record = browsing.find_record(session, who.viewer, request.form.get("tai-lieu", ""), who.day)
        if record is None:
            raise missing()
        remove_member(session, found, record, ground, actor)
    elif wish == "xem-lai":
        set_review(session, found, _review("ngay"), actor)
    else:
        end_list(session, found.decision, _day("ngay", "day"), actor, expect_ground(ground))
    return None


def _heads_only() -> Asking:
    who = staff_only()
    if who.viewer.role != "head":
        raise missing()
    return who


def _expect_lock(*, mine: bool) -> None:
    if not mine:  # a package taken meanwhile may know these records as they were
        raise ListError(
            "Đang có một gói được nhập vào kho; hãy gửi lại khi việc ấy xong.",
            "A package is being taken in; send this again when that is done.",
            "lines",
        )


def _day(name: str, field: str) -> int:
    try:
        return date.fromisoformat(request.form.get(name, "")).toordinal()
    except ValueError:
        raise ListError("Hãy ghi một ngày.", "Give a day.", field) from None


def _review(name: str) -> int | None:
    return _day(name, "review") if request.form.get(name) else None


def _lines() -> list[tuple[str, str]]:
    """The lines of the form, and those of its file after them."""
    file = request.files.get("tep")
    try:
        more = file.stream.read().decode("utf-8-sig") if file and file.filename else ""
    except UnicodeDecodeError:
        raise ListError("Tệp không phải UTF-8.", "The file is not UTF-8.", "lines") from None
    return read_lines(f"{request.form.get('dong', '')}\n{more}")


def _after(who: Asking, told: Named) -> ResponseReturnValue:
    """The list after records were added: at its own address where every line was one, else with those that were not."""
    if told.left:
        return _members(who, told.public_id, told=told)
    return redirect(url_for("listing.members", public_id=told.public_id, them=told.added, co=told.unchanged), 303)


def _lists(who: Asking, error: ListError | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = conditional_lists.all_lists(session)
    due = [one for one, _count in found if is_due(one, who.day)]
    shown = {"lists": found, "due": due, "day": who.day, "today": date.fromordinal(who.day).isoformat()}
    page = render_template("conditional_lists.html", **shown, **_told(who, error))
    return page, 422 if error else 200, PRIVATE


def _members(
    who: Asking, public_id: str, *, told: Named | None = None, error: ListError | None = None, wish: str = ""
) -> ResponseReturnValue:
    start = asked_number("tu", 1, digits=8)
    with reading() as session:
        found = conditional_lists.find_list(session, public_id)
        if found is None:
            raise missing()
        shown = conditional_lists.members(session, who.viewer, found, who.day, start)
    done = {
        "bo": _("Đã đưa tài liệu ra khỏi danh mục; quyền tiếp cận không đổi."),
        "het": _("Đã ghi ngày hết hiệu lực."),
        "xem-lai": _("Đã ghi ngày xem lại."),
    }
    counted = [whole_number(request.args.get(one, ""), digits=6) for one in ("them", "co")]
    if told is not None:
        counted = [told.added, told.unchanged]
    added = (
        _("Đã thêm %(n)s tài liệu, có sẵn %(m)s.", n=counted[0], m=counted[1] or 0) if counted[0] is not None else ""
    )
    page = render_template(
        "conditional_list.html", list=found, members=shown, window=conditional_lists.WINDOW, day=who.day, told=told,
        done=added or done.get(request.args.get("xong", ""), ""), wish=wish, due=is_due(found, who.day),
        today=date.fromordinal(who.day).isoformat(), **_told(who, error),
    )  # fmt: skip
    return page, 422 if error else 200, PRIVATE


def _told(who: Asking, error: ListError | None) -> dict[str, object]:
    wrong = {"error": either(str(error), error.en) if error else "", "field": error.field if error else ""}
    return {**wrong, "is_head": who.viewer.role == "head", "kept": request.form}
