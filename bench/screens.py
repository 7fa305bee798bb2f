"""Pictures of the pages, for docs/screens: each at 360 and 1280 px, light and dark, and a page that shows them.

    python -m bench.screens ADDRESS FOLDER [--only NAME]

ADDRESS is a running demonstration (``vankho demo --serve``); its invented people are signed in where a page is theirs.
What is wider than its window is told: nothing may be.
"""

import argparse
import io
import shutil
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from vankho.demo import PASSWORD

TALLEST = 1_600  # px of a page that are kept
QUALITY = 40
#: Name, title, address (or a link to follow from the page before it, after ">"), who asks.
PAGES: tuple[tuple[str, str, str, str], ...] = (
    ("trang-chu", "Trang chủ", "/", ""),
    ("ket-qua", "Kết quả tìm", "/tim-kiem?q=giao+đất+Tịnh+Khê", ""),
    ("vi-sao", "Vì sao có kết quả này", "/tim-kiem?q=giao+đất+Tịnh+Khê > article a[href*='vi-sao']", ""),
    ("phong", "Các phông", "/phong", ""),
    ("mot-phong", "Một phông", "/phong > main a[href*='/phong/']", ""),
    ("van-ban", "Văn bản: ảnh, chỗ trúng, chữ", "{document}", ""),
    ("phim", "Phim có lời", "/tim-kiem?q=một+ngày+bên+sông+Trà+Khúc > article h3 a", ""),
    ("moi-trang", "Mọi trang của văn bản", "{document} > a[data-key='a']", ""),
    ("theo-thoi-gian", "Phông theo thời gian", "/phong?theo=thoi-gian", ""),
    ("theo-nam", "Theo năm", "/theo-nam", ""),
    ("co-quan", "Cơ quan", "/co-quan", ""),
    ("chuyen-de", "Chuyên đề", "/chuyen-de", ""),
    ("theo-doi", "Theo dõi yêu cầu bằng mã", "/theo-doi", ""),
    ("xac-thuc", "Kiểm tra bản sao", "/xac-thuc", ""),
    ("can-doc", "Cần đọc và gửi yêu cầu", "/gio", "hoa.docgia"),
    ("phong-doc", "Phòng đọc", "/phong-doc", "hoa.docgia"),
    ("tai-khoan", "Tài khoản", "/tai-khoan", "hoa.docgia"),
    ("hang-doi", "Hàng đợi yêu cầu", "/quan-tri/yeu-cau", "lan.luutru"),
    ("tiep-nhan", "Tiếp nhận", "/quan-tri/tiep-nhan", "lan.luutru"),
    ("de-xuat", "Đề xuất từ trang đầu", "/quan-tri/de-xuat", "lan.luutru"),
    ("quan-ly-phong-doc", "Bàn phòng đọc", "/quan-tri/phong-doc", "lan.luutru"),
    ("luu-giu", "Thời hạn giữ dữ liệu cá nhân", "/quan-tri/luu-giu", "quang.giamdoc"),
    ("so-lieu", "Số liệu phục vụ", "/quan-tri/so-lieu", "quang.giamdoc"),
)
SIZES = ((360, 780), (1280, 860))


def take(browser: Browser, address: str, folder: Path, only: str = "") -> list[str]:
    """Takes the pictures; gives what was wider than its window."""
    wide = []
    for scheme in ("light", "dark"):
        for width, height in SIZES:
            told: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
            states: dict[str, Any] = {"": None}
            for name, _title, place, who in PAGES:
                if only and name != only:
                    continue
                if who not in states:
                    states[who] = _signed_in(browser, address, who)
                context = browser.new_context(**told, storage_state=states[who])
                page = context.new_page()
                _open(page, address, place)
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append(f"{name} {scheme} {width}")
                _keep(page, folder / f"{name}-{width}-{scheme}.webp", width)
                context.close()
    return wide


def _open(page: Page, address: str, place: str) -> None:
    place, _, link = place.partition(" > ")
    if place == "{document}":
        page.goto(f"{address}/tim-kiem?q=giao+đất&size=100")
        for one in page.locator("article h3 a").evaluate_all("many => many.map(one => one.href)"):
            page.goto(one)
            if page.locator(".thumbs a").count() > 1 and page.locator(".sheet img").count():
                break
    else:
        page.goto(address + place)
    if link:
        page.locator(link).first.click()
    page.wait_for_load_state("networkidle")


def _signed_in(browser: Browser, address: str, who: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/dang-nhap")
    page.fill("input[name=ten]", who)
    page.fill("input[name=mat_khau]", PASSWORD)
    page.click("main button")
    state = context.storage_state()
    context.close()
    return state


def _keep(page: Page, path: Path, width: int) -> None:
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as image:
        image.crop((0, 0, width, min(image.height, TALLEST))).save(path, "WEBP", quality=QUALITY, method=6)


def write_page(folder: Path) -> None:
    """The page that shows the pictures."""
    lines = ["# Các trang", "", "Ảnh chụp kho mẫu ở 360 và 1280 px, sáng và tối (`python -m bench.screens`).", ""]
    for name, title, _place, who in PAGES:
        pictures = [f"![{title}]({name}-{width}-{scheme}.webp)" for width, _ in SIZES for scheme in ("light", "dark")]
        lines += [f"## {title}{f' ({who})' if who else ''}", "", *pictures, ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Takes the pictures and says what is too wide."""
    parser = argparse.ArgumentParser(prog="bench.screens", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        wide = take(browser, chosen.address.rstrip("/"), chosen.folder, chosen.only)
        browser.close()
    write_page(chosen.folder)
    print("\n".join(wide) or "nothing is wider than its window")


if __name__ == "__main__":
    main()
