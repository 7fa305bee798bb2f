"""What is chosen in the queue is counted and acted upon where one is, on a phone and without a script."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

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
