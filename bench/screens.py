"""Pictures of the pages, for docs/screens: each at 360 and 1280 px, light and dark, and a page that shows them.

    python -m bench.screens HOME FOLDER [--only NAME ...]

A demonstration is made in HOME, served with a mail server, a bank's account and a key for copies, and lived in
(bench.lived_in); HOME and its port are kept for the next time.  What is wider than its window is told: nothing may be.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from PIL import Image
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from bench.lived_in import People, live_in, made_now
from bench.papers import write_key
from bench.pictured import PICTURES, Picture

TALLEST = 1_400  # px of a page that are kept
QUALITY = 27
PORT = 8720
KEY_PASSWORD = "khóa thử"  # noqa: S105 - of a key that is made here
SIZES = ((360, 780), (1280, 860))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class MailServer:
    """Takes every letter and keeps none; one box is full."""

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Notes who a letter is to."""
        if address.startswith("hop-thu-day"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The demonstration in that folder, at its address, until the block ends."""
    mail = Controller(MailServer(), hostname="127.0.0.1", port=PORT + 1)
    key, address = home / "sao.p12", f"http://127.0.0.1:{PORT}"
    home.mkdir(parents=True, exist_ok=True)
    if not key.exists():
        write_key(key, KEY_PASSWORD)
    os.environ |= {
        "LANGUAGE": "vi", "VANKHO_HOME": str(home), "VANKHO_PORT": str(PORT), "VANKHO_PUBLIC_URL": address,
        "VANKHO_SMTP_URL": f"smtp://127.0.0.1:{PORT + 1}", "VANKHO_MAIL_FROM": "luutru@quangngai.vidu.vn",
        "VANKHO_BANK_BIN": "970436", "VANKHO_BANK_ACCOUNT": "0011001932418",
        "VANKHO_BANK_NAME": "Vietcombank, Trung tâm Lưu trữ lịch sử",
        "VANKHO_SIGN_PKCS12": str(key), "VANKHO_SIGN_PASSWORD": KEY_PASSWORD,
    }  # fmt: skip
    mail.start()
    process = subprocess.Popen([sys.executable, "-m", "vankho", "demo", "--serve", "--port", str(PORT)])
    try:
        _wait_for(f"{address}/readyz", process)
        yield address
    finally:
        process.terminate()
        process.wait()
        mail.stop()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(1)
    sys.exit("the demonstration did not start")


def take(browser: Browser, people: People, made: dict[str, str], folder: Path, only: list[str]) -> list[str]:
    """Takes the pictures; gives what was wider than its window, or no page."""
    wrong = []
    for picture in [one for one in PICTURES if not only or one.name in only]:
        state: Any = people.of(picture.who).storage_state()
        for width, height in SIZES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, storage_state=state, locale="vi-VN"
            )
            page = context.new_page()
            try:
                status = _open(page, people.address, picture, made)
            except TimeoutError:
                wrong.append(f"{picture.name}: the way {picture.place} leads nowhere")
                context.close()
                break
            if status != picture.status or page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{picture.name} {width}: {status}")
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                _keep(page, folder / file_name(picture, width, scheme), width)
            context.close()
    return wrong


def file_name(picture: Picture, width: int, scheme: str) -> str:
    """Where a picture lies."""
    return f"{picture.name}-{width}-{scheme}.webp"


def _open(page: Page, address: str, picture: Picture, made: dict[str, str]) -> int:
    answer = None
    for step in picture.place.format(**made).split(" > "):
        if step.startswith("/"):
            answer = page.goto(address + step)
        elif "button" in step or ".btn" in step:
            page.locator(step).first.click()
        else:
            with page.expect_navigation() as coming:
                page.locator(step).first.click()
            answer = coming.value
    for one in page.locator("img[loading=lazy]").all()[:12]:
        one.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_load_state("networkidle")
    return answer.status if answer else 0


def _keep(page: Page, path: Path, width: int) -> None:
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as image:
        image.crop((0, 0, width, min(image.height, TALLEST))).save(path, "WEBP", quality=QUALITY, method=6)


def written() -> str:
    """The page that shows the pictures."""
    lines = ["# Các trang", "", "Ảnh chụp kho mẫu ở 360 và 1280 px, sáng và tối (`python -m bench.screens`)."]
    for one in PICTURES:
        pictures = [f"![{one.title}]({file_name(one, width, scheme)})" for width, _ in SIZES for scheme in SCHEMES]
        who = f" ({one.who})" if one.who else ""
        lines += ["", f"## {one.title}{who}", "", f"`{one.endpoint}`", "", *pictures]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Takes the pictures and says what is wrong."""
    parser = argparse.ArgumentParser(prog="bench.screens", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with served(chosen.home.resolve()) as address, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--lang=vi"])
        people = People(browser, address, chosen.home.resolve())
        made = live_in(people) | made_now(people)
        wrong = take(browser, people, made, chosen.folder, chosen.only)
        browser.close()
    (chosen.folder / "README.md").write_text(written(), "utf-8")
    print("\n".join(wrong) or "nothing is wider than its window")


if __name__ == "__main__":
    main()
