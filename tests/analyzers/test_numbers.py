"""Document numbers: every spelling of one number, and what is no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.document_types import ABBREVIATIONS
from analyzers.numbers import find_numbers, number_key, number_keys

PARTS = st.lists(
    st.sampled_from(
        ["1077", "02", "/", "-", " ", "2021", "QĐ", "qd", "UBND", "Số", "năm", "quyết định", "ngày", ".", ","]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "number", "notation", "kind", "issuer", "year"),
    [
        ("1077/QĐ-UBND", "1077", "QĐ-UBND", "QĐ", "UBND", None),
        ("1077/QD-UBND", "1077", "QĐ-UBND", "QĐ", "UBND", None),
        ("1077 qd ubnd", "1077", "QĐ-UBND", "QĐ", "UBND", None),
        ("1077QĐ-UBND", "1077", "QĐ-UBND", "QĐ", "UBND", None),
        ("157/TB_UBND", "157", "TB-UBND", "TB", "UBND", None),
        ("123 QĐ/UB", "123", "QĐ-UB", "QĐ", "UB", None),
        ("15/CT.UBND", "15", "CT.UBND", "CT", "UBND", None),
        ("QĐ 1077 năm 2021", "1077", None, "QĐ", None, 2021),
        ("quyết định số 1077 ngày 12 tháng 5 năm 2021", "1077", None, "QĐ", None, 2021),
        ("Nghị định 30/2020", "30", None, "NĐ", None, 2020),
        ("số 1077", "1077", None, None, None, None),
        ("02/2019/TT-BNV", "02", "TT-BNV", "TT", "BNV", 2019),
        ("45/SNV-VTLT", "45", "SNV-VTLT", None, "SNV", None),
        ("Công văn số 45/SNV-VTLT", "45", "SNV-VTLT", "CV", "SNV", None),
        ("NĐ 100 2019", "100", None, "NĐ", None, 2019),
        ("30-CP", "30", "CP", None, "CP", None),
        ("nghị định số 47-cp năm 1996", "47", "CP", "NĐ", "CP", 1996),
        ("327-CT ngày 15/9/1992", "327", "CT", None, "CT", 1992),
        ("186-hdbt", "186", "HĐBT", None, "HĐBT", None),
        ("14514-CV/VPTW", "14514", "CV/VPTW", "CV", "VPTW", None),
        ("Luật số 33/2024/QH15", "33", "QH15", "Luật", "QH", 2024),
        ("157/TTr-SNV ngày 3/4/2021", "157", "TTr-SNV", "TTr", "SNV", 2021),
        ("1077/QĐ-UBND - VỀ VIỆC", "1077", "QĐ-UBND", "QĐ", "UBND", None),
        ("30a/2008/NQ-CP", "30a", "NQ-CP", "NQ", "CP", 2008),
        ("thông tư số 05 năm 2026 TT-BCT", "05", "TT-BCT", "TT", "BCT", 2026),
        ("thông tư 05 năm 2026/TT-BCT", "05", "TT-BCT", "TT", "BCT", 2026),
        ("nghị quyết số 66 năm 2026 NQ-CP", "66", "NQ-CP", "NQ", "CP", 2026),
        ("quyết định số 1869 năm 1998 QĐ-UB", "1869", "QĐ-UB", "QĐ", "UB", 1998),
        ("QĐ1869", "1869", None, "QĐ", None, None),
        ("qd1869", "1869", None, "QĐ", None, None),
        ("NĐ30/2020", "30", None, "NĐ", None, 2020),
        ("TT05/2026", "05", None, "TT", None, 2026),
        ("1.869/QĐ-UB", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("1869/QĐUB", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("1869/qdub", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("30/2020/NĐCP", "30", "NĐ-CP", "NĐ", "CP", 2020),
        ("1869 / QĐ / UB", "1869", "QĐ/UB", "QĐ", "UB", None),
        ("1869 qd ub", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("1869 qđ ub", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("1869.QĐ.UB", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("30/2020 nd cp", "30", "NĐ-CP", "NĐ", "CP", 2020),
        ("30/2020/NĐ CP", "30", "NĐ-CP", "NĐ", "CP", 2020),
        ("NĐ-CP 30/2020", "30", "NĐ-CP", "NĐ", "CP", 2020),
        ("QĐ-UB 1869", "1869", "QĐ-UB", "QĐ", "UB", None),
        ("1869 QĐ", "1869", None, "QĐ", None, None),
        ("249/2025", "249", None, None, None, 2025),
        ("number:1869", "1869", None, None, None, None),
    ],
)
def test_spellings(
    text: str, number: str, notation: str | None, kind: str | None, issuer: str | None, year: int | None
) -> None:
    (found,) = find_numbers(text)
    assert (found.number, found.notation, found.type, found.issuer, found.year) == (
        number,
        notation,
        kind,
        issuer,
        year,
    )


@pytest.mark.parametrize(
    "text",
    [
        "12/5/1998",
        "ngày 12 tháng 5 năm 1998",
        "năm 1998",
        "1998-2001",
        "số 31/12/1998",
        "kế hoạch 5 năm 2021 - 2025",
        "quyết định 1998",
        "thửa đất số 45, tờ bản đồ số 12",
        "số nhà 5",
        "100/m2, 24/24h, 5/ngày",
        "da 12 nam",
        "nộp hồ sơ. 14. Trường hợp",
        "lý lịch tư pháp số 2",
        "diện tích 1.077 m2",
        "bản đồ đất 1998 xã Tịnh Khê",
        "2020",
        "30 2",
        "30 2020",
        "8/1998",
        "tỷ lệ 15/2000, tỷ lệ 1/2000, 1:500",
        "nhà 125/1954",
        "125/2000 đường Quang Trung",
        "QĐ-UBND 15/5/1998",
        "QĐ-UBND 8/1998",
        "12 TT, 15 KH và 12 CT",
        "tòa nhà CT12, phòng TT15",
        "QL24",
        "2020 QĐ",
        "có 12 nd cần hỏi",
    ],
)
def test_no_number(text: str) -> None:
    assert find_numbers(text) == []


def test_spellings_have_one_key() -> None:
    one = [
        "1077/QĐ-UBND",
        "1077 qd ubnd",
        "1077/QÐ-UBND",
        "Số: 1077/QD-UBND",
        "Quyết định số 1077/QĐ-UBND",
        "1077QĐ-UBND",
    ]
    assert {number_key(text) for text in one} == {"1077/qd-ubnd"}
    assert number_key("02/2019/TT-BNV") == number_key("2/2019/tt-bnv") == "2/2019/tt-bnv"
    assert number_key("so 1077 nam 2021") == "1077"
    assert number_key("H48.53 / A") == "h48-53-a"


def test_a_number_is_found_by_less_than_its_whole() -> None:
    assert number_keys("1077/QĐ-UBND") == ("1077/qd-ubnd", "1077/qd", "1077")
    assert number_keys("02/2019/TT-BNV") == ("2/2019/tt-bnv", "2/tt-bnv", "2/tt", "2")
    assert number_keys("0099") == number_keys("số 0099") == ("99",)
    for asked in ("QĐ 1077 năm 2021", "1077 qd ubnd", "số 1077"):
        assert number_key(asked) in number_keys("1077/QĐ-UBND")


def test_a_text_with_many() -> None:
    text = "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020; Kế hoạch 154/KH-UBND; công văn 64-CV/TW, 65-CV/TW."
    found = find_numbers(text)
    assert [number.key for number in found] == ["30/2020/nd-cp", "154/kh-ubnd", "64/cv-tw", "65/cv-tw"]
    assert text[found[0].start : found[0].end] == "30/2020/NĐ-CP"


@pytest.mark.parametrize("short", ABBREVIATIONS)
def test_every_abbreviation_is_read(short: str) -> None:
    (found,) = find_numbers(f"7/{short}-UBND")
    assert (found.type, found.issuer) == (short, "UBND")


@given(PARTS | st.text())
def test_spans_are_in_order_and_apart(text: str) -> None:
    end = 0
    for number in find_numbers(text):
        assert end <= number.start < number.end <= len(text)
        assert number.number in text[number.start : number.end].replace(".", "")
        end = number.end
    number_key(text)
