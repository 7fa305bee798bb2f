"""A demonstration in which people worked: requests of every state, a delivery with faults, money, letters, a theme.

Everything is done through the pages, by the invented people of ``vankho demo``, so that a picture of a page shows what
its people see.  It is done once in an archive: what was made is kept beside it (``lived-in.json``).
"""

import csv
import html
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, FormData
from sqlalchemy import select

from archive.catalogue.people import Account
from archive.clock import today, today_number
from archive.database import reading
from archive.identity.links import email_link, password_link, registration_link
from archive.secret import with_secret
from archive.settings import settings
from bench.papers import drawn, package, register, statement
from desk.consents import purposes
from desk.saved_searches import ending_link
from vankho.demo import PASSWORD

PATIENCE = 240  # looks at what a worker is to do, half a second apart
READER, OFFICER, HEAD, ADMINISTRATOR = "hoa.docgia", "lan.luutru", "quang.giamdoc", "son.quantri"
DESK, ROOM, QUEUE = "/quan-tri/yeu-cau", "/quan-tri/phong-doc", "/quan-tri/tiep-nhan"
TOLD = (
    "Việc bắt đầu từ một tờ trình: xã nêu nhu cầu, huyện xem xét rồi trình tỉnh.",
    "Cán bộ đi kiểm tra thực địa, ghi tên từng chủ đất và diện tích từng thửa.",
    "Tỉnh trả lời: đồng ý về chủ trương, giao các sở lập phương án.",
    "Văn bản cuối của hồ sơ khép lại việc, một năm sau tờ trình đầu.",
)
OPENING = "Bốn văn bản dưới đây xếp theo thứ tự của việc; mỗi văn bản dẫn đến trang ảnh của nó."
LAW = "Luật Lưu trữ 33/2024/QH15 Điều 31"


class People:
    """Who works in the demonstration: each sends forms with the token of the page that has them."""

    def __init__(self, browser: Browser, address: str, home: Path) -> None:
        self.browser, self.address, self.home = browser, address, home
        self.made: dict[str, str] = {}
        self._known: dict[str, APIRequestContext] = {}

    def of(self, who: str) -> APIRequestContext:
        """The browser of that person, signed in; "" is nobody."""
        if who not in self._known:
            self._known[who] = self.browser.new_context().request
            if who:
                self.send(who, "/dang-nhap", ten=who, mat_khau=PASSWORD)
        return self._known[who]

    def text(self, who: str, path: str) -> str:
        """The page as that person gets it."""
        answer = self.of(who).get(self.address + path)
        if not answer.ok:
            sys.exit(f"{who or 'nobody'} {path}: {answer.status}")
        return answer.text()

    def main(self, who: str, path: str) -> str:
        """What stands in the middle of the page."""
        return self.text(who, path).partition("<main")[2]

    def found(self, **asked: str | float | bool) -> list[dict[str, Any]]:
        """Records that everyone may know of, by the parameters of a search."""
        answer = self.of("").get(f"{self.address}/api/v1/search", params=asked)
        return [dict(one) for one in answer.json()["hits"]]

    def send(self, who: str, path: str, at: str = "", form: dict[str, Any] | None = None, **more: Any) -> str:
        """Sends a form that stands at ``at`` (else at the same address); where it leads.  A refusal ends everything."""
        told = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text(who, at or path))
        fields = FormData()
        for name, value in {"csrf_token": told[1] if told else "", **(form or {}), **more}.items():
            for one in value if isinstance(value, list) else [value]:
                fields.append(name, one)
        answer = self.of(who).post(self.address + path, multipart=fields, max_redirects=0)
        if answer.status not in {200, 302, 303}:
            said = re.findall(r'class="[^"]*err[^>]*>(.*?)</(?:div|p|span)>', answer.text(), re.S)
            sys.exit(f"{who or 'nobody'} {path}: {answer.status} {said}")
        return answer.headers.get("location", "").removeprefix(self.address)


