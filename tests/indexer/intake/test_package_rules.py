"""Packages of TT 05/2025 measured by the circular's own rules: each thing wrong has its line, and names its rule."""

from pathlib import Path

import pytest

from archive.packages.csip.annexes import demands
from archive.packages.csip.elements import FILE, ITEM
from archive.packages.csip.rules import rules
from archive.packages.csip.writing import Kind
from archive.packages.opening import open_package
from indexer.intake.taking import take_package
from tests.csip_packages import Csip
from tests.indexer.intake.test_csip import CONTEXT
from tests.indexer.intake.test_packing import complete, export
from tests.transfers import lines, record

KIND: tuple[Kind, ...] = ("AIP", "SIP")
pytestmark = pytest.mark.both_databases


def told(path: Path) -> dict[str, list[str]]:
    """Lines of a taken package by the rule that stands behind them."""
    found: dict[str, list[str]] = {}
    for one in sorted(lines(take_package(path, None, CONTEXT).package), key=lambda one: (one.row or 0, one.id)):
        found.setdefault(one.message.rpartition("[")[2].rstrip("]"), []).append(one.message)
    return found


def test_a_package_that_keeps_to_the_circular_has_no_line(home: Path, tmp_path: Path) -> None:
    for kind in ("SIP", "AIP"):
        made = Csip(tmp_path / kind, kind).document(1).document(2, sort="pic").document(3, sort="media")
        taken = take_package(made.whole(totalDoc="3").write(), None, CONTEXT)
        assert [(one.code, one.message) for one in lines(taken.package) if one.code != "fonds.derived"] == []


def test_required_elements_that_are_missing_are_told_by_rule(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").whole(totalDoc="1", maintenance="", startDate="", riskRecovery="1")
    found = told(made.document(1, organName="", issuedDate="", confidenceLevel="01").write())
    assert [one.partition(": ")[2] for one in found["VN-EAD-5"]] == [
        "thiếu phần tử bắt buộc maintenance, startDate [VN-EAD-5]",
        "thiếu phần tử bắt buộc issuedDate, organName [VN-EAD-5]",
    ]
    assert [one.partition("đòi: ")[2] for one in found["VN-EAD-6"]] == [
        "riskRecoveryStatus (riskRecovery là 1) [VN-EAD-6]",
        "process (confidenceLevel là 01,03) [VN-EAD-6]",
    ]
    assert record("H48.01.1998.01.0000001").title == "Về việc giao đất 1"  # taken all the same


def test_codes_dates_numbers_lengths_and_counts_are_told_by_rule(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi")
    made.whole(maintenance="99", language="01;77", startDate="1998-01-01", format="9", totalDoc="9", title="x" * 1001)
    found = told(made.document(1, typeName="88", numberOfPage="abc", docId="A" * 30, issuedDate="1998").write())
    whole, document = found["VN-EAD-7"]
    assert whole.startswith("Tệp “metadata/descriptive/EAD.xml”: maintenance ghi “99”, không có trong bảng mã, ")
    assert "language ghi “77”" in whole
    assert "format ghi “9”" in whole
    assert "typeName ghi “88”" in document
    assert "startDate ghi “1998-01-01”, không theo DD/MM/YYYY" in found["VN-EAD-8"][0]
    assert found["VN-EAD-9"] == ["Dòng 2: numberOfPage ghi “abc” [VN-EAD-9]"]
    assert [one.partition(" ký tự")[0].rpartition(": ")[2] for one in found["VN-EAD-10"]] == [
        "title dài 1001",
        "docId dài 30",
    ]
    assert "totalDoc ghi “9”, gói có 1 tài liệu" in found["VN-EAD-11"][0]
    assert "issuedDate chỉ ghi “1998”" in found["VN-EAD-13"][0]
    assert {one[:8] for one in found} == {"VN-EAD-7", "VN-EAD-8", "VN-EAD-9", "VN-EAD-1", "Gói ghi "}


def test_pictures_and_recordings_have_elements_of_their_own(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").whole(totalDoc="2").document(1, sort="pic", typePic="9", colour="07", imageTitle="")
    found = told(made.document(2, sort="media", typeMedia="", playTime="00:00:00:00").write())
    assert "typePic ghi “9”, không có trong bảng mã, colour ghi “07”" in found["VN-EAD-7"][0]
    assert "playTime dài 11 ký tự, tối đa 8" in found["VN-EAD-10"][0]
    assert {one.rpartition(" [")[0].rpartition(" ")[2] for one in found["VN-EAD-12"]} == {"imageTitle", "typeMedia"}


def test_what_is_exported_whole_has_no_line_and_what_lacks_something_the_same_when_read_back(
    home: Path, tmp_path: Path
) -> None:
    take_package(complete(tmp_path / "goi").document("VB9", "HS1", Format="tốt", ConfidenceLevel="Số hóa").write())
    for kind in KIND:
        (sound,) = export(tmp_path / "xuat", "HS2", kind=kind)
        assert sound.lines == []
        (lacking,) = export(tmp_path / "xuat", "HS1", kind=kind)
        missing = {one.record: one.message.partition("” ")[2] for one in lacking.lines if one.code == "element.missing"}
        assert set(missing) == {"HS1", "VB1", "VB2", "VB3", "VB9"}
        with open_package(lacking.place, CONTEXT) as delivery:
            rows = [*delivery.fonds(), *delivery.files(), *delivery.documents()]
            read = {f.record or "HS1": f for f in (*delivery.findings, *(f for row in rows for f in row.findings))}
        assert {code: one.message.partition(": ")[2] for code, one in read.items()} == {
            code: f"{one} [VN-EAD-5]" for code, one in missing.items()
        }


def test_what_only_may_be_law_is_no_more_than_told() -> None:
    for rule in rules().values():
        assert rule.confidence in ("V", "V2") or rule.severity in ("accepted", "warned"), rule.id


def test_what_is_written_has_the_lengths_that_are_measured() -> None:
    for elements, sheet in ((FILE, "file"), *((ITEM[sort], sort) for sort in ITEM)):
        known = {one.name: one for kind in ("SIP", "AIP") for one in demands(sheet, kind)}
        for one in elements:
            assert one.name in known, one.name
            if known[one.name].length and known[one.name].type in ("text", "number"):
                assert one.length == known[one.name].length, one.name
