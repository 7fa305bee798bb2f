"""From a search box to a certified copy that a stranger verifies, through the product as it is served: with and without
a script, the fee by a payment gateway or at the desk.  pdfsig and veraPDF judge the file: neither wrote it."""

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from archive.identifiers import is_identifier
from tests.chromium import sign_in
from tests.desk.signing_house import SIGNER
from tests.journeys.office import CLOSED_TITLE, PASSWORD, Office, wait
from tests.verapdf import verapdf


def find_and_list(page: Page, house: Office) -> None:
    """Anonymous: the conditional file is found, tells that it is closed, and is put on the list."""
    page.goto(house.url)
    page.fill("#q", "cap giay chung nhan tinh khe")
    page.press("#q", "Enter")
    page.click("article h3 a >> nth=0")
    expect(page.locator("h1")).to_contain_text(CLOSED_TITLE)
    expect(page.get_by_text("Tài liệu tiếp cận có điều kiện.")).to_be_visible()
    page.get_by_role("link", name="Thêm vào danh sách cần đọc").first.click()
    page.get_by_role("button", name="Thêm vào danh sách cần đọc").click()
    expect(page.get_by_text("có điều kiện").first).to_be_visible()


def register(page: Page, house: Office, email: str) -> None:
    """An account by a letter; the list is still there afterwards."""
    page.get_by_role("link", name="Mở tài khoản").first.click()
    page.fill("input[name=thu]", email)
    page.get_by_role("button", name="Gửi liên kết").click()
    page.goto(house.link_of_letter(email, "/dang-ky/"))
    page.fill("input[name=ho-ten]", "Trần Thị Hoa")
    page.fill("input[name=so-dinh-danh]", "051099000123")
    page.fill("input[name=moi]", PASSWORD)
    page.fill("input[name=lai]", PASSWORD)
    page.check("#dong-y-service")
    page.get_by_role("button", name="Mở tài khoản").click()
    sign_in(page, email, PASSWORD)
    page.goto(f"{house.url}/gio")


def ask(page: Page) -> str:
    """Sends the request for a certified copy; its code."""
    expect(page.get_by_text(CLOSED_TITLE).first).to_be_visible()
    page.check("input[name=hinh-thuc][value=certified]")
    page.fill("#muc-dich", "Làm thủ tục cấp lại giấy chứng nhận quyền sử dụng đất")
    page.get_by_role("button", name="Gửi yêu cầu").click()
    page.wait_for_url("**/yeu-cau/*")
    expect(page.locator("dl.kv").first).to_contain_text("Đã")
    return page.url.rpartition("/")[2]


def decide_in_part(house: Office, code: str, *, script: bool) -> None:
    """An officer takes it up and brings it to the head, who grants pages 1 and 2 of three."""
    officer = house.person("lan", script=script)
    officer.goto(f"{house.url}/quan-tri/yeu-cau")
    officer.click(f"a[href$='{code}']")
    officer.get_by_role("button", name="Nhận giải quyết").click()
    officer.get_by_role("button", name="Trình phê duyệt").click()
    officer.context.close()
    head = house.person("truong", script=script)
    head.goto(f"{house.url}/quan-tri/yeu-cau?nhom=approval")
    head.click(f"a[href$='{code}']")
    head.fill("input[name^=trang-]", "1-2")
    head.fill("input[name^=can-cu-]", "Luật Lưu trữ 33/2024/QH15 Điều 31")
    head.get_by_role("button", name="Quyết định").click()
    expect(head.get_by_text("chỉ trang 1-2")).to_be_visible()
    head.context.close()


def pay(house: Office, page: Page, code: str, way: str, *, script: bool) -> None:
    """The fee that stands on the reader's page is paid."""
    page.goto(f"{house.url}/yeu-cau/{code}")
    reference = page.locator("dd.where b").first.inner_text()
    if way == "gateway":
        amount = int(page.locator("[aria-labelledby=phi] dl dd").nth(2).inner_text().split()[0].replace(".", ""))
        for _ in range(2):  # told twice, it counts once
            house.notify_payment(f"G-{code[:8]}", reference, amount)
    else:
        desk = house.person("lan", script=script)
        desk.goto(f"{house.url}/quan-tri/phi?ma={reference}")
        desk.get_by_role("button", name="Đã thu, cấp biên lai").click()
        expect(desk.get_by_role("link", name="Biên lai số")).to_be_visible()
        desk.context.close()
    page.reload()
    expect(page.get_by_role("link", name="Biên lai số")).to_be_visible()


def fetch(page: Page, to: Path) -> Path:
    """The copy, as soon as the worker has made it."""
    fetched = page.get_by_role("link", name="tải về")

    def look() -> bool:
        page.reload()
        return bool(fetched.count())

    wait(look)
    with page.expect_download() as coming:
        fetched.click()
    coming.value.save_as(to)
    return to


def judge(file: Path) -> str:
    """What others say of the file; returns the code on its sheet."""
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert SIGNER in said
    passed, told = verapdf(file, "3b")
    assert passed, told
    pdf = pypdfium2.PdfDocument(file)
    try:
        assert len(pdf) == 3, "two pages that were granted, and the sheet"
        words = pdf[2].get_textpage().get_text_range().split()
    finally:
        pdf.close()
    return next(one for one in words if is_identifier(one))


def verify(house: Office, file: Path, code: str, *, script: bool) -> None:
    """A stranger checks the file, its code, and a file in which one byte is another."""
    stranger = house.somebody(script=script, width=360)
    stranger.goto(f"{house.url}/xac-thuc")
    stranger.set_input_files("#tep", file)
    stranger.get_by_role("button", name="Kiểm tra tệp").click()
    expect(stranger.get_by_text("nguyên vẹn từng byte")).to_be_visible()
    expect(stranger.get_by_text(SIGNER).first).to_be_visible()
    assert "Trần Thị Hoa" not in stranger.inner_text("main"), "who asked is nobody's business"
    stranger.goto(f"{house.url}/xac-thuc?ma={code}")
    expect(stranger.get_by_text("có giá trị nếu tệp nguyên vẹn")).to_be_visible()
    data = file.read_bytes()
    at = data.index(b"/Lang")
    broken = file.with_name("sua.pdf")
    broken.write_bytes(data[:at] + b"/Lanh" + data[at + 5 :])
    stranger.set_input_files("#tep", broken)
    stranger.get_by_role("button", name="Kiểm tra tệp").click()
    expect(stranger.locator(".flash.err")).to_contain_text("đã bị sửa sau khi ký")
    stranger.context.close()


@pytest.mark.parametrize(("script", "way"), [(False, "desk"), (True, "gateway")])
def test_from_the_search_box_to_a_copy_that_a_stranger_verifies(
    house: Office, tmp_path: Path, script: bool, way: str
) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("Thiếu pdfsig (poppler-utils)")
    page = house.somebody(script=script, width=360)
    find_and_list(page, house)
    register(page, house, f"hoa.{way}@vidu.vn")
    code = ask(page)
    decide_in_part(house, code, script=script)
    pay(house, page, code, way, script=script)
    page.goto(f"{house.url}/yeu-cau/{code}")
    file = fetch(page, tmp_path / "ban-sao.pdf")
    page.click("main ul.index a")  # what was granted is read, what was not stays closed
    address = page.url.partition("?")[0].rstrip("/")
    reads = {n: page.request.get(f"{address}/trang/{n}/anh/720.webp").status for n in (1, 2, 3)}
    assert reads == {1: 200, 2: 200, 3: 404}
    page.context.close()
    verify(house, file, judge(file), script=script)
