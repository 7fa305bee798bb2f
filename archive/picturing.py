"""What the IIIF Image API 3.0 can ask of an image: region, size, rotation, quality, format, and carrying it out.

Compliance level 2 (https://iiif.io/api/image/3.0/compliance/), mirroring and WebP besides.  Nothing is ever enlarged,
and no answer has more than MOST_PIXELS.  Knows no record: who may ask is decided before.
"""

import io
import math
import re
from dataclasses import dataclass
from typing import Literal, cast

from PIL import Image, ImageOps

MOST_PIXELS = 12_000_000
"""Most pixels of one answer (``maxArea``): A4 at 300 dpi has 8.7 million."""

TILE = 512
"""Pixels along a side of a tile that viewers should ask for."""

QUALITIES = ("default", "color", "gray", "bitonal")
FORMATS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_QUALITY = 75

Box = tuple[int, int, int, int]
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_INTEGER = r"[0-9]{1,9}"


class PictureError(ValueError):
    """A request that the Image API does not know or that cannot be carried out: what of it, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi, self.en = vi, en


@dataclass(frozen=True, slots=True)
class Picture:
    """A request that can be carried out: ``box`` (left, top, right, bottom) in pixels of the whole image, ``size`` of
    what is cut out before it is turned clockwise by ``turn`` degrees, after mirroring."""

    box: Box
    size: tuple[int, int]
    mirrored: bool
    turn: Literal[0, 90, 180, 270]
    quality: str
    format: str

    @property
    def scale(self) -> float:
        """Pixels asked for one of the whole image, at most 1."""
        return max(self.size[0] / (self.box[2] - self.box[0]), self.size[1] / (self.box[3] - self.box[1]))


def read_picture(whole: tuple[int, int], region: str, size: str, rotation: str, quality: str, format: str) -> Picture:
    """The request of an image of ``whole`` (width, height) pixels; raises PictureError."""
    if quality not in QUALITIES or format not in FORMATS:
        raise PictureError("không có chất lượng hay định dạng ảnh ấy", "no such quality or format")
    turned = re.fullmatch(r"(!?)([0-9]{1,3})(?:\.0+)?", rotation)
    if turned is None or int(turned[2]) not in {0, 90, 180, 270, 360}:
        raise PictureError("ảnh chỉ xoay được 0, 90, 180, 270 độ", "images are turned by 0, 90, 180, 270 degrees only")
    turn = cast(Literal[0, 90, 180, 270], int(turned[2]) % 360)
    box = _region(whole, region)
    return Picture(box, _size(box, size), bool(turned[1]), turn, quality, format)


def _region(whole: tuple[int, int], text: str) -> Box:
    across, down = whole
    if text == "full":
        return (0, 0, across, down)
    if text == "square":
        side = min(whole)
        left, top = (across - side) // 2, (down - side) // 2
        return (left, top, left + side, top + side)
    if found := re.fullmatch(rf"({_INTEGER}),({_INTEGER}),({_INTEGER}),({_INTEGER})", text):
        x, y, w, h = (int(one) for one in found.groups())
    elif found := re.fullmatch(rf"pct:({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})", text):
        parts = [float(one) / 100 for one in found.groups()]
        x, y, w, h = (round(part * side) for part, side in zip(parts, (across, down, across, down), strict=True))
        w, h = max(w, 1 if parts[2] else 0), max(h, 1 if parts[3] else 0)
    else:
        raise PictureError("không hiểu vùng ảnh", "the region cannot be read")
    if not w or not h or x >= across or y >= down:
        raise PictureError("vùng ảnh nằm ngoài ảnh hoặc rỗng", "the region is empty or outside the image")
    return (x, y, min(x + w, across), min(y + h, down))


def _size(box: Box, text: str) -> tuple[int, int]:
    across, down = box[2] - box[0], box[3] - box[1]
    if text == "max":
        scale = min(1.0, math.sqrt(MOST_PIXELS / (across * down)))
        return max(math.floor(across * scale), 1), max(math.floor(down * scale), 1)
    if found := re.fullmatch(rf"pct:({_NUMBER})", text):
        share = float(found[1]) / 100
        asked = (max(round(across * share), 1), max(round(down * share), 1)) if share else (0, 0)
    elif found := re.fullmatch(rf"!({_INTEGER}),({_INTEGER})", text):
        share = min(int(found[1]) / across, int(found[2]) / down, 1.0)
        asked = (max(round(across * share), 1), max(round(down * share), 1)) if share else (0, 0)
    elif (found := re.fullmatch(rf"({_INTEGER})?,({_INTEGER})?", text)) and text != ",":
        w, h = (int(one) if one else None for one in found.groups())
        share = (w or 0) / across if h is None else (h or 0) / down
        asked = (
            w if w is not None else max(round(across * share), 1 if share else 0),
            h if h is not None else max(round(down * share), 1 if share else 0),
        )
    else:
        raise PictureError("không hiểu kích thước ảnh", "the size cannot be read")
    if not all(asked):
        raise PictureError("kích thước ảnh bằng 0", "the size is nothing")
    if asked[0] > across or asked[1] > down:
        raise PictureError("ảnh không được phóng lớn hơn bản gốc", "images are not enlarged")
    if asked[0] * asked[1] > MOST_PIXELS:
        raise PictureError(f"quá {MOST_PIXELS} điểm ảnh", f"more than {MOST_PIXELS} pixels")
    return asked


def draw(source: Image.Image, whole: tuple[int, int], picture: Picture) -> bytes:
    """The picture in its format, cut from ``source``, which shows the whole image, perhaps smaller than ``whole``."""
    across, down = source.width / whole[0], source.height / whole[1]
    left, top, right, bottom = picture.box
    box = (left * across, top * down, min(right * across, source.width), min(bottom * down, source.height))
    image = source.resize(picture.size, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)
    if picture.mirrored:
        image = ImageOps.mirror(image)
    if picture.turn:
        image = image.transpose(
            {
                90: Image.Transpose.ROTATE_270,
                180: Image.Transpose.ROTATE_180,
                270: Image.Transpose.ROTATE_90,
            }[picture.turn]
        )
    if picture.quality in {"gray", "bitonal"}:
        image = image.convert("L")
    if picture.quality == "bitonal":
        image = image.point(lambda value: 255 if value > 127 else 0).convert("1")
    out = io.BytesIO()
    if picture.format == "jpg":
        image.convert("RGB" if image.mode == "RGB" else "L").save(out, "JPEG", quality=_QUALITY)
    elif picture.format == "png":
        image.save(out, "PNG")
    else:
        image.convert("RGB" if image.mode == "RGB" else "L").save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
