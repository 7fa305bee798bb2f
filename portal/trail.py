"""The audit trail: for auditors a page to search it and a file to take away, for archivists the acts on a record."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from archive.access import sql_condition
from archive.audit import record_event
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.clock import VIET_NAM
from archive.database import reading, writing
from archive.identifiers import is_identifier
from archive.trail import PAGE, Question, all_events, count_events, find_events, known_actions
from portal.acts import act_name, detail_text, ground_name
from portal.errors import missing
from portal.sheets import KINDS, write_csv
from portal.viewing import asking, viewer

BESIDE_A_RECORD = 10  # acts that a record's page shows
LONGEST_NAME = 200
FIRST_YEAR, LAST_YEAR = 2000, 2999

blueprint = Blueprint("trail", __name__)


@dataclass(frozen=True, slots=True)
class Act:
    """An event as it is shown: ``title`` is the record's, where this viewer may see it."""

    number: int
    place: int | None
    moment: str
    person: str
    act: str
    record: str
    title: str
    level: str
    ground: str
    as_written: bool  # the ground: in no other words than whoever gave it wrote
    detail: str
    erased: bool


class _Wish:
    """What the form holds, as typed, and what of it cannot be understood."""

    def __init__(self) -> None:
        self.typed = {name: request.args.get(name, "").strip()[:LONGEST_NAME] for name in FIELDS}
        self.wrong: dict[str, str] = {}
        self.question = Question(
            person=self.typed["nguoi"],
            action=self.typed["viec"],
            record=self._record(),
            first=self._day("tu"),
            last=self._day("den"),
        )
        if self.question.first and self.question.last and self.question.first > self.question.last:
            self.wrong["den"] = _("Ngày cuối đứng trước ngày đầu.")

    def _day(self, name: str) -> date | None:
        if not (text := self.typed[name]):
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            parts = text.split("/")
            try:
                found = date(*map(int, reversed(parts))) if len(parts) == 3 else date.min
            except ValueError:
                found = date.min
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
        self.wrong[name] = _("“%(text)s” không phải ngày; hãy viết như 02/11/2026.", text=text)
        return None

    def _record(self) -> str:
        text = self.typed["tai-lieu"].rstrip("/").rsplit("/", 1)[-1]
        if text and not is_identifier(text):
            words = _("“%(text)s” không phải mã tài liệu; hãy dán địa chỉ trang của tài liệu.", text=text)
            self.wrong["tai-lieu"] = words
        return text

    def parameters(self) -> dict[str, str]:
        """What was typed, for addresses."""
        return {name: text for name, text in self.typed.items() if text}


FIELDS = ("nguoi", "viec", "tai-lieu", "tu", "den")


@blueprint.get("/quan-tri/nhat-ky")
def show() -> ResponseReturnValue:
    """Events that fit, newest first; missing for everybody but auditors."""
    _refuse_others()
    wish = _Wish()
    before, lost = _read_cursor(wish.question)
    events: list[AuditEvent] = []
    total = 0
    with reading() as session:
        if not wish.wrong:
            events = find_events(session, wish.question, before, PAGE + 1)
            total = count_events(session, wish.question)
        actions = known_actions(session)
    shown, more = events[:PAGE], len(events) > PAGE
    if not wish.wrong and (wish.question.person or wish.question.record):
        _note("audit-search", wish, total)
    page = render_template(
        "trail.html",
        wish=wish,
        acts=_acts(shown),
        total=total,
        names=sorted(((one, act_name(one)) for one in actions), key=lambda pair: pair[1]),
        older=_address("trail.show", wish, **{"con-tro": _write_cursor(wish.question, shown[-1].id)}) if more else "",
        newest=_address("trail.show", wish) if before else "",
        file=_address("trail.download", wish),
        lost=lost,
    )
    return page, 400 if wish.wrong or lost else 200


