"""What is chosen in the queue, or in a list of the tree, is counted and acted upon on a phone, without a script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.keyboard import Keyboard
from tests.portal.archive_of_tests import Small
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)
from tests.portal.test_reading_in_a_browser import signed_in
from tests.portal.test_requesting import OPEN, People, sent


def told(page: Page) -> str:
    """What a screen reader is told of the count: generated text, so from the tree of accessibility."""
    nodes: list[Any] = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    texts = [one["name"]["value"] for one in nodes if one["role"]["value"] == "StaticText"]
    return texts[texts.index("Đã chọn: ") + 1] if "Đã chọn: " in texts else ""


def test_the_bar_stays_and_counts_what_is_chosen(
    as_person: People,
    small: Small,
    browser: Browser,  # noqa: F811
    served: str,
) -> None:
    for n in range(12):
        sent(as_person("hoa"), small.ids[OPEN], purpose=f"thanh {n}")
    context = signed_in(browser, served, "lan", viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{served}/quan-tri/yeu-cau")
    bar, rows = page.locator(".bulk"), page.locator(".queue input[type=checkbox]")
    expect(bar).not_to_be_in_viewport()
    assert told(page) == ""
    rows.nth(0).check()
    rows.nth(1).check()
    expect(bar).to_be_in_viewport()
    expect(page.locator(".bulk button[value=giao]")).to_be_in_viewport(ratio=1)
    assert told(page) == "2"
    rows.nth(0).uncheck()
    assert told(page) == "1"
    page.locator(".bulk button[value=nhan]").click()
    expect(page.locator(".flash")).to_contain_text("Đã làm với 1 yêu cầu")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_records_of_a_list_are_chosen_by_keys_on_a_phone(
    small: Small,
    browser: Browser,  # noqa: F811
    served: str,
    script: bool,
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{served}/ho-so/{small.ids['file:H48.P1.07.1']}?tu=3")
    keys = Keyboard(page)
    keys.press(page.get_by_role("link", name="Chọn nhiều"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    bar, boxes = page.locator(".bulk"), page.locator(".queue input[type=checkbox]")
    expect(bar).not_to_be_in_viewport()
    for n in range(2):
        size = page.locator(".queue li label").nth(n).bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44
        keys.reach(boxes.nth(n))
        page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Bản giấy")).to_be_checked()
    assert told(page) == "2"
    expect(bar).to_be_in_viewport(ratio=1)
    keys.press(bar.get_by_role("button"))
    expect(page.locator("#chon .flash")).to_contain_text("Đã thêm 2 tài liệu")
    expect(page.locator("#chon .flash")).to_be_in_viewport()
    expect(page.locator(".queue li").first).to_contain_text("Bản giấy")
    assert "tu=3" in page.url
    context.close()
