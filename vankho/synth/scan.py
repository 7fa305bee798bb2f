"""A typeset sheet as a scanner gives it: ink on paper, turned, sealed and signed; and where each word came to lie."""

import io
import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from vankho.synth.ink import draw_signature, press_seal, stamp_registry, write_note
from vankho.synth.paper import Stock, draw_cloud, draw_paper
from vankho.synth.typeset import HEIGHT, LAYOUT, SQUEEZE, WIDTH, Sheet, Word, load_face

SEAL, STAMP, PENS = (186, 44, 40), (72, 74, 140), ((34, 52, 116), (28, 40, 84), (40, 36, 44))
_QUALITY = 62


@dataclass(frozen=True, slots=True)
class Turn:
    """How the sheet lies on the glass: layout units to image pixels, turned by `angle` (radians) about the middle."""

    angle: float
    dx: float
    dy: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the layout lies in the image."""
        px, py = x * SQUEEZE - WIDTH / 2, y - HEIGHT / 2
        c, s = math.cos(self.angle), math.sin(self.angle)
        return px * c - py * s + WIDTH / 2 + self.dx, px * s + py * c + HEIGHT / 2 + self.dy

    def inverse(self) -> tuple[float, float, float, float, float, float]:
        """Coefficients that take image pixels back to layout units, for `Image.transform`."""
        c, s = math.cos(self.angle), math.sin(self.angle)
        x, y = WIDTH / 2 + self.dx, HEIGHT / 2 + self.dy
        return (
            c / SQUEEZE,
            s / SQUEEZE,
            (WIDTH / 2 - c * x - s * y) / SQUEEZE,
            -s,
            c,
            HEIGHT / 2 + s * x - c * y,
        )


@dataclass(frozen=True, slots=True)
class Look:
    """What belongs to a document rather than to a page: stock, seal text, signer's name, notes and stamps on page 1."""

    stock: Stock
    seal: str
    signer: str
    note: str = ""
    registry: str = ""
    registry_day: str = ""


