"""Two tabs and the back button: nothing is sent, paid or decided twice, and nothing that was typed goes unseen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.chromium import sign_in
from tests.journeys.office import PAPER, PASSWORD, Office

PURPOSE = "Bổ túc hồ sơ đất của gia đình"


@pytest.fixture
def reader(house: Office) -> Iterator[Page]:
    """The reader at one tab; his draft and list are empty."""
    page = house.person("hoa")
    clear(page, house)
    yield page
    page.context.close()


def clear(page: Page, house: Office) -> None:
    page.goto(f"{house.url}/gio")
    while (off := page.get_by_role("button", name="Bỏ")).count():
        off.first.click()
    ask(page, house, "", press="Lưu bản nháp")


def requests(house: Office) -> int:
    """How many requests lie in the catalogue."""
    engine = create_engine(f"sqlite:///{house.place.home / 'catalogue.sqlite3'}")
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM reading_request")).scalar_one())
    finally:
        engine.dispose()


def ask(page: Page, house: Office, purpose: str = PURPOSE, press: str = "") -> None:
    """Fills the form for information, and presses a button."""
    if not page.url.endswith("/gio"):
        page.goto(f"{house.url}/gio")
    page.check("input[name=hinh-thuc][value=information]")
    page.fill("#muc-dich", purpose)
    page.fill("#noi-dung", "Năm 1998 thôn Trường Định thuộc xã nào?" if purpose else "")
    if press:
        page.get_by_role("button", name=press).click()


def second(page: Page) -> Page:
    """Another tab of the same browser."""
    return page.context.new_page()


def test_two_tabs_of_one_draft_overwrite_nothing_unseen(house: Office, reader: Page) -> None:
    other = second(reader)
    for page in (reader, other):
        page.goto(f"{house.url}/gio")
    ask(reader, house, "viết ở thẻ thứ nhất", press="Lưu bản nháp")
    expect(reader.get_by_text("Đã lưu bản nháp")).to_be_visible()
    ask(other, house, "viết ở thẻ thứ hai", press="Lưu bản nháp")
    expect(other.get_by_role("alert")).to_contain_text("Chưa lưu")
    expect(other.locator("main dl.kv")).to_contain_text("viết ở thẻ thứ nhất")
    expect(other.locator("#muc-dich")).to_have_value("viết ở thẻ thứ hai")
    other.get_by_role("button", name="Lưu bản nháp").click()  # now it is meant
    expect(other.get_by_text("Đã lưu bản nháp")).to_be_visible()
    reader.goto(f"{house.url}/gio")
    expect(reader.locator("#muc-dich")).to_have_value("viết ở thẻ thứ hai")


def test_two_tabs_that_send_the_same_form_make_one_request(house: Office, reader: Page) -> None:
    other, before = second(reader), requests(house)
    for page in (reader, other):
        page.goto(f"{house.url}/gio")
        ask(page, house)
    reader.get_by_role("button", name="Gửi yêu cầu").click()
    reader.wait_for_url("**/yeu-cau/*")
    other.get_by_role("button", name="Gửi yêu cầu").click()
    expect(other.get_by_text("không có yêu cầu thứ hai")).to_be_visible()
    assert other.url.partition("?")[0] == reader.url
    assert requests(house) == before + 1


def test_what_the_second_tab_changed_is_neither_sent_nor_lost(house: Office, reader: Page) -> None:
    other, before = second(reader), requests(house)
    for page in (reader, other):
        page.goto(f"{house.url}/gio")
    ask(reader, house, "lần thứ nhất", press="Gửi yêu cầu")
    reader.wait_for_url("**/yeu-cau/*")
    ask(other, house, "lần thứ hai, nói rõ hơn", press="Gửi yêu cầu")
    expect(other.get_by_role("alert")).to_contain_text("Mẫu này đã gửi rồi")
    expect(other.locator("#muc-dich")).to_have_value("lần thứ hai, nói rõ hơn")
    assert requests(house) == before + 1
    other.get_by_role("button", name="Gửi yêu cầu").click()
    other.wait_for_url("**/yeu-cau/*")
    assert requests(house) == before + 2


def test_a_record_that_another_tab_took_off_is_sent_as_the_form_shows_it(house: Office, reader: Page) -> None:
    reader.goto(f"{house.url}/tim-kiem?q={PAPER}")
    reader.goto(f"{house.url}/tim-kiem?q=bien+ban+kiem+ke")
    reader.click("article h3 a >> nth=0")
    reader.get_by_role("link", name="Thêm vào danh sách cần đọc").first.click()
    reader.get_by_role("button", name="Thêm vào danh sách cần đọc").click()
    other = second(reader)
    other.goto(f"{house.url}/gio")
    other.get_by_role("button", name="Bỏ").click()
    reader.check("input[name=hinh-thuc][value=reading]")
    reader.fill("#muc-dich", PURPOSE)
    reader.get_by_role("button", name="Gửi yêu cầu").click()
    expect(reader.locator("main ul.index")).to_contain_text("Biên bản kiểm kê")


@pytest.mark.parametrize("script", [True, False])
def test_back_after_sending_and_sending_again_is_one_request(house: Office, script: bool) -> None:
    reader, before = house.person("hoa", script=script), requests(house)
    ask(reader, house, f"{PURPOSE} {script}", press="Gửi yêu cầu")
    reader.wait_for_url("**/yeu-cau/*")
    reader.go_back()
    send = reader.get_by_role("button", name="Gửi yêu cầu")
    send.click()
    if reader.url.endswith("/yeu-cau"):  # the form came empty, and says so
        expect(reader.get_by_role("alert")).to_contain_text("Cần ghi mục đích sử dụng")
        reader.get_by_role("link", name="Các yêu cầu đã gửi").click()
        expect(reader.locator("main")).to_contain_text("Cung cấp thông tin")
    else:
        expect(reader.get_by_text("không có yêu cầu thứ hai")).to_be_visible()
    assert requests(house) == before + 1
    reader.context.close()


@pytest.mark.parametrize("again", [False, True])
def test_signed_out_in_one_tab_what_was_typed_in_the_other_is_not_lost(
    house: Office, reader: Page, again: bool
) -> None:
    other, before = second(reader), requests(house)
    ask(other, house, f"gõ dở khi thẻ kia đăng xuất {again}")
    reader.goto(house.url)
    reader.locator("form[action='/dang-xuat'] button").first.click()
    expect(reader.locator("form[action='/dang-xuat']")).to_have_count(0)
    if again:  # and signed in again there: the session is another
        reader.goto(f"{house.url}/dang-nhap")
        sign_in(reader, "hoa", PASSWORD)
    other.get_by_role("button", name="Gửi yêu cầu").click()
    if not again:
        expect(other.get_by_role("alert")).to_contain_text("những gì đã gõ còn nguyên")
        other.fill("input[name=ten]", "hoa")
        other.fill("input[name=mat_khau]", "sai mật khẩu")
        other.click("main button")
        expect(other.get_by_role("alert")).to_contain_text("không đúng")
        sign_in(other, "hoa", PASSWORD)
    expect(other.locator("main")).to_contain_text("gõ dở khi thẻ kia đăng xuất")
    assert requests(house) == before
    other.get_by_role("button", name="Gửi tiếp").click()
    other.wait_for_url("**/yeu-cau/*")
    expect(other.locator("main")).to_contain_text("gõ dở khi thẻ kia đăng xuất")
    assert requests(house) == before + 1


def test_back_after_a_step_of_an_officer_and_a_tab_that_is_late_are_told(house: Office, reader: Page) -> None:
    ask(reader, house, "cho hai thẻ của lưu trữ viên", press="Gửi yêu cầu")
    reader.wait_for_url("**/yeu-cau/*")
    code = reader.url.rpartition("/")[2]
    officer = house.person("lan")
    late = second(officer)
    for page in (officer, late):
        page.goto(f"{house.url}/quan-tri/yeu-cau/{code}")
    officer.get_by_role("button", name="Nhận giải quyết").click()
    expect(officer.locator("main")).to_contain_text("Đang giải quyết")
    late.get_by_role("button", name="Nhận giải quyết").click()
    expect(late.get_by_role("alert")).to_contain_text("không còn ở bước ấy")
    officer.get_by_role("button", name="Trình phê duyệt").click()
    expect(officer.locator("main")).to_contain_text("Chờ phê duyệt")
    officer.go_back()
    if (old := officer.get_by_role("button", name="Trình phê duyệt")).count():
        old.click()
        expect(officer.get_by_role("alert")).to_contain_text("không còn ở bước ấy")
    expect(officer.locator("main")).to_contain_text("Chờ phê duyệt")
    officer.context.close()


def test_back_after_paying_at_the_desk_takes_no_money_twice(house: Office, reader: Page) -> None:
    code = certified(house, reader)
    reference = reader.locator("dd.where b").first.inner_text()
    officer = house.person("lan")
    late = second(officer)
    for page in (officer, late):
        page.goto(f"{house.url}/quan-tri/phi?ma={reference}")
    officer.get_by_role("button", name="Đã thu, cấp biên lai").click()
    expect(officer.get_by_role("link", name="Biên lai số")).to_be_visible()
    late.get_by_role("button", name="Đã thu, cấp biên lai").click()
    expect(late.get_by_role("alert")).to_be_visible()
    officer.go_back()
    if (old := officer.get_by_role("button", name="Đã thu, cấp biên lai")).count():
        old.click()
    expect(officer.get_by_role("link", name="Biên lai số")).to_be_visible()
    engine = create_engine(f"sqlite:///{house.place.home / 'catalogue.sqlite3'}")
    with engine.connect() as connection:
        paid = "SELECT count(*) FROM payment JOIN bill ON bill.id = payment.bill_id WHERE bill.code = :code"
        assert connection.execute(text(paid), {"code": reference}).scalar_one() == 1
    engine.dispose()
    reader.goto(f"{house.url}/yeu-cau/{code}")
    reader.get_by_role("link", name="Biên lai số").click()
    reader.go_back()  # the page of the reader asks for no money any more
    expect(reader.get_by_role("link", name="Biên lai số")).to_be_visible()
    expect(reader.locator("svg[role=img], .qr")).to_have_count(0)
    officer.context.close()


def certified(house: Office, reader: Page) -> str:
    """A certified copy that is granted and waits for its fee; the reader's page shows it.  Its code."""
    reader.goto(f"{house.url}/tim-kiem?q=giao+dat+1284")
    reader.click("article h3 a >> nth=0")
    reader.get_by_role("link", name="Thêm vào danh sách cần đọc").first.click()
    reader.get_by_role("button", name="Thêm vào danh sách cần đọc").click()
    reader.check("input[name=hinh-thuc][value=certified]")
    reader.fill("#muc-dich", PURPOSE)
    reader.get_by_role("button", name="Gửi yêu cầu").click()
    reader.wait_for_url("**/yeu-cau/*")
    code = reader.url.rpartition("/")[2]
    for name, presses in (("lan", ("Nhận giải quyết", "Trình phê duyệt")), ("truong", ("Quyết định",))):
        page = house.person(name)
        page.goto(f"{house.url}/quan-tri/yeu-cau/{code}")
        for field in page.locator("input[name^='can-cu-']").all():
            field.fill("Luật Lưu trữ 33/2024/QH15 Điều 31")
        for press in presses:
            page.get_by_role("button", name=press).click()
        page.context.close()
    reader.reload()
    return code
