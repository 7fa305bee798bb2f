"""Export of a whole result: every record once, as spreadsheets take it, only for whom it is."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from archive.settings import settings
from portal import export_jobs, exporting
from portal.sheets import heading, plain
from search.results import Part
from tests.portal.archive_of_tests import PLANTED
from tests.portal.conftest import token_of


def rows_of(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_and_workbook_hold_every_record_of_the_result_once(client: FlaskClient, small: object) -> None:
    total = client.get("/api/v1/search?q=thông báo").get_json()["total"]
    answer = client.get("/tim-kiem/xuat.csv?q=thông báo&sort=number")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ket-qua.csv"'
    rows = rows_of(answer.data)
    assert len(rows) == total + 1
    assert rows[0][:3] == ["Mã", "Số, ký hiệu", "Tiêu đề"]
    assert len({one[-1] for one in rows[1:]}) == total
    assert all(one[-1].startswith("http://localhost/") for one in rows[1:])
    book = load_workbook(io.BytesIO(client.get("/tim-kiem/xuat.xlsx?q=thông báo&sort=number").data), read_only=True)
    cells = [[value or "" for value in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    assert cells == rows
    book.close()


def test_an_export_has_what_the_person_may_see(as_person: Callable[[str], FlaskClient]) -> None:
    counts = {name: len(rows_of(as_person(name).get("/tim-kiem/xuat.csv").data)) for name in ("", "lan")}
    assert counts[""] < counts["lan"]
    assert PLANTED not in as_person("").get("/tim-kiem/xuat.csv").text
    assert PLANTED in as_person("lan").get("/tim-kiem/xuat.csv").text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd", "\uff1d1", "\r\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert plain(cell).startswith("'")
    assert plain("1077/QĐ-UBND") == "1077/QĐ-UBND"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_large_result_is_a_job_with_progress(
    kind: str, as_person: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 10)
    monkeypatch.setattr(exporting, "_PART", 20)
    monkeypatch.setattr(export_jobs, "STEP", 20)
    person, other = as_person(""), as_person("")
    page = person.get("/tim-kiem/xuat?q=thông báo")
    assert "/tim-kiem/xuat.csv" not in page.text
    assert person.get("/tim-kiem/xuat.csv?q=thông báo").mimetype == "text/html"
    begun = person.post("/tim-kiem/xuat?q=thông báo", data={"csrf_token": token_of(page.text), "kind": kind})
    assert begun.status_code == 303
    address = begun.headers["Location"]
    assert person.get(f"{address}/tep").status_code == 404
    looks = [person.get(address).text]
    while "http-equiv" in looks[-1]:
        looks.append(person.get(address).text)
    assert "Đã gom 20 trên" in looks[0]
    assert len(looks) >= 3
    answer = person.get(f"{address}/tep")
    total = person.get("/api/v1/search?q=thông báo").get_json()["total"]
    if kind == "csv":
        assert len({one[-1] for one in rows_of(answer.data)}) == total + 1
    else:
        book = load_workbook(io.BytesIO(answer.data), read_only=True)
        assert len(list(book.worksheets[0].iter_rows(values_only=True))) == total + 1
        book.close()
    assert other.get(address).status_code == other.get(f"{address}/tep").status_code == 404
    monkeypatch.setenv("VANKHO_NOW", "2026-11-02T11:30:00+07:00")
    settings.cache_clear()
    assert person.get(address).status_code == 404


def test_a_job_gathers_parts_of_the_size_that_it_has(client: FlaskClient) -> None:
    """A part is larger than a page of results may be: that size is no part of the question."""
    token = token_of(client.get("/dang-nhap").text)
    job = client.post("/tim-kiem/xuat?q=thông báo&sort=number", data={"csrf_token": token, "kind": "csv"})
    answer = client.get(job.headers["Location"])
    assert answer.status_code == 200, answer.text
    total = client.get("/api/v1/search?q=thông báo").get_json()["total"]
    assert len(rows_of(client.get(f"{job.headers['Location']}/tep").data)) == total + 1


def test_a_job_without_its_token_is_not_begun(client: FlaskClient) -> None:
    assert client.post("/tim-kiem/xuat?q=a", data={"kind": "csv"}).status_code == 400


@pytest.mark.usefixtures("app")
def test_a_step_that_was_cut_short_is_taken_again() -> None:
    job = export_jobs.begin("session:x", "q=a", "csv", 5)
    parts = {"": Part(("a", "b"), 5, "two"), "two": Part(("c", "d", "e"), 5, "")}

    def fail_in_second(cursor: str) -> Part:
        if cursor == "two":
            raise OSError("gone")
        return parts[cursor]

    with pytest.raises(OSError, match="gone"):
        export_jobs.advance(job, fail_in_second)
    with (settings().home / "exports" / job.id / "ids").open("ab") as file:
        file.write(b"half a li")
    found = export_jobs.find(job.id, "session:x")
    assert found
    assert (found.done, found.finished) == (2, False)
    found = export_jobs.advance(found, parts.__getitem__)
    assert (found.done, found.finished) == (5, True)
    assert list(export_jobs.gathered(found, 2)) == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.usefixtures("app")
def test_jobs_of_one_person_are_bounded() -> None:
    for _ in range(export_jobs.MOST_JOBS):
        export_jobs.begin("session:bound", "q=a", "csv", 5)
    with pytest.raises(export_jobs.TooManyJobsError):
        export_jobs.begin("session:bound", "q=a", "csv", 5)


def test_the_heading_names_every_column(app) -> None:  # type: ignore[no-untyped-def]
    with app.test_request_context("/?lang=en"):
        assert heading()[-1] == "Address"