def live_in(people: People) -> dict[str, str]:
    """Lets people work in the demonstration, unless they did; the addresses of what came of it, by name."""
    kept = people.home / "lived-in.json"
    if not kept.exists():
        for work in (_accounts, _lists, _shelf, _delivery, _requests, _room, _words, _theme):
            work(people)
        kept.write_text(json.dumps(people.made, ensure_ascii=False, indent=1), "utf-8")
    return dict(json.loads(kept.read_text("utf-8")))


def made_now(people: People) -> dict[str, str]:
    """What does not last: links of letters, a job, a list of this session; and where the archive has something."""
    key = with_secret(settings()).secret.get_secret_value()
    with reading() as session:
        account = session.scalars(select(Account).where(Account.name == READER)).one()
        made = {
            "ending": f"/thoi-thu/{ending_link(key, account.id)}",
            "registration": f"/dang-ky/{registration_link(key, 'ngoc.nghiencuu@vidu.vn')}",
            "password": f"/dat-mat-khau/{password_link(key, account)}",
            "email": f"/doi-thu/{email_link(key, account, 'hoa.moi@vidu.vn')}",
        }
    own = _scanned(people)["id"]
    made |= {
        "document": f"/van-ban/{own}",
        "sheet": f"/t/{own}/phieu",
        "asking": f"/hoi?viec=loi&trang=1&tai-lieu={own}",
    }
    made["gallery"] = next(
        f"/phong/{one['id']}/anh"
        for one in people.found(level="fonds")
        if '/anh"' in people.main("", f"/phong/{one['id']}")
    )
    named = people.main("", "/noi?label=Tịnh+Khê")
    made["place"] = re.findall(r'href="(/noi/[^"?]+)"[^>]*>\s*<span[^>]*>xã Tịnh Khê', named)[0]
    signed = people.main("", "/nguoi")
    made["person"] = re.findall(r'href="(/nguoi/[^"?]+)"', signed)[0]
    made["opened"] = _opened(people)
    made["job"] = people.send(READER, "/tim-kiem/xuat?q=giao+đất", "", {"kind": "xlsx"})
    for one in people.found(access="conditional", level="document", medium="text", size=2):
        people.send(READER, "/gio", "", {"them": one["id"]})
    made["list"] = "/gio"
    return made


def _opened(people: People) -> str:
    """A month in which records opened."""
    day = today()
    for _ in range(36):
        here = f"/mo-trong-thang?thang={day:%Y-%m}"
        if "/van-ban/" in people.main("", here):
            return here
        day = day.replace(day=1) - timedelta(days=1)
    return "/mo-trong-thang"


def _accounts(people: People) -> None:
    listed = people.text(ADMINISTRATOR, "/quan-tri/tai-khoan?q=hoa.docgia")
    here = people.made["account"] = re.findall(r"/quan-tri/tai-khoan/\d+", listed)[0]
    person = {"ho-ten": "Trần Thị Hoa", "thu": "hoa.docgia@vidu.vn"}
    people.send(ADMINISTRATOR, f"{here}/nguoi-dung", here, person)
    for name, full, role in (("dung.luutru", "Đỗ Tiến Dũng", "archivist"), ("hanh.docgia", "Bùi Thị Hạnh", "reader")):
        form = {"ten": name, "ho-ten": full, "vai-tro": role, "co-quan": "", "thu": f"{name}@vidu.vn"}
        new = people.send(ADMINISTRATOR, "/quan-tri/tai-khoan/moi", "", form).partition("?")[0]
        people.send(ADMINISTRATOR, f"{new}/loi-moi", new)
    for address in ("ngoc.nghiencuu@vidu.vn", "hop-thu-day@vidu.vn"):
        people.send("", "/dang-ky", thu=address)
    first, last = today(), today() + timedelta(days=6)
    form = {
        "nguoi": OFFICER,
        "tu": first.isoformat(),
        "den": last.isoformat(),
        "can-cu": "Giấy ủy quyền số 12/GUQ-TTLT",
    }
    people.send(HEAD, "/quan-tri/uy-quyen", "", form)


