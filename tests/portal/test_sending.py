"""A large file that staff choose on the page goes up in pieces, over a line that breaks; and who may send one."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from archive.catalogue.deliveries import Handover
from archive.catalogue.people import AuditEvent
from archive.clock import now
from archive.database import reading, writing
from archive.handovers import INCOMING
from archive.unfinished import UNFINISHED_DAYS, end_unfinished
from portal.sending import PIECE
from tests.chromium import of_axe, of_width, opened_browser, sign_in
from tests.cut_line import CutLine
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import building, token_of
from tests.portal.test_deliveries import ADDRESS, newest, register

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests hand over to it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


@pytest.fixture
def line(served: str) -> Iterator[CutLine]:
    """The way from the browser to the portal."""
    made = CutLine(served)
    yield made
    made.close()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A register of four pieces and a bit."""
    path = tmp_path / "so lon.csv"
    row = "{}/QĐ-UBND,05/01/2019,Giao đất số {}\n"
    path.write_text("Số ký hiệu,Ngày tháng,Trích yếu\n" + "".join(row.format(n, n) for n in range(190_000)), "utf-8")
    assert 4 * PIECE < path.stat().st_size < 5 * PIECE
    return path


def choose(page: Page, address: str, path: Path, organ: str = "") -> None:
    page.goto(f"{address}{ADDRESS}")
    if not page.locator("#goi").is_visible():
        page.locator("details.panel > summary").click()
    if organ:
        page.get_by_text("Điều mà sổ hay thông điệp không ghi").click()
        page.fill("#ph", organ)
    page.set_input_files("#goi", path)
    page.get_by_role("button", name="Giao nộp").click()


def entered(browser: Browser, address: str, name: str = "lan", **more: object) -> Page:
    page = browser.new_context(**more).new_page()  # type: ignore[arg-type]
    page.goto(f"{address}/dang-nhap")
    sign_in(page, name, PASSWORD)
    return page


def count() -> int:
    with reading() as session:
        return len(session.scalars(select(Handover.id)).all())


