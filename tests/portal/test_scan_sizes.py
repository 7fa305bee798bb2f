"""The image of a page is asked in the size in which it is drawn, before anything else of the page's images, and each
small image keeps the room of its own shape."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select

from archive.catalogue.records import Page, Record
from archive.database import writing
from bench.pages import phone
from tests.chromium import opened_browser
from tests.portal.archive_of_tests import Small

DIGITAL = "document:H48.P1.1.001"
#: The width of the length that ``sizes`` names for this window, in pixels, and that of the image.
WIDTHS = """() => {
    const image = document.querySelector(".scan img"), probe = document.createElement("div");
    for (const part of image.sizes.split(/,\\s*(?![^(]*\\))/)) {
        const [, query, length] = part.match(/^(?:(\\(min-width:[^)]*\\))\\s+)?(.*)$/);
        if (query && !matchMedia(query).matches) continue;
        probe.style.width = length;
        break;
    }
    document.body.append(probe);
    return [probe.getBoundingClientRect().width, image.getBoundingClientRect().width];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


@pytest.mark.parametrize(
    ("width", "fetched"), [(320, 720), (360, 720), (768, 720), (1000, 720), (1280, 720), (1920, 720)]
)
def test_the_image_is_asked_as_wide_as_it_is_drawn(
    small: Small, browser: Browser, served: str, width: int, fetched: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}", wait_until="networkidle")
    told, drawn = page.evaluate(WIDTHS)
    context.close()
    assert told == pytest.approx(drawn, abs=6)
    images = [one for one in asked if "/anh/" in one or ".webp" in one or ".jpg" in one]
    wide = [re.search(r"(\d+)\.\w+(\?|$)", one) for one in images]
    assert next(int(one[1]) for one in wide if one) == fetched, images  # before the small images, and once
    assert sum(one in images[1:] for one in images[:1]) == 0


def test_small_images_have_the_shape_of_their_page_and_move_nothing(
    small: Small, client: FlaskClient, browser: Browser, served: str
) -> None:
    own = small.ids[DIGITAL]
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == own)).one()
        page_row = session.get_one(Page, (record.id, 2))
        shape = (page_row.width, page_row.height)
        page_row.width, page_row.height = 1754, 1240
    try:
        text = client.get(f"/van-ban/{own}").text
        assert re.findall(r'width="62" height="(\d+)"', text) == ["88", "44"]
        assert re.findall(r'width="150" height="(\d+)"', client.get(f"/van-ban/{own}/trang").text) == ["212", "106"]
    finally:
        with writing() as session:
            page_row = session.get_one(Page, (record.id, 2))
            page_row.width, page_row.height = shape
    with phone(browser) as page:
        page.goto(f"{served}/van-ban/{own}", wait_until="networkidle")
        assert page.evaluate("window.seen.moved") == []
