"""Sound and film: the bytes, by ranges, the captions, and what the page with the player shows.

The right to read is asked at every call, at each range, too; what is hidden, closed or held is missing, whatever else
is wrong with the address.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import browsing, clock
from archive.access import Viewer, granted_pages, may, may_copy, may_page
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.masking import may_restore
from archive.recordings.cues import Cue, CuesError, as_webvtt, decode, place_of
from archive.recordings.cues import clock as cue_clock
from archive.recordings.probing import PLAYED
from portal.addresses import LEVELS, PATHS, page_url, recording_url
from portal.auditing import allowed, note_reading
from portal.errors import missing
from portal.hits import Inside
from portal.house import house
from portal.images import KEEP_SECONDS, MOST_PAGES
from portal.numbers import asked_number
from portal.viewing import Asking, asking
from search.highlight import Hit, locate
from search.marking import mark

CHUNK = 64 << 10
KEPT_NOTES = 2_000
LATEST = 400_000  # seconds that `t` may say

blueprint = Blueprint("recordings", __name__)

_noted: OrderedDict[tuple[str, str, int, str], bool] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of what is said: when (seconds, and as people write it), the words with their hits, whether it is now,
    and the page at that moment."""

    second: float
    label: str
    words: Markup
    now: bool
    url: str


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/ban-ghi")
@blueprint.get("/iiif/3/<public_id>/<int:n>/ban-ghi", defaults={"kind": ""})
def sound(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """The recording of page ``n`` as it was delivered, whole or in one range (RFC 9110, section 14).

    Under ``/iiif/`` viewers of other sites may play it, too.  What browsers do not play is given as a file, and only to
    one who may take the content away.
    """
    who = asking()
    with reading() as session:
        found, recording = _heard(session, who, kind, public_id, n)
        played = recording.container in PLAYED
        if not played and not may_copy(who.viewer, found, who.day):
            raise missing()
    everyone = may(Viewer.anonymous(), "read", found, who.day) and not recording.is_closed
    if not everyone:
        _note(who, found, n)
    answer = Response(mimetype=recording.media_type)
    answer.content_length = recording.size
    answer.set_etag(hashlib.sha256(f"{recording.sha256}:recording".encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = f"public, max-age={KEEP_SECONDS}" if everyone else "private, no-store"
    if not played:
        answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}-{n}.{recording.container}"'
    answer.make_conditional(request, accept_ranges=True, complete_length=recording.size)
    if request.method == "GET" and answer.status_code in (200, 206):
        part = answer.content_range
        stream = house().storage.open(recording.sha256)
        answer.response = _send(
            stream, part.start or 0, (part.stop or 0) - (part.start or 0) if part else recording.size
        )
        answer.call_on_close(stream.close)
    return answer


@blueprint.get("/<any('ho-so', 'van-ban'):kind>/<public_id>/trang/<int:n>/loi.vtt")
@blueprint.get("/iiif/3/<public_id>/<int:n>/loi.vtt", defaults={"kind": ""})
def captions(kind: str, public_id: str, n: int) -> ResponseReturnValue:
    """What is said in the recording of page ``n`` as captions (WebVTT); what is masked stays masked."""
    who = asking()
    with reading() as session:
        found, recording = _heard(session, who, kind, public_id, n, closed=True)
        page = session.get(Page, (found.id, n))
    cues = cues_of(recording)
    if page is None or not cues:
        raise missing()
    everyone = may(Viewer.anonymous(), "read", found, who.day)
    if not everyone:
        _note(who, found, n)
    answer = Response(as_webvtt(page.text, cues), content_type="text/vtt; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache" if everyone else "private, no-store"
    return answer


def _send(stream: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """So many bytes from a place on, a chunk at a time."""
    with stream:
        stream.seek(start)
        while length > 0 and (chunk := stream.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _heard(
    session: Session, who: Asking, kind: str, public_id: str, n: int, *, closed: bool = False
) -> tuple[Record, Recording]:
    """The record and the recording of its page ``n`` if the viewer may hear it now (``closed``: read its words); else
    what is missing is raised."""
    found = browsing.find_record(session, who.viewer, public_id, who.day)
    if found is None or (kind and found.level != LEVELS[kind]) or not 1 <= n <= MOST_PAGES:
        raise missing()
    if not may_page(who.viewer, found, n, who.day):
        raise missing()
    allowed()
    recording = session.get(Recording, (found.id, n))
    if recording is None or (recording.is_closed and not closed and not may_restore(who.viewer)):
        raise missing()
    return found, recording


def cues_of(recording: Recording) -> list[Cue]:
    """The times of its words; none where there are none, or what is stored of them is damaged."""
    try:
        return decode(recording.cues) if recording.cues else []
    except CuesError:
        return []  # the words can be read all the same


def recordings_of(session: Session, record: Record) -> list[Recording]:
    """All recordings of a record, in their order.  Only for one who may read it."""
    return list(session.scalars(select(Recording).where(Recording.record_id == record.id).order_by(Recording.n)))


def player(session: Session, who: Asking, record: Record, here: Page | None, inside: Inside) -> dict[str, Any]:
    """What the page of a recording shows; `recording` is None where the page has none.  Only for one who may read the
    page.  ``t`` (seconds) is where to begin, else the hit that is looked at."""
    recording = session.get(Recording, (record.id, here.n)) if here else None
    if recording is None or here is None:
        return {"recording": None}
    cues, hits = cues_of(recording), locate(inside.query, here.text) if inside.query else []
    at = _asked_second()
    chosen = place_of(cues, round(at * 1000)) if at is not None else _place_of_hit(cues, hits)
    begin = at if at is not None else cues[chosen].begin / 1000 if chosen >= 0 else 0
    words = {name: request.args[name] for name in ("q", "verbatim") if request.args.get(name)}
    lines = [
        Line(
            one.begin / 1000,
            cue_clock(one.begin, whole=True),
            _marked(here.text, hits, one),
            n == chosen,
            page_url(record.level, record.public_id, here.n, **words, t=f"{one.begin / 1000:g}") + f"#loi-{n + 1}",
        )
        for n, one in enumerate(cues)
    ]
    address = recording_url(record.level, record.public_id, here.n)
    pages = granted_pages(who.viewer, record)
    whole = may(who.viewer, "read", record, who.day)
    return {
        "recording": recording,
        "sound_url": address + (f"#t={begin:g}" if begin else ""),
        "captions_url": url_for("recordings.captions", kind=PATHS[record.level], public_id=record.public_id, n=here.n)
        if cues
        else "",
        "download_url": address if may_copy(who.viewer, record, who.day) else "",
        "heard": not recording.is_closed or may_restore(who.viewer),
        "played": recording.container in PLAYED,
        "lines": lines,
        "length": cue_clock(recording.milliseconds, whole=True) if recording.milliseconds else "",
        "others": [one for one in recordings_of(session, record) if whole or one.n in pages],
    }


def _asked_second() -> float | None:
    text = request.args.get("t", "")
    if not text or len(text) > 12 or not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit():
        return None
    return min(float(text), LATEST)


def _place_of_hit(cues: list[Cue], hits: list[Hit]) -> int:
    number = asked_number("cho", 1)
    if not hits:
        return -1
    hit = hits[min(max(number, 1), len(hits)) - 1]
    return next((n for n, one in enumerate(cues) if one.stop > hit.start), -1)


def _marked(text: str, hits: list[Hit], cue: Cue) -> Markup:
    """The words of a cue; of a hit that goes over its end, the part that is in it."""
    parts, at = [], cue.start
    for hit in hits:
        start, end = max(hit.start, cue.start), min(hit.end, cue.stop)
        if start < end:
            parts += [(text[at:start], False), (text[start:end], True)]
            at = end
    return mark((*parts, (text[at : cue.stop], False)))


def _note(who: Asking, record: Record, n: int) -> None:
    """One line in the audit trail for a recording and person in an hour, not one for each range of it."""
    key = (who.viewer.name, record.public_id, n, f"{clock.now():%Y%m%d%H}")
    with _lock:
        if key in _noted:
            return
    note_reading(who, record, "recording", n)
    with _lock:
        _noted[key] = True
        while len(_noted) > KEPT_NOTES:
            _noted.popitem(last=False)
