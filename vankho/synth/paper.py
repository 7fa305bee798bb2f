"""The paper of a scan: tint, stains, grain, darker edges, folds, specks and punch holes, by the age of the document."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from vankho.synth.typeset import HEIGHT, WIDTH

_SIZE = (WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Stock:
    """What a document was written on and how it was scanned: tints of paper, bed and ink, wear from 0 to 1."""

    paper: tuple[int, int, int]
    bed: tuple[int, int, int]
    ink: tuple[int, int, int]
    wear: float
    grey: bool


def choose_stock(year: int, rng: Random) -> Stock:
    """Paper of its time: brown of the resistance, yellowed of the hard years, off-white later."""
    if year < 1976:
        paper = rng.choice(((214, 193, 152), (219, 201, 165), (205, 186, 150)))
        return Stock(paper, (176, 158, 124), rng.choice(((58, 46, 60), (52, 44, 38))), rng.uniform(0.75, 1.0), False)
    if year < 1992:
        paper = rng.choice(((226, 213, 182), (221, 206, 170), (229, 219, 195)))
        return Stock(
            paper, (190, 174, 142), rng.choice(((50, 46, 66), (48, 43, 40))), rng.uniform(0.5, 0.9), rng.random() < 0.15
        )
    if year < 2008:
        paper = rng.choice(((238, 231, 216), (236, 230, 220), (240, 236, 226)))
        return Stock(paper, (205, 193, 165), (43, 39, 36), rng.uniform(0.25, 0.6), rng.random() < 0.2)
    paper = rng.choice(((246, 245, 241), (244, 242, 238)))
    return Stock(paper, (214, 212, 206), (34, 33, 36), rng.uniform(0.08, 0.3), rng.random() < 0.2)


@lru_cache(maxsize=2)
def _grain(seed: int) -> Image.Image:
    noise = Image.frombytes("L", _SIZE, Random(f"{seed}/grain").randbytes(WIDTH * HEIGHT))
    return noise.filter(ImageFilter.GaussianBlur(1.1))


def draw_cloud(rng: Random, cells: int) -> Image.Image:
    """Slow light and shade over the page, 0 to 255 about 128: `cells` across."""
    small = (cells, round(cells * 1.4))
    noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    return noise.resize(_SIZE, Image.Resampling.BICUBIC)


def draw_paper(stock: Stock, seed: int, rng: Random) -> Image.Image:
    """One sheet without writing, RGB, `WIDTH` by `HEIGHT`."""
    grain = ImageChops.offset(_grain(seed), rng.randrange(WIDTH), rng.randrange(HEIGHT))
    shade = Image.blend(draw_cloud(rng, 5), draw_cloud(rng, 22), 0.3)
    # grain about +-2, shade about +-10 at full wear
    strength = 0.05 + 0.10 * stock.wear
    light = Image.blend(shade, Image.new("L", _SIZE, 128), 1 - strength)
    light = ImageChops.add(light, grain.point([round((v - 128) * 0.10) + 32 for v in range(256)]), 1, -32)
    _wear(light, stock, rng)
    edge = _edge(stock, rng)
    sheet = Image.merge("RGB", [light.point([_tint(v, c) for v in range(256)]) for c in stock.paper])
    bed = Image.new("RGB", _SIZE, stock.bed)
    sheet = Image.composite(sheet, bed, edge)
    _punch(sheet, stock, rng)
    return sheet


def _tint(value: int, channel: int) -> int:
    return max(0, min(255, round(channel + (value - 128) * (0.9 if channel > 200 else 1.05))))


def _wear(light: Image.Image, stock: Stock, rng: Random) -> None:
    pen = ImageDraw.Draw(light)
    for _ in range(round(60 + 240 * stock.wear)):
        x, y, size = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.choice((1, 1, 1, 2))
        pen.ellipse((x, y, x + size, y + size), fill=rng.randint(70, 112))
    if rng.random() < stock.wear + 0.1:
        at = HEIGHT // 2 + rng.randint(-30, 30)
        tilt = rng.randint(-5, 5)
        pen.line((0, at, WIDTH, at + tilt), fill=104, width=2)
        pen.line((0, at + 2, WIDTH, at + tilt + 2), fill=140, width=2)
    if rng.random() < stock.wear * 0.6:
        at = WIDTH // 2 + rng.randint(-40, 40)
        pen.line((at, 0, at + rng.randint(-4, 4), HEIGHT), fill=108, width=2)
    if rng.random() < stock.wear * 0.5:
        _stain(light, rng)


def _stain(light: Image.Image, rng: Random) -> None:
    """A tide mark of water."""
    mask = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
    pen = ImageDraw.Draw(mask)
    x, y = rng.choice((0, WIDTH // 4)), rng.randrange(HEIGHT // 4)
    for _ in range(5):
        r, dx, dy = rng.randint(25, 60), rng.randint(-40, 40), rng.randint(-50, 50)
        pen.ellipse((x + dx - r, y + dy - r, x + dx + r, y + dy + r), fill=38)
    mask = mask.filter(ImageFilter.GaussianBlur(2)).resize(_SIZE, Image.Resampling.BICUBIC)
    light.paste(90, (0, 0), mask)


def _edge(stock: Stock, rng: Random) -> Image.Image:
    """Where the sheet lies on the bed: 255 on paper, soft and a little crooked at the rim."""
    mask = Image.new("L", (WIDTH // 2, HEIGHT // 2), 0)
    w, h = mask.size
    reach = 2 + round(4 * stock.wear)
    corners = [(0, 0), (w, 0), (w, h), (0, h)]
    points = []
    for x, y in corners:
        dx, dy = rng.randint(1, reach + 1), rng.randint(1, reach + 1)
        points.append((x + dx if x == 0 else x - dx, y + dy if y == 0 else y - dy))
    ImageDraw.Draw(mask).polygon(points, fill=255)
    return mask.filter(ImageFilter.GaussianBlur(0.8)).resize(_SIZE, Image.Resampling.BILINEAR)


def _punch(sheet: Image.Image, stock: Stock, rng: Random) -> None:
    if rng.random() > 0.55:
        return
    pen, x, y = ImageDraw.Draw(sheet), rng.randint(58, 78), HEIGHT // 2 + rng.randint(-40, 40)
    shade = tuple(c // 2 for c in stock.bed)
    for at in (y - 236, y + 236):
        r, dx = 13, rng.randint(-2, 2)
        pen.ellipse((x + dx - r, at - r, x + dx + r, at + r), fill=shade)
        pen.arc(
            (x + dx - r - 1, at - r - 1, x + dx + r + 1, at + r + 1),
            200,
            330,
            fill=tuple(c * 3 // 4 for c in stock.bed),
            width=2,
        )
