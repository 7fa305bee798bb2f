"""Who asked the device for less motion sees none, also where a later style would move something."""

import pytest
from playwright.sync_api import Browser

from tests.chromium import watch
from tests.portal.archive_of_tests import Small
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)
from tests.portal.test_pages import DIGITAL
from tests.portal.test_reading_in_a_browser import signed_in
from tests.portal.test_requesting import OPEN, People, sent

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


def test_nothing_moves_in_the_queue(as_person: People, small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    sent(as_person("hoa"), small.ids[OPEN], purpose="đứng yên")
    context = signed_in(browser, served, "lan", viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served}/quan-tri/yeu-cau")
    page.locator(".queue input[type=checkbox]").first.check()  # the bar comes
    page.locator(".bulk summary").click()
    assert page.locator("#ly-do").is_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate(OWN) == []
    assert page.evaluate(MOVED) == 0
    context.close()


# Every size at which the deep zoom draws until it rests, from the key on; and whether a flick throws the image on.
ZOOMED = """(key) => new Promise((done) => {
  const viewer = OpenSeadragon.getViewer(document.querySelector(".zoom-image")), port = viewer.viewport;
  const sizes = new Set(), before = port.getZoom(true);
  viewer.addHandler("update-viewport", () => {
    sizes.add(port.getZoom(true));
    if (port.getZoom(true) === port.getZoom(false)) {
      sizes.delete(before);
      const seconds = [port.zoomSpring, port.centerSpringX, port.centerSpringY, port.degreesSpring]
        .map((one) => one.animationTime);
      done([sizes.size, Math.max(...seconds),
            ["Mouse", "Touch", "Pen", "Unknown"].some((one) => viewer[`gestureSettings${one}`].flickEnabled)]);
    }
  });
  document.querySelector(".zoom").dispatchEvent(new KeyboardEvent("keydown", { key }));
})"""


@pytest.mark.parametrize("key", ["+", "-"])
def test_the_deep_zoom_jumps_where_it_would_glide(
    small: Small,
    browser: Browser,  # noqa: F811
    served: str,
    key: str,
) -> None:
    for wish in ("reduce", "no-preference"):
        context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion=wish)
        page = context.new_page()
        page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}/trang/2#phong-to")
        page.locator(".zoom.ready.drawn").wait_for()
        sizes, seconds, thrown = page.evaluate(ZOOMED, key)
        if wish == "reduce":
            assert (sizes, seconds, thrown) == (1, 0, False)
        else:
            assert sizes >= 1
            assert (seconds > 0, thrown) == (True, True), "the way of looking does see motion"
        context.close()
