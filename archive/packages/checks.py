"""Checks of one row that need no other row: dates, access, main fields."""

import re
from collections.abc import Sequence
from datetime import date

from archive.packages.cells import Cells, required_name
from archive.packages.dates import read_date
from archive.packages.fields import FIELD
from archive.packages.findings import Notes, Outcome, quote
from archive.packages.levels import NEVER, Access, bind, read_access
from archive.packages.rows import Days
from archive.packages.secrecy import looks_secret

QUARANTINED = Outcome.QUARANTINED


_SERIAL = re.compile(r"\d{5}")
_DAY_0 = date(1899, 12, 30).toordinal()  # of Excel's own counting
_FIRST_SERIAL, _LAST_SERIAL = (date(year, 1, 1).toordinal() - _DAY_0 for year in (1940, 2050))


def check_date(name: str, cells: Cells, notes: Notes) -> Days | None:
    """The days of a date field; what cannot be read stays as text, with a warning."""
    text = cells.values.get(name)
    if not text:
        return None
    heading = cells.headings.get(name, name)
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        day = date.fromordinal(_DAY_0 + int(text))
        cells.raw.setdefault(name, text)
        cells.values[name] = f"{day:%d/%m/%Y}"
        done = f"đã ghi {cells.values[name]}"
        notes.add(heading, "date.serial", f"ngày {quote(text)} là số ngày của bảng tính Excel", done)
        return day.toordinal(), day.toordinal()
    reading = read_date(text)
    if reading.code:
        notes.add(heading, reading.code, f"ngày {quote(text)} {reading.wrong}", "coi là chưa rõ ngày, giữ chữ đã giao")
    return reading.days


def check_period(cells: Cells, notes: Notes) -> Days | None:
    """The days of a file from `StartDate` to `EndDate`; one of them alone stands for both; an end before the start
    makes the dates unknown."""
    start, end = check_date("StartDate", cells, notes), check_date("EndDate", cells, notes)
    if start is None or end is None:
        return start or end
    if end[1] < start[0]:
        wrong = f"kết thúc {quote(cells.values['EndDate'])} trước bắt đầu {quote(cells.values['StartDate'])}"
        action = "coi là chưa rõ thời gian, giữ chữ đã giao"
        notes.add(cells.headings.get("EndDate", "EndDate"), "date.order", wrong, action)
        return None
    return start[0], max(start[1], end[1])


def check_main(names: Sequence[str], cells: Cells, notes: Notes) -> None:
    """One warning that lists the missing main fields."""
    missing = [required_name(FIELD[notes.table][name]) for name in names if name not in cells.values]
    if missing:
        notes.add(None, "field.missing", f"thiếu {', '.join(missing)}", "vẫn lấy, để trống")


def check_access(mode_field: str, cells: Cells, notes: Notes) -> Access | None:
    """The access that a row declares, None when it says something unknown (the row is then quarantined)."""
    values = cells.values
    reading = read_access(values, mode_field)
    for name, code in reading.problems:
        heading, text = cells.headings.get(name, name), quote(values.get(name, ""))
        if code == "access.unknown":
            action = "để riêng (cách ly), chờ lưu trữ viên xác định"
            notes.add(heading, code, f"không rõ mức tiếp cận {text}", action, QUARANTINED)
        elif code == "access.empty":
            notes.add(heading, code, "không ghi chế độ sử dụng", "coi là hạn chế (02)")
        elif code == "access.conflict":
            mode = f"{cells.headings.get(mode_field, mode_field)} ghi {quote(values[mode_field])}"
            level = reading.access.level if reading.access else "02"
            notes.add(heading, code, f"ghi {text} nhưng {mode}", f"lấy mức chặt nhất ({level})")
        else:
            notes.add(heading, code, f"không đọc được ngày mở {text}", "coi là hạn chế (02), không tự mở")
    if reading.access and reading.access.level == "03":
        _note_secret("ghi mức mật (03)", notes)
    elif ground := cells.secret or looks_secret("", {"Priority": values.get("Priority", "")}):
        _note_secret(ground, notes)
        return Access("03", NEVER)
    return reading.access


def settle_access(own: Access | None, all_said: Access | None, notes: Notes) -> Access | None:
    """The access of a record listed several times: the strictest of all its rows, with a warning when it differs."""
    if own is None or own == all_said:
        return own
    wrong = "dòng khác trùng mã này ghi mức tiếp cận hoặc ngày mở khác"
    if all_said is None:
        notes.add(None, "access.conflict", wrong, "để riêng (cách ly), chờ lưu trữ viên xác định", QUARANTINED)
    elif all_said.level == "03":
        _note_secret(wrong + ": mật (03)", notes)
    else:
        notes.add(None, "access.conflict", wrong, f"lấy mức chặt nhất ({all_said.level})")
    return all_said


def bind_access(own: Access | None, file: Access | None, notes: Notes) -> Access | None:
    """A document's access inside its file, with the findings that follow."""
    if file is None:
        action = "để riêng (cách ly) cùng hồ sơ"
        notes.add(None, "file.quarantined", "hồ sơ của văn bản đang bị để riêng (cách ly)", action, QUARANTINED)
        return None
    if file.level == "03" and (own is None or own.level != "03"):
        _note_secret("thuộc hồ sơ ở mức mật (03)", notes)
    if own is None:
        return file if file.level == "03" else None
    if own.level == "01" and file.level == "02":
        notes.add(None, "access.file-binds", "ghi không hạn chế nhưng hồ sơ hạn chế", "theo hồ sơ: hạn chế (02)")
    return bind(own, file)


def _note_secret(wrong: str, notes: Notes) -> None:
    action = "để riêng (cách ly), không đưa vào tra cứu; cần chuyển sang hệ thống độc lập"
    notes.add(None, "access.secret", wrong, action, QUARANTINED)
