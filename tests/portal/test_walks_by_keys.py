"""Ways through several pages at 360 pixels by a keyboard alone, with a script and without."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import watch
from tests.databases import DatabaseKind
from tests.journeys.keyboard import Keyboard
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)

pytestmark = pytest.mark.parametrize("script", [True, False])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: readers leave things in it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture
def page(browser: Browser, served: str, script: bool) -> Iterator[Page]:  # noqa: F811
    """A phone's page that complains of nothing and asks nobody else."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740})
    made = context.new_page()
    told = watch(made, served)
    yield made
    assert not told
    context.close()


def narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def test_from_the_fonds_to_a_page_and_back_to_ones_place(small: Small, served: str, page: Page, script: bool) -> None:
    """List of fonds, tree, file, a document far down it, its pages, and back to its place in the file."""
    keys = Keyboard(page)
    page.goto(f"{served}/phong")
    keys.press(page.get_by_role("link", name="Ủy ban nhân dân tỉnh").first)
    narrow(page)
    keys.press(page.locator(".tree").get_by_role("link", name="Giao đất năm 1998"))
    narrow(page)
    keys.press(page.get_by_role("link", name="Phần sau").first)  # the list has more than a window
    far = page.locator(".tree li a").nth(2)
    title, address = far.inner_text(), far.get_attribute("href")
    keys.press(far)
    expect(page.locator("h1")).to_have_text(title.partition(". ")[2] or title)
    narrow(page)
    keys.press(page.get_by_role("link", name=re.compile("Cả [0-9]+ văn bản trong hồ sơ")))
    expect(page.locator("#o-day a")).to_have_attribute("href", str(address))
    expect(page.locator("#o-day")).to_be_in_viewport()
    page.goto(f"{served}/van-ban/{small.ids['document:H48.P1.1.001']}")
    first = page.url
    keys.press(page.get_by_role("link", name="Trang Sau"))
    assert page.url.endswith("/trang/2")
    narrow(page)
    keys.press(page.get_by_role("link", name="Trang Trước"))
    assert page.url == first
    keys.press(page.get_by_role("link", name="Mọi trang"))
    keys.press(page.locator(".sheets a").nth(1))
    assert page.url.endswith("/trang/2")
    page.go_back()
    page.go_back()
    assert page.url == first


def test_what_one_found_is_kept_noted_cited_and_told_of(
    small: Small, served: str, page: Page, script: bool, tmp_path: Path
) -> None:
    """Signing in, a bookmark with a note, a kept search, BibTeX, the print sheet and its code, a report of an error."""
    keys, own = Keyboard(page), small.ids["document:H48.P1.1.001"]
    page.goto(f"{served}/dang-nhap")
    keys.write(page.locator("main input[name=ten]"), "hoa")
    keys.write(page.locator("main input[name=mat_khau]"), PASSWORD)
    keys.press(page.locator("main").get_by_role("button", name="Đăng nhập"))
    page.goto(f"{served}/van-ban/{own}")
    keys.press(page.get_by_role("button", name="Lưu lại"))
    note = page.locator("li", has=page.locator(f"a[href*='{own}']")).locator("input[name=ghi-chu]")
    keys.write(note, "đối chiếu bản đồ")
    keys.press(page.get_by_role("button", name="Ghi", exact=True).first)
    expect(page.locator("input[name=ghi-chu]").first).to_have_value("đối chiếu bản đồ")
    narrow(page)
    page.goto(f"{served}/tim-kiem?q=giao+%C4%91%E1%BA%A5t")
    keys.press(page.get_by_role("button", name="Lưu lần tìm này"))
    expect(page.locator("section", has=page.locator("#search")).get_by_role("link", name="giao đất")).to_be_visible()
    page.goto(f"{served}/van-ban/{own}")
    keys.reach(page.get_by_role("link", name="BibTeX"))
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    got.value.save_as(tmp_path / "mot.bib")
    assert f"/t/{own}" in (tmp_path / "mot.bib").read_text("utf-8")
    keys.press(page.get_by_role("link", name="Phiếu in có mã QR"))
    expect(page.locator(".qr svg")).to_have_count(1)
    narrow(page)
    page.goto(f"{served}/van-ban/{own}/trang/2")
    keys.press(page.get_by_role("link", name="Báo lỗi"))
    keys.write(page.get_by_label("Điều bạn thấy sai"), "Trang 2 bị ngược")
    keys.press(page.get_by_role("button", name="Gửi"))
    expect(page.locator("main")).to_contain_text("Trang 2 bị ngược")
    assert re.search(r"/hoi/[a-z2-7]{26}", page.url)
    narrow(page)


def test_what_opened_lately_and_who_and_where_are_walked(small: Small, served: str, page: Page, script: bool) -> None:
    """From home to what opened this month, to an agency and a place with what they hold, to the years."""
    keys = Keyboard(page)
    page.goto(served)
    keys.press(page.get_by_role("link", name="mở trong tháng"))
    narrow(page)
    page.goto(served)
    keys.press(page.get_by_role("link", name="nơi chốn").first)
    keys.press(page.get_by_role("link", name=re.compile("^xã Tịnh Khê [0-9]")))
    expect(page.get_by_role("heading", name="Tên qua các thời kỳ")).to_be_visible()
    narrow(page)
    keys.press(page.get_by_role("link", name=re.compile(r"^Xem [0-9.]+ tài liệu")))
    assert "place=" in page.url
    page.goto(served)
    keys.press(page.get_by_role("link", name="từng năm"))
    keys.press(page.get_by_role("link", name="1998"))
    assert "from=1998" in page.url
    narrow(page)
