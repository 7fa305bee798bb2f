"""Number cells in the fonts of old times, too short to be detected by themselves; headings that offices shorten."""

from pathlib import Path

import pytest

from archive.packages.findings import quote
from archive.packages.registers.columns import of_heading
from archive.packages.registers.delivery import RegisterDelivery
from archive.packages.registers.numbering import repair_number
from tests.archive.packages.test_registers_as_they_are import CONTEXT


@pytest.mark.parametrize(
    ("cell", "font"),
    [("12/QÑ-UBND", "VNI"), ("12/Qñ-UBND", "VNI"), ("12/Q§-UBND", "TCVN3 (ABC)"), ("12/QDD-UBND", "VIQR")],
)
def test_the_d_of_old_fonts_is_decoded_in_numbers_and_told(tmp_path: Path, cell: str, font: str) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"Số ký hiệu,Ngày,Trích yếu\n{cell},03/02/1998,Về việc giao đất\n", encoding="utf-8")
    with RegisterDelivery(path, CONTEXT) as delivery:
        (row,) = delivery.documents()
    told = [one for one in row.findings if one.code == "encoding.legacy"]
    assert row.values["CodeNotation"].upper() == "QĐ-UBND"
    assert [(one.row, font in one.message) for one in told] == [(2, True)]


def test_a_dd_that_may_be_a_word_without_marks_stays() -> None:
    assert repair_number("12/DDBQH-VP") == ("12/DDBQH-VP", 0, "")
    assert repair_number("12/NQ-HDDND") == ("12/NQ-HĐND", 1, "VIQR")


def test_a_soft_hyphen_is_seen_where_the_original_is_quoted() -> None:
    assert quote("tr\xadêng häc") == "“tr-êng häc”"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("CQ ban hành", "OrganName"), ("Tác giả VB", "OrganName"), ("Ngày, tháng, năm ban hành", "IssuedDate"),
        ("Ngày BH", "IssuedDate"), ("Số/Ký hiệu VB", "Number"), ("V/v", "Subject"),
    ],
)  # fmt: skip
def test_headings_that_offices_shorten_are_known_by_name(heading: str, field: str) -> None:
    assert of_heading(heading) == field
