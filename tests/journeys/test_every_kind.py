"""Each kind of request once from end to end, by all who take part in it, on a telephone and by keyboard alone.

The kinds are those that the tables of ``config/desk`` give a printed form: one that comes without its journey fails.
"""

import pytest
from playwright.sync_api import Page, expect

from archive.gazetteer import read_rows
from desk import acknowledging, handing
from desk.kinds import KINDS
from tests.journeys.keyboard import Keyboard
from tests.journeys.office import CLOSED_TITLE, Office, wait

WIDTH = 360
#: What each kind asks for, and the words of what is found.
JOURNEYS = {
    "reading": ("cap giay chung nhan", CLOSED_TITLE),
    "copy": ("giao dat 1284", "QĐ-UB"),
    "certified": ("giao dat 1284", "QĐ-UB"),
    "dip": ("giao dat 1284", "QĐ-UB"),
    "information": ("", ""),
    "digitisation": ("bien ban kiem ke", "Biên bản kiểm kê"),
}


def kinds_of_the_tables() -> list[str]:
    """Every kind of request that has a printed form; the slips that go with any of them are none."""
    slips = {acknowledging.SLIP, handing.SLIP}
    titles = [row[0] for row in read_rows("desk/forms.tsv") if row[2] == "title"]
    return list(dict.fromkeys(one for one in titles if one not in slips))


def test_every_kind_of_the_tables_can_be_asked_for_and_has_its_journey() -> None:
    assert set(kinds_of_the_tables()) == set(KINDS) == set(JOURNEYS)


@pytest.fixture(scope="module")
def people(house: Office) -> dict[str, Page]:
    """The reader, the officer and the head, each at a telephone."""
    return {name: house.person(name, width=WIDTH) for name in ("hoa", "lan", "truong")}


def narrow(page: Page) -> None:
    """Nothing is cut off at the side."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def ask(page: Page, house: Office, kind: str, words: str, title: str) -> str:
    """The reader's way to a sent request; its code."""
    keys = Keyboard(page)
    if words:
        page.goto(house.url)
        keys.write(page.locator("#q"), words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        keys.press(page.locator("article h3 a").first)
        expect(page.locator("main")).to_contain_text(title)
        narrow(page)
        keys.press(page.get_by_role("link", name="Thêm vào danh sách cần đọc").first)
        keys.press(page.get_by_role("button", name="Thêm vào danh sách cần đọc"))
    else:
        page.goto(f"{house.url}/gio")
    narrow(page)
    keys.choose("hinh-thuc", kind)
    keys.write(page.locator("#muc-dich"), "Làm thủ tục đất đai")
    if kind == "information":
        keys.write(page.locator("#noi-dung"), "Năm 1998 thôn Trường Định thuộc xã nào?")
    keys.press(page.get_by_role("button", name="Gửi yêu cầu"))
    expect(page.locator("h1")).to_contain_text("Yêu cầu")
    narrow(page)
    return page.url.rpartition("/")[2]


def consider(page: Page, house: Office, group: str, code: str) -> Keyboard:
    """A member of staff opens the request from the queue."""
    page.goto(f"{house.url}/quan-tri/yeu-cau?nhom={group}")
    narrow(page)
    keys = Keyboard(page)
    keys.press(page.locator(f"main a[href$='{code}']").first)
    narrow(page)
    return keys


def decide(page: Page, house: Office, code: str) -> None:
    """The head grants what is asked."""
    keys = consider(page, house, "approval", code)
    for field in page.locator("input[name^='can-cu-']").all():
        keys.write(field, "Luật Lưu trữ 33/2024/QH15 Điều 31")
    if page.locator("textarea[name='can-cu']").count():
        keys.write(page.locator("textarea[name='can-cu']"), "Thuộc xã Tịnh Khê (Quyết định 1284/QĐ-UB).")
    keys.press(page.get_by_role("button", name="Quyết định"))
    narrow(page)


def pay(reader: Page, officer: Page, house: Office, code: str) -> None:
    """Where a fee is owed, the reader reads its code at the desk."""
    reader.goto(f"{house.url}/yeu-cau/{code}")
    narrow(reader)
    if "chờ nộp phí" not in reader.inner_text("main").lower():
        return
    reference = reader.locator("dd.where b").first.inner_text()
    officer.goto(f"{house.url}/quan-tri/phi")
    keys = Keyboard(officer)
    keys.write(officer.locator("input[name=ma]"), reference)
    with officer.expect_navigation():
        officer.keyboard.press("Enter")
    narrow(officer)
    keys.press(officer.get_by_role("button", name="Đã thu, cấp biên lai"))
    expect(officer.get_by_role("link", name="Biên lai số")).to_be_visible()


def receive(page: Page, house: Office, kind: str, code: str) -> None:
    """The reader has what was asked for."""
    keys = Keyboard(page)
    if kind in ("copy", "certified", "dip"):
        fetched = page.get_by_role("link", name="tải về")

        def look() -> bool:
            page.goto(f"{house.url}/yeu-cau/{code}")
            return bool(fetched.count())

        wait(look)
        keys.reach(fetched)
        with page.expect_download() as coming:
            page.keyboard.press("Enter")
        assert coming.value.suggested_filename.endswith(".zip" if kind == "dip" else ".pdf")
        return
    page.goto(f"{house.url}/yeu-cau/{code}")
    if kind == "information":
        expect(page.locator("main")).to_contain_text("Thuộc xã Tịnh Khê")
    if kind == "digitisation":
        expect(page.locator("main")).to_contain_text("Còn phải làm: quét tài liệu giấy")
        house.scan_what_is_on_paper()

        def scanned() -> bool:
            page.goto(f"{house.url}/yeu-cau/{code}")
            said = page.inner_text("main"), page.inner_text(".progress [aria-current=step]")
            return "đã số hóa, xem được" in said[0] and "Đã giải quyết" in said[1]

        wait(scanned)
        keys.press(page.locator("main ul.index a").first)
        expect(page.locator(".sheet img").first).to_be_visible()
        narrow(page)
    if kind == "reading":
        keys.press(page.locator("main ul.index a").first)
        keys.press(page.get_by_role("link", name="Đọc 3 trang chung của hồ sơ"))
        expect(page.locator(".sheet img").first).to_be_visible()
        narrow(page)


def rate(page: Page, house: Office, code: str) -> None:
    """The reader says how it was."""
    page.goto(f"{house.url}/yeu-cau/{code}")
    keys = Keyboard(page)
    keys.choose("diem", "5")
    keys.press(page.get_by_role("button", name="Gửi đánh giá"))
    expect(page.get_by_text("Bạn đã đánh giá 5 trên 5.")).to_be_visible()
    narrow(page)


@pytest.mark.parametrize("kind", kinds_of_the_tables())
def test_a_request_goes_its_whole_way_by_keyboard_on_a_telephone(
    house: Office, people: dict[str, Page], kind: str
) -> None:
    reader, officer, head = people["hoa"], people["lan"], people["truong"]
    code = ask(reader, house, kind, *JOURNEYS[kind])
    keys = consider(officer, house, "new", code)
    keys.press(officer.get_by_role("button", name="Nhận giải quyết"))
    keys.press(officer.get_by_role("button", name="Trình phê duyệt"))
    decide(head, house, code)
    pay(reader, officer, house, code)
    receive(reader, house, kind, code)
    consider(officer, house, "ended", code)
    if (handed := officer.get_by_role("button", name="Đã trả kết quả")).count():
        Keyboard(officer).press(handed)
    rate(reader, house, code)
