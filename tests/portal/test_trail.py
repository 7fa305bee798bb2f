"""The audit log: who may search it, what it finds and says, and what the portal puts into it."""

import ast
import csv
import io
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.audit import record_event
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.settings import ROOT
from portal.acts import act_name, detail_names
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import enter, without_token

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
CONDITIONAL = "document:H48.P1.1.004"
HIDDEN = "document:H48.P2.2.001"
PATH = "/quan-tri/nhat-ky"


@pytest.fixture(autouse=True)
def _clean_trail(app: Flask) -> None:
    with writing() as session:
        for event in session.scalars(select(AuditEvent)):
            session.delete(event)


def trail(action: str) -> list[AuditEvent]:
    with reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


@pytest.mark.parametrize("name", ["", "hoa", "minh", "lan"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}.csv"])
def test_only_auditors_find_it(name: str, path: str, as_person: People) -> None:
    client, other = as_person(name), "/quan-tri/khong-co-trang-nay"
    answer, missing = client.get(path), client.get(other)
    assert answer.status_code == missing.status_code == 404
    nothing = missing.text.replace(quote(other, safe=""), quote(path, safe=""))
    assert without_token(answer.text) == without_token(nothing)
    assert f'href="{PATH}"' not in client.get("/").text
    assert [(one.actor, one.detail["path"]) for one in trail("refused")] == [(name, path)]


def test_an_auditor_reads_the_trail_and_not_the_papers(small: Small, as_person: People) -> None:
    client = as_person("tra")
    assert f'href="{PATH}"' in client.get("/").text
    assert "Nội dung đơn" not in client.get(f"/van-ban/{small.ids[CONDITIONAL]}").text
    assert client.get(f"/van-ban/{small.ids[HIDDEN]}").status_code == 404
    as_person("lan").get(f"/van-ban/{small.ids[HIDDEN]}")
    page = client.get(f"{PATH}?viec=read").text
    assert small.ids[HIDDEN] in page
    assert "Giấu" not in page, "the title of what the auditor may not see"
    assert "Lưu trữ viên" in page, "the ground"


def test_a_read_says_by_which_ground(small: Small, as_person: People) -> None:
    as_person("lan").get(f"/van-ban/{small.ids[CONDITIONAL]}")
    (event,) = trail("read")
    assert (event.actor, event.record, event.ground) == ("lan", small.ids[CONDITIONAL], "role:archivist")


def test_it_is_searched_by_person_act_record_and_day(small: Small, as_person: People) -> None:
    with writing() as session:
        for n, (actor, action) in enumerate((("an", "read"), ("an", "export"), ("binh", "read"))):
            record_event(session, actor, action, small.ids[CONDITIONAL] if n != 1 else None, mark=f"dấu-{n}")
        session.flush()
        old = session.scalars(select(AuditEvent).where(AuditEvent.actor == "binh")).one()
        old.at = old.at.replace(year=2025, month=1, day=1, hour=17)  # 2 January in Viet Nam
    client = as_person("tra")

    def marks(query: str) -> list[str]:
        page = client.get(f"{PATH}?{query}").text
        return [f"{n}" for n in range(3) if f"dấu-{n}" in page]

    assert marks("") == ["0", "1", "2"]
    assert marks("nguoi=an") == ["0", "1"]
    assert marks("viec=read") == ["0", "2"]
    assert marks(f"tai-lieu={small.ids[CONDITIONAL]}") == ["0", "2"]
    assert marks(f"tai-lieu=https%3A//kho.vn/van-ban/{small.ids[CONDITIONAL]}") == ["0", "2"]
    assert marks("tu=02/01/2025&den=02/01/2025") == ["2"]
    assert marks("tu=2025-01-03") == ["0", "1"]
    assert marks("den=01/01/2025") == []
    assert marks("nguoi=an&viec=export") == ["1"]


@pytest.mark.parametrize(
    ("query", "field", "text"),
    [
        ("tu=hôm qua", "tu", "“hôm qua” không phải ngày"),
        ("den=31/02/2026", "den", "“31/02/2026” không phải ngày"),
        ("tu=9999-12-31", "tu", "không phải ngày"),
        ("den=0001-01-01", "den", "không phải ngày"),
        ("tai-lieu=abc", "tai-lieu", "“abc” không phải mã tài liệu"),
        ("tu=02/11/2026&den=01/11/2026", "den", "Ngày cuối đứng trước ngày đầu"),
    ],
)
def test_what_cannot_be_understood_is_named_and_kept(query: str, field: str, text: str, as_person: People) -> None:
    for path in (PATH, f"{PATH}.csv"):
        answer = as_person("tra").get(f"{path}?{query}&nguoi=an")
        assert answer.status_code == 400
        assert text in answer.text
        assert f'id="loi-{field}"' in answer.text
        assert 'value="an"' in answer.text


def test_pages_follow_each_other_without_gap(as_person: People) -> None:
    with writing() as session:
        for n in range(120):
            record_event(session, "an", "read", mark=f"dấu-{n:03d}")
    client = as_person("tra")
    seen: list[str] = []
    path: str | None = f"{PATH}?viec=read"
    while path:
        page = client.get(path).text
        seen += [f"{n:03d}" for n in reversed(range(120)) if f"dấu-{n:03d}" in page]
        found = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        path = found or None
    assert seen == [f"{n:03d}" for n in reversed(range(120))]
    cursor = client.get(f"{PATH}?viec=read").text.partition("con-tro=")[2].partition('"')[0].partition("&")[0]
    assert cursor
    for query in (f"viec=export&con-tro={cursor}", "con-tro=abc", f"viec=read&con-tro={cursor[:-2]}"):
        answer = client.get(f"{PATH}?{query}")
        assert answer.status_code == 400
        assert "không thuộc lần tìm này" in answer.text


def test_the_file_holds_every_row_no_formula_and_is_itself_noted(as_person: People) -> None:
    with writing() as session:
        for n in range(1_002):
            record_event(session, "=cmd|' /C calc'!A0", "read", mark=n)
    client = as_person("tra")
    answer = client.get(f"{PATH}.csv?viec=read")
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 1_003
    assert rows[1][3] == "'=cmd|' /C calc'!A0"
    assert json.loads(rows[1][7]) == {"mark": 1_001}
    (event,) = trail("audit-export")
    assert (event.actor, event.detail["total"]) == ("tra", 1_002)
    client.get(f"{PATH}?nguoi=lan")
    (event,) = trail("audit-search")
    assert (event.actor, event.record, event.detail["asked"]) == ("tra", None, {"nguoi": "lan"})


def test_archivists_see_the_acts_on_a_record_and_readers_do_not(small: Small, as_person: People) -> None:
    address = f"/van-ban/{small.ids[CONDITIONAL]}"
    lan = as_person("lan")
    lan.get(address)
    page = lan.get(address).text
    assert "Nhật ký của tài liệu" in page
    assert "Đọc tài liệu chưa mở" in page
    for name in ("", "hoa", "minh", "tra"):
        assert "Nhật ký của tài liệu" not in as_person(name).get(address).text
    for key in ("fonds:H48.P1", "file:H48.P1.07.1"):
        kind = "phong" if key.startswith("fonds") else "ho-so"
        assert "Nhật ký của tài liệu" in lan.get(f"/{kind}/{small.ids[key]}").text
        assert "Nhật ký của tài liệu" not in as_person("hoa").get(f"/{kind}/{small.ids[key]}").text


def test_what_is_refused_is_noted_alike_whether_it_is_there_or_not(small: Small, as_person: People) -> None:
    nobody, hoa = as_person(""), as_person("hoa")
    fresh = "a" * 26
    for one in (small.ids[HIDDEN], fresh):
        for path in ("van-ban/{}", "van-ban/{}/trang/1", "van-ban/{}/trang/1/anh/1240.webp", "api/v1/records/{}"):
            assert nobody.get(f"/{path.format(one)}").status_code == 404
        assert hoa.get(f"/van-ban/{one}").status_code == 404
    told = [(one.actor, one.record, one.detail["path"]) for one in trail("refused")]
    assert len(told) == 10
    assert [one[2] for one in told[:5]] == [one[2] for one in told[5:]]
    assert {one[1] for one in told[:5]} == {small.ids[HIDDEN]}
    assert [one[0] for one in told[:5]] == ["", "", "", "", "hoa"]


def test_a_closed_page_is_noted_and_a_page_that_is_not_there_is_not(small: Small, client: FlaskClient) -> None:
    assert client.get(f"/van-ban/{small.ids['document:H48.P1.1.001']}/trang/999").status_code == 404
    assert client.get("/van-ban/abc").status_code == 404
    assert client.get("/khong-co").status_code == 404
    assert trail("refused") == []
    assert client.get(f"/van-ban/{small.ids[CONDITIONAL]}/trang/1").status_code == 404
    assert [one.record for one in trail("refused")] == [small.ids[CONDITIONAL]]


def test_a_wrong_token_is_noted_without_it(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?q=a", headers={"Authorization": "Bearer bí-mật".encode()}).status_code == 401
    (event,) = trail("token-refused")
    assert "mật" not in json.dumps(event.detail, ensure_ascii=False)


def test_exports_are_noted_with_their_filters_and_without_the_words(as_person: People) -> None:
    assert as_person("hoa").get("/tim-kiem/xuat.csv?q=giao+đất&level=document").status_code == 200
    (event,) = trail("export")
    assert (event.actor, event.detail["kind"], event.detail["filters"]) == ("hoa", "csv", "level=document")
    assert event.detail["total"] > 0
    assert "giao" not in json.dumps(event.detail, ensure_ascii=False)


def test_an_erased_event_says_so(small: Small, as_person: People) -> None:
    with writing() as session:
        record_event(session, "", "read")
        session.flush()
        session.scalars(select(AuditEvent).where(AuditEvent.action == "read")).one().erased = 1
    assert "đã xóa theo luật" in as_person("tra").get(PATH).text


def test_a_read_that_cannot_be_noted_is_not_shown(small: Small, as_person: People) -> None:
    """No trail, no paper: the content leaves only in an answer whose event is committed."""
    client = as_person("lan")
    with writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE audit_event RENAME TO audit_event_away")
    try:
        answer = client.get(f"/van-ban/{small.ids[CONDITIONAL]}")
    finally:
        with writing() as session:
            session.connection().exec_driver_sql("ALTER TABLE audit_event_away RENAME TO audit_event")
    assert answer.status_code >= 500
    assert "Nội dung đơn" not in answer.text


def test_signing_in_is_noted(client: FlaskClient) -> None:
    enter(client, "hoa")
    assert [one.actor for one in trail("sign-in")] == ["hoa"]


def test_open_records_leave_no_trace_of_their_readers(small: Small, client: FlaskClient) -> None:
    for code in ("document:H48.P1.1.001", "document:H48.P1.1.006"):
        assert client.get(f"/van-ban/{small.ids[code]}").status_code == 200
    client.get("/tim-kiem?q=giao+đất")
    with reading() as session:
        assert session.scalars(select(AuditEvent)).all() == []
        assert session.scalars(select(Record.id)).first()


def test_every_act_has_its_words(app: Flask) -> None:
    """An auditor reads acts, not codes."""
    codes = set[str]()
    for room in ("archive", "desk", "indexer", "portal", "vankho"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text("utf-8")
            codes |= set(re.findall(r'record_event\([^()]*?, "([a-z]+(?:-[a-z]+)*)"', text))
            codes |= set(
                re.findall(r'^(?:[A-Z_]+, )*[A-Z_]+ = .*"((?:token|session|sign|password|audit)-[a-z]+)"', text, re.M)
            )
    assert len(codes) > 25
    codes |= {f"takedown-{outcome}" for outcome in ("refused", "masked", "restricted", "held")}
    with app.test_request_context("/"):
        assert not {code for code in codes if act_name(code) == code}


def test_every_detail_of_an_act_has_a_word(app: Flask) -> None:
    told = set()
    for room in ("archive", "desk", "indexer", "portal", "vankho"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record_event":
                    told |= {one.arg for one in node.keywords if one.arg} - {"ground"}
    assert len(told) > 50
    with app.test_request_context():
        assert told <= set(detail_names())
