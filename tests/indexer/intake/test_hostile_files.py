"""Files that are not taken: the record comes without them, the report and the exit code say so, and no page calls it
paper."""

import os
import zipfile
from pathlib import Path

import pytest

from indexer.intake.taking import take_package
from tests.archive.packages.test_hostile import LAUGH, zipped
from tests.indexer.extraction.making import text_pdf
from tests.transfers import Transfer, codes, drain_all, lines, record, take
from vankho.intake import exit_code

pytestmark = pytest.mark.both_databases


def delivery(root: Path, **files: bytes) -> Path:
    made = Transfer(root).fonds().file("HS1").document("VB1", "HS1", body=None)
    for name, body in files.items():
        made.data[name.replace("_", ".")] = body
    return made.write()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\0\x03\0\0\0" + os.urandom(900), "file.program"),
        (zipped(word__document_xml=LAUGH, **{"[Content.Types]_xml": "<Types/>"}), "file.entities"),
    ],
)
def test_a_file_that_is_no_document_is_not_taken(home: Path, tmp_path: Path, data: bytes, code: str) -> None:
    package = delivery(tmp_path / "goi", VB1_docx=data)
    taken = take(package)
    (told,) = [line for line in lines() if line.code == code]
    assert told.outcome == "rejected"
    assert "VB1.docx" in told.message
    assert "không có tệp này" in told.action
    assert exit_code(taken) == 1
    assert record("VB1").medium == ""
    assert exit_code(take(package)) == 1  # it is still to be looked at


def test_a_member_broken_inside_the_zip_is_told(home: Path, tmp_path: Path) -> None:
    folder = delivery(tmp_path / "goi", VB1_pdf=text_pdf([("Báo cáo", 50, 600)]))
    made = tmp_path / "goi.zip"
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    data = made.read_bytes()
    at = data.index(b"%PDF-") + 20
    made.write_bytes(data[:at] + bytes(8) + data[at + 8 :])
    taken = take_package(made)
    drain_all()
    assert ("file.unreadable", "VB1") in codes()
    assert exit_code(taken) == 1
    assert record("VB1").medium == ""


def test_a_pdf_that_acts_is_taken_and_named(home: Path, tmp_path: Path) -> None:
    plain = text_pdf([("Bao cao", 50, 600)])
    acting = plain.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
    acting = acting if acting != plain else plain + b"\n% << /OpenAction << /S /JavaScript >> >>\n%%EOF"
    taken = take(delivery(tmp_path / "goi", VB1_pdf=acting))
    (told,) = [line for line in lines() if line.code == "pdf.active"]
    assert (told.outcome, "OpenAction, JavaScript" in told.message) == ("warned", True)
    assert exit_code(taken) == 0
    assert record("VB1").medium == "digital"
