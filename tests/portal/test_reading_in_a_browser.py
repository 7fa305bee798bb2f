"""Reading in a real browser: deep zoom with a script, and everything that it does without one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import look, of_axe, sign_in, watch
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)
from tests.portal.test_pages import DIGITAL


def marked(page: Page) -> float:
    """How wide the hit looked at is on the screen."""
    box = page.locator(".zoom-marks rect.now").bounding_box()
    assert box
    return box["width"]


def test_the_zoom_shows_tiles_and_hits_obeys_keys_and_comes_back(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    told = watch(page, served)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url.removeprefix(served)))
    own = small.ids[DIGITAL]
    page.goto(f"{served}/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t")
    assert not [one for one in asked if "openseadragon" in one or "/iiif/" in one]  # nothing before it is asked for
    page.evaluate("scrollTo(0, 120)")
    page.get_by_role("button", name="Phóng to").click()
    zoom = page.get_by_role("region", name="Phóng to ảnh trang 1")
    expect(zoom).to_have_class(re.compile("ready"))
    expect(zoom.get_by_role("button", name="Gần hơn")).to_be_focused()
    expect(zoom).to_have_class(re.compile("drawn"))
    assert any(re.match(rf"/iiif/3/{own}/1/.*/default\.(webp|jpg)", one) for one in asked)
    assert page.url.endswith("#phong-to")
    before = marked(page)
    page.keyboard.press("+")
    expect(zoom.get_by_role("status")).to_have_text(re.compile("Cỡ"))
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert marked(page) > 1.4 * before
    page.keyboard.press("r")
    expect(zoom.get_by_role("status")).to_have_text("Xoay 90°")
    found = of_axe(page)
    assert not found, found
    page.click("a[data-key=n]")  # the next hit, and the zoom stays
    expect(zoom).to_have_class(re.compile("ready"))
    assert "cho=2" in page.url
    page.keyboard.press("Escape")
    expect(zoom).to_have_count(0)
    expect(page.get_by_role("button", name="Phóng to")).to_be_focused()
    assert "#" not in page.url
    assert not told
    context.close()


def test_closing_the_zoom_leaves_the_reader_where_he_was(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": 360, "height": 500})
    page = context.new_page()
    page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}/trang/2")
    opener = page.get_by_role("button", name="Phóng to")
    opener.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    opener.press("Enter")
    expect(page.locator(".zoom.ready")).to_have_count(1)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.get_by_role("button", name="Đóng").click()
    assert page.evaluate("scrollY") == place
    context.close()


def test_what_the_zoom_needs_may_fail(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context()
    page = context.new_page()
    page.route("**/openseadragon.min.js*", lambda route: route.abort())
    page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}")
    page.get_by_role("button", name="Phóng to").click()
    page.wait_for_url("**co=lon*")
    context.close()


def test_large_image_and_doubted_words_need_no_script(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{served}/van-ban/{small.ids[DIGITAL]}?q=giao")
    page.click("a[data-key=c]")
    assert page.locator(".text u.much").inner_text() == "Tịnh"
    expect(page.locator("rect.doubt")).to_have_count(2)
    expect(page.locator(".text mark")).to_have_count(2)
    page.click("a[data-key=z]")
    assert "co=lon" in page.url
    expect(page.locator("figure.large rect.doubt")).to_have_count(2)
    context.close()


def test_what_a_field_asks_for_is_whole_on_the_smallest_telephone(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    cut = []
    pages = ("/?", "/tim-kiem?q=giao&", f"/van-ban/{small.ids[DIGITAL]}?", f"/phong/{small.ids['fonds:H48.P1']}?")
    asked = [f"{one}lang={language}" for language in ("en", "vi") for one in pages]
    for address, width in [(one, width) for width in (320, 360) for one in asked]:
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(served + address)
        cut += page.evaluate(
            """() => [...document.querySelectorAll("input[placeholder]")].filter(one => {
              const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
              // no shorthand: where a part of it cannot be told it is "", and 10 pixels were measured
              pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
              return one.offsetWidth > 1 && pen.measureText(one.placeholder).width >
                one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            }).map(one => location.pathname + " " + one.placeholder + " " + one.clientWidth)"""
        )
    assert not cut
    context.close()


def seen_at_once(page: Page, mark: str) -> bool:
    """Whether the mark comes to lie in the window and in the part of the large image that is shown, without a hand on
    it: where the page scrolls to its anchor only when all is laid out, that is looked at again."""
    return comes(page, lambda: _is_seen(page, mark))


def comes(page: Page, is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so while the page is left alone."""
    for _ in range(100):
        if is_so():
            return True
        page.wait_for_timeout(100)
    return False


