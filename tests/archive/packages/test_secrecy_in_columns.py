"""A degree of secrecy counts in whatever column or element it stands: unknown, nameless, doubled, beside headings."""

import csv
from pathlib import Path

import pytest

from archive.packages.csip.delivery import CsipDelivery
from archive.packages.delivery import open_delivery
from archive.packages.messages.delivery import MessageDelivery
from archive.packages.registers.delivery import Context, RegisterDelivery
from tests.csip_packages import Csip
from tests.transfers import Transfer

CONTEXT = Context("000.00.34.H48", "H48.01", "UBND tỉnh", "UBND tỉnh", "01")


def levels(path: Path, headings: list[str], *cells: list[str]) -> list[str | None]:
    """The levels of the rows of a register that has these columns beside its own."""
    with (path / "so.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [[f"{n}/CV-UBND", "01/02/2013", f"Về việc {n}", *more] for n, more in enumerate(cells, 1)]
        csv.writer(file).writerows([["Số ký hiệu", "Ngày tháng", "Trích yếu", *headings], *rows])
    with RegisterDelivery(path / "so.csv", CONTEXT) as delivery:
        return [one.level for one in delivery.documents()]


@pytest.mark.parametrize("heading", ["Phân loại", "", "STT", "Tình trạng", "Cột lạ"])
def test_a_degree_in_a_column_that_is_not_taken(tmp_path: Path, heading: str) -> None:
    said = [[""], ["Mật"], ["TỐI MẬT"], ["Tuyệt mật"], ["đã giải mật"], ["thường"], ["x"], ["Bảo mật hệ thống"]]
    assert levels(tmp_path, [heading], *said) == ["01", "03", "03", "03", "03", "01", "01", "01"]


def test_the_line_says_where_and_nothing_of_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "so.csv").write_text("Số ký hiệu,Trích yếu,Cột lạ\n1/CV,Việc một,MẬT - danh sách kín\n", "utf-8")
    with RegisterDelivery(tmp_path / "so.csv", CONTEXT) as delivery:
        told = [one for row in delivery.documents() for one in row.findings if one.code == "access.secret"]
    assert [one.message for one in told] == ["Dòng 2: cột “Cột lạ” ghi độ mật"]


def test_a_mark_under_a_degree(tmp_path: Path) -> None:
    said = [["", ""], ["x", ""], ["", "X"], ["Không", "0"], ["-", ""]]
    assert levels(tmp_path, ["Mật", "Tối mật"], *said) == ["01", "03", "03", "01", "01"]


def test_the_second_column_of_a_field(tmp_path: Path) -> None:
    said = [["Hỏa tốc", "Mật"], ["Hỏa tốc", ""], ["", "Mật"], ["Khẩn", "A"]]
    assert levels(tmp_path, ["Độ khẩn", "Độ mật"], *said) == ["03", "01", "03", "03"]
    assert levels(tmp_path, ["Ghi chú", "Ghi chú"], ["tủ 1", "MẬT"], ["tủ 1", "tủ 2"]) == ["03", "01"]
    assert levels(tmp_path, ["Số văn bản"], ["5/MẬT"], ["5/CV"]) == ["03", "01"]


def test_a_cell_beyond_the_headings(tmp_path: Path) -> None:
    assert levels(tmp_path, [], ["", "Mật"], ["", "tủ 2"], []) == ["03", "01", "01"]


def test_the_tables_of_a_package(tmp_path: Path) -> None:
    transfer = Transfer(tmp_path / "goi").fonds().file("HS1").file("HS2", Loai="Tối mật")
    transfer.document("VB1", "HS1", Loai="Mật").document("VB2", "HS1", Loai="thường").document("VB3", "HS2")
    with open_delivery(transfer.write()) as delivery:
        assert {one.code: one.level for one in delivery.documents()} == {"VB1": "03", "VB2": "01", "VB3": "03"}


def sip_levels(made: Csip) -> list[str | None]:
    with CsipDelivery(made.write(), CONTEXT) as delivery:
        return [one.level for one in delivery.documents()]


def test_an_element_of_a_package_that_is_not_taken(tmp_path: Path) -> None:
    made = Csip(tmp_path / "a").document(1, doMat="Mật").document(2, ghiChuRieng="thường").document(3, x="TỐI MẬT")
    assert sip_levels(made) == ["03", "01", "03"]
    assert set(sip_levels(Csip(tmp_path / "b").whole(securityLevel="1").document(1).document(2))) == {"03"}
    assert set(sip_levels(Csip(tmp_path / "c", loose=True).whole(doMat="Mật").document(1).document(2))) == {"03"}


def message_level(path: Path, inside: str) -> str | None:
    made = path / "a.xml"
    made.write_text(f"<VanBan><CodeNumber>5</CodeNumber><Subject>Việc một</Subject>{inside}</VanBan>", "utf-8")
    with MessageDelivery(made, CONTEXT) as delivery:
        return next(iter(delivery.documents())).level


@pytest.mark.parametrize(
    ("inside", "level"),
    [
        ("<DoMat>Mật</DoMat>", "03"),
        ("<Thongtin><SecurityLevel>2</SecurityLevel></Thongtin>", "03"),
        ("<Secret>1</Secret>", "03"),
        ("<PageAmount>2</PageAmount><DoMat>2</DoMat>", "03"),
        ("<Secret>0</Secret><DoMat>Thường</DoMat>", "01"),
        ("<Khac>TỐI MẬT</Khac>", "03"),
        ("<Khac>Bảo mật hệ thống</Khac>", "01"),
    ],
)
def test_an_element_of_a_message_that_is_not_taken(tmp_path: Path, inside: str, level: str) -> None:
    assert message_level(tmp_path, inside) == level
