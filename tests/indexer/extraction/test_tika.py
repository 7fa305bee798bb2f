"""The client of Tika: text from the real server, and what it does with a server that is slow, broken or hostile."""

import io
import json
import socket
import socketserver
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from archive.extras import UnusableSettingError
from indexer.extraction.errors import ExtractionError, TextWaitsError
from indexer.extraction.pages import build_pages
from indexer.extraction.tika import Tika
from tests.faults.installation import free_port
from tests.indexer.extraction.making import docx, paragraph, source
from tests.indexer.extraction.office_files import compound, form_pdf, old_word, open_document, rtf
from tests.services import service_url

BODY = "Quyết định số 12/QĐ-UB\nVề việc giao đất"


@pytest.fixture
def tika() -> Iterator[Tika]:
    client = Tika(service_url("tika"))
    yield client
    client.close()


Answer = Callable[[socket.socket], None]


def take_request(line: socket.socket) -> bytes:
    """A whole request: what is left unread when a line is closed would break it before the answer is read."""
    data, wanted = b"", 1
    while len(data) < wanted and (part := line.recv(65536)):
        data += part
        head, end, _ = data.partition(b"\r\n\r\n")
        size = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
        wanted = len(head) + len(end) + int(size[0].split(b":")[1]) if end and size else len(data) + 1
    return data


