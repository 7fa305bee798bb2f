"""Who reads by a grant without copying sees the agency's name in the picture of every page, and no larger picture."""

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops
from sqlalchemy import delete, select

from archive.access_rules import Closure
from archive.catalogue.people import Grant
from archive.catalogue.records import Page, Record
from archive.clock import today_number
from archive.database import writing
from archive.deciding import grant, set_closure
from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal import stamping
from portal.stamping import stamp
from tests.portal.archive_of_tests import Small
from tests.portal.closing import GROUND, closed

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
OPEN = "document:H48.P1.1.001"
NAMED = 12  # grey levels that the name makes at least


@pytest.fixture
def own(app: Flask, small: Small) -> Iterator[str]:
    """A document that is not open while the test runs; its first page is a white scan of 300 dots an inch."""
    own, scan = small.ids[OPEN], io.BytesIO()
    Image.new("L", (2600, 3677), 250).save(scan, "PNG")
    with FolderStorage(settings().home / "storage").batch() as batch:
        stored = batch.put(scan.getvalue())
    with writing() as session:
        row = session.scalars(select(Record.id).where(Record.public_id == own)).one()
        page = session.get_one(Page, (row, 1))
        before = page.image_sha256, page.width, page.height
        page.image_sha256, page.width, page.height = stored.sha256, 2600, 3677
    with closed(small, OPEN):
        yield own
    with writing() as session:
        page = session.get_one(Page, (row, 1))
        page.image_sha256, page.width, page.height = before
        session.execute(delete(Grant))


def let(own: str, *, copying: bool = False, pages: str = "") -> None:
    with writing() as session:
        day = today_number()
        grant(session, "hoa", own, (day, day + 5), copying=copying, pages=pages, **GROUND)


def picture(client: FlaskClient, address: str) -> Image.Image:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Image.open(io.BytesIO(answer.data)).convert("L")


def addresses(own: str) -> list[str]:
    return [
        f"/van-ban/{own}/trang/1/anh/300.webp", f"/van-ban/{own}/trang/1/anh/720.webp",
        f"/van-ban/{own}/trang/1/anh/1240.webp", f"/iiif/3/{own}/1/full/max/0/default.png",
        f"/iiif/3/{own}/1/full/600,/0/default.webp", f"/iiif/3/{own}/1/pct:20,20,40,40/max/0/gray.jpg",
        f"/iiif/3/{own}/1/square/300,/90/color.jpg",
    ]  # fmt: skip


def names(client: FlaskClient, own: str) -> list[bool]:
    """Whether each picture shows more than the white page."""
    return [250 - picture(client, one).getextrema()[0] > NAMED for one in addresses(own)]  # type: ignore[operator]


def test_only_who_reads_without_copying_sees_the_name(as_person: People, own: str) -> None:
    every = len(addresses(own))
    assert names(as_person("lan"), own) == [False] * every
    let(own)
    reader = as_person("hoa")
    first = picture(reader, addresses(own)[2])
    assert names(reader, own) == [True] * every
    assert names(as_person("lan"), own) == [False] * every, "what all share stays as it is"
    assert ImageChops.difference(first, picture(as_person("lan"), addresses(own)[2])).getbbox() is not None
    let(own, copying=True)
    assert names(reader, own) == [False] * every


def test_pages_of_a_grant_bear_it_too(as_person: People, own: str) -> None:
    let(own, pages="1")
    assert names(as_person("hoa"), own) == [True] * len(addresses(own))


def test_an_open_page_bears_none(as_person: People, own: str) -> None:
    let(own)
    with writing() as session:
        set_closure(session, own, Closure("01"), **GROUND)
    for one in ("hoa", ""):
        assert names(as_person(one), own) == [False] * len(addresses(own))


def test_nothing_larger_than_a_page_is_given(as_person: People, own: str) -> None:
    let(own)
    reader, staff, base = as_person("hoa"), as_person("lan"), f"/iiif/3/{own}/1"
    large = f"/van-ban/{own}/trang/1/anh/2480.webp"
    assert (reader.get(large).status_code, staff.get(large).status_code) == (404, 200)
    told, whole = reader.get(f"{base}/info.json").get_json(), staff.get(f"{base}/info.json").get_json()
    assert (told["width"], told["maxWidth"], told["maxHeight"]) == (1240, 1240, told["height"])
    assert (whole["width"], "maxWidth" in whole) == (2480, False)
    assert max(one["width"] for one in told["sizes"]) < 1240
    for size in ("1241,", "2480,", f",{told['height'] + 1}"):
        assert reader.get(f"{base}/full/{size}/0/default.jpg").status_code == 400, size
        assert staff.get(f"{base}/full/{size}/0/default.jpg").status_code == 200, size
    assert picture(reader, f"{base}/full/max/0/default.jpg").size == (told["width"], told["height"])
    assert picture(reader, f"{base}/pct:0,0,25,25/max/0/default.jpg").width == 310
    assert reader.get(f"{base}/pct:0,0,25,25/620,/0/default.jpg").status_code == 400
    shown = reader.get(f"/van-ban/{own}/trang/1?co=lon").text
    assert ("anh/1240.webp" in shown, "anh/2480.webp" in shown) == (True, False)


def test_the_name_is_drawn_without_our_fonts_too() -> None:
    for mode, paper in (("L", 250), ("RGB", (0, 0, 0)), ("1", 255)):
        plain = Image.new(mode, (400, 560), paper)
        named = stamp(plain, "Đội lưu trữ", "not-installed")
        assert ImageChops.difference(plain.convert(named.mode), named).getbbox() is not None, mode
        assert plain.getcolors() == [(400 * 560, paper)], "the one given is not drawn on"


def test_the_writing_stays_readable() -> None:
    """Black stays far from what the name makes of white."""
    named = stamp(Image.new("L", (1240, 1754), 255), settings().archive_name)
    assert 150 < named.getextrema()[0] < 255 - NAMED  # type: ignore[operator]
    assert stamping.SHARE < 1
    spread = named.resize((6, 8), Image.Resampling.BOX)
    assert spread.getextrema()[0] < 254  # type: ignore[operator]
    rows = [named.crop((0, y, 1240, y + 440)).getextrema()[0] for y in range(0, 1754 - 440, 200)]
    assert max(rows) < 255 - NAMED  # type: ignore[type-var, operator]