def _lists(people: People) -> None:
    """A list of conditional records, by the command that takes one."""
    table = people.home / "danh-muc.csv"
    rows = [[one["code"], LAW] for one in people.found(access="conditional", level="document", size=12)]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["DocCode", "Ground"], *rows])
    words = ("danh-muc", "add", str(table), "--decision", "412/QĐ-UBND", "--date", "2026-10-05")
    program = (sys.executable, "-m", "vankho", *words, "--approver", "Chủ tịch Ủy ban nhân dân tỉnh", "--json")
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL)


def _delivery(people: People) -> None:
    sample = people.home / "demo" / "goi-mau"
    fonds = people.found(level="fonds", size=1)[0]["code"]
    for name, file, content, more in (
        ("delivery", "goi-giao-nop-2026-11.zip", package(sample), {}),
        ("register", "so-cong-van-1998.xlsx", register(), {"phong": fonds, "muc": "01"}),
    ):
        people.made[name] = people.send(OFFICER, QUEUE, "", {"goi": _file(file, content), **more})
        _wait(partial(_is_taken, people, people.made[name]))
    people.made["columns"] = f"{people.made['register']}/cot"
    plan = people.found(q="1284/KH-UB", level="document", size=1)[0]
    people.made["office"] = f"/van-ban/{plan['id']}/ban-doc"


def _requests(people: People) -> None:
    closed = people.found(access="conditional", level="document", medium="text", size=30)
    given = [_scanned(people)]
    paid = _ask(people, "certified", "Làm thủ tục cấp lại giấy chứng nhận quyền sử dụng đất", given, paper=True)
    people.made["mask"] = f"{DESK}/{paid}/che/{given[0]['id']}/1"
    for step in ("nhan", "trinh"):
        people.send(OFFICER, f"{DESK}/{paid}", "", {"viec": step})
    mask = {"viec": "vung", "trai": "30", "tren": "62", "rong": "24", "cao": "4"}
    people.send(OFFICER, people.made["mask"], "", mask)
    bill = _decide(people, paid)
    form = {"viec": "thu", "so-tien": _value(people.text(OFFICER, bill), "so-tien")}
    people.send(OFFICER, bill, "", {**form, "lan": _value(people.text(OFFICER, bill), "lan")})
    people.made |= {"request": f"/yeu-cau/{paid}", "paid": bill, "decided": f"{DESK}/{paid}"}
    for name, purpose in (("sent", "Bổ sung hồ sơ xác nhận người có công"), ("owing", "Đối chiếu mốc giới thửa đất")):
        owing = _ask(people, "copy", purpose, given)
        for step in ("nhan", "trinh"):
            people.send(OFFICER, f"{DESK}/{owing}", "", {"viec": step})
        people.made |= {name: f"/yeu-cau/{owing}", f"{name}-bill": _decide(people, owing)}
    bill, people.made["bill"] = people.made["sent-bill"], people.made["owing-bill"]
    amount = int(_value(people.text(OFFICER, bill), "so-tien").replace(".", ""))
    lines = statement(bill.rpartition("/")[2], amount, today())
    people.send(OFFICER, "/quan-tri/doi-chieu", "", {"tep": _file("sao-ke-28-11.csv", lines, "text/csv")})
    waiting = _ask(people, "copy", "Đối chiếu danh sách hộ được giao đất năm 1998", closed[:2], paper=True)
    for step in ("nhan", "trinh"):
        people.send(OFFICER, f"{DESK}/{waiting}", "", {"viec": step})
    people.made["waiting"] = f"{DESK}/{waiting}"
    asked = _ask(people, "reading", "Nghiên cứu lịch sử hình thành xã Tịnh Khê, luận văn thạc sĩ", closed[2:4])
    people.send(OFFICER, f"{DESK}/{asked}", "", {"viec": "nhan"})
    people.send(OFFICER, f"{DESK}/{asked}", "", {"viec": "hoi", "ly-do": "Cần giấy giới thiệu của cơ sở đào tạo."})
    _ask(people, "information", "Làm thủ tục đất đai", [], wanted="Năm 1998 thôn Trường Định thuộc xã nào?")
    person = {"ho-ten": "Võ Thị Mười", "so-giay-to": "051051000777", "nguoi": "citizen", "cach": "desk"}
    person |= {f"dong-y-{one.name}": one.wording for one in purposes(today_number())}
    wish = {"hinh-thuc": "certified", "muc-dich": "Làm chế độ người có công", "tai-lieu": closed[4]["code"]}
    proof = {"giay-to": "căn cước, bốn số cuối 0777", "dien-thoai": "0905 000 777"}
    people.send(OFFICER, "/quan-tri/ghi-yeu-cau", "", person | wish | proof)
    _wait(lambda: "/ban-sao/" in people.main(READER, f"/yeu-cau/{paid}"))
    code = re.findall(r"/ban-sao/([a-z2-7]+)", people.text(READER, f"/yeu-cau/{paid}"))[0]
    people.made["copy"] = f"/xac-thuc?ma={code}"


