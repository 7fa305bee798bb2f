"""Every page in a real browser: axe-core finds nothing, nothing complains or asks anything of elsewhere, nothing is cut
off at 320 px; what matters works without a script and by keys.

Chromium of the system; skipped without it, an error where services are required.
"""

import os
import shutil
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.test_pages import CONDITIONAL, DIGITAL, addresses

AXE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


def opened_browser() -> Iterator[Browser]:
    """Chromium until it is no longer wanted."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        told = "no Chromium: apt-get install chromium"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the portal over the small archive."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def pages(small: Small) -> list[str]:
    """The pages of the portal that anybody meets, one of each kind."""
    own = small.ids[DIGITAL]
    return [
        *addresses(small),
        f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t&xoay=90",
        f"/van-ban/{own}?co=lon&q=giao",
        f"/van-ban/{own}/trang",
        f"/ho-so/{small.ids['file:H48.P1.07.1']}?so=9999",
        f"/t/{own}/phieu",
        f"/hoi?viec=loi&tai-lieu={own}",
        "/co-quan",
        "/noi",
        "/theo-nam",
        "/chuyen-de",
        "/mo-trong-thang?thang=2026-10",
        "/tro-giup/phim",
        "/tro-giup/tuyen-bo",
        "/yeu-cau-go-bo",
        "/khong-co",
    ]


def watch(page: Page, served: str) -> list[str]:
    """What the page complains of and asks of others, as it happens."""
    found: list[str] = []
    page.on("console", lambda one: found.append(f"{one.type}: {one.text}") if one.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda asked: found.append(asked.url) if not asked.url.startswith(served) else None)
    return found


def look(page: Page, served: str, addresses: list[str], language: str) -> list[str]:
    """What is wrong with the pages."""
    told, axe = watch(page, served), Axe()
    wrong = []
    for address in addresses:
        page.goto(f"{served}{address}{'&' if '?' in address else '?'}lang={language}")
        found = axe.run(page, options=AXE).response["violations"]
        wrong += [f"{address}: {one['id']} {one['nodes'][0]['html'][:200]}" for one in found]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{address}: wider than {page.viewport_size}")
        # A page that is missing says so in the console, too
        wrong += [f"{address}: {one}" for one in told if not (address == "/khong-co" and "404" in one)]
        told.clear()
    return wrong


@pytest.mark.parametrize(
    ("scheme", "language", "width"), [("light", "vi", 320), ("dark", "en", 320), ("dark", "vi", 1280)]
)
def test_every_page_is_accessible_quiet_and_narrow_enough(
    small: Small, browser: Browser, served: str, scheme: Any, language: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    wrong = look(context.new_page(), served, pages(small)[:: 1 if width == 320 else 3], language)
    context.close()
    assert not wrong, "\n".join(wrong)


def test_pages_of_people_are_accessible(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/dang-nhap")
    page.fill("input[name=ten]", "lan")
    page.fill("input[name=mat_khau]", PASSWORD)
    page.click("main button")
    own = small.ids[CONDITIONAL]
    wrong = look(page, served, ["/tai-khoan/da-luu", "/quan-tri/hoi-dap", f"/van-ban/{own}", "/tim-kiem?q=giao"], "vi")
    context.close()
    assert not wrong, "\n".join(wrong)


def test_finding_and_reading_need_no_script(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(served)
    page.fill("#q", "giao đất xây dựng khu dân cư")
    page.press("#q", "Enter")
    page.click("article h3 a >> nth=0")
    assert f"/van-ban/{small.ids[DIGITAL]}" in page.url
    assert page.locator("rect.hit").count() >= 1
    before = page.url
    page.click("a[data-key=n]")
    assert page.url != before
    page.click(".thumbs a >> nth=1")
    assert page.url.partition("?")[0].endswith("/trang/2")
    assert page.locator(".sheet img").evaluate("one => one.currentSrc").endswith("/trang/2/anh/720.webp")
    context.close()


def test_keys_turn_pages_and_can_be_turned_off(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    first = f"{served}/van-ban/{small.ids[DIGITAL]}"
    page.goto(first)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/trang/2")
    page.keyboard.press("?")
    page.wait_for_url("**/tro-giup/phim")
    page.click("[data-keys-off] button")
    page.goto(first)
    page.keyboard.press("r")
    page.keyboard.press("ArrowRight")
    page.click("h1")
    assert page.url == first
    context.close()


def test_a_theme_is_built_and_read_without_a_script(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/dang-nhap")
    page.fill("input[name=ten]", "lan")
    page.fill("input[name=mat_khau]", PASSWORD)
    page.click("main button")
    page.goto(f"{served}/quan-tri/chuyen-de")
    page.fill("#ten", "Chuyện giao đất")
    page.click("main button")
    page.fill("#tl", f"{served}/van-ban/{small.ids[DIGITAL]}/trang/1")
    page.fill("#lm", "Lời về trang một")
    page.click("button[value=them]")
    page.click("button[value=dang]")
    bench = page.url.partition("#")[0]
    page.goto(f"{served}/chuyen-de")
    page.click("main h2 a")
    page.locator(".piece img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.piece img').naturalWidth > 0")
    theme = page.url
    state = context.storage_state()
    context.close()
    for scheme, width in (("light", 320), ("dark", 1280)):
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 800}, storage_state=state
        )  # type: ignore[arg-type]
        addresses = [one.removeprefix(served) for one in (theme, bench, f"{served}/quan-tri/chuyen-de")]
        wrong = look(context.new_page(), served, ["/", *addresses], "vi")
        context.close()
        assert not wrong, "\n".join(wrong)
