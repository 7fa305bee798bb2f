"""Levels, opening days and text that looks secret: tables of cases, and properties over all of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.packages.levels import ALWAYS, NEVER, Access, bind, read_access, read_level
from archive.packages.secrecy import looks_secret, names_secret


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("01", "01"),
        ("1", "01"),
        ("Không hạn chế", "01"),
        ("KHONG HAN CHE", "01"),
        ("Công khai", "01"),
        ("02", "02"),
        ("Hạn chế", "02"),
        (" hạn chế sử dụng ", "02"),
        ("Sử dụng có điều kiện", "02"),
        ("Tiếp cận có điều kiện", "02"),
        ("02 - Hạn chế", "02"),
        ("03", "03"),
        ("Mật", "03"),
        ("TỐI MẬT", "03"),
        ("Tuyệt mật", "03"),
        ("02 - Không hạn chế", None),
        ("Nội bộ", None),
        ("04", None),
        ("", None),
    ],
)
def test_levels_as_people_write_them(text: str, level: str | None) -> None:
    assert read_level(text) == level


Y30 = date(2030, 1, 1)
D = "01/01/2030"


@pytest.mark.parametrize(
    ("own", "mode", "opens", "level", "until", "problems"),
    [
        ("", "", "", "02", NEVER, ["access.empty"]),
        ("", "Không hạn chế", "", "01", ALWAYS, []),
        ("02", "", "", "02", NEVER, []),
        ("02", "Không hạn chế", "", "02", NEVER, ["access.conflict"]),
        ("01", "Hạn chế", "", "02", NEVER, ["access.conflict"]),
        ("03", "01", "", "03", NEVER, ["access.conflict"]),
        ("", "Hạn chế", D, "02", Y30, []),
        ("", "01", D, "01", Y30, []),
        ("", "01", "2030", "01", date(2030, 12, 31), []),
        ("", "01", "sau này", "02", NEVER, ["access.opendate"]),
        ("", "02", "31/02/2030", "02", NEVER, ["access.opendate"]),
        ("", "", D, "02", Y30, ["access.empty"]),
        ("", "Nội bộ", "", None, None, ["access.unknown"]),
        ("01", "Nội bộ", "", None, None, ["access.unknown"]),
        ("03", "Nội bộ", "", "03", NEVER, ["access.unknown"]),
    ],
)
def test_access_of_a_row(
    own: str, mode: str, opens: str, level: str | None, until: date | None, problems: list[str]
) -> None:
    reading = read_access({"AccessLevel": own, "Mode": mode, "OpenDate": opens}, "Mode")
    assert [code for _, code in reading.problems] == problems
    assert (reading.access.level if reading.access else None) == level
    assert (reading.access.until if reading.access else None) == until


def test_a_secret_never_opens() -> None:
    access = read_access({"Mode": "Mật", "OpenDate": D}, "Mode").access
    assert access is not None
    assert access.opens_on is None


def access(level: str, opens: str = "") -> Access:
    found = read_access({"Mode": level, "OpenDate": opens}, "Mode").access
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("document", "file", "level", "opens"),
    [
        (access("01"), access("01"), "01", None),
        (access("01"), access("02"), "02", None),
        (access("01"), access("02", D), "02", Y30),
        (access("02"), access("02", D), "02", Y30),
        (access("02"), access("01", D), "02", None),  # the end of an open file opens no closed document
        (access("02", D), access("01"), "02", Y30),
        (access("02", D), access("02"), "02", None),
        (access("02", D), access("02", "01/01/2040"), "02", date(2040, 1, 1)),
        (access("02", "01/01/2040"), access("02", D), "02", date(2040, 1, 1)),
        (access("01", D), access("01"), "01", Y30),
        (access("01"), access("01", D), "01", Y30),
        (access("02", D), access("03", D), "03", None),
        (access("03"), access("01"), "03", None),
    ],
)
def test_a_file_binds_its_documents(document: Access, file: Access, level: str, opens: date | None) -> None:
    bound = bind(document, file)
    assert (bound.level, bound.opens_on) == (level, opens)


accesses = st.builds(access, st.sampled_from(["01", "02", "03"]), st.sampled_from(["", D, "01/01/2040", "01/01/2001"]))


@given(accesses, accesses, st.dates())
def test_binding_never_opens_what_the_document_or_its_file_closes(document: Access, file: Access, day: date) -> None:
    def readable(what: Access) -> bool:
        return what.level != "03" and what.until <= day

    bound = bind(document, file)
    assert bound.level == max(document.level, file.level)
    inherits = document.level == file.level == "02" and not document.dated
    if readable(bound):
        assert readable(file)
        assert readable(document) or inherits


@pytest.mark.parametrize(
    "line",
    [
        "MẬT",
        "  TỐI MẬT  ",
        "TUYỆT MẬT",
        "[ TUYỆT  MẬT ]",
        "* MẬT *",
        "M Ậ T",
        "TOI MAT",
        "TUYET MAT",
        "TỐI MẠT",
        "TỐl MẬT",
        "T0I MAT",
        "ĐỘ MẬT: MẬT",
        "Độ mật: Tối mật",
        "Mức độ mật: Tuyệt mật.",
        "MA\u0302\u0323T",
        "|MẬT|",
        "MẬT\r",
        "T U Y Ệ T  M Ậ T",
        "TUYỆT MẬI",
        "Độ mật: MẬT - Độ khẩn: Hỏa tốc",
        "Số: 12/BC-UBND TỐI MẬT",
        "TUYỆT MẬT Quảng Ngãi, ngày 12 tháng 5 năm 1975",
    ],
)
def test_a_stamp_alone_on_a_line_is_secret(line: str) -> None:
    ground = looks_secret(f"ỦY BAN NHÂN DÂN\n{line}\nSố: 12/QĐ-UBND", {})
    assert ground is not None
    assert "dòng 2" in ground
    assert looks_secret(f"Trang đầu\f{line}\n", {}) is None  # only the first page counts


@pytest.mark.parametrize(
    "line",
    [
        "bảo mật",
        "Mật độ dân số",
        "MẬT ĐỘ DÂN SỐ",
        "mật",
        "Mật",
        "mật độ",
        "QUY CHẾ BẢO MẬT",
        "Bí mật nhà nước",
        "TÀI LIỆU MẬT CỦA CƠ QUAN",
        "độ mật, độ khẩn của văn bản",
        "Độ mật: Không",
        "Độ mật:",
        "MẮT",
        "MẶT",
        "MẤT",
        "MẬT ONG",
        "MẬT KHẨU",
        "Số: 05 LUẬT BẢO VỆ BÍ MẬT",
        "Số: 12/QĐ-UBND về bảo vệ bí MẬT",
        "Mật độ dân số ngày 1 tháng 4",
        "Độ mật, Độ khẩn",
        "ĐỘ MẬT: TUYỆT MẬT, TỐI MẬT, MẬT",
        "tối mật",
        "",
    ],
)
def test_words_in_a_sentence_are_no_stamp(line: str) -> None:
    assert looks_secret(f"ỦY BAN NHÂN DÂN\n{line}\nSố: 12/QĐ-UBND", {}) is None


@pytest.mark.parametrize(
    ("values", "secret"),
    [
        ({"Priority": "Tối mật"}, True),
        ({"Priority": "2"}, True),
        ({"Priority": "0"}, False),
        ({"Priority": "Hỏa tốc"}, False),
        ({"Mode": "Mật"}, True),
        ({"AccessLevel": "03"}, True),
        ({"Mode": "Hạn chế", "Subject": "Về việc bảo mật"}, False),
        ({"Subject": "Báo cáo tình hình biên giới (Tối mật)"}, True),
        ({"Title": "Tập văn bản đi [MẬT]"}, True),
        ({"Subject": "Xác định độ mật (mật, tối mật, tuyệt mật)"}, False),
        ({"Subject": "Hỗ trợ nuôi ong (lấy mật)"}, False),
        ({}, False),
    ],
)
def test_secrecy_on_the_row(values: dict[str, str], secret: bool) -> None:
    assert (looks_secret("", values) is not None) is secret


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("data/12-BC (MẬT).pdf", True), ("TUYET_MAT-12.pdf", True), ("VB1 - Tối mật.pdf", False),
        ("mat-bang-toi-mat.pdf", False), ("data/H48.MAT.01.pdf", False), ("BAO MAT.pdf", False),
    ],
)  # fmt: skip
def test_secrecy_in_the_name_of_a_file(name: str, secret: bool) -> None:
    assert (names_secret(name) is not None) is secret


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    ground = looks_secret(text, {})
    assert ground is None or "dấu" in ground
