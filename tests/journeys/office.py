"""A whole archive at work for journeys: the product served by itself, a mail server, an authority for signatures."""

import io
import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from desk.fees.notices import signature
from tests.chromium import sign_in
from tests.desk.signing_house import PASSWORD as KEY_PASSWORD
from tests.desk.signing_house import signing_house
from tests.faults.installation import PROGRAM, Installation
from tests.mail_room import MailRoom, mail_room
from tests.transfers import Transfer

PASSWORD = "một câu đủ dài để thử 2026"
PAYMENT_SECRET = "bí mật của cổng thanh toán, ba mươi hai ký tự"
CLOSED, OPEN, PAPER = "HS-KIN", "VB-MO", "VB-GIAY"
CLOSED_TITLE = "Cấp giấy chứng nhận quyền sử dụng đất xã Tịnh Khê"
PEOPLE = {"lan": "archivist", "truong": "head", "hoa": "reader"}
PATIENCE = 180  # looks at what a worker is to do, a second apart


class Office:
    """The address of the running portal, the letters it sent, and people at their browsers."""

    def __init__(self, place: Installation, mail: MailRoom, browser: Browser) -> None:
        self.place, self.mail, self.browser = place, mail, browser
        self.url = f"http://127.0.0.1:{place.port}"

    def somebody(self, *, script: bool = True, width: int = 1280) -> Page:
        """A page of a fresh browser that nobody has signed in with; every answer of the house is one that it means."""
        context = self.browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 800}, accept_downloads=True
        )
        page = context.new_page()
        page.on("response", lambda answer: _expect(answer.status < 500, answer.url))
        page.on("pageerror", lambda error: _expect(False, str(error)))
        return page

    def person(self, name: str, *, script: bool = True, width: int = 1280) -> Page:
        """Somebody of the house, or its reader, signed in."""
        page = self.somebody(script=script, width=width)
        page.goto(f"{self.url}/dang-nhap")
        sign_in(page, name, PASSWORD)
        return page

    def link_of_letter(self, to: str, path: str) -> str:
        """The link in the letter to that address; waits for the worker to send it."""
        found: list[str] = []

        def look() -> bool:
            texts = [str(one.get_content()) for one in self.mail.letters if to in str(one["To"])]
            found[:] = re.findall(rf"{re.escape(self.url)}{path}\S+", "\n".join(texts))
            return bool(found)

        wait(look)
        return found[-1]

    def notify_payment(self, reference: str, code: str, amount: int) -> None:
        """The payment gateway tells of money, signed."""
        body = json.dumps({"reference": reference, "amount": amount, "content": f"nop {code}"}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json", "X-Vankho-Timestamp": stamp,
            "X-Vankho-Signature": signature(PAYMENT_SECRET, stamp, body),
        }  # fmt: skip
        asked = urllib.request.Request(f"{self.url}/thanh-toan/bao", data=body, headers=headers, method="POST")
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert answer.status == 200

    def scan_what_is_on_paper(self) -> None:
        """The house scans the document that is on paper only and takes the delivery in again, with the scan."""
        self.place.run(
            "ingest", str(_delivery(self.place.home.parent / "goi-quet", {f"{PAPER}.pdf": _scan("KIEM KE", 1)}))
        )


def wait(look: Callable[[], bool]) -> None:
    """Looks again and again until it is so; an error after PATIENCE looks."""
    for _ in range(PATIENCE):
        if look():
            return
        time.sleep(1)
    raise AssertionError("waited in vain")


@contextmanager
def office(folder: Path, browser: Browser) -> Iterator[Office]:
    """The archive at work, until the block ends."""
    with signing_house(folder / "ca") as authority, mail_room() as mail:
        place = Installation(
            folder / "kho", smtp_url=f"smtp://127.0.0.1:{mail.port}", mail_from="luutru@tinh.vn",
            sign_pkcs12=str(authority.keyfile()), sign_password=KEY_PASSWORD, tsa_url=f"{authority.url}/tsa",
            signature_roots=str(authority.roots), payment_secret=PAYMENT_SECRET, bank_bin="970436",
            bank_account="0011001932418", bank_name="Vietcombank, Trung tâm Lưu trữ",
        )  # fmt: skip
        place.settings["VANKHO_PUBLIC_URL"] = f"http://127.0.0.1:{place.port}"
        try:
            place.run("ingest", str(_delivery(folder / "goi")))
            for name, role in PEOPLE.items():
                _add(place, name, role)
            place.start("serve", "--port", str(place.port))
            place.ask("/healthz")
            yield Office(place, mail, browser)
        finally:
            place.close()


def _expect(fine: bool, told: str) -> None:
    if not fine:
        raise AssertionError(told)


def _add(place: Installation, name: str, role: str) -> None:
    words = [*PROGRAM, "user", "add", name, "--role", role, "--password-stdin", "--no-totp"]
    environment = {"VANKHO_HOME": str(place.home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(words, input=PASSWORD, text=True, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


def _delivery(folder: Path, more: dict[str, bytes] | None = None) -> Path:
    """An open file with a document on screen and one on paper only, and a conditional file of three scanned pages."""
    made = Transfer(folder).fonds().file("HS-MO", Title="Giao đất xây dựng khu dân cư", FileNotation="01")
    made.file(CLOSED, rights="Hạn chế", Title=CLOSED_TITLE, FileNotation="02", AccessLevel="02")
    made.document(OPEN, "HS-MO", None, Subject="Giao đất xây dựng khu dân cư xã Tịnh Khê", TypeName="Quyết định",
                  CodeNumber="1284", CodeNotation="QĐ-UB", IssuedDate="17/08/1998")  # fmt: skip
    made.document(PAPER, "HS-MO", None, Subject="Biên bản kiểm kê chỉ có trên giấy", TypeName="Biên bản",
                  IssuedDate="18/08/1998")  # fmt: skip
    made.data[f"{OPEN}.pdf"] = _scan("QUYET DINH 1284", 1)
    made.data[f"{CLOSED}.pdf"] = _scan("GIAY CHUNG NHAN", 3)
    made.data |= more or {}
    return made.write()


def _scan(words: str, count: int) -> bytes:
    pages = []
    for n in range(1, count + 1):
        page = Image.new("L", (826, 1169), 245)
        pen = ImageDraw.Draw(page)
        pen.text((120, 120), f"{words} trang {n}", fill=20, font_size=40)
        for row in range(12):
            pen.rectangle((120, 240 + 60 * row, 700 - 30 * (row % 3), 252 + 60 * row), fill=60)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    return out.getvalue()
