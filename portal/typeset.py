"""Office files of a record with their headings, lists and tables, and the delivered file itself where it may leave.

The right to read is asked at every call; what is masked on the pages is masked here (indexer.rendering).
"""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing
from archive.access import may_copy
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Record, RecordFile
from archive.database import reading
from archive.masking import may_restore
from indexer.rendering.cleaning import UnmaskedError, divide, mask_markup
from indexer.rendering.rendering import Rendering, rendering_of
from portal.addresses import LEVELS
from portal.auditing import allowed, note_reading
from portal.carrying import copied
from portal.errors import missing
from portal.house import house
from portal.numbers import asked_number
from portal.personal import note_showing, wants_originals
from portal.searching import PathStep, step_label
from portal.viewing import asking

OFFICE, ENCLOSING = ("word",), ("word", "mail", "archive")
BY_HAND = "by_hand"

blueprint = Blueprint("typeset", __name__)


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/ban-doc")
def show(kind: str, public_id: str) -> ResponseReturnValue:
    """The office file of number ``tep`` (from 1), its part ``phan``; missing for who may not read the record."""
    who = asking()
    with reading() as session:
        found = browsing.find_readable(session, who.viewer, public_id, who.day)
        files = office_files(session, found, OFFICE) if found and found.level == LEVELS[kind] else []
        at = min(max(asked_number("tep"), 1), len(files))
        if found is None or not files:
            raise missing()
        allowed()
        marks = _marks(session, found)
        above = browsing.ancestors(session, who.viewer, found, who.day)
        access = browsing.standing(found, who.day)[0]
    if access != "open":
        note_reading(who, found, "text")
    made = _rendering(files[at - 1])
    shown = made.personal or any(one.page for one in marks)
    parts, held = _masked(made, marks, files[at - 1].name)
    part = min(max(asked_number("phan"), 1), len(parts))
    steps = [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in (*above, found)]
    return render_template(
        "typeset.html",
        record=found,
        path=steps,
        access=access,
        kind=kind,
        files=[one.name.rsplit("/", 1)[-1] for one in files],
        at=at,
        body=parts[part - 1],
        part=part,
        total=len(parts),
        held=held,
        cut=made.cut,
        original=may_copy(who.viewer, found, who.day) and (may_restore(who.viewer) or not shown),
        personal=shown,
    )


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/tep/<int:n>")
def original(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """The delivered file of number ``n``, as it came; missing for who may not copy, and where personal numbers are or
    may be in it for all but those who ask for these by ``hien=ca-nhan`` and may see them."""
    who = asking()
    with reading() as session:
        found, everyone = copied(session, who, kind, public_id)
        files = office_files(session, found, ENCLOSING)
        marks = _marks(session, found)
    if not 1 <= n <= len(files):
        raise missing()
    file = files[n - 1]
    # What lies in messages and archives is not looked through to its last byte: not for readers.
    personal = file.kind not in OFFICE or any(one.page for one in marks) or _rendering(file).personal
    if personal and not wants_originals(who):
        raise missing()
    if personal:
        note_showing(who, found, 0, marks)
    if not everyone:
        note_reading(who, found, "file")
    answer = Response(house().storage.read(file.sha256), mimetype="application/octet-stream")
    ending = file.name.rsplit(".", 1)[-1].lower() if "." in file.name else "bin"
    ending = ending if ending.isascii() and ending.isalnum() and len(ending) < 6 else "bin"
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}-{n}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def office_files(session: Session, record: Record, kinds: tuple[str, ...]) -> list[RecordFile]:
    """The delivered files of these kinds: office files first, in the order in which they came."""
    asked = select(RecordFile).where(RecordFile.record_id == record.id, RecordFile.kind.in_(kinds))
    return sorted(session.scalars(asked), key=lambda one: (kinds.index(one.kind), one.id))


def office_kinds(session: Session, record: Record) -> list[str]:
    """The kinds of the record's office files, messages and archives, in the order in which they are numbered."""
    return [one.kind for one in office_files(session, record, ENCLOSING)]


def _marks(session: Session, record: Record) -> list[PersonalMark]:
    """What is masked in the record, on pages and in its description."""
    return list(session.scalars(select(PersonalMark).where(PersonalMark.record_id == record.id)))


def _rendering(file: RecordFile) -> Rendering:
    inside = house()
    return rendering_of(inside.settings.home, file.sha256, lambda: inside.storage.read(file.sha256))


def _masked(made: Rendering, marks: list[PersonalMark], name: str) -> tuple[list[Markup], str]:
    """The parts to show, and why there are none: "broken", "slides" of old, or "personal" where a masked text was not
    found."""
    if not made.html:
        return [Markup("")], "slides" if name.lower().endswith((".ppt", ".pps")) else "broken"
    placed = [one for one in marks if one.page]
    by_hand = [one.original for one in placed if one.kind == BY_HAND]
    try:
        masked = mask_markup(made.html, [one.original for one in marks], by_hand)
    except UnmaskedError:
        return [Markup("")], "personal"
    return [Markup(one) for one in divide(masked)], ""  # noqa: S704 (cleaned by nh3 when it was made)
