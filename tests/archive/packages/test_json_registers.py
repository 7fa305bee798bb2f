"""Registers of JSON: read in a child, every line that is no object told, what unfolds refused."""

import gzip
import json
from pathlib import Path

import pytest

from archive.packages.registers.objects import MOST_UNREAD
from archive.packages.registers.sheets import ObjectSheet, open_register
from archive.packages.sources import DeliveryError
from archive.packages.unpacking import MOST_COLUMNS
from archive.packages.workbooks import WorkbookError

ROWS = [{"Số": "1", "Trích yếu": "Về “đê”,\nđiều"}, {"Số": 2, "Mật": False, "Nơi": ["An", "Bình"]}]
KEYS = ["Số", "Trích yếu", "Mật", "Nơi"]
READ = [["1", "Về “đê”,\nđiều", "", ""], ["2", "", "không", "An; Bình"]]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["lines", "list"])
def test_lines_and_lists_are_read_alike(kind: str, tmp_path: Path) -> None:
    text = json.dumps(ROWS) if kind == "list" else "\n".join(map(json.dumps, ROWS))
    register = open_register(written(tmp_path / "so.json", b"\xef\xbb\xbf" + text.encode()))
    assert register.headings == KEYS
    assert [*register.rows()] == [*enumerate(READ, 1)]
    assert [*register.rows()] == [*enumerate(READ, 1)], "as often as it is asked"
    register.close()


def test_lines_that_are_no_objects_are_told_and_the_others_taken(tmp_path: Path) -> None:
    lines = [json.dumps(ROWS[0]), "{", "", "[1]", "[" * 100_000, json.dumps(ROWS[1])]
    register = open_register(written(tmp_path / "so.jsonl.gz", gzip.compress("\n".join(lines).encode())))
    assert [line for line, _ in register.rows()] == [1, 6]
    assert [(one.code, one.row) for one in register.findings] == [("row.unreadable", n) for n in (2, 4, 5)]
    register.close()


@pytest.mark.parametrize("data", [b"[" * 1_000_000, b"x\n" * (MOST_UNREAD + 2)], ids=["deep", "no register"])
def test_what_is_no_register_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"hỏng|không có dòng nào"):
        open_register(written(tmp_path / "so.json", data))


def test_a_list_that_unfolds_ends_in_the_child() -> None:
    """In a tenth of the memory that it has else: each empty object takes 64 bytes of it."""
    with pytest.raises(WorkbookError, match=r"quá lớn|quá nhiều"):
        ObjectSheet(b"[" + b"{}," * 4_000_000 + b"{}]", memory=160 << 20)


def test_no_more_columns_than_a_table_has(tmp_path: Path) -> None:
    wide = {f"c{n}": n for n in range(MOST_COLUMNS + 50)}
    register = open_register(written(tmp_path / "so.json", json.dumps([wide, {"khác": 1}]).encode()))
    assert len(register.headings) == MOST_COLUMNS
    register.close()
