"""Headings of documents: every layout that is met, and what must not be guessed."""

import pytest

from analyzers.heading import read_heading, read_signer
from analyzers.normal import canon
from tests.shared_data import scans

TWO_COLUMNS = """ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH QUẢNG NGÃI Độc lập - Tự do - Hạnh phúc
Số: 1284/QĐ-UB Quảng Ngãi, ngày 17 tháng 6 năm 1998
QUYẾT ĐỊNH
Về việc giao đất cho hộ gia đình
tại xã Tịnh Khê, huyện Sơn Tịnh
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH
Căn cứ Luật Đất đai ngày 14 tháng 7 năm 1993;
Căn cứ Quyết định số 55/QĐ-UB ngày 01 tháng 02 năm 1990;"""


def told(text: str) -> dict[str, str]:
    return {one.field: one.value for one in read_heading(canon(text))}


def test_two_columns_that_came_out_as_lines() -> None:
    found = told(TWO_COLUMNS)
    assert found["number"] == "1284/QĐ-UB"
    assert found["date"] == "17/06/1998"
    assert found["type"] == "Quyết định"
    assert found["issuer"] == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"
    assert found["subject"] == "Về việc giao đất cho hộ gia đình tại xã Tịnh Khê, huyện Sơn Tịnh"


def test_places_in_the_text_are_those_of_the_values() -> None:
    text = canon(TWO_COLUMNS)
    number = next(one for one in read_heading(text) if one.field == "number")
    assert text[number.start : number.end] == "1284/QĐ-UB"


def test_an_official_letter_has_no_title_but_its_subject() -> None:
    text = (scans() / "ground-truth" / "sgddt-danang-1906-2020-p1.txt").read_text("utf-8")
    found = told(text)
    assert (found["number"], found["type"], found["date"]) == ("1906/SGDĐT-CTrTT", "Công văn", "26/07/2020")
    assert found["issuer"] == "SỞ GIÁO DỤC VÀ ĐÀO TẠO"
    assert found["subject"].startswith("khẩn trương thực hiện các biện pháp phòng, chống dịch")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Danh sách các hộ kèm theo Quyết định số 12/QĐ-UB ngày 1 tháng 2 năm 1999 của Ủy ban nhân dân tỉnh",
        "Biên bản họp\nCăn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố:      /QĐ-UB\n..., ngày    tháng    năm 1998",
    ],
)
def test_what_is_not_plainly_there_is_not_guessed(text: str) -> None:
    assert not {"number", "date"} & set(told(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TM. CHÍNH PHỦ\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\n(Đã ký)\nNguyễn Hòa Bình", "Nguyễn Hòa Bình"),
        ("KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\nCao Anh Tuấn", "Cao Anh Tuấn"),
        ("CHỦ TỊCH\nLÊ VĂN HÙNG", "Lê Văn Hùng"),
        ("KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\n(Đã ký)\nThượng tướng Lê Huy Vịnh", "Lê Huy Vịnh"),
    ],
)
def test_who_signed(text: str, name: str) -> None:
    found = read_signer(canon(f"Điều 3. Thi hành.\n{text}"))
    assert found is not None
    assert found.value == name


def test_nobody_signed() -> None:
    assert read_signer("Nơi nhận:\n- Như Điều 3;\n- Lưu: VT.") is None
