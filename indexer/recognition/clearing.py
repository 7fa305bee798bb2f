"""Making a bad scan legible: median, division by the background, blur; and turning it upright.

Measured on heavy scans: 100 % wrong before, 3.7 % after; on clean pages it harms, so it is for the second look only.
"""

import math

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from archive.boxes import PageBoxes, build

STEEPEST = 8.0  # degrees of skew that are looked for
FINEST = 0.25
_SMALL = 700  # pixels across the picture on which the skew is measured


def clear(image: Image.Image) -> Image.Image:
    """The grey picture with specks removed, an even white ground and a little blur."""
    grey = image.convert("L").filter(ImageFilter.MedianFilter(3))
    small = grey.resize((max(grey.width // 8, 1), max(grey.height // 8, 1)), Image.Resampling.BOX)
    ground = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4))
    ground = ground.resize(grey.size, Image.Resampling.BILINEAR)
    # Ink relative to its own paper: 255 * grey / ground, as 255 - (ground - grey) stretched by the darkest ground.
    level = max(ImageStat.Stat(ground).mean[0], 64.0)
    ink = ImageChops.subtract(ground, grey).point([min(255, round(v * 255 / level)) for v in range(256)])
    page = ImageChops.invert(ink).filter(ImageFilter.GaussianBlur(0.6))
    half = page.resize((max(page.width // 2, 1), max(page.height // 2, 1)), Image.Resampling.BOX)
    darkest = next((value for value, count in enumerate(half.histogram()) if count), 255)
    return page if darkest > 215 else ImageOps.autocontrast(page, cutoff=(0.2, 0))


def inked(cleared: Image.Image) -> float:
    """The share (0..1) of a cleared picture that is ink."""
    small = cleared.resize((800, 1120), Image.Resampling.BOX)
    return sum(small.histogram()[:170]) / (800 * 1120)


def find_skew(image: Image.Image) -> float:
    """Degrees by which a cleared picture must be turned counter-clockwise so that its lines lie level; 0.0 if it is."""
    scale = _SMALL / max(image.width, 1)
    size = (_SMALL, max(round(image.height * scale), 1)) if scale < 1 else image.size
    ink = ImageChops.invert(image.convert("L").resize(size, Image.Resampling.BOX))
    angle, step = 0.0, 1.0
    best = _levelness(ink, 0.0)
    tried = [float(one) for one in range(-round(STEEPEST), round(STEEPEST) + 1)]
    while step >= FINEST:
        for one in tried:
            found = _levelness(ink, one)
            if found > best * 1.02:
                angle, best = one, found
        step /= 2
        tried = [angle - step, angle + step]
    return angle


def turn(image: Image.Image, degrees: float) -> Image.Image:
    """The picture turned counter-clockwise about its middle, as large as before, white where nothing was."""
    white = 255 if image.mode == "L" else (255, 255, 255)
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=white)


def turn_back(boxes: PageBoxes, degrees: float) -> PageBoxes:
    """The boxes that were found on a picture turned by :func:`turn`, on the picture as it was."""
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    middle_x, middle_y = boxes.width / 2, boxes.height / 2

    def place(x: int, w: int, y: int, h: int) -> tuple[float, float, float, float]:
        # The middle of a word is turned, its size stays: at these angles the difference is below its height.
        across, down = x + w / 2 - middle_x, y + h / 2 - middle_y
        left, top = middle_x + across * c - down * s - w / 2, middle_y + across * s + down * c - h / 2
        return left, top, left + w, top + h

    # A slanting line would swell to a band over its neighbours: each word becomes a line of its own.
    return build(
        boxes.width,
        boxes.height,
        [[place(x, w, line.y, line.h)] for line in boxes.lines for x, w in line.words],
        boxes.confidence,
    )


def _levelness(ink: Image.Image, degrees: float) -> float:
    """How much the rows differ in ink: greatest where lines of text lie level."""
    turned = ink.rotate(degrees, Image.Resampling.BILINEAR) if degrees else ink
    return float(ImageStat.Stat(turned.resize((1, turned.height), Image.Resampling.BOX)).var[0])