@blueprint.get("/quan-tri/nhat-ky.csv")
def download() -> ResponseReturnValue:
    """The same events as a file; taking it away is itself an event."""
    _refuse_others()
    wish = _Wish()
    if wish.wrong:
        return show()
    with reading() as session:
        total = count_events(session, wish.question)
    _note("audit-export", wish, total)
    answer = Response(stream_with_context(write_csv(_rows(all_events(wish.question)))))
    answer.headers["Content-Type"] = KINDS["csv"]
    answer.headers["Content-Disposition"] = 'attachment; filename="nhat-ky.csv"'
    return answer


def acts_on(public_id: str) -> list[Act]:
    """The newest acts on a record, for its archivists; nothing for others."""
    if not viewer().sees_acts:
        return []
    with reading() as session:
        events = find_events(session, Question(record=public_id), size=BESIDE_A_RECORD)
    return _acts(events)


def _refuse_others() -> None:
    if not viewer().reads_trail:
        raise missing()


def _note(action: str, wish: _Wish, total: int) -> None:
    with writing() as session:
        # Not tied to the record that was asked for: its archivists are not told that somebody looks into it
        record_event(session, viewer().name, action, total=total, asked=wish.parameters())


def _acts(events: Iterable[AuditEvent]) -> list[Act]:
    events = list(events)
    titles = _titles({one.record for one in events if one.record})
    return [_act(one, *titles.get(one.record or "", ("", ""))) for one in events]


def _titles(ids: set[str]) -> dict[str, tuple[str, str]]:
    """Titles and levels of the records that this viewer may see: the trail shows no paper to who may not see it."""
    who = asking()
    with reading() as session:
        rows = session.execute(
            select(Record.public_id, Record.title, Record.code, Record.level).where(
                Record.public_id.in_(ids), sql_condition(who.viewer, "see", who.day)
            )
        ).all()
    return {public_id: (title or code, level) for public_id, title, code, level in rows}


def _act(event: AuditEvent, title: str, level: str) -> Act:
    ground = ground_name(event.ground)
    return Act(
        number=event.id,
        place=event.place,
        moment=event.at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M:%S"),
        person=event.actor,
        act=act_name(event.action),
        record=event.record or "",
        title=title,
        level=level,
        ground=ground,
        as_written=ground == event.ground,
        detail=detail_text(event.detail),
        erased=event.erased is not None,
    )


def _rows(events: Iterable[AuditEvent]) -> Iterator[list[str]]:
    yield [_("Số"), _("Mục trong chuỗi"), _("Lúc"), _("Ai"), _("Việc"), _("Tài liệu"), _("Căn cứ"), _("Chi tiết"),
           _("Mã băm"), _("Đã xóa")]  # fmt: skip
    for one in events:
        yield [
            str(one.id), str(one.place or ""), one.at.astimezone(VIET_NAM).isoformat(timespec="seconds"), one.actor,
            one.action, one.record or "", one.ground, json.dumps(one.detail, ensure_ascii=False, sort_keys=True),
            one.chain, str(one.erased or ""),
        ]  # fmt: skip


def _address(endpoint: str, wish: _Wish, **more: str) -> str:
    query = urlencode(wish.parameters() | more)
    return url_for(endpoint) + (f"?{query}" if query else "")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.secret_key or "", salt="vankho.trail.cursor", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _write_cursor(question: Question, before: int) -> str:
    return str(_signer().dumps([_bound_to(question), before]))


def _read_cursor(question: Question) -> tuple[int, str]:
    """The place of the cursor, and what to say where it is not of this question and reader."""
    if not (text := request.args.get("con-tro", "")):
        return 0, ""
    try:
        bound, before = _signer().loads(text)
    except (BadData, ValueError, TypeError):
        bound, before = "", 0
    if bound == _bound_to(question):
        return int(before), ""
    return 0, _("Chỗ đang xem không thuộc lần tìm này; đây là những việc mới nhất.")


def _bound_to(question: Question) -> str:
    told: list[Any] = [viewer().name, question.person, question.action, question.record]
    told += [str(question.first), str(question.last)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def install(app: Flask) -> None:
    """Gives the acts on a record to the templates."""
    app.jinja_env.globals["acts_on"] = acts_on
