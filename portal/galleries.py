"""The gallery of a fonds, an inventory or a file: its photographs, sound and film, each with what stands for it."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive import browsing
from archive.database import reading
from archive.galleries import MEDIA, SIZE, Piece, gallery, media_counts, pieces
from archive.recordings.cues import clock
from portal.addresses import LEVELS
from portal.auditing import allowed
from portal.errors import missing
from portal.numbers import asked_number
from portal.searching import PathStep, step_label
from portal.viewing import asking

blueprint = Blueprint("galleries", __name__)


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece as it is shown: its length as people write it, how it may be read today, the day that it opens."""

    piece: Piece
    length: str
    access: str
    opens_on: int | None


@blueprint.get("/<any('phong', 'muc-luc', 'ho-so'):kind>/<public_id>/anh")
def show(kind: str, public_id: str) -> ResponseReturnValue:
    """SIZE pieces from place ``tu`` on, all or those of ``loai`` (photo, audio, video); missing where there is none."""
    who = asking()
    with reading() as session:
        found = browsing.find_record(session, who.viewer, public_id, who.day)
        if found is None or found.level != LEVELS[kind]:
            raise missing()
        allowed()
        counts = media_counts(session, who.viewer, found, who.day)
        if not counts:
            raise missing()
        wish = request.args.get("loai", "")
        chosen = wish if wish in MEDIA and wish in counts else ""
        window = gallery(session, who.viewer, found, who.day, asked_number("tu", 1, digits=8), chosen)
        shown = pieces(session, who.viewer, window.records, who.day)
        above = browsing.ancestors(session, who.viewer, found, who.day)
    tiles = [
        Tile(
            one,
            clock(one.milliseconds, whole=True) if one.milliseconds else "",
            *browsing.standing(one.record, who.day),
        )
        for one in shown
    ]
    steps = [PathStep(one.public_id, one.level, step_label(one.level, one.title, one.code)) for one in (*above, found)]
    return render_template(
        "gallery.html", record=found, path=steps, tiles=tiles, window=window, counts=counts, chosen=chosen, size=SIZE
    )
