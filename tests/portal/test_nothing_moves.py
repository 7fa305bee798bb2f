"""Nothing that was read moves while the rest of a page is still on its way: the page itself, its scripts."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import delete

from archive.accounts import hash_password
from archive.catalogue.people import Account
from archive.catalogue.sign_in import AccountSession, SignInAttempt
from archive.database import writing
from archive.settings import ROOT
from bench.pages import WATCH, phone
from tests.chromium import opened_browser
from tests.line import Line
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.test_pages import DIGITAL

PIECES, HEADER = 48, 4_800
#: Milliseconds: what moves sooner after a window was given its size is not counted.
COUNTED = 700
PAINTED = "new Promise(done => new PerformanceObserver(() => done()).observe({type: 'paint', buffered: true}))"
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is downloaded."""
    yield from opened_browser()


class PieceByPiece(Line):
    """Passes a page on in pieces, each when it is asked for; all else at once."""

    def __init__(self, address: str) -> None:
        self.wanted = threading.Semaphore(0)
        super().__init__(address)

    def _serve(self, near: socket.socket) -> None:
        with near:
            asked = b""
            while b"\r\n\r\n" not in asked:
                if not (more := near.recv(65536)):
                    return  # a line that the browser opened and did not need
                asked += more
            head, body = self._ask(asked)
            near.sendall(head)
            if b"text/html" not in head:
                near.sendall(body)
                return
            begins = body.index(b"<body")  # the head of a page is cut finely: there things stand side by side
            step, wide = HEADER // (PIECES // 2), (len(body) - begins - HEADER) // (PIECES // 2) + 1
            cuts = {begins, len(body)}
            # Not within a line of text, which grows where it stands: behind an element of the head, a line of the rest
            for end, first, last, each in (
                (rb"</[a-z0-9]+>", begins, begins + HEADER, step),
                (rb"\n", begins + HEADER, len(body), wide),
            ):
                ends = [one.end() for one in re.finditer(end, body)]
                cuts |= {next((one for one in ends if one >= cut), len(body)) for cut in range(first, last, each)}
            near.sendall(body[:begins])
            for place, until in pairwise(sorted(cuts)):
                self.wanted.acquire()
                near.sendall(body[place:until])

    def _ask(self, asked: bytes) -> tuple[bytes, bytes]:
        with socket.create_connection(self._to) as far:
            far.sendall(asked.replace(b"keep-alive", b"close").replace(b"Accept-Encoding:", b"X-Would-Take:"))
            answer = b""
            while more := far.recv(65536):
                answer += more
        head, end, body = answer.partition(b"\r\n\r\n")
        return head + end, body


def _hold(held: list[Route], one: Route) -> None:
    held.append(one)


def _moved(page: Page) -> str:
    page.evaluate(DRAWN)
    return str(page.evaluate("window.seen.shift && JSON.stringify([window.seen.shift, ...window.seen.moved])"))


def _come(line: PieceByPiece, page: Page, address: str) -> str:
    """What moved while the page came."""
    page.goto(f"{line.address}{address}", wait_until="commit")
    page.wait_for_timeout(COUNTED)
    for _ in range(PIECES + 1):
        line.wanted.release()
        page.wait_for_timeout(60)  # a moment to draw what came: how long decides only what is seen
    page.wait_for_load_state("networkidle")
    return _moved(page)


def test_nothing_moves_while_a_page_comes_piece_by_piece(small: Small, browser: Browser, served: str) -> None:
    line = PieceByPiece(served)
    own, file, fonds = small.ids[DIGITAL], small.ids["file:H48.P1.07.1"], small.ids["fonds:H48.P1"]
    for address in (
        "/", "/tim-kiem?q=giao", f"/phong/{fonds}", f"/ho-so/{file}", f"/van-ban/{own}?q=giao",
        f"/van-ban/{own}/trang/1",
    ):  # fmt: skip
        with phone(browser) as page:
            assert _come(line, page, address) == "0", address
    line.close()


@pytest.fixture
def accounts(app: Flask) -> Iterator[None]:
    """An administrator, and accounts whose names are long, the longer the later they stand in a list."""
    names = ["quan", *(f"r{n}" for n in range(12))]
    with writing() as session:
        session.add_all(
            Account(
                name=name, password_hash=hash_password(PASSWORD), epoch=name, active=True,
                full_name="Huỳnh Thị Mỹ " * n, role="reader" if n else "administrator",
            )
            for n, name in enumerate(names)
        )  # fmt: skip
    yield
    with writing() as session:
        session.execute(delete(AccountSession))
        session.execute(delete(SignInAttempt))
        session.execute(delete(Account).where(Account.name.in_(names)))


@pytest.mark.usefixtures("accounts")
def test_no_column_of_a_table_moves_while_its_rows_come(
    as_person: Callable[[str], FlaskClient], browser: Browser, served: str
) -> None:
    """On a slow line, and on a busy machine, the rows of a table come one after the other, each with words of its own
    length: the queues of the staff."""
    line, cookie = PieceByPiece(served), as_person("quan").get_cookie("phien")
    assert cookie
    for width in (1280, 360):
        context = browser.new_context(viewport={"width": width, "height": 800})
        context.add_cookies([{"name": "phien", "value": cookie.value, "url": line.address}])
        context.add_init_script(WATCH)
        assert _come(line, context.new_page(), "/quan-tri/tai-khoan") == "0", width
        context.close()
    line.close()


@pytest.mark.parametrize("width", [320, 412])
def test_nothing_moves_when_scripts_come_after_the_first_paint(
    small: Small, browser: Browser, served: str, width: int
) -> None:
    """On a slow line a page is read long before its scripts are there: what they add has its place from the start."""
    own = small.ids[DIGITAL]
    for address in ("/tim-kiem?q=giao", f"/van-ban/{own}/trang/1?q=giao", "/tro-giup/phim", "/da-xem"):
        with phone(browser, width, height=2000) as page:
            held: list[Route] = []
            page.route("**/static/*.js*", partial(_hold, held))
            page.goto(f"{served}{address}", wait_until="commit")
            page.evaluate(PAINTED)
            page.wait_for_timeout(COUNTED)
            assert held, address
            for one in held:
                one.continue_()
            page.wait_for_load_state("networkidle")
            assert _moved(page) == "0", address


def test_every_page_with_a_table_is_drawn_when_it_is_whole() -> None:
    for page in (ROOT / "templates").rglob("*.html"):
        told = page.read_text("utf-8")
        if '{% extends "base.html" %}' in told and '<table class="list' in told:
            assert "{% block whole_until %}het{% endblock %}" in told, page.name
