"""The report of a delivery as a spreadsheet that a person opens."""

import csv
from collections.abc import Iterable
from pathlib import Path

from archive.packages.findings import Finding, Outcome

HEADINGS = ("Kết quả", "Bảng", "Dòng", "Cột", "Mã bản ghi", "Điều phát hiện", "Đã xử lý", "Mã lỗi")
OUTCOMES = {
    Outcome.ACCEPTED: "Nhận",
    Outcome.WARNED: "Nhận, có cảnh báo",
    Outcome.HELD: "Chờ xác nhận",
    Outcome.QUARANTINED: "Để riêng (cách ly)",
    Outcome.REJECTED: "Không nhận",
}


def guard_cell(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula: = + - @ at the start get an apostrophe before them.

    A tab or a line end before them counts as the start (OWASP, CSV injection).
    """
    return "'" + text if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def write_csv(findings: Iterable[Finding], path: Path) -> int:
    """Write the findings as CSV (UTF-8 with mark, Vietnamese headings), one line each; returns how many."""
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for f in findings:
            row = "" if f.row is None else str(f.row)
            cells = (OUTCOMES[f.outcome], f.table, row, f.field or "", f.record or "", f.message, f.action, f.code)
            writer.writerow([guard_cell(cell) for cell in cells])
            count += 1
    return count
