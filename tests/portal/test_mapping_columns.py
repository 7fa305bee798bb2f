"""What the columns of a delivered register mean: said on the page, kept, chosen again, forgotten."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.database import reading
from archive.packages.registers.columns import FIELDS
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of
from tests.portal.test_deliveries import OWN, give, take_all

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
ENGLISH = {"Number": "Number and notation (in one cell)", "Subject": "Subject", "Signer": "Signed by", "Place": "Place"}
HEADINGS = ["Số KH", "Ngày BH", "Nội dung TY", "LĐ duyệt", "Sao", "Sao", ""]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests hand over to it."""
    yield from building(tmp_path_factory, database_kind)


def hand_over(client: FlaskClient, small: Small, name: str, headings: list[str], number: str) -> str:
    row = [number, "05/01/2019", "Về việc giao đất ở xã", "Trần Văn Sáu", "tờ 1", "tủ 2", "Tịnh Khê"]
    sheet = "\n".join(map(",".join, [headings, row])).encode()
    where: str = give(client, name, sheet, phong=OWN, muc="01").headers["Location"]
    take_all(small)
    return where


def said(client: FlaskClient, small: Small, where: str, **fields: str) -> str:
    """The page after that form of it was sent."""
    answer = client.post(f"{where}/cot", data={"csrf_token": token_of(client.get(f"{where}/cot").text), **fields})
    assert answer.status_code == 303
    take_all(small)
    return client.get(answer.headers["Location"]).text


def record(number: str) -> Record:
    with reading() as session:
        return session.scalars(select(Record).where(Record.number == number)).one()


def test_columns_are_told_and_said_anew(small: Small, as_person: People) -> None:
    sheet = "Số ký hiệu,Cột lạ\n501/QĐ-UBND,Việc rất lạ\n".encode()
    client = as_person("lan")
    where = give(client, "la.csv", sheet, phong=OWN, muc="01").headers["Location"]
    take_all(small)
    page = client.get(f"{where}/cot").text
    assert "không lấy" in page
    assert "501/QĐ-UBND" in page
    fields = {"csrf_token": token_of(page), "cot-0": "Number", "cot-1": "Subject"}
    assert client.post(f"{where}/cot", data={**fields, "cot-1": "Khong"}).status_code == 404
    assert as_person("minh").get(f"{where}/cot").status_code == 404
    assert client.post(f"{where}/cot", data=fields).status_code == 303
    take_all(small)
    with reading() as session:
        assert session.scalars(select(Record).where(Record.number == "501/QĐ-UBND")).one().title == "Việc rất lạ"
    assert "đã lưu" in client.get(f"{where}/cot").text


def test_what_a_column_can_mean_is_said_in_both_languages(small: Small, as_person: People) -> None:
    lan = as_person("lan")
    where = hand_over(lan, small, "hai-tieng.csv", [*HEADINGS[:6], "Ghi riêng"], "571/QĐ-UBND")
    for language, words in (("vi", FIELDS), ("en", ENGLISH)):
        page = lan.get(f"{where}/cot?lang={language}").text
        for field, said in words.items():
            assert re.search(rf'<option value="{field}"(?: selected)?>{re.escape(said)}</option>', page), (field, said)
    lan.get("/ngon-ngu?lang=vi")


def test_a_kept_mapping_is_named_chosen_again_and_forgotten(small: Small, as_person: People) -> None:
    lan = as_person("lan")
    first = hand_over(lan, small, "so-1.csv", HEADINGS, "601/QĐ-UBND")
    page = lan.get(f"{first}/cot").text
    assert "Tịnh Khê" in page  # the column without a name, behind the headings
    assert "không rõ là trường nào" in lan.get(first).text
    columns = {"cot-0": "Number", "cot-1": "IssuedDate", "cot-2": "Subject", "cot-3": "Signer"}
    meanings = {**columns, "cot-4": "", "cot-5": "Description", "cot-6": "Place"}
    assert "Đã lưu nghĩa của các cột." in said(lan, small, first, **meanings)
    for number, headings, told in (
        ("602/QĐ-UBND", HEADINGS, "Đọc theo nghĩa đã lưu từ sổ “so-1.csv”"),
        ("603/QĐ-UBND", [*HEADINGS[:3], "Người duyệt", *HEADINGS[4:]], "Tiêu đề gần giống sổ “so-1.csv”"),
        ("604/QĐ-UBND", ["Số KH", "Ngày BH", "Nội dung TY", "Khác"], ""),
    ):
        where = hand_over(lan, small, f"so-{number[:3]}.csv", headings, number)
        page = lan.get(f"{where}/cot").text
        assert told in page
        assert ("lan, " in page) == bool(told)
        assert ("Bỏ nghĩa đã lưu" in page) == told.startswith("Đọc")
        assert ("gần giống sổ “so-1.csv”" in lan.get(where).text) == told.startswith("Tiêu")
    delivered = [record(f"60{n}/QĐ-UBND").delivered for n in (1, 2, 3, 4)]
    assert [one.get("Description") for one in delivered] == ["tủ 2"] * 3 + [None]
    assert [one.get("Place") for one in delivered] == ["Tịnh Khê"] * 3 + [None]
    assert [one.get("Signer") for one in delivered] == ["Trần Văn Sáu"] * 2 + [None, None]
    assert "Đã bỏ nghĩa đã lưu của các cột." in said(lan, small, first, viec="bo")
    assert "Đọc theo nghĩa đã lưu" not in lan.get(f"{first}/cot").text
    token = token_of(lan.get(first).text)
    assert lan.post(f"{first}/cot", data={"csrf_token": token, "viec": "bo"}).status_code == 404
    with reading() as session:
        events = select(AuditEvent.detail).where(AuditEvent.action == "mapping-forgotten")
        assert [one["name"] for one in session.scalars(events)] == ["so-1.csv"]


def test_a_register_without_headings_says_that_nothing_can_be_said(small: Small, as_person: People) -> None:
    lan = as_person("lan")
    sheet = "".join(f"{n}/QĐ-SXD,0{n}/02/2018,Về việc cấp phép xây dựng số {n}\n" for n in range(1, 6))
    where = give(lan, "khong-tieu-de.csv", sheet.encode(), phong=OWN, muc="01").headers["Location"]
    take_all(small)
    page = lan.get(f"{where}/cot").text
    assert "Sổ không có dòng tiêu đề" in page
    assert "<button" not in page[page.index("<h1") : page.index("<footer")]
