"""Office files on the record: readable, harmless, masked like the pages, under the right to read and to copy."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from archive.accession.concealing import BY_HAND
from archive.catalogue.people import AuditEvent
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Record
from archive.database import reading, writing
from indexer.drainer import drain
from indexer.intake.taking import take_package
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building
from tests.transfers import Transfer

People = Callable[[str], FlaskClient]
CITIZEN = "051088001234"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, comment: str = "") -> bytes:
    """A .docx with styles of headings, a picture from elsewhere and a comment."""
    kept = io.BytesIO()
    heading = '<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/></w:style>'
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Target="word/document.xml" '
            f'Type="{OFFICE}/officeDocument"/></Relationships>',
        )
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        parts.writestr("word/styles.xml", f'<w:styles xmlns:w="{W}">{heading}</w:styles>')
        parts.writestr("docProps/core.xml", f"<x>{comment}</x>")
    return kept.getvalue()


def p(text: str, style: str = "") -> str:
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    body = "".join(f"<w:tr>{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{body}</w:tbl>"


PLAIN = (
    p("Kế hoạch trồng rừng", "u1")
    + p("Điều 1 &lt;script&gt;x()&lt;/script&gt;")
    + table(("Xã", "Diện tích"), ("Tịnh Khê", "12 ha"))
)
NUMBERED = p("Danh sách") + table(("Ông Trần Văn Ba", f"CCCD {CITIZEN}"), ("Bà Lê Thị Tư", "người bị hại"))
FILES = {
    "SACH": docx(PLAIN),
    "SO": docx(NUMBERED),
    "GHI": docx(PLAIN, f"CCCD {CITIZEN}"),
    "KIN": docx(p("phòng kín hoàngthảo")),
    "HONG": b"PK\x03\x04 broken",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: office files are added to it."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture(autouse=True)
def office(small: Small, app: Flask, tmp_path: Path) -> None:
    """Documents with office files; added once."""
    with reading() as session:
        if session.scalar(select(Record.id).where(Record.code == "SACH")):
            return
    made = Transfer(tmp_path / "goi").fonds("H48.P9", "Phông chín").file("H48.P9.HS", "H48.P9")
    for code, data in FILES.items():
        mode = "Hạn chế" if code == "KIN" else "Không hạn chế"
        made.document(code, "H48.P9.HS", None, mode=mode, OrganId="H48.P9").data[f"{code}.docx"] = data
    made.document("THU", "H48.P9.HS", None, OrganId="H48.P9").data["THU.eml"] = b"Subject: a\n\nb"
    take_package(made.write())
    drain(small.engine)


def address(code: str) -> str:
    with reading() as session:
        return f"/van-ban/{session.scalars(select(Record.public_id).where(Record.code == code)).one()}"


def body(client: FlaskClient, code: str) -> html.HtmlElement:
    answer = client.get(f"{address(code)}/ban-doc")
    assert answer.status_code == 200
    (shown,) = html.fromstring(answer.text).find_class("typeset")
    return shown


def test_headings_and_tables_are_shown_and_nothing_else(client: FlaskClient) -> None:
    assert f"{address('SACH')}/ban-doc" in client.get(address("SACH")).text
    shown = body(client, "SACH")
    assert [one.text for one in shown.iter("h2")] == ["Kế hoạch trồng rừng"]
    assert [[cell.text_content() for cell in row.iter("td", "th")] for row in shown.iter("tr")] == [
        ["Xã", "Diện tích"], ["Tịnh Khê", "12 ha"],
    ]  # fmt: skip
    assert {one.tag for one in shown.iter()} <= {"div", "h2", "p", "table", "tbody", "tr", "td"}
    assert "x()" in shown.text_content()
    answer = client.get(f"{address('SACH')}/tep/1")
    assert (answer.status_code, answer.data) == (200, FILES["SACH"])
    assert answer.headers["Content-Disposition"].endswith('.docx"')
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_numbers_are_masked_and_the_file_stays(client: FlaskClient, as_person: People) -> None:
    for who in (client, as_person("hoa"), as_person("lan")):
        shown = body(who, "SO").text_content()
        assert (CITIZEN in shown, "CCCD ••••••••••••" in shown) == (False, True)
    for code in ("SO", "GHI", "THU"):  # in the text, in the properties, in a message
        assert client.get(f"{address(code)}/tep/1").status_code == 404
        assert client.get(f"{address(code)}/tep/1?hien=ca-nhan").status_code == 404
        assert f"{address(code)}/tep/" not in client.get(address(code)).text
    assert f"{address('GHI')}/tep/" not in client.get(f"{address('GHI')}/ban-doc").text
    lan = as_person("lan")
    assert lan.get(f"{address('SO')}/tep/1").status_code == 404
    assert "hien=ca-nhan" in lan.get(f"{address('SO')}/ban-doc").text
    assert f"{address('THU')}/tep/1?hien=ca-nhan" in lan.get(address("THU")).text
    assert lan.get(f"{address('SO')}/tep/1?hien=ca-nhan").data == FILES["SO"]
    with reading() as session:
        shown_events = session.scalars(select(AuditEvent).where(AuditEvent.action == "personal-shown")).all()
        assert [one.actor for one in shown_events] == ["lan"]


def test_what_people_masked_is_masked_or_nothing_is_shown(client: FlaskClient) -> None:
    with writing() as session:
        record = session.scalars(select(Record).where(Record.code == "SO")).one()
        by_hand = {"record_id": record.id, "page": 1, "start": 0, "end": 12, "kind": BY_HAND}
        mark = PersonalMark(**by_hand, original="Bà Lê Thị Tư")
        session.add(mark)
    assert "Lê Thị Tư" not in body(client, "SO").text_content()
    with writing() as session:
        session.scalars(select(PersonalMark).where(PersonalMark.kind == BY_HAND)).one().original = "không có ở đây"
    answer = client.get(f"{address('SO')}/ban-doc")
    assert (answer.status_code, "Danh sách" in answer.text, "dữ liệu cá nhân" in answer.text) == (200, False, True)
    with writing() as session:
        session.delete(session.scalars(select(PersonalMark).where(PersonalMark.kind == BY_HAND)).one())


def test_closed_hidden_and_missing_answer_the_same(client: FlaskClient, app: Flask, as_person: People) -> None:
    nothing = f"/van-ban/{'a' * 26}"
    for end in ("ban-doc", "tep/1"):
        absent = client.get(f"{nothing}/{end}")
        for where in (f"{address('KIN')}/{end}", f"{address('SACH').replace('van-ban', 'ho-so')}/{end}"):
            answer = client.get(where)
            assert (answer.status_code, answer.data) == (404, absent.data)
    assert client.get(f"{address('SACH')}/tep/2").status_code == 404
    assert client.get(f"{address('THU')}/ban-doc").status_code == 404
    lan = as_person("lan")
    assert "phòng kín" in body(lan, "KIN").text_content()
    broken = client.get(f"{address('HONG')}/ban-doc")
    assert (broken.status_code, "không dựng được" in broken.text) == (200, True)
