"""The system's Chromium for tests, and what is wrong with a page in it; nothing is downloaded.

Skipped without it, an error where services are required.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

AXE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
#: Milliseconds: how slow a machine is proves nothing; what hangs is ended by the time of its test.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)
#: Best the one that draws no window of its own: the same engine without the toolbars it would draw for nobody.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

#: Whether an outline is drawn around the element, its label or its box.
SHOWS = """one => {
    for (let at = one, up = 0; at && up < 4; at = at.parentElement, up++) {
        const style = getComputedStyle(at);
        if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    }
    return false;
}"""


def opened_browser() -> Iterator[Browser]:
    """Chromium until it is no longer wanted."""
    with sync_playwright() as started:
        opened = launch(started.chromium)
        yield opened
        opened.close()


def launch(kind: Any, *switches: str) -> Browser:
    """One more Chromium (of a Playwright that runs), with switches of its own."""
    path = next((found for one in PROGRAMS if (found := shutil.which(one))), None)
    if path is None:
        told = "no Chromium: apt-get install chromium"
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(told)
        pytest.skip(told)
    opened: Browser = kind.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *switches])
    made = opened.new_context

    def patient(**asked: Any) -> BrowserContext:
        context = made(**asked)
        context.set_default_timeout(PATIENCE)
        return context

    opened.new_context = patient  # type: ignore[assignment]
    return opened


def sign_in(page: Page, name: str, password: str) -> None:
    """Fills the form of signing in that is open; returns when the page that follows is there, whole: Chromium, told to
    close a page that a navigation is about to replace, may never answer."""
    page.fill("input[name=ten]", name)
    page.fill("input[name=mat_khau]", password)
    page.click("main button")
    page.locator("form[action='/dang-xuat']").first.wait_for(state="attached")
    page.wait_for_load_state()


def watch(page: Page, served: str) -> list[str]:
    """What the page complains of and asks of others, as it happens."""
    found: list[str] = []
    page.on("console", lambda one: found.append(f"{one.type}: {one.text}") if one.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda asked: found.append(asked.url) if not asked.url.startswith(served) else None)
    return found


def of_axe(page: Page, options: dict[str, Any] = AXE) -> list[str]:
    """What axe-core finds."""
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def of_width(page: Page) -> list[str]:
    """Whether it is wider than its window."""
    wider = page.evaluate(WIDER)
    return [f"{wider} px too wide"] if wider > 0 else []


def look(page: Page, served: str, addresses: list[str], language: str) -> list[str]:
    """What is wrong with the pages."""
    told, wrong = watch(page, served), []
    for address in addresses:
        page.goto(f"{served}{address}{'&' if '?' in address else '?'}lang={language}")
        # A page that is missing says so in the console, too
        heard = [one for one in told if not (address == "/khong-co" and "404" in one)]
        wrong += [f"{address}: {one}" for one in (*of_axe(page), *of_width(page), *heard)]
        told.clear()
    return wrong