def _is_seen(page: Page, mark: str) -> bool:
    return bool(
        page.evaluate(
            """mark => {
              const found = [mark, "figure.large"].map(at => document.querySelector(at));
              if (found.includes(null)) return false;  // the page is there and not yet read to its end
              const [one, part] = found.map(at => at.getBoundingClientRect());
              return one.left >= Math.max(part.left, 0) - 1 && one.top >= Math.max(part.top, 0) - 1 &&
                one.left < Math.min(part.right, innerWidth) - 20 && one.top < Math.min(part.bottom, innerHeight) - 20;
            }""",
            mark,
        )
    )


def test_a_large_image_opens_at_its_hit_or_where_the_text_begins(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    own = small.ids[DIGITAL]
    for question, mark in (("?q=khu+d%C3%A2n+c%C6%B0", "rect.hit"), ("", "rect.from"), ("?xoay=90", "rect.from")):
        page.goto(f"{served}/van-ban/{own}{question}")
        page.click("a[data-key=z]")
        assert page.url.endswith("#cho")
        assert seen_at_once(page, mark), question
    for asked in ("?co=lon", "?co=lon&q=khu+d%C3%A2n+c%C6%B0", "?co=lon&xywh=700,1500,200,90"):
        page.goto(f"{served}/van-ban/{own}{asked}")  # an address without #cho: the image lies the same way in its part
        assert comes(page, lambda: _is_in_its_part(page)), asked
    page.click("a[rel=next]")
    assert page.url.endswith("/trang/2?co=lon#cho")
    page.goto(f"{served}/van-ban/{own}/trang/2?co=lon")  # no word is known of it: its corner, as ever
    assert page.locator("rect.from").count() == 0
    context.close()


def _is_in_its_part(page: Page) -> bool:
    part, mark = (page.locator(one).bounding_box() for one in ("figure.large", "rect.from"))
    if part is None or mark is None:
        return False
    across, down = mark["x"] - part["x"], mark["y"] - part["y"]
    return -30 < across < part["width"] - 20 and -30 < down < part["height"] - 20


def signed_in(browser: Browser, served: str, name: str, **more: Any) -> BrowserContext:  # noqa: F811
    """A context of a person, without a script."""
    context = browser.new_context(java_script_enabled=False, **more)
    page = context.new_page()
    page.goto(f"{served}/dang-nhap")
    sign_in(page, name, PASSWORD)
    page.close()
    return context


def test_a_line_is_corrected_by_hands_and_keys_without_a_script(small: Small, browser: Browser, served: str) -> None:  # noqa: F811
    reader = signed_in(browser, served, "hoa", viewport={"width": 360, "height": 800})
    page = reader.new_page()
    own = f"/van-ban/{small.ids[DIGITAL]}"
    page.goto(served + own)
    page.click("text=Sửa chữ đọc sai")
    lines = f"{own}/trang/1/sua-chu"
    page.click(".correct-lines a >> nth=1")
    said = page.input_value("#moi")
    page.fill("#moi", said.replace("Giao đất", "Giao 12 ha đất"))
    page.click("form.correct button")
    assert "Đã gửi đề nghị" in page.inner_text(".flash")
    archivist = signed_in(browser, served, "lan", viewport={"width": 1280, "height": 800})
    queue = archivist.new_page()
    queue.goto(f"{served}/quan-tri/sua-chu")
    states = [(reader, [lines, f"{lines}?dong=2"]), (archivist, ["/quan-tri/sua-chu"])]
    look_at(browser, served, states)
    queue.keyboard.press("Enter")  # the first of the list, where the focus is
    queue.wait_for_url("**xong=nhan**")
    page.goto(served + own)
    assert "Giao 12 ha đất tại xã" in page.inner_text(".page-text .text")
    look_at(browser, served, states)
    queue.click("button[value=hoan-tac]")
    page.goto(served + own)
    assert page.inner_text(".page-text .text").split("\n")[1] == said
    reader.close()
    archivist.close()


def look_at(browser: Browser, served: str, states: list[tuple[BrowserContext, list[str]]]) -> None:  # noqa: F811
    """axe finds nothing on these pages of these people, in either scheme; nothing is wider than a small telephone."""
    for (context, addresses), scheme, width in zip(states * 2, ("light", "dark") * 2, (320, 1280) * 2, strict=True):
        seen = browser.new_context(
            storage_state=context.storage_state(), color_scheme=scheme, viewport={"width": width, "height": 800}
        )  # type: ignore[arg-type]
        wrong = look(seen.new_page(), served, [f"{one}{'&' if '?' in one else '?'}x=1" for one in addresses], "vi")
        seen.close()
        assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("script", [True, False])
def test_results_are_read_one_after_the_other_by_keys_alone(browser: Browser, served: str, script: bool) -> None:  # noqa: F811
    """From the list at 360 pixels to its second result, on over the end of its page, back, and to its place there."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740})
    page = context.new_page()
    told = watch(page, served)

    def go(name: str, key: str) -> None:
        before = page.url
        if script:
            page.wait_for_load_state()  # a key pressed before the script is there is nobody's
            page.keyboard.press(key)
        else:
            page.get_by_role("navigation", name="Kết quả tìm").get_by_role("link", name=name).focus()
            page.keyboard.press("Enter")
        page.wait_for_url(lambda now: now != before)

    page.goto(f"{served}/tim-kiem?q=th%C3%B4ng+b%C3%A1o")
    titles = page.locator("article h3 a").all_inner_texts()
    assert len(titles) == 10
    page.locator("article h3 a").nth(8).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(titles[8])
    go("Kết quả sau", "j")
    expect(page.locator("h1")).to_have_text(titles[9])
    go("Kết quả sau", "j")
    eleventh = page.locator("h1").inner_text()
    assert eleventh not in titles
    go("Kết quả trước", "k")
    expect(page.locator("h1")).to_have_text(titles[9])
    go("Kết quả sau", "j")
    go("Về danh sách", "l")
    expect(page.locator("#kq1 h3")).to_have_text(eleventh)
    expect(page.locator("#kq1")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not told
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_region_is_linked_to_by_keys_alone(small: Small, browser: Browser, served: str, script: bool) -> None:  # noqa: F811
    context = browser.new_context(java_script_enabled=script, viewport={"width": 320, "height": 640})
    page = context.new_page()
    told = watch(page, served)
    own = f"{served}/van-ban/{small.ids[DIGITAL]}"
    page.goto(own)
    if script:
        page.wait_for_load_state()
        page.keyboard.press("v")
    else:
        page.get_by_role("link", name="Dẫn đến một vùng").press("Enter")
    page.wait_for_url("**#vung")
    found = of_axe(page) if script else []
    assert not found, found
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Từ dòng").press("ArrowDown")
    page.get_by_label("Đến hết dòng").press("ArrowDown")
    page.get_by_role("button", name="Khoanh các dòng này").press("Enter")
    page.wait_for_url("**xywh=**")
    expect(page.locator("rect.region")).to_have_count(1)
    assert page.locator(".linked a").first.get_attribute("href") == page.url.partition("#")[0]
    if script:  # as IIIF programs write it
        page.goto(f"{own}#xywh=percent:10,10,50,20")
        page.wait_for_url("**xywh=percent**")
        expect(page.locator("rect.region")).to_have_attribute("width", "620")
    else:
        page.goto(f"{own}?chon-vung=1")
        page.get_by_role("button", name="Góc thứ nhất").click(position={"x": 30, "y": 40})
        page.get_by_role("button", name="Góc thứ hai").click(position={"x": 130, "y": 140})
        page.wait_for_url("**xywh=**")
        expect(page.locator("rect.region")).to_have_count(1)
    assert not told
    context.close()