def _ask(
    people: People, kind: str, purpose: str, records: list[dict[str, Any]], *, paper: bool = False, wanted: str = ""
) -> str:
    """The reader's request; its code."""
    for one in records:
        people.send(READER, "/gio", "", {"them": one["id"]})
    form: dict[str, Any] = {"hinh-thuc": kind, "muc-dich": purpose, "noi-dung": wanted, "nguoi": "citizen"}
    form["tai-lieu"] = [one["id"] for one in records]
    form["lan-gui"] = _value(people.text(READER, "/gio"), "lan-gui")
    if paper:
        form["giay-to-identity"] = _file("can-cuoc.png", drawn("CĂN CƯỚC"), "image/png")
    return people.send(READER, "/yeu-cau", "/gio", form).rpartition("/")[2]


def _decide(people: People, code: str) -> str:
    """The head grants everything; the address of the bill."""
    here = f"{DESK}/{code}"
    form = {"viec": "quyet-dinh"}
    page = people.text(HEAD, here)
    for field in re.findall(r'name="(den-\d+)"', page):
        n = field.rpartition("-")[2]
        form |= {f"tra-loi-{n}": "cho", field: _value(page, field), f"sao-{n}": "1", f"can-cu-{n}": LAW}
    people.send(HEAD, here, "", form)
    fees: list[str] = re.findall(r"/quan-tri/phi/\w+", people.main(OFFICER, here))
    return fees[0]


def _room(people: People) -> None:
    places = re.findall(r'name="buoi" value="([^"]+)"', people.text(READER, "/phong-doc"))
    for place, note in ((places[0], "Hồ sơ giao đất 1998"), (places[3], "Sổ địa chính")):
        people.send(READER, "/phong-doc", "", {"buoi": place, "ghi-chu": note})
    people.made["day"] = f"{ROOM}?ngay={places[0].partition('.')[0]}"
    for one in [one for one in people.found(medium="paper", access="open", size=20) if not one.get("pages")][:2]:
        people.made["slip"] = people.send(OFFICER, ROOM, "", {"viec": "giao", "nguoi": READER, "ma": one["code"]})


def _words(people: People) -> None:
    """What readers write: corrections of lines, an error, questions, a request to take personal data down."""
    own = _scanned(people)["id"]
    page = f"/van-ban/{own}/trang/1"
    for line, state in ((4, "nhan"), (8, ""), (9, "")):
        here = f"{page}/sua-chu?dong={line}"
        old = html.unescape(_value(people.text(READER, here), "cu"))
        people.send(READER, here, "", {"cu": old, "moi": f"{old.rstrip('.,;')},"})
        if state:
            number = re.findall(r"/quan-tri/sua-chu/(\d+)", people.text(OFFICER, "/quan-tri/sua-chu"))[0]
            people.send(OFFICER, f"/quan-tri/sua-chu/{number}", "/quan-tri/sua-chu", {"viec": state})
    people.made["correction"] = f"{page}/sua-chu?dong=4"
    for what, text in (
        ("loi", "Số hộ trong bảng kê là 126, văn bản chép 162."),
        ("hoi", "Kho có bản đồ xã Tịnh Khê năm 1998 không?"),
    ):
        people.made["enquiry"] = people.send("", f"/hoi?viec={what}&tai-lieu={own}", "", {"noi-dung": text})
    people.send(
        OFFICER, f"/quan-tri/hoi-dap/{people.made['enquiry'].rpartition('/')[2]}", "/quan-tri/hoi-dap",
        {"tra-loi": "Có: bản đồ giải thửa tỷ lệ 1/2.000, đọc tại phòng đọc. Bạn đặt chỗ ở trang Phòng đọc."},
    )  # fmt: skip
    form = {"tai-lieu": own, "nguoi": "Nguyễn Văn Bảy", "lien-he": "0905 000 123"}
    form |= {"noi-dung": "Che số căn cước của tôi ở trang 1.", "ly-do": "Số giấy tờ đang dùng."}
    people.made["takedown"] = people.send("", "/yeu-cau-go-bo", "", form)
    people.made["taken"] = f"/quan-tri/go-bo/{people.made['takedown'].rpartition('/')[2]}"


