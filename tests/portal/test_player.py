"""The player in a real browser: what it plays, transcripts that lead to the moment, with a script and without one;
axe-core finds nothing."""

import pytest
from playwright.sync_api import Browser

from tests.chromium import look, watch
from tests.portal.archive_of_tests import Small
from tests.portal.test_browser import browser
from tests.portal.test_recordings import small

__all__ = ["browser", "small"]


def test_sound_is_played_and_the_transcript_leads_to_the_moment(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    told = watch(page, served)
    page.goto(f"{served}/van-ban/{small.ids['AM']}?q=giao")
    page.wait_for_function("document.querySelector('#may-phat').readyState >= 1")
    assert page.locator("#may-phat").evaluate("one => one.currentTime") == 1  # where the hit is said
    assert page.locator(".cues li[aria-current=true] mark").count() >= 1
    page.click(".cues a >> nth=0")
    page.wait_for_function("document.querySelector('#may-phat').currentTime >= 0.5")
    assert page.locator(".cues li[aria-current=true]").first.get_attribute("id") == "loi-1"
    assert "t=0.5" in page.url
    page.goto(f"{served}/van-ban/{small.ids['PH']}")
    page.wait_for_function("document.querySelector('video').videoWidth === 160")
    page.locator("video").evaluate("one => { one.currentTime = 2 }")
    page.wait_for_function("document.querySelector('video').seeking === false")
    assert page.locator("video").evaluate("one => [one.duration, one.currentTime]") == [3, 2]
    assert not told
    context.close()


def test_without_a_script_the_times_are_links(small: Small, browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/ho-so/{small.ids['NN']}")
    page.click("text=Xem ảnh, âm thanh, phim")
    page.click(".gallery a:has-text('Bản AM')")
    page.click(".cues a >> nth=1")
    assert page.url.endswith("?t=1#loi-2")
    assert str(page.locator("#may-phat").get_attribute("src")).endswith("#t=1")
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_the_pages_are_accessible(small: Small, browser: Browser, served: str, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    addresses = [f"/van-ban/{small.ids[one]}?q=giao" for one in ("AM", "PH", "AVI", "SO", "KIN", "ANH")]
    addresses += [f"/ho-so/{small.ids['NN']}/anh", f"/phong/{small.ids['P3']}"]
    for language in ("vi", "en"):
        wrong = look(context.new_page(), served, addresses, language)
        assert not wrong, "\n".join(wrong)
    context.close()
