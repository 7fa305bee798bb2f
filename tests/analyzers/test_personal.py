"""Personal numbers: what must be found, what must never be, and what masking keeps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.personal import DOT, find_personal, mask

POSITIVES = [
    # citizen numbers: by their shape, or beside their words
    ("Số căn cước công dân: 051088001234", "051088001234", "citizen"),
    ("CCCD 051 088 001 234 cấp ngày 01/02/2021", "051 088 001 234", "citizen"),
    ("số định danh cá nhân 051.188.001.234", "051.188.001.234", "citizen"),
    ("ông Nguyễn Văn Tư, 051088001234, ngụ tại xã Tịnh Khê", "051088001234", "citizen"),
    ("so can cuoc 0510 8800 1234", "0510 8800 1234", "citizen"),
    ("sinh năm 2004, căn cước số 051 2 04 001234.", "051 2 04 001234", "citizen"),
    ("CCCD: O51088OO1234", "O51088OO1234", "citizen"),  # as recognition writes it
    ("CCCD số 05l088001234", "05l088001234", "citizen"),
    ("Căn cước công dân số 999088001234", "999088001234", "citizen"),  # no such province, but it says what it is
    # identity cards: only beside their words
    ("Giấy chứng minh nhân dân số 212345678 do Công an tỉnh cấp", "212345678", "identity_card"),
    ("CMND: 212 345 678", "212 345 678", "identity_card"),
    ("CMTND số 212.345.678, ngày cấp 12/3/1998", "212.345.678", "identity_card"),
    ("so chung minh nhan dan 212345678", "212345678", "identity_card"),
    ("Chứng minh nhân dân số: 2I2345678", "2I2345678", "identity_card"),
    ("CCCD 212345678", "212345678", "identity_card"),
    ("CMND212345678 cấp tại Quảng Ngãi", "212345678", "identity_card"),
    ("CCCD051088001234,cấp ngày 1/2/2021", "051088001234", "citizen"),
    ("Trần Văn Ba,051088001234,xã Tịnh Khê", "051088001234", "citizen"),
    # accounts
    ("STK19034567890-Ngân hàng Nông nghiệp", "19034567890", "account"),
    ("Số tài khoản: 0123456789012 tại Ngân hàng Nông nghiệp", "0123456789012", "account"),
    ("STK 19034567890", "19034567890", "account"),
    ("tài khoản tiền gửi số 3713.0.1049786 mở tại Kho bạc", "3713.0.1049786", "account"),
    ("chuyển vào số TK 4500 2050 12345", "4500 2050 12345", "account"),
    ("Tài khoản số:\n102010001234567", "102010001234567", "account"),
    ("TK số 004100012345", "004100012345", "account"),
    # telephones
    ("liên hệ 0912345678", "0912345678", "phone"),
    ("ĐT: 0912.345.678.", "0912.345.678", "phone"),
    ("0912 345 678", "0912 345 678", "phone"),
    ("091-234-5678", "091-234-5678", "phone"),
    ("(+84) 912 345 678", "(+84) 912 345 678", "phone"),
    ("gọi +84912345678", "+84912345678", "phone"),
    ("di động 01685 123 456", "01685 123 456", "phone"),
    ("máy bàn (055) 3822854", "(055) 3822854", "phone"),
    ("điện thoại 0255.3822854", "0255.3822854", "phone"),
    ("Điện thoại: 04-38211234", "04-38211234", "phone"),
    ("ĐT 055.822854", "055.822854", "phone"),
    ("ĐT0912345678", "0912345678", "phone"),
    ("SĐT:0912345678;", "0912345678", "phone"),
    ("ĐT 0912 34 56 78", "0912 34 56 78", "phone"),
]

NEGATIVES = [
    "Quyết định số 1284/QĐ-UBND ngày 17/8/1998 của Ủy ban nhân dân tỉnh Quảng Ngãi",
    "Nghị định số 012345678/2020/NĐ-CP",
    "ngày 09.12.1998, ngày 17 tháng 8 năm 1998, từ 1996–1998, giai đoạn 1996-2000",
    "kinh phí 1.250.000 đồng; 12.345.678.901 đồng; 1 250 000 000 đ; 999.999.999 VNĐ",
    "thửa đất số 123, tờ bản đồ số 45, diện tích 1.234.567 m2",
    "mã cơ quan 000.00.34.H48, mã hồ sơ 000.00.12.H48-210315-0012",
    "mã số thuế 0900123456 và mã số doanh nghiệp 0312345678",
    "Giấy chứng nhận đăng ký doanh nghiệp số 0900123456",
    "Tài khoản 1121, 33311, 511 theo chế độ kế toán; Tài khoản 111 112 131",
    "số dư tài khoản 1.250.000.000 đồng; tài khoản có số tiền 250000000 đồng",
    "tài khoản theo quy định tại Thông tư 200/2014/TT-BTC ngày 22/12/2014",
    "mở tài khoản ngày 12.03.1998",
    "mã hàng 0709.60.10.00, 0901.11.10",
    "tọa độ 1234567.89 – 512345.67; cao độ 12,345678",
    "loại 070 khoản 072 073 074 075 chương 018",
    "biên bản số 123456789 lập ngày 3/4/2001",
    "hộp 012, hồ sơ 0345, tờ 1234 - 1240",
    "Điều 12. 1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11. 12",
    "dân số 1 234 567 người, 12.345.678 lượt",
    "tài khoản quốc gia\n5020106\nKhoa học kinh tế",
    "ISBN 9786041234567; mã vạch 8934567890123",
    "H48.P1.07.1.051088001234",
    "số 051088001234/GCN",
]


@pytest.mark.parametrize(("text", "number", "kind"), POSITIVES)
def test_a_personal_number_is_found_whole(text: str, number: str, kind: str) -> None:
    (found,) = find_personal(text)
    assert (text[found.start : found.end], found.kind) == (number, kind)


@pytest.mark.parametrize("text", NEGATIVES)
def test_what_an_archive_is_searched_by_stays(text: str) -> None:
    assert [text[one.start : one.end] for one in find_personal(text)] == []
    assert mask(text) == text


def test_several_in_one_text_are_found_beside_what_stays() -> None:
    text = (
        "Số 15/HĐ-UB ngày 3/4/2019. Bên A: ông Trần Văn Ba, CMND 212345678, CCCD 051088001234, ĐT 0912.345.678, "
        "nhận 25.000.000 đồng vào STK 19034567890, 19034567891 theo Quyết định 1284/QĐ-UBND."
    )
    covered = mask(text)
    for kept in ("15/HĐ-UB", "3/4/2019", "25.000.000 đồng", "1284/QĐ-UBND", "STK", "Trần Văn Ba"):
        assert kept in covered
    for gone in ("212345678", "051088001234", "345", "19034567890", "19034567891"):
        assert gone not in covered
    assert "ĐT ••••.•••.•••" in covered


_PIECES = st.lists(
    st.one_of(
        st.sampled_from([one[0] for one in POSITIVES] + NEGATIVES),
        st.text("0123456789 .-/()+,;:\nOlđ", max_size=25),
        st.sampled_from(["STK ", "CMND ", "điện thoại ", "tài khoản ", "căn cước ", "và ", " • ", "•••••• "]),
        st.text(max_size=8),
    ),
    max_size=8,
)


@given(_PIECES)
def test_masking_keeps_length_and_all_else_and_twice_changes_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    covered = mask(text)
    assert len(covered) == len(text)
    changed = [(a, b) for a, b in zip(text, covered, strict=True) if a != b]
    assert all(a.isalnum() and b == DOT for a, b in changed)
    assert mask(covered) == covered
    assert find_personal(covered) == []


@given(_PIECES)
def test_finds_are_ordered_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_personal(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("between", ["/", "-", " - ", ", ", "; "])
def test_telephones_side_by_side_are_all_found(between: str) -> None:
    found = find_personal(f"ĐT: 0912345678{between}0913456789{between}0914567890.")
    assert [one.kind for one in found] == ["phone"] * 3


@pytest.mark.parametrize("number", ["(07) 314-780", "(84) ) 9494761-93", "+84 (0) 912.345.678"])
def test_telephones_written_in_odd_ways_are_found_where_they_are_named(number: str) -> None:
    assert not any(sign.isdigit() for sign in mask(f"điện thoại {number} "))


def test_office_telephones_in_a_list_are_all_found() -> None:
    assert mask("điện thoại liên hệ: 069 533200; 069 533105; số fax: 04 7337994") == (
        "điện thoại liên hệ: ••• ••••••; ••• ••••••; số fax: •• •••••••"
    )


def test_letters_that_fold_to_themselves_keep_offsets() -> None:
    text = "İ Ǆ ﬁ 한 ĐT 0912345678"
    assert mask(text) == "İ Ǆ ﬁ 한 ĐT ••••••••••"
