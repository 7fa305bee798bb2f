"""Who asked the device for less motion sees none, also where a later style would move something."""

import pytest
from playwright.sync_api import Browser

from tests.chromium import watch
from tests.portal.archive_of_tests import Small
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)
from tests.portal.test_pages import DIGITAL

# Sets a long transition on every element and starts it; returns how many run.
MOVED = """() => {
  const all = [...document.body.querySelectorAll("*")];
  for (const one of all) { one.style.transition = "none"; one.style.opacity = "0.9"; }
  all.forEach((one) => getComputedStyle(one).opacity);
  for (const one of all) { one.style.transition = "opacity 9s linear"; one.style.opacity = "0.1"; }
  all.forEach((one) => getComputedStyle(one).opacity);
  return document.getAnimations().length;
}"""
# Durations of what moves by the product's own styles, "0s" left out.
OWN = """() => [...document.querySelectorAll("*")].map((one) => getComputedStyle(one)).flatMap(
  (style) => [style.transitionDuration, style.animationDuration]).filter((one) => !/^0s(, 0s)*$/.test(one))"""


@pytest.mark.parametrize(
    "address", ["/", "/tim-kiem?q=giao+%C4%91%E1%BA%A5t", "/van-ban/{own}", "/van-ban/{own}/trang/2"]
)
def test_nothing_moves_for_who_asked_for_less_motion(
    small: Small,
    browser: Browser,  # noqa: F811
    served: str,
    address: str,
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    told = watch(page, served)
    page.goto(served + address.format(own=small.ids[DIGITAL]))
    page.keyboard.press("Tab")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(OWN) == []
    assert page.evaluate(MOVED) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVED) > 0  # the way of looking does see motion
    assert not told
    context.close()
