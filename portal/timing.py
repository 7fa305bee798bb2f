"""Recordings in a IIIF manifest: a canvas with a duration, the sound or film on it, its captions beside it.

IIIF Presentation API 3.0, section 5.3 (Canvas), and the cookbook's recipe 0219 for captions.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Record
from archive.masking import may_restore
from archive.recordings.probing import PLAYED
from portal.addresses import iiif_url
from portal.wording import as_iiif

Json = dict[str, Any]


def playable(session: Session, record: Record, viewer: Viewer) -> dict[int, Recording]:
    """The recordings of a record that browsers play and whose length is known, by page; without those that are held."""
    rows = session.scalars(
        select(Recording).where(Recording.record_id == record.id, Recording.milliseconds.is_not(None))
    )
    trusted = may_restore(viewer)
    return {one.n: one for one in rows if one.container in PLAYED and (trusted or not one.is_closed)}


def time_canvas(public_id: str, recording: Recording) -> Json:
    """The canvas of a recording."""
    own, seconds = iiif_url(public_id, "canvas", recording.n), (recording.milliseconds or 0) / 1000
    film = recording.kind == "video"
    size = (
        {"width": recording.width, "height": recording.height} if film and recording.width and recording.height else {}
    )
    body = {
        "id": iiif_url(public_id, recording.n, "ban-ghi"),
        "type": "Video" if film else "Sound",
        "format": recording.media_type,
        "duration": seconds,
        **size,
    }
    label = _("Ghi hình") if film else _("Ghi âm")
    told: Json = {"id": own, "type": "Canvas", "label": as_iiif(label), "duration": seconds, **size}
    told["items"] = [_page(own, "page", "painting", body)]
    if recording.cues:
        words = iiif_url(public_id, recording.n, "loi.vtt")
        text = {"id": words, "type": "Text", "format": "text/vtt", "language": "vi"}
        text_label = {"label": as_iiif(_("Lời trong bản ghi"))}
        told["annotations"] = [_page(own, "captions", "supplementing", {**text, **text_label})]
    return told


def _page(canvas: str, name: str, motivation: str, body: Json) -> Json:
    note = {"id": f"{canvas}/{name}/1", "type": "Annotation", "motivation": motivation, "target": canvas, "body": body}
    return {"id": f"{canvas}/{name}", "type": "AnnotationPage", "items": [note]}