def find_box(word: Word, turn: Turn) -> tuple[int, int, int, int]:
    """(left, top, width, height) in image pixels: the upright box about the ink of a turned word, inside the image."""
    x0, y0, x1, y1 = load_face(word.face, word.size).getbbox(word.text, anchor="ls")
    corners = [turn.place(word.x + x, word.y + y) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    a, b = max(0, math.floor(left)), max(0, math.floor(top))
    return a, b, max(1, min(WIDTH, math.ceil(right)) - a), max(1, min(HEIGHT, math.ceil(bottom)) - b)


def scan_sheet(sheet: Sheet, look: Look, seed: int, rng: Random) -> tuple[bytes, Turn]:
    """The JPEG of one sheet, and how it was turned (for the boxes of its words)."""
    turn = Turn(math.radians(rng.uniform(-0.75, 0.75)), rng.uniform(-6, 6), rng.uniform(-6, 6))
    page = draw_paper(look.stock, seed, rng)
    black, red = _print(sheet, rng)
    fade = draw_cloud(rng, 9).point(_fading(look.stock.wear))
    page.paste(look.stock.ink, (0, 0), ImageChops.multiply(_turned(black, turn), fade))
    if red is not None:
        page.paste(SEAL, (0, 0), ImageChops.multiply(_turned(red, turn), fade))
    if sheet.signature:
        _sign(page, turn.place(*sheet.signature), look, sheet.first or sheet.sketch is None, rng)
    if sheet.first and look.registry:
        mask = stamp_registry(look.registry, rng.randint(12, 980), look.registry_day, rng)
        page.paste(
            STAMP,
            (rng.randint(60, 190), round(sheet.margin) + rng.randint(-12, 0)),
            mask.point([v * 3 // 4 for v in range(256)]),
        )
    if sheet.first and look.note:
        mask = write_note(look.note, rng)
        pen = rng.choice((*PENS, (168, 40, 44)))
        page.paste(
            pen,
            (rng.randint(800, 900), round(sheet.margin) + rng.randint(-8, 4)),
            mask.point([v * 4 // 5 for v in range(256)]),
        )
    if look.stock.grey:
        page = page.convert("L")
    target = io.BytesIO()
    page.save(target, "JPEG", quality=_QUALITY, dpi=(150, 150), optimize=False)
    return target.getvalue(), turn


def _fading(wear: float) -> list[int]:
    """Strength of ink by the cloud's value: nearly full on good paper, patchy on worn."""
    weakest = 0.97 - 0.42 * wear
    return [round(255 * min(1.0, weakest + (1.0 - weakest) * max(0.0, (v - 40) / 130))) for v in range(256)]


def _turned(layer: Image.Image, turn: Turn) -> Image.Image:
    return layer.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, turn.inverse(), Image.Resampling.BICUBIC)


def _print(sheet: Sheet, rng: Random) -> tuple[Image.Image, Image.Image | None]:
    black, red = Image.new("L", (LAYOUT, HEIGHT), 0), None
    pen = ImageDraw.Draw(black)
    for word in sheet.words:
        target = pen
        if word.red:
            red = red or Image.new("L", (LAYOUT, HEIGHT), 0)
            target = ImageDraw.Draw(red)
        target.text((word.x, word.y), word.text, 255, load_face(word.face, word.size), anchor="ls")
    for x0, y0, x1, y1 in sheet.rules:
        pen.line((x0, y0, x1, y1), fill=225, width=2)
    if sheet.sketch:
        _draw_plots(pen, sheet.sketch, rng)
    if sheet.stamp and red is not None:
        x, y = sheet.stamp
        ImageDraw.Draw(red).rectangle((x - 85, y - 32, x + 85, y + 32), outline=255, width=4)
    return black, red


def _draw_plots(pen: ImageDraw.ImageDraw, frame: tuple[float, float, float, float], rng: Random) -> None:
    """Plots of a cadastral sketch: a crooked net with numbers and a hatched plot, a north arrow."""
    x0, y0, x1, y1 = frame
    pen.rectangle(frame, outline=230, width=3)
    columns, rows = rng.randint(4, 6), rng.randint(4, 6)
    net = [
        [
            (
                x0 + 60 + (x1 - x0 - 120) * c / columns + rng.uniform(-28, 28),
                y0 + 60 + (y1 - y0 - 120) * r / rows + rng.uniform(-24, 24),
            )
            for c in range(columns + 1)
        ]
        for r in range(rows + 1)
    ]
    chosen = (rng.randrange(rows), rng.randrange(columns))
    for r in range(rows):
        for c in range(columns):
            corners = [net[r][c], net[r][c + 1], net[r + 1][c + 1], net[r + 1][c]]
            pen.line([*corners, corners[0]], fill=220, width=5 if (r, c) == chosen else 2)
            middle = (sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4)
            pen.text(middle, str(rng.randint(10, 980)), 210, load_face("italic", 20), anchor="mm")
            if (r, c) == chosen:
                for step in range(1, 12):
                    a, b, d, e = (corners[0], corners[1], corners[3], corners[2])
                    t = step / 12
                    top = (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
                    low = (d[0] + (e[0] - d[0]) * t, d[1] + (e[1] - d[1]) * t)
                    pen.line((*top, *low), fill=120, width=1)
    pen.line((x1 - 60, y0 + 120, x1 - 60, y0 + 30), fill=230, width=3)
    pen.polygon(((x1 - 60, y0 + 18), (x1 - 70, y0 + 48), (x1 - 50, y0 + 48)), fill=230)


def _sign(page: Image.Image, at: tuple[float, float], look: Look, whole: bool, rng: Random) -> None:
    x, y = round(at[0]), round(at[1])
    if look.seal:
        mask = press_seal(look.seal, rng)
        strength = 0.86 - 0.25 * look.stock.wear
        mask = mask.point([round(v * strength) for v in range(256)])
        page.paste(SEAL, (x - mask.width // 2 - rng.randint(70, 96), y - mask.height // 2 + rng.randint(0, 14)), mask)
    if whole:
        mask = draw_signature(Random(f"hand/{look.signer}"), rng)
        pen = PENS[Random(f"pen/{look.signer}").randrange(len(PENS))]
        mask = mask.point([round(v * 0.88) for v in range(256)])
        page.paste(pen, (x - 110 + rng.randint(-10, 10), y - 74 + rng.randint(-6, 6)), mask)