def _scanned(people: People) -> dict[str, Any]:
    """An open document of several pages with images and lines."""
    for one in people.found(q="giao đất khu dân cư nông thôn Tịnh Khê", access="open", level="document", size=100):
        page = people.text(READER, f"/van-ban/{one['id']}/trang/1")
        if "/anh/" in page and "/sua-chu" in page and "/trang/3" in page:
            return one
    sys.exit("no scanned page")


def _theme(people: People) -> None:
    for kind, title, about, question in (
        ("story", "Chín xã, một tên Tịnh Khê", "Địa giới và tên gọi qua các lần chia tách, sáp nhập.", "Tịnh Khê"),
        ("collection", "Ruộng đất sau năm 1975", "Giao đất, cấp giấy và giải quyết tranh chấp.", "giao đất"),
    ):
        bench = people.send(OFFICER, "/quan-tri/chuyen-de", "", {"loai": kind, "ten": title, "gioi-thieu": about})
        bench = bench.partition("#")[0]
        people.send(OFFICER, bench, "", {"viec": "them", "loi": OPENING, "tai-lieu": "", "trang": ""})
        found = people.found(q=question, access="open", level="document", medium="text", size=4)
        for one, said in zip(found, TOLD, strict=True):
            people.send(OFFICER, bench, "", {"viec": "them", "loi": said, "tai-lieu": one["id"], "trang": ""})
        people.send(OFFICER, bench, "", {"viec": "dang"})
        people.made |= {"bench": bench, "theme": f"/chuyen-de/{bench.rpartition('/')[2]}"}


def _shelf(people: People) -> None:
    for one, note in zip(people.found(q="Tịnh Khê", size=2), ("Dẫn ở chương 2", "Xem lại bảng kê"), strict=True):
        people.send(READER, "/tai-khoan/da-luu", "", {"tai-lieu": one["id"], "ghi-chu": note})
    for question in ("q=giao+đất+Tịnh+Khê", "q=địa+giới&level=file", "q=sửa+chữa+kênh"):
        people.send(READER, "/tai-khoan/da-luu", "", {"tim": question, "ghi-chu": ""})
    for number in dict.fromkeys(
        re.findall(r'action="/tai-khoan/da-luu/(\d+)"', people.text(READER, "/tai-khoan/da-luu"))
    ):
        if people.of(READER).get(f"{people.address}/tai-khoan/da-luu/{number}/moi").ok:  # a search
            people.send(READER, f"/tai-khoan/da-luu/{number}", "/tai-khoan/da-luu", {"viec": "thu"})
            people.made["news"] = f"/tai-khoan/da-luu/{number}/moi"


def _value(page: str, name: str) -> str:
    """What the form has in that field already."""
    one = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    told = re.search(r'value="([^"]*)"', one[0]) if one else None
    return told[1] if told else ""


def _file(name: str, content: bytes, media: str = "application/octet-stream") -> Any:
    return {"name": name, "mimeType": media, "buffer": content}


def _is_taken(people: People, delivery: str) -> bool:
    return ">Xem lại</a>" not in people.main(OFFICER, delivery)


def _wait(look: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if look():
            return
        time.sleep(0.5)
    sys.exit("waited in vain")
