"""Pictures of the demonstration, drawn: river, bridge, fields, houses, as if photographed.  Nothing in them is real."""

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw
SKY: tuple[Colour, Colour] = ((118, 158, 196), (226, 224, 206))
WATER: tuple[Colour, Colour] = ((120, 148, 160), (70, 98, 112))


def draw_scene(name: str, size: tuple[int, int], rng: Random, *, hour: float = 10, grey: bool = False) -> Image.Image:
    """A scene (bridge, crowd, lake, dyke, field, houses) of that size; `hour` moves the sun, `grey` is an old print."""
    width, height = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    horizon = round(height * 0.52)
    _fade(draw, (0, 0, width, horizon), SKY)
    x = round(width * (0.1 + 0.8 * (hour - 5) / 14))
    y = round(height * (0.45 - 0.35 * math.sin(math.pi * (hour - 5) / 14)))
    r = height // 18
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(250, 240, 210))
    _hills(draw, width, horizon, height, rng)
    _fade(draw, (0, horizon, width, height), WATER)
    SCENES[name](draw, width, height, horizon, rng)
    noise = Image.frombytes("L", size, rng.randbytes(width * height))
    image = Image.blend(image, Image.merge("RGB", (noise, noise, noise)), 0.03).filter(ImageFilter.GaussianBlur(0.6))
    if grey:
        image = ImageOps.autocontrast(image.convert("L"), 2).convert("RGB")
    return image


def _fade(draw: Draw, box: tuple[int, int, int, int], colours: tuple[Colour, Colour]) -> None:
    left, top, right, bottom = box
    for y in range(top, bottom):
        part = (y - top) / max(bottom - top, 1)
        one = [round(a + (b - a) * part) for a, b in zip(*colours, strict=True)]
        draw.line((left, y, right, y), fill=(one[0], one[1], one[2]))


def _hills(draw: Draw, width: int, horizon: int, height: int, rng: Random) -> None:
    for depth, colour in enumerate(((128, 148, 150), (96, 122, 112), (70, 98, 78))):
        phase, tall = rng.uniform(0, 6), height * (0.16 - 0.04 * depth)
        crest = [
            (x, horizon - tall * (0.5 + 0.35 * math.sin(x / width * (5 + depth) + phase) + 0.15 * math.sin(x / 37)))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, horizon), *crest, (width, horizon)], fill=colour)


def _bridge(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    deck, piers = round(height * 0.5), 7
    for n in range(piers + 1):
        x = round(width * n / piers)
        draw.rectangle((x - width // 110, deck, x + width // 110, round(height * 0.72)), fill=(150, 146, 138))
        if n:
            box = (round(width * (n - 1) / piers), deck - height // 40, x, deck + height // 6)
            draw.arc(box, 180, 360, fill=(120, 116, 110), width=max(2, height // 140))
    draw.rectangle((0, deck - height // 40, width, deck), fill=(170, 166, 156))
    for x in range(0, width, max(6, width // 90)):
        draw.line((x, deck - height // 18, x, deck - height // 40), fill=(110, 106, 100), width=max(1, height // 400))


def _crowd(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    _bridge(draw, width, height, horizon, rng)
    for row in range(5):
        tall = height * (0.10 + 0.035 * row)
        ground = round(height * (0.72 + 0.075 * row))
        for n in range(26 - 3 * row):
            x = round((n + rng.uniform(0.1, 0.9)) * width / (26 - 3 * row))
            tint = rng.choice(((60, 62, 80), (92, 60, 54), (84, 92, 76), (140, 130, 116), (170, 160, 150)))
            draw.rounded_rectangle((x - tall / 6, ground - tall * 0.6, x + tall / 6, ground), tall / 9, fill=tint)
            draw.ellipse((x - tall / 9, ground - tall * 0.85, x + tall / 9, ground - tall * 0.6), fill=(176, 138, 112))


def _lake(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    for _ in range(70):
        y = rng.randint(horizon + 4, height - 4)
        x, length = rng.randint(0, width), rng.randint(width // 40, width // 8)
        draw.line((x, y, x + length, y), fill=(160, 182, 188), width=1)
    draw.polygon(
        [(0, height), (0, round(height * 0.82)), (width // 3, round(height * 0.9)), (width // 2, height)],
        fill=(118, 100, 74),
    )


def _dyke(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    draw.polygon(
        [(0, height), (0, round(height * 0.7)), (width, round(height * 0.56)), (width, height)], fill=(132, 114, 84)
    )
    for n in range(18):
        x = round(width * (n + 0.5) / 18)
        y = round(height * (0.7 - 0.14 * x / width)) + rng.randint(0, height // 9)
        tall = height // 13
        draw.line((x, y, x + tall // 4, y - tall), fill=(60, 54, 48), width=max(3, height // 120))
        draw.polygon(
            [(x - tall // 4, y - tall), (x + tall // 2, y - tall), (x + tall // 8, y - tall * 1.35)],
            fill=(190, 176, 140),
        )


def _field(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    draw.rectangle((0, horizon, width, height), fill=(150, 150, 70))
    for n in range(-14, 30):
        draw.line((width // 2 + n * width // 60, horizon, n * width // 8, height), fill=(112, 124, 56), width=2)
    draw.polygon(
        [(width * 0.62, horizon), (width * 0.65, horizon), (width, height * 0.86), (width, height)],
        fill=(128, 158, 168),
    )


def _houses(draw: Draw, width: int, height: int, horizon: int, rng: Random) -> None:
    draw.rectangle((0, round(height * 0.74), width, height), fill=(196, 180, 142))
    for n in range(6):
        x, wide = round(width * (n + 0.1) / 6), round(width / 8)
        top = round(height * rng.uniform(0.5, 0.58))
        draw.rectangle((x, top, x + wide, round(height * 0.8)), fill=(206, 196, 176))
        draw.rectangle((x + wide // 3, round(height * 0.68), x + wide // 2, round(height * 0.8)), fill=(92, 74, 60))
        roof = [(x - wide // 8, top), (x + wide // 2, top - height // 9), (x + wide * 9 // 8, top)]
        if n % 3 == 1:  # what the storm left of it
            roof[1] = (x + wide // 5, top - height // 22)
        draw.polygon(roof, fill=(150, 82, 60))


SCENES: dict[str, Callable[[Draw, int, int, int, Random], None]] = {
    "bridge": _bridge,
    "crowd": _crowd,
    "lake": _lake,
    "dyke": _dyke,
    "field": _field,
    "houses": _houses,
}
