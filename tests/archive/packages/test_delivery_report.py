"""The exported report: Vietnamese headings, one line a finding, no formulas."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archive.packages.delivery import open_delivery
from archive.packages.findings import Finding, Outcome, worst
from archive.packages.report import HEADINGS, guard_cell, write_csv
from tests.archive.packages.transfer_folders import DOCUMENTS, Maker


def test_a_report_opens_in_a_spreadsheet_without_formulas(make: Maker, tmp_path: Path) -> None:
    rows = [(*DOCUMENTS[0], "=cmd|' /C calc'!A0"), ("=1+1", "HS1", "", "", "@SUM(A1)", "31/02/1998", "01", "")]
    with open_delivery(make(van_ban=rows)) as delivery:
        found = [f for d in delivery.documents() for f in d.findings] + delivery.findings
    path = tmp_path / "bao-cao.csv"
    assert write_csv(found, path) == len(found) >= 3
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    assert tuple(head) == HEADINGS
    assert len(lines) == len(found)
    assert "'=1+1" in {line[4] for line in lines}
    assert "'=cmd|' /C calc'!A0" in {line[3] for line in lines}
    assert {line[2] for line in lines} == {"1", "2"}


@given(st.text())
def test_no_cell_begins_like_a_formula_and_nothing_else_changes(text: str) -> None:
    cell = guard_cell(text)
    assert cell.lstrip()[:1] not in {"=", "+", "-", "@"}
    assert cell in {text, "'" + text}


def test_the_gravest_outcome_wins() -> None:
    def finding(outcome: Outcome) -> Finding:
        return Finding("van-ban", 1, None, "x", "m", "a", outcome)

    assert worst([]) is Outcome.ACCEPTED
    for i, outcome in enumerate(Outcome):
        assert worst([finding(o) for o in list(Outcome)[: i + 1]][::-1]) is outcome
