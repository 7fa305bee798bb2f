"""The portal in a real browser: what matters works without a script and by keys, pages keep within their budgets.

Every page is looked at in tests/everyone; here are ways through several, and scans.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bench.pages import paint, weigh
from tests.chromium import look, of_axe, opened_browser, sign_in
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.test_pages import CONDITIONAL, DIGITAL


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


@pytest.mark.parametrize(("scheme", "language", "width"), [("light", "vi", 320), ("dark", "en", 1280)])
def test_scans_with_marked_words_are_accessible_quiet_and_narrow_enough(
    small: Small, browser: Browser, served: str, scheme: Any, language: str, width: int
) -> None:
    """What the pages of tests/everyone do not have: scans whose words have a place; and the page that is missing."""
    own, file = small.ids[DIGITAL], small.ids["file:H48.P1.07.1"]
    addresses = [
        f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t&xoay=90",
        f"/van-ban/{own}?co=lon&q=giao",
        f"/van-ban/{own}/trang",
        f"/ho-so/{file}?loc=thuong+ky&xep=so",
        "/tim-kiem?q=giao",
        "/khong-co",
    ]
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    wrong = look(context.new_page(), served, addresses, language)
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
    page.locator("rect.hit").first.wait_for(state="attached")
    before = page.url
    page.click("a[data-key=n]")
    assert page.url != before
    page.click(".thumbs a >> nth=1")
    assert page.url.partition("?")[0].endswith("/trang/2")
    image = f"{served}/van-ban/{small.ids[DIGITAL]}/trang/2/anh/720.webp"  # chosen a moment after the page is there
    expect(page.locator(".sheet img")).to_have_js_property("currentSrc", image)
    context.close()


def test_the_menu_of_staff_is_one_line_and_opens_by_keys(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/dang-nhap")
    sign_in(page, "lan", PASSWORD)
    page.goto(f"{served}/quan-tri/yeu-cau")
    lines = page.locator(".menu ul").first.evaluate(
        "list => new Set([...list.children].map(one => one.offsetTop)).size"
    )
    assert lines == 1
    work = page.locator(".menu .now > details > summary")
    assert work.inner_text() == "Công việc"
    work.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Phí"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/quan-tri/phi")
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
    page.click("[data-keys-off]")
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
    sign_in(page, "lan", PASSWORD)
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


def test_pages_keep_within_their_budgets_and_nothing_moves(small: Small, browser: Browser, served: str) -> None:
    """The first page of results with all it needs is at most 60 KiB over the wire, as is home; nothing shifts while a
    page comes slowly."""
    own = small.ids[DIGITAL]
    for address in ("/", "/tim-kiem?q=giao"):
        assert weigh(browser, f"{served}{address}")["KiB"] <= 60, address
    for address in ("/tim-kiem?q=giao", f"/van-ban/{own}?q=giao", f"/van-ban/{own}/trang/1"):
        assert paint(browser, f"{served}{address}")["shift"] == 0, address


def test_a_long_list_is_walked_by_letter_number_and_words_without_a_script(
    small: Small, browser: Browser, served: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/ho-so/{small.ids['file:H48.P1.07.1']}")
    page.click(".letters a >> text=G")
    assert "giao đất" in page.inner_text(".tree li >> nth=0")
    page.fill("input[name=so]", "1340")
    page.press("input[name=so]", "Enter")
    assert "1340/QĐ-UB" in page.inner_text(".tree li >> nth=0")
    page.fill("input[name=loc]", "don thu")
    page.press("input[name=loc]", "Enter")
    expect(page.locator(".tree li")).to_have_count(1)
    page.click(".tree li a")
    page.click("nav.path a >> nth=-1")
    assert "Đơn thư của công dân" in page.inner_text(".tree .on")
    page.go_back()
    page.go_back()
    assert page.input_value("input[name=loc]") == "don thu"
    context.close()


def test_history_is_kept_by_the_browser_once_wanted_and_only_of_what_is_open(
    small: Small, browser: Browser, served: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url + (one.post_data or "")))
    page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}")
    page.goto(f"{served}/da-xem")
    assert page.locator("[data-history] li").count() == 0
    page.click("[data-history] button >> nth=0")
    for own in (CONDITIONAL, DIGITAL):
        page.goto(f"{served}/van-ban/{small.ids[own]}")
    page.goto(f"{served}/da-xem")
    rows = page.locator("[data-history] li a")
    assert [rows.nth(n).get_attribute("href") for n in range(rows.count())] == [f"/t/{small.ids[DIGITAL]}"]
    assert not of_axe(page)
    rows.first.click()
    assert page.url == f"{served}/van-ban/{small.ids[DIGITAL]}"
    assert not [one for one in asked if "vankho.history" in one]
    page.goto(f"{served}/da-xem")
    page.click("[data-history] button >> nth=0")
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    page.click("[data-history] button >> nth=0")
    page.goto(f"{served}/dang-nhap")
    sign_in(page, "lan", PASSWORD)
    for own in (CONDITIONAL, DIGITAL):  # an archivist reads both, and only what is open is kept
        page.goto(f"{served}/van-ban/{small.ids[own]}")
    assert small.ids[DIGITAL] in page.evaluate("localStorage['vankho.history']")
    assert small.ids[CONDITIONAL] not in page.evaluate("localStorage['vankho.history']")
    page.click(".menu > summary")
    page.click(".menu .group summary >> nth=1")
    page.click(".menu form button")
    page.wait_for_url(f"{served}/")
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    context.close()
    without = browser.new_context(java_script_enabled=False)
    page = without.new_page()
    page.goto(f"{served}/da-xem")
    assert "cần JavaScript" in page.inner_text("main")
    without.close()


def test_a_word_is_set_in_one_face(small: Small, browser: Browser, served: str) -> None:
    """A font without Vietnamese letters lends a word only some of them: the browser takes the rest elsewhere."""
    context = browser.new_context()
    page = context.new_page()
    session, mixed = context.new_cdp_session(page), []
    session.send("DOM.enable")
    session.send("CSS.enable")
    for address in ("/", "/tim-kiem?q=giao", f"/van-ban/{small.ids[DIGITAL]}?q=giao"):
        page.goto(served + address)
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        for part in ("h1", "h2", "h3", ".brand b", ".text", ".cite", "main p", ".btn"):
            for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": part})["nodeIds"]:
                fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
                families = {one["familyName"] for one in fonts}
                mixed += [f"{address} {part}: {sorted(families)}"] if len(families) > 1 else []
    context.close()
    assert not mixed, "\n".join(sorted(set(mixed)))
