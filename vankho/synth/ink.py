"""What hands and rubber stamps leave on a sheet: seal, signature, registry stamp, margin notes (masks, 0 to 255)."""

import math
from functools import lru_cache
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vankho.synth.typeset import load_face

_BIG = 2  # drawn at twice the size, then reduced


def _shrink(mask: Image.Image) -> Image.Image:
    return mask.resize((mask.width // _BIG, mask.height // _BIG), Image.Resampling.LANCZOS)


def _grain(size: tuple[int, int], rng: Random, low: int) -> Image.Image:
    """A coarse grain from `low` to 255 for ink that took unevenly."""
    small = (max(2, size[0] // 5), max(2, size[1] // 5))
    noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1])).filter(ImageFilter.GaussianBlur(0.8))
    return noise.resize(size, Image.Resampling.BICUBIC).point(lambda v: max(low, min(255, (v - 70) * 4)))


@lru_cache(maxsize=64)
def draw_seal(text: str, radius: int) -> Image.Image:
    """A round seal with `text` along its ring and a star in the middle, before it is pressed on paper."""
    side = 2 * (radius + 8) * _BIG
    seal = Image.new("L", (side, side), 0)
    pen, centre, outer = ImageDraw.Draw(seal), side / 2, radius * _BIG
    for share, width in ((1.0, 6), (0.93, 2), (0.60, 3)):
        r = outer * share
        pen.ellipse((centre - r, centre - r, centre + r, centre + r), outline=255, width=width)
    size = round(outer * 0.19)
    face = load_face("bold", size)
    step = min(0.185, 1.86 * math.pi / max(1, len(text)))
    start = -math.pi / 2 - step * (len(text) - 1) / 2
    for number, letter in enumerate(text):
        angle = start + step * number
        cell = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(cell).text((cell.width / 2, cell.height / 2), letter, 255, face, anchor="mm")
        cell = cell.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        x, y = centre + outer * 0.765 * math.cos(angle), centre + outer * 0.765 * math.sin(angle)
        seal.paste(255, (round(x - cell.width / 2), round(y - cell.height / 2)), cell)
    points = []
    for corner in range(10):
        r = outer * (0.40 if corner % 2 == 0 else 0.16)
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((centre + r * math.cos(angle), centre + r * math.sin(angle)))
    pen.polygon(points, outline=255, width=5)
    return seal


def press_seal(text: str, rng: Random) -> Image.Image:
    """One impression of a seal: turned a little, uneven."""
    seal = draw_seal(text, 100).rotate(rng.uniform(-14, 14), Image.Resampling.BICUBIC)
    seal = _shrink(seal)
    return ImageChops.multiply(seal, _grain(seal.size, rng, 60)).filter(ImageFilter.GaussianBlur(0.6))


def _curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A smooth line through the points (Catmull-Rom)."""
    line = []
    padded = [points[0], *points, points[-1]]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(9):
            t = step / 9
            line.append(
                tuple(
                    0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)
                    for p, q, r, s in zip(a, b, c, d, strict=True)
                )
            )
    return [(x, y) for x, y in line]


def draw_signature(hand: Random, rng: Random) -> Image.Image:
    """A scribble; `hand` is the signer's own (steady), `rng` how it came out this time."""
    width, height = 250 * _BIG, 130 * _BIG
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    loops = hand.randint(2, 6)
    lean, rise = hand.uniform(-0.06, 0.08), hand.uniform(0.1, 0.42)
    points: list[tuple[float, float]] = [(0.06 * width, 0.66 * height)]
    x = 0.14
    for loop in range(loops):
        tall = hand.uniform(0.40, 0.60) if loop in (0, loops // 2 + 1) else hand.uniform(0.06, rise)
        points += [
            ((x + 0.05 + lean) * width, (0.62 - tall) * height),
            ((x + 0.01 - lean / 2) * width, (0.56 + hand.uniform(0.0, 0.26)) * height),
            ((x + 0.08) * width, (0.60 - hand.uniform(0.0, 0.08)) * height),
        ]
        x += hand.uniform(0.06, 0.16)
    points.append((min(0.97, x + hand.uniform(0.1, 0.25)) * width, hand.uniform(0.35, 0.55) * height))
    shaken = [(px + rng.uniform(-5, 5), py + rng.uniform(-5, 5)) for px, py in points]
    _stroke(pen, _curve(shaken), 6, rng)
    if hand.random() < 0.7:
        y = hand.uniform(0.72, 0.86)
        ends = [(0.12, y), (0.5, y - 0.05), (0.9, y - hand.uniform(0.06, 0.2))]
        _stroke(pen, _curve([(px * width, py * height) for px, py in ends]), 5, rng)
    return _shrink(mask)


def _stroke(pen: ImageDraw.ImageDraw, line: list[tuple[float, float]], width: int, rng: Random) -> None:
    for number, (start, end) in enumerate(pairwise(line)):
        thick = width + round(2.2 * math.sin(number / 5 + rng.random()))
        pen.line((*start, *end), fill=255, width=max(3, thick))
        r = thick / 2 - 0.5
        pen.ellipse((end[0] - r, end[1] - r, end[0] + r, end[1] + r), fill=255)


def stamp_registry(office: str, number: int, day: str, rng: Random) -> Image.Image:
    """The rectangular stamp of incoming letters: office, `ĐẾN`, number and day written in by hand."""
    width, height = 265 * _BIG, 118 * _BIG
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    pen.rectangle((8, 8, width - 8, height - 8), outline=255, width=5)
    size = 34
    while load_face("bold", size).getlength(office) > width - 40 and size > 14:
        size -= 2
    pen.text((width / 2, 42), office, 255, load_face("bold", size), anchor="mm")
    pen.line((8, 72, width - 8, 72), fill=255, width=3)
    for y, label, value in ((112, "ĐẾN  Số:", str(number)), (172, "Ngày:", day)):
        pen.text((28, y), label, 255, load_face("roman", 30), anchor="lm")
        x = 40 + load_face("roman", 30).getlength(label)
        pen.line((x, y + 20, width - 30, y + 20), fill=130, width=2)
        pen.text((x + 14, y - rng.randint(0, 8)), value, 255, load_face("hand", 42), anchor="lm")
    turned = mask.rotate(rng.uniform(-5, 4), Image.Resampling.BICUBIC, expand=True)
    small = _shrink(turned)
    return ImageChops.multiply(small, _grain(small.size, rng, 70))


def write_note(text: str, rng: Random) -> Image.Image:
    """A margin note that looks written by hand: leaning, narrow letters on an unsteady line, in two or three lines."""
    words, lines = text.split(), [[]]  # type: list[str], list[list[str]]
    for word in words:
        if sum(len(w) + 1 for w in lines[-1]) + len(word) > 17:
            lines.append([])
        lines[-1].append(word)
    face = load_face("hand", 54)
    width = 700
    mask = Image.new("L", (width, 100 * len(lines) + 90), 0)
    for number, line in enumerate(lines):
        x, phase = 20.0 + 12 * number, rng.uniform(0, 6)
        for letter in " ".join(line):
            cell = Image.new("L", (90, 110), 0)
            ImageDraw.Draw(cell).text((18, 84), letter, 255, face, anchor="ls")
            cell = cell.rotate(rng.uniform(-6, 7), Image.Resampling.BICUBIC)
            y = 10 + 92 * number - 14 * x / width + 5 * math.sin(x / 60 + phase) + rng.uniform(-3, 3)
            mask.paste(255, (round(x), round(y)), cell)
            x += face.getlength(letter) * rng.uniform(0.90, 1.0)
    leaning = mask.transform(
        mask.size, Image.Transform.AFFINE, (1, 0.22, -0.22 * 60, 0, 1, 0), Image.Resampling.BICUBIC
    )
    return leaning.resize((round(width * 0.36), round(mask.height * 0.46)), Image.Resampling.LANCZOS)
