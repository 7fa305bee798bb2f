"""What readers and archivists do for each other, at 360 pixels by a keyboard alone, with a script and without."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.drainer import drain
from tests.chromium import watch
from tests.databases import DatabaseKind
from tests.journeys.keyboard import Keyboard
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building
from tests.portal.test_browser import browser  # noqa: F401 (a fixture)

pytestmark = pytest.mark.parametrize("script", [True, False])
DIGITAL = "document:H48.P1.1.001"
Enter = Callable[[str], tuple[Page, Keyboard]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: people leave things in it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture
def entered(browser: Browser, served: str, script: bool) -> Iterator[Enter]:  # noqa: F811
    """Somebody's telephone (nobody's: not signed in) that complains of nothing and asks nobody else."""
    made = []

    def enter(name: str) -> tuple[Page, Keyboard]:
        context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 740})
        page = context.new_page()
        made.append((context, watch(page, served)))
        keys = Keyboard(page)
        if name:
            page.goto(f"{served}/dang-nhap")
            keys.write(page.locator("main input[name=ten]"), name)
            keys.write(page.locator("main input[name=mat_khau]"), PASSWORD)
            keys.press(page.locator("main").get_by_role("button", name="Đăng nhập"))
        return page, keys

    yield enter
    for context, told in made:
        assert not told
        context.close()


def narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def test_a_theme_is_built_published_and_read(small: Small, served: str, entered: Enter, script: bool) -> None:
    """An archivist builds a story of words and a record; a reader meets it at home, goes to the record and back."""
    page, keys = entered("lan")
    title = f"Đất Tịnh Khê {script}"
    page.goto(f"{served}/quan-tri/chuyen-de")
    keys.reach(page.get_by_label("Loại"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Loại")).to_have_value("story")
    keys.write(page.locator("input[name=ten]"), title)
    keys.press(page.get_by_role("button", name="Lập bản nháp"))
    keys.write(page.locator("#lm"), "Chuyện bắt đầu năm 1998.")
    keys.press(page.get_by_role("button", name="Thêm mục"))
    keys.write(page.locator("#tl"), f"{served}/van-ban/{small.ids[DIGITAL]}")
    keys.write(page.locator("#lm"), "Quyết định giao đất.")
    keys.press(page.get_by_role("button", name="Thêm mục"))
    keys.press(page.get_by_role("button", name="Xuống").first)
    narrow(page)
    keys.press(page.get_by_role("button", name="Đăng cho bạn đọc"))
    expect(page.locator("main")).to_contain_text("đã đăng")
    reader, keys = entered("")
    reader.goto(served)
    keys.press(reader.get_by_role("link", name=title))
    narrow(reader)
    texts = reader.locator("main").inner_text()
    assert texts.index("Quyết định giao đất.") < texts.index("Chuyện bắt đầu năm 1998.")
    story = reader.url
    keys.press(reader.locator("main").get_by_role("link", name="giao đất xây dựng").first)
    assert reader.url.endswith(small.ids[DIGITAL])
    reader.go_back()
    assert reader.url == story


def test_a_line_is_corrected_and_found(small: Small, served: str, entered: Enter, script: bool) -> None:
    """A reader writes a line anew, an archivist accepts it, anybody finds it."""
    right = "Điều 1. Giao bảy héc ta đất" if script else "Điều 1. Giao tám héc ta đất"
    reader, keys = entered("hoa")
    reader.goto(f"{served}/van-ban/{small.ids[DIGITAL]}")
    keys.press(reader.get_by_role("link", name="Sửa chữ đọc sai"))
    keys.press(reader.locator(".correct-lines a").nth(1))
    keys.write(reader.locator("#moi"), right)
    keys.press(reader.get_by_role("button", name="Gửi đề nghị"))
    expect(reader.locator(".flash")).to_contain_text("Đã gửi đề nghị")
    narrow(reader)
    archivist, theirs = entered("lan")
    archivist.goto(f"{served}/quan-tri/sua-chu")
    narrow(archivist)
    theirs.press(archivist.locator("button[value=nhan]").first)
    drain(small.engine)
    anybody, keys = entered("")
    anybody.goto(f"{served}/tim-kiem")
    keys.write(anybody.locator("input[name=q]").first, f'"{right[8:]}"')
    with anybody.expect_navigation():
        anybody.keyboard.press("Enter")
    keys.press(anybody.locator("main").get_by_role("link", name="giao đất xây dựng").first)
    expect(anybody.locator(".page-text")).to_contain_text(right)


def test_an_error_is_told_and_answered(small: Small, served: str, entered: Enter, script: bool) -> None:
    """A reader tells of an error and keeps the address; an archivist answers; the reader reads it there."""
    reader, keys = entered("")
    reader.goto(f"{served}/van-ban/{small.ids[DIGITAL]}/trang/2")
    keys.press(reader.get_by_role("link", name="Báo lỗi"))
    keys.write(reader.get_by_label("Điều bạn thấy sai"), f"Trang hai bị ngược {script}")
    keys.press(reader.get_by_role("button", name="Gửi"))
    archivist, theirs = entered("lan")
    archivist.goto(f"{served}/quan-tri/hoi-dap")
    ours = archivist.locator("li", has_text=f"Trang hai bị ngược {script}")
    theirs.write(ours.locator("textarea"), "Đã xoay lại, cảm ơn bạn.")
    theirs.press(ours.get_by_role("button", name="Gửi trả lời"))
    narrow(archivist)
    reader.reload()
    expect(reader.locator("main")).to_contain_text("Đã xoay lại, cảm ơn bạn.")
    narrow(reader)