@contextmanager
def server(*answers: Answer) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each connection in turn (the last answer stays); its URL and the requests so far."""
    asked: list[bytes] = []
    ended = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data = take_request(self.request)
            asked.append(data)
            answer = answers[min(len(asked), len(answers)) - 1]
            answer(self.request)
            if answer is hang:
                ended.wait(30)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{running.server_address[1]}", asked
        finally:
            ended.set()
            running.shutdown()


def hang(line: socket.socket) -> None:
    """Says nothing."""


def drop(line: socket.socket) -> None:
    """Breaks off without a word."""
    line.close()


def drip(line: socket.socket) -> None:
    """Gives a byte now and then, without end."""
    try:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(600):
            line.sendall(b" ")
            time.sleep(0.05)
    except OSError:
        pass


def say(status: str, body: bytes = b"", *headers: str) -> Answer:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return lambda line: line.sendall(head.encode() + b"\r\n\r\n" + body)


def content(text: str, **more: Any) -> Answer:
    return say("200 OK", json.dumps([{"X-TIKA:content": text, "dc:title": "not ours", **more}]).encode())


@pytest.mark.parametrize(
    "data",
    [
        old_word(BODY.replace("\n", "\r") + "\r"),
        rtf(*BODY.split("\n"), title="Tên khác"),
        open_document("".join(f"<text:p>{line}</text:p>" for line in BODY.split("\n"))),
    ],
    ids=["doc", "rtf named doc", "odt"],
)
def test_office_files_give_their_text_and_nothing_else(tika: Tika, data: bytes) -> None:
    pages, troubles = build_pages([source("word", data, name="a.doc")], tika)
    assert not troubles
    lines = [line for page in pages for line in page.text.text.split("\n") if line]
    assert lines == BODY.split("\n")


def test_a_message_of_outlook_and_what_lies_in_an_archive_are_read_by_tika(tika: Tika) -> None:
    told = {"0037": "Về việc đê điều", "1000": "Kính gửi Sở Nội vụ."}  # subject and body ([MS-OXMSG] 2.1.3)
    streams = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in told.items()}
    msg = compound({"__properties_version1.0": bytes(32), **streams})
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("thu.msg", msg)
        parts.writestr("cu.doc", old_word("Tờ trình\r"))
    for kind, data, texts in (
        ("mail", msg, ["Về việc đê điều\n\nKính gửi Sở Nội vụ."]),
        ("archive", kept.getvalue(), ["[thu.msg]\n\nVề việc đê điều\n\nKính gửi Sở Nội vụ.", "[cu.doc]\n\nTờ trình"]),
    ):
        pages, troubles = build_pages([source(kind, data, name="a")], tika)  # type: ignore[arg-type]
        assert ([page.text.text for page in pages], troubles) == (texts, [])
    pages, troubles = build_pages([source("mail", msg, name="a.msg")])
    assert (pages, [one.code for one in troubles]) == ([], ["word.unread"])


def test_what_cannot_be_read_is_told(tika: Tika) -> None:
    broken = old_word(BODY)[:700]
    sources = [source("word", broken, name="a.doc"), source("word", rtf("một"), name="b.doc")]
    pages, troubles = build_pages(sources, tika)
    assert [page.text.text for page in pages] == ["một"], "the others go on"
    assert [(one.code, one.name) for one in troubles] == [("word.bad", "a.doc")]
    assert "hỏng" in troubles[0].message
    empty, told = build_pages([source("word", rtf(), name="c.doc")], tika)
    assert (empty, [one.code for one in told]) == ([], ["word.empty"])
    with pytest.raises(ExtractionError, match="không đọc được tệp «x»"):
        tika.read(compound({"Khác": b"x"})[:1000], "x")


def test_a_docx_is_read_without_tika() -> None:
    nobody = Tika(f"http://127.0.0.1:{free_port()}", comeback=0.0)
    pages, troubles = build_pages([source("word", docx(paragraph("một")))], nobody)
    assert ([page.text.text for page in pages], troubles) == (["một"], [])


def test_a_long_text_is_cut_and_told() -> None:
    short = Tika(service_url("tika"), text_limit=1000)
    bomb = open_document("<text:p>" + "Chào bạn " * 500_000 + "</text:p>")
    assert len(bomb) < 100_000
    pages, troubles = build_pages([source("word", bomb, name="dai.odt")], short)
    short.close()
    assert [one.code for one in troubles] == ["word.cut"]
    assert 900 < sum(len(page.text.text) for page in pages) <= 1000


def test_nobody_is_called_on_account_of_a_file(tika: Tika) -> None:
    """Entities and addresses inside files: XFA forms (CVE-2025-54988, CVE-2025-66516), XML parts, RTF templates."""
    with server(content("gọi")) as (url, asked):
        entity = f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}/dtd"> %p; <!ENTITY e SYSTEM "{url}/e">]>'
        field = "<field name='muoihai'><value><text>{}</text></value></field>"
        form = "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>"
        form += f"<template xmlns='http://www.xfa.org/schema/xfa-template/3.0/'><subform>{field}</subform></template></xdp:xdp>"
        assert "muoihai:" in tika.read(form_pdf(form.format("x")), "a.pdf").text, "the form is looked into"
        hostile = [
            form_pdf(entity + form.format("&e;")),
            open_document("<text:p>&e;</text:p>", head=entity),
            open_document(
                f'<text:p><text:a xlink:href="{url}/a" xmlns:xlink="http://www.w3.org/1999/xlink">x</text:a></text:p>'
            ),
            b'{\\rtf1{\\*\\template %s/t}{\\field{\\*\\fldinst INCLUDETEXT "%s/i"}} x\\par}' % ((url.encode(),) * 2),
        ]
        for data in hostile:
            try:
                tika.read(data, "x")
            except TextWaitsError:
                raise
            except ExtractionError:
                pass
        assert asked == []


def test_only_bytes_and_fixed_headers_are_sent() -> None:
    with server(content("một")) as (url, asked):
        assert Tika(url + "/duoi/").read(b"dulieu", "http://noi-khac/../bi-mat.doc").text == "một"
    request = asked[0].decode("latin-1")
    names = {line.partition(":")[0].lower() for line in request.split("\r\n\r\n")[0].split("\r\n")[1:]}
    assert request.startswith("PUT /duoi/rmeta/body HTTP/1.1\r\n")
    assert names == {
        "host", "content-length", "accept", "accept-encoding", "content-type", "user-agent",
        "writelimit", "x-tika-ocrskipocr", "x-tika-pdfocrstrategy",
    }  # fmt: skip
    assert "bi-mat" not in request


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with server(hang) as (url, asked):
        slow = Tika(url, answer=0.3)
        for _ in range(2):
            with pytest.raises(TextWaitsError, match=r"không trả lời trong 0\.3 giây"):
                slow.read(b"x", "a.doc")
        with pytest.raises(TextWaitsError, match="không kết nối được"):
            slow.read(b"x", "a.doc")
        assert len(asked) == 2, "never a second try for one file, and a rest after two"


def test_an_answer_without_end_is_not_waited_for() -> None:
    with server(drip) as (url, _), pytest.raises(TextWaitsError, match="không trả lời trong"):
        Tika(url, answer=0.4).read(b"x", "a.doc")


def test_a_broken_line_is_tried_once_more() -> None:
    with server(drop, content("một")) as (url, asked):
        assert Tika(url).read(b"x", "a.doc").text == "một"
        assert len(asked) == 2
    with server(drop) as (url, asked):
        with pytest.raises(TextWaitsError, match="ngắt kết nối"):
            Tika(url).read(b"x", "a.doc")
        assert len(asked) == 2


def test_where_nobody_listens_the_text_waits() -> None:
    nobody = Tika(f"http://127.0.0.1:{free_port()}", comeback=0.0)
    pages, troubles = build_pages([source("word", old_word("x"), name=f"{n}.doc") for n in range(3)], nobody)
    assert not pages
    assert [one.code for one in troubles] == ["word.waiting"] * 3
    assert "«0.doc»" in troubles[0].message
    assert "Nhận lại gói này" in troubles[0].message


def test_a_server_that_starts_anew_is_waited_for_once() -> None:
    port, answer = free_port(), content("một")

    def appear() -> None:
        with socket.create_server(("127.0.0.1", port)) as door:
            line, _ = door.accept()
            with line:
                take_request(line)
                answer(line)

    client = Tika(f"http://127.0.0.1:{port}", comeback=20.0)
    timer = threading.Timer(0.6, appear)
    timer.start()
    assert client.read(b"x", "a.doc").text == "một"
    timer.join()
    with server(say("503 Busy"), say("503 Busy"), content("hai")) as (url, asked):
        assert Tika(url).read(b"x", "a.doc").text == "hai"
        assert len(asked) == 3


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (say("503 Busy"), TextWaitsError, "503"),
        (say("401 Who"), TextWaitsError, "401"),
        (say("422 No"), ExtractionError, "422"),
        (say("200 OK", b"<html>"), ExtractionError, "không đúng dạng"),
        (say("200 OK", b"12"), ExtractionError, "không đúng dạng"),
        (say("200 OK", b"[" * 1900), ExtractionError, "không đúng dạng"),
        (say("200 OK", b"[" + b" " * 3000 + b"]"), ExtractionError, "2,000 byte"),
        (content("", **{"X-TIKA:EXCEPTION:container_exception": "x.EncryptedX"}), ExtractionError, "mật khẩu"),
    ],
)  # fmt: skip
def test_other_answers(answer: Answer, error: type[ExtractionError], told: str) -> None:
    with server(answer) as (url, asked):
        with pytest.raises(ExtractionError, match=told) as raised:
            Tika(url, answer_limit=2000, comeback=0.0).read(b"x", "a.doc")
        assert type(raised.value) is error
        assert len(asked) == 1


def test_a_redirect_is_not_followed() -> None:
    with server(content("sai")) as (other, elsewhere):
        away = say("307 Go", b"", f"Location: {other}/rmeta/body")
        with server(away) as (url, _), pytest.raises(ExtractionError, match="307"):
            Tika(url).read(b"x", "a.doc")
        assert elsewhere == []


def test_a_file_over_the_limit_is_not_sent() -> None:
    with server(content("một")) as (url, asked):
        with pytest.raises(ExtractionError, match=r"«a.doc» quá lớn .* 11 byte, tối đa 10"):
            Tika(url, request_limit=10).read(b"x" * 11, "a.doc")
        assert asked == []


def test_a_password_in_the_address_is_sent_and_never_told() -> None:
    with server(content("một"), say("422 No")) as (url, asked):
        client = Tika(url.replace("//", "//ai:m%40t@"))
        assert client.read(b"x", "a").text == "một"
        assert urllib3.make_headers(basic_auth="ai:m@t")["authorization"].encode() in asked[0]
        with pytest.raises(ExtractionError) as raised:
            client.read(b"x", "a")
    assert "m@t" not in str(raised.value)
    assert "m%40t" not in str(raised.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:9998", "ftp://a/", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnusableSettingError, match="VANKHO_TIKA_URL"):
        Tika(url)