def test_a_file_goes_on_where_the_line_broke_and_after_the_page_was_closed(
    small: Small, browser: Browser, line: CutLine, large: Path
) -> None:
    before, size = count(), large.stat().st_size
    page = entered(browser, line.address, viewport={"width": 360, "height": 800})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    line.mend(PIECE + PIECE // 2)
    choose(page, line.address, large, "H48.P5")
    expect(page.get_by_text("Mất kết nối; sẽ tự gửi tiếp từ chỗ dừng.")).to_be_visible()
    assert newest().arrived == PIECE, "of a piece that broke nothing is kept"
    expect(page.get_by_text("22 % (2/9 MiB)")).to_be_visible()
    assert not of_axe(page) + of_width(page)
    line.mend(PIECE + PIECE // 2)
    expect(page.get_by_text("44 % (4/9 MiB)")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Mất kết nối; sẽ tự gửi tiếp từ chỗ dừng.")).to_be_visible()
    page.close()  # the reader gives up; the same person comes back

    line.mend()
    page = entered(browser, line.address)
    page.goto(f"{line.address}{ADDRESS}")
    expect(page.get_by_role("row").filter(has_text="so lon.csv").first).to_contain_text("đang gửi lên")
    half = line.up
    choose(page, line.address, large)
    page.wait_for_url(re.compile(ADDRESS + "/[a-z0-9]+$"))
    expect(page.get_by_text("đã nhận, chờ kiểm tra")).to_be_visible()
    assert line.up - half < size - PIECE, "what had arrived was not sent again"
    found = newest()
    assert count() == before + 1
    assert (found.arrived, found.state, found.context["organ"]) == (size, "waiting", "H48.P5")
    assert Path(found.place).read_bytes() == large.read_bytes()
    assert not said


@pytest.mark.parametrize("moment", ["later", "the same"])
def test_another_file_of_that_name_does_not_go_on_with_the_first(
    moment: str, small: Small, browser: Browser, line: CutLine, large: Path
) -> None:
    changed = large.stat()
    page = entered(browser, line.address)
    line.mend(PIECE + PIECE // 2)
    choose(page, line.address, large)
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    page.close()
    line.mend()
    first = newest()
    large.write_bytes(large.read_bytes()[:-4] + b"9999")
    if moment == "the same":
        os.utime(large, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    page = entered(browser, line.address)
    choose(page, line.address, large)
    page.wait_for_url(re.compile(ADDRESS + "/[a-z0-9]+$"))
    assert newest().id != first.id
    assert Path(newest().place).read_bytes() == large.read_bytes()
    page.goto(f"{line.address}{ADDRESS}/{first.public_id}")
    expect(page.get_by_text("Gửi dở dang: chọn lại đúng tệp này")).to_be_visible()


def test_without_a_script_it_goes_whole(small: Small, browser: Browser, served: str, large: Path) -> None:
    page = entered(browser, served, java_script_enabled=False)
    choose(page, served, large)
    expect(page.get_by_text("đã nhận, chờ kiểm tra")).to_be_visible()
    assert Path(newest().place).read_bytes() == large.read_bytes()


def test_who_signed_out_meanwhile_is_told(small: Small, browser: Browser, line: CutLine, large: Path) -> None:
    page = entered(browser, line.address)
    line.mend(PIECE + PIECE // 2)
    choose(page, line.address, large)
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    page.context.clear_cookies()
    line.mend()
    expect(page.get_by_text("Phiên làm việc đã hết.")).to_be_visible(timeout=60_000)


def begin(client: FlaskClient, token: str, **fields: object):  # type: ignore[no-untyped-def]
    whole = {"csrf_token": token, "ten": "so.csv", "so-byte": len(register(31)), "luc": 1, **fields}
    return client.post(f"{ADDRESS}/tung-phan", data=whole)


def piece(to: str, client: FlaskClient, data: bytes, at: object = 0, sign: str = ""):  # type: ignore[no-untyped-def]
    signed = {"X-CSRFToken": sign or token_of(client.get(ADDRESS).text), "Upload-Offset": str(at)}
    return client.patch(to, data=data, headers=signed)


def test_pieces_are_for_who_may_hand_over_with_a_token_and_his_own(small: Small, as_person: People) -> None:
    clerk, head = as_person("minh"), as_person("lan")
    token = token_of(clerk.get(ADDRESS).text)
    assert begin(clerk, "").status_code == 400
    for wrong in ({"so-byte": 0}, {"so-byte": 1 << 60}, {"so-byte": "x"}, {"ten": ""}):
        assert begin(clerk, token, **wrong).status_code == 413
    assert begin(clerk, token, muc="03").status_code == 422
    made = begin(clerk, token, muc="01")
    assert made.json
    assert made.json == begin(clerk, token).json, "the same file is the same delivery"
    assert newest().context["access"] == "01", "what is not said again stays"
    to, body = made.json["to"], register(31)

    add = partial(piece, to)

    assert add(clerk, body, sign="x").status_code == 400
    assert add(head, body).status_code == 404, "who sees it does not send for another"
    assert add(clerk, body, "x").status_code == 400
    assert add(clerk, body + b"x").status_code == 422
    assert add(clerk, b"x" * (PIECE + 1)).status_code in {413, 422}
    first = add(clerk, body[:30])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "30")
    wrong_place = add(clerk, body[:30])
    assert (wrong_place.status_code, wrong_place.headers["Upload-Offset"]) == (409, "30")
    assert begin(clerk, token).json["arrived"] == 30
    assert add(clerk, body[30:], 30).status_code == 204
    assert newest().state == "waiting"
    assert begin(clerk, token).json["to"] != to, "what was sent to its end is sent anew"


@pytest.mark.parametrize("name", ["", "hoa"])
def test_for_readers_there_is_nothing_to_send_to(as_person: People, name: str) -> None:
    client = as_person(name)
    token = token_of(client.get("/dang-nhap").text) if not name else token_of(client.get("/tai-khoan").text)
    assert begin(client, token).status_code == 404
    there = client.patch(f"{ADDRESS}/{'a' * 26}/phan", data=b"x", headers={"X-CSRFToken": token, "Upload-Offset": "0"})
    assert there.status_code == 404


def test_what_nobody_sends_to_its_end_is_refused_after_a_while_and_its_bytes_go(
    small: Small, as_person: People
) -> None:
    clerk, body = as_person("minh"), register(31)
    token = token_of(clerk.get(ADDRESS).text)

    def begun(name: str, bytes_sent: int) -> tuple[str, Handover]:
        to = str(begin(clerk, token, ten=name).json["to"])
        assert not bytes_sent or piece(to, clerk, body[:bytes_sent]).status_code == 204
        return to, newest()

    def age(one: Handover, days: int) -> None:
        with writing() as session:
            session.get_one(Handover, one.id).received = now() - timedelta(days=days)
        if one.arrived:
            then = (now() - timedelta(days=days)).timestamp()
            os.utime(one.place, (then, then))

    old, never, young = begun("cu.csv", 30), begun("chua.csv", 0), begun("moi.csv", 30)
    for one, days in ((old[1], UNFINISHED_DAYS), (never[1], UNFINISHED_DAYS), (young[1], UNFINISHED_DAYS - 1)):
        age(one, days)
    orphan = Path(old[1].place).parents[1] / INCOMING / "mo-coi"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))

    assert end_unfinished() == 2
    assert end_unfinished() == 0
    assert not Path(old[1].place).parent.exists()
    assert not orphan.exists()
    page = clerk.get(f"{ADDRESS}/{old[1].public_id}").text
    assert "Chưa gửi hết: mới có 30/" in page
    refused = piece(old[0], clerk, body[30:], 30)
    assert (refused.status_code, refused.json["detail"]) == (
        422,
        "Lần giao này không nhận tiếp nữa; hãy gửi lại từ đầu.",
    )
    assert begin(clerk, token, ten="cu.csv").json["to"] != old[0], "sent again it is another delivery"
    assert piece(young[0], clerk, body[30:], 30).status_code == 204, "what came the day before goes on"
    with reading() as session:
        states = [session.get_one(Handover, one.id).state for _, one in (old, never, young)]
        told = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "delivery-refused")).all()
    assert states == ["refused", "refused", "waiting"]
    assert {one["delivery"] for one in told} >= {old[1].public_id, never[1].public_id}
