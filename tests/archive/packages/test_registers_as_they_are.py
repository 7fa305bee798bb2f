"""Registers as offices keep them: headings in two lines, columns numbered, sums, days as Excel counts them."""

import io
from pathlib import Path

import openpyxl
import pytest

from archive.packages.registers.delivery import Context, RegisterDelivery
from archive.packages.rows import DocumentRow
from archive.packages.sources import DeliveryError

CONTEXT = Context("000.00.34.H48", "H48.01", "UBND tỉnh", "UBND tỉnh", "01")


def write(path: Path, *rows: tuple[object, ...], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    kept = io.BytesIO()
    book.save(kept)
    path.write_bytes(kept.getvalue())
    return path


def read(path: Path) -> tuple[list[DocumentRow], list[tuple[str, int | None]]]:
    delivery = RegisterDelivery(path, CONTEXT)
    with delivery:
        return [*delivery.documents()], [(one.code, one.row) for one in delivery.findings]


@pytest.mark.parametrize("title", [(), ("SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2019",)])
@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("STT", "Văn bản", None, None, "Trích yếu"), (None, "Số", "Ký hiệu", "Ngày tháng", None)),
        (("STT", "Văn bản", None, None, "Trích yếu"), (None, "Số", "Kí hiệu", "Ngày, tháng, năm", "(tóm tắt)")),
    ],
)
def test_headings_in_two_lines_are_one(
    tmp_path: Path, title: tuple[str, ...], upper: tuple[str | None, ...], lower: tuple[str | None, ...]
) -> None:
    row = (1, 12, "QĐ-UBND", "04/03/2019", "Về việc giao đất")
    rows, _ = read(write(tmp_path / "so.xlsx", title, (), upper, lower, row, merged=("B3:D3",)))
    assert [
        [one.values.get(name) for name in ("CodeNumber", "CodeNotation", "IssuedDate", "Subject")] for one in rows
    ] == [["12", "QĐ-UBND", "04/03/2019", "Về việc giao đất"]]


def test_a_line_of_column_numbers_and_a_sum_are_told_and_no_documents(tmp_path: Path) -> None:
    path = write(
        tmp_path / "so.xlsx",
        ("STT", "Số, ký hiệu", "Ngày tháng", "Trích yếu"), ("(1)", "(2)", "(3)", "(4)"),
        (1, "12/QĐ-UBND", "04/3/2019", "Về việc giao đất"),
        (2, "13/QĐ-UBND", "05/3/2019", "Tổng kết năm 2018"), (None, "Tổng số", None, "2 văn bản"),
        ("Tổng cộng: 2 văn bản",), (3, "14/QĐ-UBND", None, "Cộng"),
    )  # fmt: skip
    rows, told = read(path)
    assert told == [("row.heading", 2)]
    assert [(one.row, one.outcome) for one in rows] == [
        (3, "accepted"), (4, "accepted"), (5, "rejected"), (6, "rejected"), (7, "accepted"),
    ]  # fmt: skip
    assert all("row.total" in {f.code for f in one.findings} for one in rows if one.outcome == "rejected")
    assert not any(f.code == "field.missing" for one in rows for f in one.findings if one.outcome == "rejected")


def test_rows_that_begin_with_small_numbers_are_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "so.xlsx", ("Số", "Ký hiệu", "Trích yếu"), (1, "QĐ", "a"), (1, 2, "Về việc giao đất"))
    rows, told = read(path)
    assert ([one.row for one in rows], told) == ([2, 3], [])


@pytest.mark.parametrize(
    ("heading", "days"),
    [
        ("Ngày phát hành", ("04/03/2019", "không rõ", "tháng 5", "05/03/2019", "31/02/2019")),
        ("Thời điểm", ("04/03/2019", "05/03/2019", "12/3/2019", "không rõ", "31/02/2019")),
    ],
)
def test_a_column_of_days_is_taken_though_some_are_unclear(tmp_path: Path, heading: str, days: tuple[str, ...]) -> None:
    given = [(f"{n}/QĐ-UBND", day, f"Giao đất cho hộ thứ {n}") for n, day in enumerate(days, 1)]
    rows, told = read(write(tmp_path / "so.xlsx", ("Số ký hiệu", heading, "Trích yếu"), *given))
    assert ("heading.guessed", 1) in told
    assert [one.values["IssuedDate"] for one in rows] == list(days)
    unclear = [one.row for one in rows if any(f.code.startswith("date.") for f in one.findings)]
    assert unclear == [n for n, one in enumerate(rows, 2) if one.dates is None]
    assert 0 < len(unclear) < len(rows)
    assert sum(one.values["FileCode"].endswith(".0000.TL") for one in rows) == len(unclear)


def test_a_column_of_other_things_is_no_column_of_days(tmp_path: Path) -> None:
    given = [(f"{n}/QĐ-UBND", "05/03/2019" if n < 3 else f"kho {n}", f"Giao đất cho hộ thứ {n}") for n in range(1, 7)]
    rows, told = read(write(tmp_path / "so.xlsx", ("Số ký hiệu", "Chỗ để", "Trích yếu"), *given))
    assert ("heading.unknown", 1) in told
    assert not any("IssuedDate" in one.values for one in rows)


def test_a_commune_register_of_outgoing_letters(tmp_path: Path) -> None:
    """Its own words for the abstract, a column of secrecy and none of access, a sum in the column of numbers."""
    head = ("TT", "Số công văn", "Ngày phát hành", "Nội dung công văn", "Độ mật")
    given = [(1, "15/CV-UB", "03/02/2003", "Tu sửa đê", ""), (2, "", "04/02/2003", "Tờ trình không số", "")]
    rows, told = read(write(tmp_path / "so.xlsx", head, *given, ("Tổng cộng", 2)))
    assert [one.values.get("Subject") for one in rows[:2]] == ["Tu sửa đê", "Tờ trình không số"]
    assert ("heading.guessed", 1) in told
    assert [one.outcome for one in rows] == ["accepted", "warned", "rejected"]
    assert [[f.code for f in one.findings] for one in rows] == [[], ["number.empty"], ["row.total"]]
    assert [one.level for one in rows[:2]] == ["01", "01"]


def test_a_register_without_rows_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="không có dòng nào dưới dòng tiêu đề"):
        read(write(tmp_path / "so.xlsx", ("Số ký hiệu", "Ngày tháng", "Trích yếu"), ()))


def test_days_as_excel_counts_them_are_days_and_told(tmp_path: Path) -> None:
    heads = ("Số ký hiệu", "Ngày ban hành", "Trích yếu")
    path = write(tmp_path / "so.xlsx", heads, ("1/QĐ-UBND", 43528, "a"), ("2/QĐ-UBND", "99999", "b"))
    one, other = read(path)[0]
    assert (one.values["IssuedDate"], one.raw["IssuedDate"]) == ("04/03/2019", "43528")
    assert [f.code for f in one.findings] == ["date.serial"]
    assert [f.code for f in other.findings] == ["date.unreadable"]
