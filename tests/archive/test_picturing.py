"""What the Image API asks of an image, and what comes out: seen by its pixels."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piffle.image import IIIFImageClient
from PIL import Image

from archive.picturing import MOST_PIXELS, PictureError, draw, read_picture

WHOLE = (200, 100)


def quarters() -> Image.Image:
    """Four quarters: red, green above; blue, white below."""
    image = Image.new("RGB", WHOLE, "red")
    image.paste("lime", (100, 0, 200, 50))
    image.paste("blue", (0, 50, 100, 100))
    image.paste("white", (100, 50, 200, 100))
    return image


def asked(region: str = "full", size: str = "max", rotation: str = "0", last: str = "default.png") -> Image.Image:
    quality, _dot, kind = last.partition(".")
    data = draw(quarters(), WHOLE, read_picture(WHOLE, region, size, rotation, quality, kind))
    return Image.open(io.BytesIO(data))


def corner(image: Image.Image) -> object:
    return image.convert("RGB").getpixel((image.width // 8, image.height // 8))


RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.parametrize(
    ("region", "size", "rotation", "expected", "colour"),
    [
        ("full", "max", "0", (200, 100), RED),
        ("square", "max", "0", (100, 100), RED),
        ("100,0,100,50", "max", "0", (100, 50), LIME),
        ("pct:0,50,50,50", "max", "0", (100, 50), BLUE),
        ("150,60,500,500", "max", "0", (50, 40), WHITE),
        ("full", "100,", "0", (100, 50), RED),
        ("full", ",25", "0", (50, 25), RED),
        ("full", "80,80", "0", (80, 80), RED),
        ("full", "!50,50", "0", (50, 25), RED),
        ("full", "pct:10", "0", (20, 10), RED),
        ("full", "max", "90", (100, 200), BLUE),
        ("full", "max", "180", (200, 100), WHITE),
        ("full", "max", "270", (100, 200), LIME),
        ("full", "max", "!0", (200, 100), LIME),
        ("full", "max", "!90", (100, 200), WHITE),
    ],
)
def test_what_is_asked_comes_out(
    region: str, size: str, rotation: str, expected: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    image = asked(region, size, rotation)
    assert (image.size, corner(image)) == (expected, colour)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
@pytest.mark.parametrize("quality", ["default", "color", "gray", "bitonal"])
def test_every_quality_in_every_format(quality: str, kind: str) -> None:
    image = asked(last=f"{quality}.{kind}")
    assert image.format == {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[kind]
    colours = {colour for _n, colour in image.convert("RGB").getcolors(100_000) or []}
    grey = all(max(c) - min(c) < 16 for c in colours)  # type: ignore[arg-type]
    assert grey == (quality in {"gray", "bitonal"})


@pytest.mark.parametrize(
    "parts",
    [
        ("full", "201,", "0", "default", "jpg"),
        ("full", "^400,", "0", "default", "jpg"),
        ("0,0,10,10", "20,20", "0", "default", "jpg"),
        ("full", "0,", "0", "default", "jpg"),
        ("full", "pct:0", "0", "default", "jpg"),
        ("full", ",", "0", "default", "jpg"),
        ("full", "full", "0", "default", "jpg"),
        ("200,0,10,10", "max", "0", "default", "jpg"),
        ("0,0,0,10", "max", "0", "default", "jpg"),
        ("1,2,3", "max", "0", "default", "jpg"),
        ("-1,0,5,5", "max", "0", "default", "jpg"),
        ("full", "max", "45", "default", "jpg"),
        ("full", "max", "x", "default", "jpg"),
        ("full", "max", "0", "native", "jpg"),
        ("full", "max", "0", "default", "gif"),
        ("٠,0,5,5", "max", "0", "default", "jpg"),
    ],
)
def test_what_cannot_be_is_refused_in_both_languages(parts: tuple[str, str, str, str, str]) -> None:
    with pytest.raises(PictureError) as refused:
        read_picture(WHOLE, *parts)
    assert refused.value.vi
    assert refused.value.en


def test_an_answer_is_bounded() -> None:
    for size in ("max", "4000,"):
        try:
            picture = read_picture((4000, 100_000), "full", size, "0", "default", "jpg")
        except PictureError:
            assert size == "4000,"
        else:
            assert picture.size[0] * picture.size[1] <= MOST_PIXELS


NUMBERS = st.integers(0, 300)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(lambda t: "{},{},{},{}".format(*t))
REGIONS = st.one_of(st.sampled_from(["full", "square"]), BOXES)
SIZES = st.one_of(
    st.just("max"),
    NUMBERS.map("{},".format),
    NUMBERS.map(",{}".format),
    NUMBERS.map("pct:{}".format),
    st.tuples(NUMBERS, NUMBERS).map(lambda t: "!{},{}".format(*t)),
)


@given(REGIONS, SIZES, st.sampled_from(["0", "90", "!180", "270"]))
def test_a_foreign_client_writes_what_is_understood(region: str, size: str, rotation: str) -> None:
    """piffle writes the canonical address of an address; both mean the same picture."""
    try:
        mine = read_picture(WHOLE, region, size, rotation, "default", "jpg")
    except PictureError:
        return
    other = IIIFImageClient.init_from_url(f"https://example.org/iiif/x/{region}/{size}/{rotation}/default.jpg")
    *_rest, again, sized, turned, last = str(other).split("/")
    assert read_picture(WHOLE, again, sized, turned, *last.split(".")) == mine
    assert mine.size[0] <= mine.box[2] - mine.box[0]
    assert mine.size[1] <= mine.box[3] - mine.box[1]
