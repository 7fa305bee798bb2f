"""IIIF Image API 3.0 (level 2): any region of a page's image, in any smaller size.

Cut from our derivatives, never from the source.  The right to read is asked at every call; what may not be seen is
missing, whatever else is wrong with the address.  For who reads by a grant without copying the image is the page with
the agency's name in it, no larger (portal.stamping).
"""

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

from flask import Blueprint, Response, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from PIL import Image

from archive import clock, images
from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.documents import PAGE_WIDTH
from archive.picturing import FORMATS, MOST_PIXELS, TILE, PictureError, draw, read_picture
from portal.addresses import iiif_image_url
from portal.auditing import note_reading
from portal.errors import problem
from portal.images import derivative, keep_rightly, name_on, shown_image
from portal.stamping import stamp
from portal.viewing import Asking, asking

CONTEXT = "http://iiif.io/api/image/3/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'
KEPT_OPEN = 4  # decoded images a process keeps: a viewer asks for many tiles of one page
LARGEST_KEPT = 10_000_000  # pixels
KEPT_NOTES = 2_000

Key = TypeVar("Key")
Value = TypeVar("Value")

blueprint = Blueprint("picturing", __name__)


class _Kept(Generic[Key, Value]):
    """The last few of something, shared by the threads of this process."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Key, value: Value) -> None:
        with self._lock:
            self._found[key] = value
            while len(self._found) > self._most:
                self._found.popitem(last=False)


_opened: _Kept[tuple[str, int, str], Image.Image] = _Kept(KEPT_OPEN)
_noted: _Kept[tuple[str, str, int, str], bool] = _Kept(KEPT_NOTES)


@blueprint.get("/iiif/3/<public_id>/<int:n>")
def base(public_id: str, n: int) -> ResponseReturnValue:
    """The image's own address leads to its description (section 2 of the Image API)."""
    with reading() as session:
        shown_image(session, asking(), public_id, n)
    return redirect(url_for("picturing.info", public_id=public_id, n=n), 303)


@blueprint.get("/iiif/3/<public_id>/<int:n>/info.json")
def info(public_id: str, n: int) -> ResponseReturnValue:
    """What the image of page ``n`` is and what can be asked of it."""
    who = asking()
    with reading() as session:
        found, page = shown_image(session, who, public_id, n)
    name = name_on(who, found, n)
    most = PAGE_WIDTH if name else images.DEEP_WIDTH
    derivative(page, most)  # what cannot be drawn is not described either
    across, down = whole_size(page, most)
    told = {
        "@context": CONTEXT,
        "id": iiif_image_url(public_id, n),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": across,
        "height": down,
        "maxArea": MOST_PIXELS,
        **({"maxWidth": across, "maxHeight": down} if name else {}),
        "sizes": [
            {"width": w, "height": max(round(down * w / across), 1)} for w in sorted(images.WIDTHS) if w < across
        ],
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": [1, 2, 4, 8]}],
        "preferredFormats": ["webp", "jpg"],
        "extraFormats": ["webp"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": ["mirroring"],
    }
    answer = jsonify(told)
    answer.mimetype = MEDIA_TYPE
    if not keep_rightly(answer, found, page, who.day, _tag(page, "info", str(told["id"]), name)):
        _note(who, found, n)
    return answer


@blueprint.get("/iiif/3/<public_id>/<int:n>/<region>/<size>/<rotation>/<quality>.<format>")
def picture(
    public_id: str, n: int, region: str, size: str, rotation: str, quality: str, format: str
) -> ResponseReturnValue:
    """The region in that size, turned, in that quality and format; 400 with the reason if it cannot be."""
    who = asking()
    with reading() as session:
        found, page = shown_image(session, who, public_id, n)
    name = name_on(who, found, n)
    most = PAGE_WIDTH if name else images.DEEP_WIDTH
    whole = whole_size(page, most)
    try:
        asked = read_picture(whole, region, size, rotation, quality, format)
    except PictureError as error:
        return problem(400, error.vi, error.en)
    answer = Response(mimetype=FORMATS[format])
    answer.headers["Link"] = '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
    if not keep_rightly(answer, found, page, who.day, _tag(page, region, size, rotation, quality, format, name)):
        _note(who, found, n)
    if answer.status_code == 200:
        needed = whole[0] * asked.scale
        width = next((one for one in sorted(images.WIDTHS) if one >= needed), most)
        answer.set_data(draw(_open(derivative(page, most if name else width), name), whole, asked))
    return answer


def whole_size(page: Page, most: int) -> tuple[int, int]:
    """Width and height of the image that regions count in: the largest derivative that is given, ``most`` wide.  It is
    not drawn for that: who asks for a small picture of many pages gets each from a small derivative."""
    if page.width and page.height:
        return images.derived_size(str(page.image_kind), page.width, page.height, most)
    path = derivative(page, most)
    with Image.open(path, formats=("WEBP",)) as image:
        return image.size


def _open(path: Path, name: str) -> Image.Image:
    key = (str(path), path.stat().st_mtime_ns, name)
    image = _opened.get(key)
    if image is None:
        with Image.open(path, formats=("WEBP",)) as opened:
            opened.load()
            image = stamp(opened, name) if name else opened.copy()
        if image.width * image.height <= LARGEST_KEPT:
            _opened.put(key, image)
    return image


def _note(who: Asking, record: Record, n: int) -> None:
    """One line in the audit trail for a page and person in an hour, not one for each of a hundred tiles."""
    key = (who.viewer.name, record.public_id, n, f"{clock.now():%Y%m%d%H}")
    if _noted.get(key) is None:
        note_reading(who, record, "image", n)
        _noted.put(key, True)


def _tag(page: Page, *asked: str) -> str:
    return hashlib.sha256("\0".join((str(page.image_sha256), str(page.image_index), *asked)).encode()).hexdigest()[:32]
