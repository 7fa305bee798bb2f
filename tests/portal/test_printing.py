"""The printed form of a request: filled for who asked and for officers, without the person for who holds the code."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM
from archive.database import reading
from archive.gazetteer import read_rows
from archive.working_days import is_working_day
from desk.kinds import KINDS
from desk.printing import follow_address, form_lines
from tests.portal.archive_of_tests import NOW, Small
from tests.portal.conftest import token_of
from tests.portal.test_requesting import CONDITIONAL, _with_head, press, sent
from tests.verapdf import verapdf

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def has_code(data: bytes, address: str) -> bool:
    """Whether the first page shows the QR code of the address: its squares are compared, one by one."""
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0].render(scale=4).to_pil().convert("L")
    finally:
        document.close()
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    unit, left, top = 84 * 4 / len(rows), (595.28 - 56 - 84) * 4, 40 * 4
    return all(
        (page.getpixel((int(left + (across + 0.5) * unit), int(top + (down + 0.5) * unit))) < 128) == bool(dark)
        for down, row in enumerate(rows)
        for across, dark in enumerate(row)
    )


def test_filled_for_the_reader_and_the_officer_empty_for_the_code(
    as_person: People, app: Flask, small: Small, tmp_path: Path
) -> None:
    reader = as_person("hoa")
    code = sent(reader, small.ids[CONDITIONAL], kind="certified")
    page = reader.get(f"/yeu-cau/{code}").text
    word = re.search(r'class="where nw">([\w-]+)</b>', page)
    assert word
    answer = reader.get(f"/yeu-cau/{code}/phieu.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    told = text_of(answer.data)
    for said in ("PHIẾU YÊU CẦU SAO VÀ XÁC THỰC", code, word[1], "nghiên cứu <b>", "H48.P1.1.004", "Người phê duyệt"):
        assert said in told
    assert has_code(answer.data, follow_address(code))
    path = tmp_path / "phieu.pdf"
    path.write_bytes(answer.data)
    judged, said = verapdf(path, "3b")
    assert judged, said
    staffs = text_of(as_person("lan").get(f"/quan-tri/yeu-cau/{code}/phieu.pdf").data)
    assert "nghiên cứu <b>" in staffs
    assert word[1] not in staffs
    for name in ("minh", "tra"):
        for where in (f"/yeu-cau/{code}/phieu.pdf", f"/quan-tri/yeu-cau/{code}/phieu.pdf"):
            assert as_person(name).get(where).status_code == 404
    stranger = app.test_client()
    form = {"csrf_token": token_of(stranger.get("/theo-doi").text), "ma": code, "tu": word[1], "viec": "phieu"}
    empty = stranger.post("/theo-doi", data=form)
    assert empty.content_type == "application/pdf"
    told = text_of(empty.data)
    assert code in told
    for hidden in ("nghiên cứu", "H48.P1.1.004", word[1], "hoa"):
        assert hidden not in told
    assert stranger.post("/theo-doi", data=form | {"tu": "AAAA-AAAA"}).status_code == 422
    press(reader, f"/yeu-cau/{code}", viec="rut")


def test_the_receipt_says_what_was_received_and_when_the_answer_comes(
    as_person: People, app: Flask, small: Small, tmp_path: Path
) -> None:
    reader = as_person("hoa")
    code = sent(reader, small.ids[CONDITIONAL], kind="certified")
    page = reader.get(f"/yeu-cau/{code}").text
    word = re.search(r'class="where nw">([\w-]+)</b>', page)
    assert word
    assert f"/yeu-cau/{code}/giay-hen.pdf" in page
    answer = reader.get(f"/yeu-cau/{code}/giay-hen.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    told = text_of(answer.data)
    with reading() as session:
        found = session.scalars(select(ReadingRequest).where(ReadingRequest.code == code)).one()
    received = found.received_at.astimezone(VIET_NAM).date().toordinal()
    days = sum(is_working_day(day) for day in range(received + 1, found.due_on + 1))
    due = f"ngày {date.fromordinal(found.due_on):%d/%m/%Y}"
    named = ("H48.P1.1.004", "PHIẾU YÊU CẦU SAO VÀ XÁC THỰC")
    open_to_all = ("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", code, due, f"{days} ngày làm việc", "không có")
    for said in (*open_to_all, *named, word[1]):
        assert said in told, said
    assert has_code(answer.data, follow_address(code))
    path = tmp_path / "giay.pdf"
    path.write_bytes(answer.data)
    judged, why = verapdf(path, "3b")
    assert judged, why
    staffs = as_person("lan").get(f"/quan-tri/yeu-cau/{code}/giay-hen.pdf")
    assert (due in text_of(staffs.data), word[1] in text_of(staffs.data)) == (True, False)
    for name in ("minh", "tra"):
        for where in (f"/yeu-cau/{code}/giay-hen.pdf", f"/quan-tri/yeu-cau/{code}/giay-hen.pdf"):
            assert as_person(name).get(where).status_code == 404
    stranger = app.test_client()
    form = {"csrf_token": token_of(stranger.get("/theo-doi").text), "ma": code, "tu": word[1], "viec": "giay-hen"}
    empty = text_of(stranger.post("/theo-doi", data=form).data)
    for said in open_to_all:
        assert said in empty, said
    for hidden in ("H48.P1.1.004", word[1], "hoa"):
        assert hidden not in empty
    assert stranger.post("/theo-doi", data=form | {"tu": "AAAA-AAAA"}).status_code == 422
    press(reader, f"/yeu-cau/{code}", viec="rut")
    assert "đã giải quyết xong" in text_of(reader.get(f"/yeu-cau/{code}/giay-hen.pdf").data)


def test_every_kind_has_its_form() -> None:
    from datetime import datetime

    day = datetime.fromisoformat(NOW).toordinal()
    for kind in KINDS:
        fields = [one.field for one in form_lines(kind, day)]
        assert fields[0] == "title", kind
        assert fields.count("title") == 1
        assert ("records" in fields) == KINDS[kind].records
        assert {"person", "purpose", "undertaking", "due", "signature"} <= set(fields)
    based = {row[0]: row[6] for row in read_rows("desk/forms.tsv") if row[2] == "title"}
    assert all("1.013932" in based[kind] for kind in ("reading", "certified", "dip")), "the procedure of today"
