"""Evidence on the pages: sent with the form, refused in words with the form kept, given to few and safely."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from archive.catalogue.evidence import Evidence
from archive.catalogue.people import AuditEvent
from archive.catalogue.requests import ReadingRequest, RequestDraft, RequestEvent, RequestItem
from archive.database import reading, writing
from portal import evidence as portal_evidence
from tests.desk.hostile_papers import HOSTILE, pdf, picture
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
OPEN = "document:H48.P1.1.001"
LARGE = 300 << 20


@pytest.fixture(autouse=True)
def _cleared(app: Flask) -> Iterator[None]:
    yield
    with writing() as session:
        sent = list(session.scalars(select(Evidence.request_id).where(Evidence.request_id.is_not(None))))
        session.execute(delete(Evidence))
        session.execute(update(ReadingRequest).where(ReadingRequest.id.in_(sent)).values(state="withdrawn"))
        for linked in (RequestEvent, RequestItem):
            session.execute(delete(linked).where(linked.request_id.in_(sent)))
        session.execute(delete(ReadingRequest).where(ReadingRequest.id.in_(sent)))
        session.execute(delete(RequestDraft))


def form_of(client: FlaskClient, small: Small) -> dict[str, object]:
    page = client.get("/gio").text
    client.post("/gio", data={"csrf_token": token_of(page), "them": small.ids[OPEN]})
    page = client.get("/gio").text
    number = re.search(r'name="lan-gui" value="(\w+)"', page)
    assert number
    return {
        "csrf_token": token_of(page), "lan-gui": number[1], "hinh-thuc": "reading", "muc-dich": "nghiên cứu đất đai",
        "tai-lieu": small.ids[OPEN],
    }  # fmt: skip


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_sent_with_the_form_twice_and_given_out_safely(as_person: People, app: Flask, small: Small) -> None:
    reader = as_person("hoa")
    told = form_of(reader, small)
    papers = {
        "giay-to-purpose": [(pdf(), "giới thiệu.pdf")],
        "giay-to-identity": [(picture(), "a.jpg"), (picture("PNG"), "b.png")],
    }

    def send():  # type: ignore[no-untyped-def]
        fresh = {name: [file(*one) for one in many] for name, many in papers.items()}
        return reader.post("/yeu-cau", data={**told, **fresh}, content_type="multipart/form-data")

    first, second = send(), send()
    assert (first.status_code, second.status_code) == (303, 303), first.text
    assert f"{first.headers['Location']}?lai=1" == second.headers["Location"]
    code = first.headers["Location"].rsplit("/", 1)[-1]
    page = reader.get(f"/yeu-cau/{code}").text
    links = re.findall(rf'href="(/yeu-cau/{code}/giay-to/\w+)"', page)
    assert len(links) == 3
    answer = reader.get(links[0])
    assert (answer.status_code, answer.data, answer.content_type) == (200, pdf(), "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    with reading() as session:
        acts = session.execute(
            select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.action.startswith("evidence"))
            .order_by(AuditEvent.id.desc()).limit(2)
        ).all()  # fmt: skip
    assert [tuple(one) for one in acts] == [("evidence-read", "hoa"), ("evidence-received", "hoa")]
    staffs = [one.replace("/yeu-cau/", "/quan-tri/yeu-cau/") for one in links]
    nothing = links[0].rsplit("/", 1)[0] + "/" + "a" * 26
    for name in ("minh", "tra", "lan"):  # an archivist, too, before it is his
        assert as_person(name).get(links[0]).status_code == as_person(name).get(nothing).status_code == 404
        assert as_person(name).get(staffs[0]).status_code == 404
    assert app.test_client().get(links[0]).status_code == 303
    officer, where = as_person("lan"), f"/quan-tri/yeu-cau/{code}"
    page = officer.get(where).text
    assert "giới thiệu.pdf" not in page
    assert "3 tệp" in page
    assert officer.post(where, data={"csrf_token": token_of(page), "viec": "nhan"}).status_code == 303
    assert "giới thiệu.pdf" in officer.get(where).text
    assert officer.get(staffs[1]).status_code == 200


def test_a_file_that_is_refused_loses_nothing_of_the_form(as_person: People, small: Small) -> None:
    reader = as_person("hoa")
    told = form_of(reader, small)
    chosen = {"proxy": "opens", "heir": "empty", "other": "loop", "priority": "locked"}
    wrong = {f"giay-to-{kind}": file(HOSTILE[which][0], f"{which}.pdf") for kind, which in chosen.items()}
    answer = reader.post(
        "/yeu-cau",
        data={**told, **wrong, "giay-to-purpose": file(pdf(), "đúng.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    for said in (
        "“opens.pdf” chứa mã lệnh",
        "“empty.pdf” rỗng",
        "“loop.pdf” có cây trang lặp",
        "“locked.pdf” có mật khẩu",
    ):
        assert said in answer.text
    assert "nghiên cứu đất đai" in answer.text
    assert "đúng.pdf" in answer.text  # held: it is not asked for again
    assert str(told["lan-gui"]) in answer.text
    draft = reader.post("/yeu-cau", data={**told, "viec": "luu"}, content_type="multipart/form-data")
    assert draft.status_code == 303
    page = reader.get("/gio").text
    held = re.search(r'name="bo-giay-to" value="(\w+)"', page)
    assert held
    told["csrf_token"] = token_of(page)
    sent = reader.post("/yeu-cau", data={**told, "bo-giay-to": held[1]}, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert "đúng.pdf" not in reader.get(sent.headers["Location"]).text


def test_three_hundred_megabytes_are_refused_and_not_kept(
    as_person: People, small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reader = as_person("hoa")
    told, kept = form_of(reader, small), list[int]()
    write = portal_evidence._Capped.write

    def counted(self: portal_evidence._Capped, data: bytes) -> int:
        told = write(self, data)
        kept.append(self.tell())
        return told

    monkeypatch.setattr(portal_evidence._Capped, "write", counted)
    edge = "ranh-gioi"
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in told.items()
    )
    head += f'--{edge}\r\nContent-Disposition: form-data; name="giay-to-purpose"; filename="to.jpg"\r\n\r\n'
    tail = f"\r\n--{edge}--\r\n".encode()
    path = tmp_path / "body"
    with path.open("w+b") as body:
        body.write(head.encode() + picture())
        body.seek(LARGE)  # a hole: the disk holds none of it
        body.write(tail)
        body.seek(0)
        kind = f"multipart/form-data; boundary={edge}"
        answer = reader.post("/yeu-cau", input_stream=body, content_length=LARGE + len(tail), content_type=kind)
    assert answer.status_code == 422
    assert "“to.jpg” lớn quá 10 MB" in answer.text
    assert "nghiên cứu đất đai" in answer.text
    assert max(kept) == (20 << 20) + 1
    more = reader.post("/yeu-cau", content_type=kind, environ_overrides={"CONTENT_LENGTH": str(2 << 30)})
    assert more.status_code == 413
    assert "lớn quá" in more.text


def test_an_answer_and_the_desk_bring_papers_too(as_person: People, small: Small) -> None:
    reader, officer = as_person("hoa"), as_person("lan")
    sent = reader.post("/yeu-cau", data=form_of(reader, small))
    code = sent.headers["Location"].rsplit("/", 1)[-1]
    where = f"/quan-tri/yeu-cau/{code}"
    for told in ({"viec": "nhan"}, {"viec": "hoi", "ly-do": "cần giấy ủy quyền"}):
        assert officer.post(where, data={"csrf_token": token_of(officer.get(where).text), **told}).status_code == 303
    page = reader.get(f"/yeu-cau/{code}").text
    number = re.search(r'name="lan-gui" value="(\w+)"', page)
    assert number
    told = {"csrf_token": token_of(page), "lan-gui": number[1], "viec": "bo-sung", "ly-do": "gửi kèm"}

    def answer(data: bytes, name: str):  # type: ignore[no-untyped-def]
        return reader.post(
            f"/yeu-cau/{code}", data={**told, "giay-to-proxy": file(data, name)}, content_type="multipart/form-data"
        )

    refused = answer(b"", "rỗng.pdf")
    assert (refused.status_code, "gửi kèm" in refused.text) == (422, True)
    assert answer(pdf(), "ủy quyền.pdf").status_code == 303
    assert "ủy quyền.pdf" in officer.get(where).text
    page = officer.get("/quan-tri/ghi-yeu-cau").text
    number = re.search(r'name="lan-gui" value="(\w+)"', page)
    assert number
    desk = {
        "csrf_token": token_of(page), "lan-gui": number[1], "ho-ten": "Bà Tư", "so-giay-to": "số 7", "nguoi": "citizen",
        "giay-to": "căn cước 1234", "cach": "desk", "hinh-thuc": "reading", "muc-dich": "xem",
        "tai-lieu": "H48.P1.1.001", "dong-y-service": "2026-01-01", "giay-to-identity": file(picture(), "căn cước.jpg"),
    }  # fmt: skip
    entered = officer.post("/quan-tri/ghi-yeu-cau", data=desk, content_type="multipart/form-data")
    assert entered.status_code == 303, entered.text
    assert "căn cước.jpg" in officer.get(entered.headers["Location"]).text
