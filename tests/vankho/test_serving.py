"""The served portal, asked over real sockets: slow, oversized and many requests, odd addresses; and what production
refuses to start with."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from search.errors import MOST_CHARACTERS, MOST_WORDS
from tests.faults.installation import Installation
from vankho.patience import LONGEST_LINE

PROGRAM = [sys.executable, "-W", "ignore", "-m", "vankho"]
THREADS = 2 * 4  # of the two server processes


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A portal that has one second of patience, not ten and sixty."""
    made = Installation(tmp_path_factory.mktemp("cong") / "kho")
    script = "import vankho.patience as p; p.HEAD_SECONDS = p.BODY_SECONDS = 1; from vankho.command import main; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("VANKHO_")}
    with (made.home.parent / "kho.log").open("ab") as log:
        made.started.append(
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", script, "serve", "--port", str(made.port)],
                stderr=log,
                env=environment | {"VANKHO_HOME": str(made.home)},
                start_new_session=True,
            )
        )
    made.ask("/healthz")
    yield made
    made.close()


def ask(place: Installation, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    return read(place, path, method, **headers)[0]


def read(place: Installation, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, str]:
    line = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    return answer, text


def send(place: Installation, data: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", place.port), timeout=60)
    line.sendall(data)
    return line


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: ",
        b"GET /heal",
        b"POST /dang-nhap HTTP/1.1\r\nHost: a\r\nContent-Length: 50",
    ],
)
def test_requests_that_never_end_hold_nobody_up(place: Installation, beginning: bytes) -> None:
    lines = [send(place, beginning) for _ in range(2 * THREADS)]
    try:
        assert ask(place, "/healthz").status == 200
    finally:
        for one in lines:
            one.close()


def test_a_body_that_never_comes_is_given_up(place: Installation) -> None:
    head = b"POST /dang-nhap HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    lines = [send(place, head + b"Content-Length: 50\r\n\r\nten=") for _ in range(2 * THREADS)]
    assert ask(place, "/healthz").status == 200
    assert b" 400 " in lines[0].recv(100)
    for one in lines:
        one.close()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"a" * LONGEST_LINE + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(300)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ],
)
def test_what_is_too_large_or_no_request_is_refused(place: Installation, data: bytes, status: int) -> None:
    with send(place, data) as line:
        answer = line.recv(4000)
    assert f" {status} ".encode() in answer or (status in (414, 431) and b" 400 " in answer), answer[:200]
    assert b"Traceback" not in answer
    assert b"/vankho/" not in answer


@pytest.mark.parametrize("words", ["a" * 10_000, "đất " * 250, "đ" * 2_000, "ắ" * 10_000])
def test_a_long_question_is_answered_by_the_house(place: Installation, words: str) -> None:
    """What the search takes with its results, more with what is too long; never by the server's own words."""
    page, text = read(place, f"/tim-kiem?q={quote(words)}")
    fits = len(words) <= MOST_CHARACTERS and len(words.split()) <= MOST_WORDS
    assert (page.status, "Câu hỏi quá dài" in text) == ((200, False) if fits else (400, True))
    told = ask(place, f"/api/v1/search?q={quote(words)}")
    assert (told.status, told.getheader("Content-Type", "").partition(";")[0]) == (
        (200, "application/json") if fits else (400, "application/problem+json")
    )


def test_an_address_longer_than_any_question_is_told_in_words(place: Installation) -> None:
    answer, text = read(place, "/tim-kiem?q=" + "a" * LONGEST_LINE)
    assert (answer.status, "Hãy rút ngắn" in text) == (414, True)


def test_a_body_over_the_bound_is_refused_unread(place: Installation) -> None:
    head = b"POST /dang-nhap HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with send(place, head + b"Content-Length: 100000000\r\n\r\nten=a") as line:
        assert b" 413 " in line.recv(200)


def test_one_address_of_this_machine_is_never_stopped(place: Installation) -> None:
    line = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
    found = set()
    for _ in range(400):
        line.request("GET", "/tro-giup")
        answer = line.getresponse()
        answer.read()
        found.add(answer.status)
    line.close()
    assert found == {200}


@pytest.mark.parametrize(
    "path",
    ["//la.example/", "//la.example/%2e%2e", "/\\la.example", "/%5cla.example", "/%09//la.example", "///la.example//a",
     "/ngon-ngu?next=//la.example", "/ngon-ngu?next=%2f%2fla.example", "/ngon-ngu?next=/%09/la.example",
     "/ngon-ngu?next=https:la.example", "/phong//", "/dang-nhap?next=//la.example"],
)  # fmt: skip
def test_no_address_leads_away(place: Installation, path: str) -> None:
    for _ in range(5):
        answer = ask(place, path, Host="la.example")
        target = answer.headers.get("Location")
        if target is None:
            break
        assert not target.startswith(("//", "/\\")), target
        local = target.removeprefix("http://la.example") if path == "/phong//" else target
        assert local.startswith("/"), target
        path = local
    assert answer.status in {200, 400, 404}


def test_what_a_request_says_of_its_origin_is_not_believed_without_a_proxy(place: Installation) -> None:
    answer = ask(place, "/", X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.9")
    assert "Strict-Transport-Security" not in answer.headers
    ask(place, f"/van-ban/{'b' * 26}", X_Forwarded_For="203.0.113.9")
    with place.catalogue() as base:
        rows = base.execute("SELECT detail FROM audit_event WHERE record = ?", ("b" * 26,)).fetchall()
    assert [json.loads(detail)["address"] for (detail,) in rows] == ["127.0.0.1"]


SAFE = {"MODE": "production", "SECRET": "0123456789abcdef" * 2}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET", ""),
        ("SECRET", "secret"),
        ("SECRET", "x" * 64),
        ("NOW", "2026-07-01"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0"),
        ("REDIS_URL", "redis://:m@redis.tinh.vn/0"),
        ("REDIS_URL", "rediss://:m@redis.tinh.vn/0?ssl_cert_reqs=none"),
        ("DATABASE_URL", "postgresql://vankho@db.tinh.vn/vankho?sslmode=require"),
        ("ENGINE", "opensearch http://127.0.0.1:9200"),
        ("ENGINE", "opensearch https://127.0.0.1:9200"),
    ],
)
def test_production_refuses_to_start(name: str, value: str, tmp_path: Path) -> None:
    told = SAFE | {name: value}
    if name == "ENGINE":
        told["ENGINE"], told["OPENSEARCH_URL"] = value.split()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("VANKHO_")}
    environment |= {f"VANKHO_{key}": text for key, text in told.items()} | {"VANKHO_HOME": str(tmp_path / "kho")}
    done = subprocess.run(
        [*PROGRAM, "serve", "--port", "1", "--json"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 2
    wanted = "VANKHO_OPENSEARCH" if name == "ENGINE" else f"VANKHO_{name}"
    assert wanted in json.loads(done.stdout)["error"]
    assert not (tmp_path / "kho").exists()
