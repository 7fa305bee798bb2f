"""Registers without files: columns recognised, every row a record or a line, the same register twice no change."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from analyzers.legacy_tables import TCVN3
from archive.accession.mappings import find_mapping, save_mapping
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.packages.opening import Context
from archive.packages.registers.columns import NUMBER, recognise
from archive.packages.registers.numbering import take_apart
from archive.packages.sources import DeliveryError
from indexer.intake.taking import Taken, take_package
from tests.shared_data import shared_data
from tests.transfers import IDENTIFIER, ORGAN, counts, lines

CONTEXT = Context(IDENTIFIER, ORGAN, "Ủy ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh", "01")
HEADINGS = ["STT", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Người ký", "Tình trạng"]
ROWS = [
    ["1", "12/QĐ-UBND", "05/01/2019", "Quyết định giao đất tại xã Tịnh Khê", "Trần Ngọc Căng", "Còn hiệu lực"],
    ["2", "13/QÐ-UBND", "06/01/2019", "Về việc phê duyệt quy hoạch", "", ""],
    ["3", "14 QĐ-UBND", "07/01/2019", "Về việc bổ nhiệm", "", ""],
    ["4", "12/QĐ-UBND", "05/01/2019", "Quyết định giao đất tại xã Tịnh Khê", "Trần Ngọc Căng", "Còn hiệu lực"],
    ["5", "12/QĐ-UBND", "09/03/2019", "Việc khác cùng số", "", ""],
    ["6", "12/QĐ-UBND", "05/01/2020", "Số bắt đầu lại theo năm", "", ""],
    ["7", "", "01/02/2019", "Không có số", "", ""],
    ["8", "15 /QĐ-UBND", "30/02/2019", "Ngày không có thật", "", ""],
    ["9", "12/QĐ-UBND", "05/01/2019", "Quyết định giao đất tại xã Tịnh Khê", "Người khác", "Còn hiệu lực"],
    ["10", "", "", "", "", "Còn hiệu lực"],
    ["11", "03-TB/BCĐ", "08/01/2019", "Th«ng b¸o kÕt luËn cña Ban chØ ®¹o", "", ""],
]  # fmt: skip


def as_csv(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["SỔ ĐĂNG KÝ VĂN BẢN ĐI"], [], HEADINGS, *ROWS])
    return path


def as_tsv(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-16") as file:
        csv.writer(file, delimiter="\t").writerows([["SỔ ĐĂNG KÝ VĂN BẢN ĐI"], [], HEADINGS, *ROWS])
    return path


def as_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [["SỔ ĐĂNG KÝ VĂN BẢN ĐI"], [], HEADINGS, *ROWS]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def as_jsonl(path: Path) -> Path:
    path.write_text(
        "\n\n\n" + "\n".join(json.dumps(dict(zip(HEADINGS, row, strict=True)), ensure_ascii=False) for row in ROWS),
        encoding="utf-8",
    )
    return path


def total(taken: Taken) -> int:
    return sum(taken.tables["van-ban"].values())


@pytest.mark.parametrize(
    ("write", "name"), [(as_csv, "so.csv"), (as_tsv, "so.tsv"), (as_xlsx, "so.xlsx"), (as_jsonl, "so.jsonl")]
)
def test_a_dirty_register_comes_in_whole(home: Path, tmp_path: Path, write, name: str) -> None:  # type: ignore[no-untyped-def]
    taken = take_package(write(tmp_path / name), None, CONTEXT)
    told = {(one.row, one.code) for one in lines(taken.package) if one.sheet == "van-ban" and one.row}
    assert {
        (5, "letters.repaired"), (6, "number.slash"), (7, "row.duplicate"), (8, "number.reused"), (10, "number.empty"),
        (11, "number.spaces"), (11, "date.impossible"), (12, "row.differs"), (13, "row.empty"), (14, "encoding.legacy"),
    } <= told  # fmt: skip
    assert total(taken) == len(ROWS)
    outcomes = taken.tables["van-ban"]
    assert (outcomes["rejected"], outcomes["quarantined"]) == (2, 1)
    with reading() as session:
        numbers = sorted((r.number, r.title) for r in session.query(Record).filter_by(level="document"))
    assert len(numbers) == len(ROWS) - 3
    assert ("03-TB/BCĐ", "Thông báo kết luận của Ban chỉ đạo") in numbers
    assert ("14/QĐ-UBND", "Về việc bổ nhiệm") in numbers


def test_the_same_register_twice_changes_nothing(home: Path, tmp_path: Path) -> None:
    first = take_package(as_csv(tmp_path / "so.csv"), None, CONTEXT)
    before = counts()
    again = take_package(as_csv(tmp_path / "so.csv"), None, CONTEXT)
    assert again.package == first.package
    assert (again.counts["accepted"], again.counts["warned"], again.counts["held"]) == (0, 0, 0)
    assert counts() == before


def test_years_become_files_and_rows_say_nothing_of_access(home: Path, tmp_path: Path) -> None:
    closed = Context(IDENTIFIER, ORGAN)
    taken = take_package(as_csv(tmp_path / "so.csv"), None, closed)
    assert "access.empty" in {one.code for one in lines(taken.package)}
    with reading() as session:
        files = {r.code: r.title for r in session.query(Record).filter_by(level="file")}
        levels = {r.level_code for r in session.query(Record).filter_by(level="document")}
    assert files == {
        f"{ORGAN}.2019.TL": "Tập lưu văn bản năm 2019",
        f"{ORGAN}.2020.TL": "Tập lưu văn bản năm 2020",
        f"{ORGAN}.0000.TL": "Tập lưu văn bản chưa rõ năm",
    }
    assert levels == {"02"}


def test_what_the_register_lacks_has_to_be_said(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="không ghi mã phông và mã cơ quan lưu trữ; hãy nêu kèm khi giao") as told:
        take_package(as_csv(tmp_path / "so.csv"), None, Context())
    assert told.value.options == "--fonds --identifier"
    only = tmp_path / "la.csv"
    only.write_text("A,B\nx,y\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="không cột nào nhận ra"):
        take_package(only, None, CONTEXT)


def test_columns_without_headings_are_read_from_their_cells() -> None:
    rows = [[one[1], one[2], one[3]] for one in ROWS if one[1]]
    found = recognise(["", "", ""], rows)
    assert [(c.field, c.by) for c in found] == [(NUMBER, "content"), ("IssuedDate", "content"), ("Subject", "content")]


def test_a_saved_mapping_is_chosen_by_the_headings(home: Path, tmp_path: Path) -> None:
    with writing() as session:
        save_mapping(session, ["Cột A", "Cột B"], {"Cột A": NUMBER, "Cột B": "Subject"}, name="so.csv", actor="lan")
    with reading() as session:
        assert find_mapping(session, ["CỘT A ", "cột  b"]) == {"Cột A": NUMBER, "Cột B": "Subject"}
        assert find_mapping(session, ["Cột B", "Cột A"]) is None
    columns = recognise(["Cột A", "cột b"], [["1/QĐ-UBND", "ngắn"]], {"Cột A": NUMBER, "Cột B": "Subject"})
    assert [(c.field, c.by) for c in columns] == [(NUMBER, "saved"), ("Subject", "saved")]


@pytest.mark.parametrize(
    ("cell", "number", "notation", "trouble"),
    [
        ("1077/QĐ-UBND", "1077", "QĐ-UBND", ""),
        ("30/2020/NĐ-CP", "30", "2020/NĐ-CP", ""),
        ("03-TB/BCĐ", "03-TB", "BCĐ", ""),
        ("251-BCĐ", "251-BCĐ", "", ""),
        ("12 - NQ", "12-NQ", "", "number.spaces"),
        ("15-QĐ-UB", "15", "QĐ-UB", "number.slash"),
        ("1977 /QĐ-UBND", "1977", "QĐ-UBND", "number.spaces"),
        ("1830 QĐ-UBND", "1830", "QĐ-UBND", "number.slash"),
        ("Số: 45/SNV-VTLT", "45", "SNV-VTLT", ""),
        ("QĐ-UBND", "", "QĐ-UBND", "number.unreadable"),
        ("17", "17", "", ""),
    ],
)
def test_numbers_are_taken_apart(cell: str, number: str, notation: str, trouble: str) -> None:
    found = take_apart(cell)
    assert (found.number, found.notation, found.trouble) == (number, notation, trouble)


@pytest.mark.parametrize(
    ("name", "rows", "records", "known"),
    [
        ("binhduong-directives", 4056, 3613, {"letters.repaired": 49, "row.duplicate": 439, "number.empty": 3}),
        ("sonla-gazette", 367, 365, {"row.differs": 2}),
    ],
)
def test_real_registers_come_in_whole(home: Path, name: str, rows: int, records: int, known: dict[str, int]) -> None:
    path = shared_data(name) / "records.jsonl.gz"
    taken = take_package(path, None, CONTEXT)
    assert total(taken) == rows
    kept = [one for one in lines(taken.package) if one.sheet == "van-ban" and one.row]
    with reading() as session:
        assert session.query(Record).filter_by(level="document").count() == records
    assert {code: sum(one.code == code for one in kept) for code in known} == known
    apart = {one.row for one in kept if one.outcome in {"rejected", "quarantined"}}
    assert records + len(apart) == rows
    before = counts()
    again = take_package(path, None, CONTEXT)
    assert again.tables["van-ban"]["unchanged"] == records
    assert counts() == before


def test_a_workbook_in_tcvn3_is_read_by_its_headings_and_short_days_are_told(home: Path, tmp_path: Path) -> None:
    coded = {letter: code for code, letter in TCVN3.items() if len(code) == 1}
    rows = [
        ("Số, ký hiệu", "Ngày tháng", "Trích yếu nội dung", "Cơ quan ban hành"),
        ("1/QĐ-UB", "12/5/1987", "Về việc giao đất cho hộ gia đình ở xã Tịnh Khê", "Sở Địa chính tỉnh"),
        ("2/QĐ-UB", "13/5/87", "Về việc đắp đê ở xã Tịnh Khê", "Sở Địa chính tỉnh"),
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(["".join(coded.get(letter, letter) for letter in cell) for cell in row])
    book.save(tmp_path / "so.xlsx")
    taken = take_package(tmp_path / "so.xlsx", None, CONTEXT)
    with reading() as session:
        found = session.query(Record).filter_by(level="document").order_by(Record.number).all()
        assert [(one.number, one.title) for one in found] == [(row[0], row[2]) for row in rows[1:]]
        assert [one.delivered["IssuedDate"] for one in found] == ["12/5/1987", "13/5/87"]
        assert found[0].delivered["OrganName"] == "Sở Địa chính tỉnh"
    assert "date.unreadable" in {one.code for one in lines(taken.package)}


def test_a_register_in_tcvn3_bytes_is_read(home: Path, tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["number", "summary"], ["1/Q§-UB", "QuyÕt ®Þnh giao ®Êt cho n«ng d©n x· TÞnh Khª"]])
    path = tmp_path / "cu.csv"
    path.write_bytes(text.getvalue().encode("latin-1"))
    take_package(path, None, CONTEXT)
    with reading() as session:
        found = session.query(Record).filter_by(level="document").one()
    assert found.title == "Quyết định giao đất cho nông dân xã Tịnh Khê"
    assert found.number == "1/QĐ-UB"
