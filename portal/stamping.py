"""The agency's name drawn into the picture of a page, for who reads it by a grant without copying.

TT 05/2025/TT-BNV Article 37: reading on the system, no download, the agency's name on every page.  What is drawn is
pale and slanting: the writing stays readable, and no part of the page of some size is without it.
"""

import io
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from desk.copies.errors import CopyWaitsError
from desk.copies.fonts import font_path

FACE = "DejaVuSerif-Bold"
SHARE = 0.6  # of the picture's width that the name is long
LEAST, SLANT = 9, 28  # pixels of a letter, degrees
INK, STRENGTH = 110, 66  # a grey that shows on white and on black, and how much of it (of 255)
QUALITY = 60


def stamp(image: Image.Image, name: str, face: str = FACE) -> Image.Image:
    """A copy of the picture (grey or colour) with the name over it, again and again; ``face`` of desk.copies.fonts."""
    bare = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    line = _line(name, bare.width, face)
    slanted = line.rotate(SLANT, Image.Resampling.BICUBIC, expand=True)
    across, down = slanted.size
    ink = INK if bare.mode == "L" else (INK, INK, INK)
    for row, y in enumerate(range(-down // 3, bare.height, down)):
        for x in range(-(row % 2) * (across // 2) - across // 4, bare.width, across):
            bare.paste(ink, (x, y), slanted)
    return bare


def stamped(derived: bytes, name: str) -> bytes:
    """A derivative (WebP) with the name in it, as WebP of the same size."""
    with Image.open(io.BytesIO(derived), formats=("WEBP",)) as opened:
        out = io.BytesIO()
        stamp(opened, name).save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _line(name: str, width: int, face: str) -> Image.Image:
    """The name in one line as a mask, SHARE of the width long."""
    font, text = _font(name, 100, face)
    size = max(round(100 * SHARE * width / max(font.getlength(text), 1)), LEAST)
    font, text = _font(name, size, face)
    left, top, right, bottom = font.getbbox(text)
    line = Image.new("L", (max(round(right - left), 1), max(round(bottom - top), 1)), 0)
    ImageDraw.Draw(line).text((-left, -top), text, fill=STRENGTH, font=font)
    return line


def _font(name: str, size: int, face: str) -> tuple[ImageFont.FreeTypeFont, str]:
    """The font and the name in its letters: where ours is not installed, Pillow's own, which has no Vietnamese."""
    try:
        return ImageFont.truetype(font_path(face), size), name
    except (CopyWaitsError, OSError):
        plain = unicodedata.normalize("NFD", name.translate({ord("đ"): "d", ord("Đ"): "D"}))
        own = ImageFont.load_default(size)
        assert isinstance(own, ImageFont.FreeTypeFont)
        return own, "".join(one for one in plain if one.isascii())
