"""Whatever bytes a table holds, reading ends, and every row is there with its line number."""

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.packages.dates import read_date, read_span
from archive.packages.delivery import open_delivery
from archive.packages.fields import TABLES, match_heading
from archive.packages.holdings import split_name
from tests.archive.packages.transfer_folders import FILES, FONDS, to_csv

HEAD = b"DocCode,FileCode,Subject,Mode,IssuedDate,PageAmount,OpenDate\n"


def write(folder: str, body: bytes) -> Path:
    root = Path(folder) / "goi"
    (root / "data").mkdir(parents=True)
    (root / "phong.csv").write_text(to_csv(FONDS))
    (root / "ho-so.csv").write_text(to_csv(FILES))
    (root / "van-ban.csv").write_bytes(body)
    return root


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_to_the_end(body: bytes, headed: bool) -> None:
    with TemporaryDirectory() as folder, open_delivery(write(folder, HEAD + body if headed else body)) as delivery:
        for row in delivery.documents():
            assert row.outcome == "accepted" or row.findings
            assert all(text and "\0" not in text for text in row.values.values())
            assert all("\0" not in text for text in row.raw.values())
        list(delivery.fonds())
        list(delivery.unlisted())


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    ['"', 'a"b', "a,b", "hai\ndòng", "31/02/1998", "Hạn chế", "=1+1", "…" * 600]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=20), st.sampled_from(",;\t|"))
def test_every_row_is_yielded_with_the_line_it_begins_at(rows: list[tuple[str, str, str]], separator: str) -> None:
    out, starts = io.StringIO(newline=""), []
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["DocCode", "FileCode", "Subject", "Mode"])
    for i, row in enumerate(rows):
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow([f"V{i}", *row])
    with TemporaryDirectory() as folder, open_delivery(write(folder, out.getvalue().encode())) as delivery:
        found = list(delivery.documents())
    assert [(d.row, d.code) for d in found] == [(start, f"V{i}") for i, start in enumerate(starts)]


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    days = (day.toordinal(), day.toordinal())
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
        f"{day:%d-%m-%Y} 00:00:00",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{day:%Y-%m-%d}T00:00:00+07:00",
    ):
        assert read_date(text).days == days
    first, last = read_date(f"{day.month:02d}/{day.year}").days or (0, 0)
    assert first <= day.toordinal() <= last
    assert last - first < 31
    assert read_span(f"{day.year}-{day.year + 1}") is not None or day.year == 2100


def test_spans_of_a_fonds() -> None:
    assert read_span("1945-1954") == (date(1945, 1, 1).toordinal(), date(1954, 12, 31).toordinal())
    assert read_span("1945 – 1954") == read_span("1945 đến 1954") == read_span("1945-1954")
    assert read_span("01/1975 - 12/1976") == (date(1975, 1, 1).toordinal(), date(1976, 12, 31).toordinal())
    assert read_span("1954-1945") is None
    assert read_span("trước năm 1945") is None


@given(st.text())
def test_any_text_is_a_date_or_a_reason(text: str) -> None:
    reading = read_date(text)
    assert (reading.days is None) == bool(reading.code) == bool(reading.wrong)


def test_every_label_and_name_is_known_in_any_shape() -> None:
    for table, fields in TABLES.items():
        for field in fields:
            for heading in (field.name, field.name.upper(), f"  {field.name} (*)", *field.labels):
                assert match_heading(table, heading) == field.name, heading
            assert match_heading(table, field.labels[0].upper().replace(" ", "  ")) == field.name
        assert match_heading(table, "Màu bìa") is None
        assert match_heading(table, "") is None
    told = {"phong": 13, "ho-so": 26, "van-ban": 39, "phim-anh": 25, "ghi-am": 26}
    assert {table: len(fields) for table, fields in TABLES.items()} == told


def test_names_of_data_files() -> None:
    assert split_name("data/x/H48.PD.0000001.txt") == ("H48.PD.0000001", "", ".txt")
    assert split_name("data/A-0002.JPG") == ("A", "0002", ".jpg")
    assert split_name("data/A.alto.xml") == ("A", "", ".alto.xml")
    assert split_name("data/A-0002.alto.xml") == ("A", "0002", ".alto.xml")
    assert split_name("data/.an") == (".an", "", "")
    assert split_name("data/khong-duoi") == ("khong-duoi", "", "")
