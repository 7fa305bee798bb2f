"""The child that reads a register of JSON objects, one a line or a list of them: its bytes on standard input, rows as
CSV into the file named first, with so much memory as is named next, what was found as one JSON object on standard
output.

Lines are read twice and never kept; a list is one value and lies in memory whole, within the child's limit.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive.packages.findings import quote
from archive.packages.unpacking import MOST_COLUMNS, Told, answer

MOST_UNREAD = 10_000
"""Lines that are no object: with more of them the file is no register."""

Note = Callable[[int, str], None]  # the line, what is wrong with it


def main() -> None:
    """Reads what stands on standard input.  The answer is ``{keys, unread, wrong}``: the columns in their order, line
    and Vietnamese clause of what was not taken, and why nothing could be (``large``, ``broken``; "" otherwise)."""
    answer({"keys": [], "unread": [], "wrong": ""}, _write)


def _write(content: bytes, path: Path, told: Told) -> None:
    text = content.decode("utf-8-sig", "replace")

    def note(line: int, wrong: str) -> None:
        if len(told["unread"]) >= MOST_UNREAD:
            told["wrong"] = "broken"
        else:
            told["unread"].append((line, wrong))

    whole = _whole(text)
    keys: dict[str, None] = {}
    for _, row in _objects(text, whole, note):
        if told["wrong"]:
            return
        keys |= dict.fromkeys(list(row)[: MOST_COLUMNS - len(keys)] if len(keys) < MOST_COLUMNS else [])
    told["keys"] = list(keys)[:MOST_COLUMNS]
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        for line, row in _objects(text, whole, lambda *_: None):
            writer.writerow([line, *(show_value(row.get(key)) for key in told["keys"])])


def _objects(text: str, whole: list[Any] | None, note: Note) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, value in enumerate(whole, 1) if whole is not None else _lines(text, note):
        if isinstance(value, dict):
            yield line, value
        else:
            note(line, "không phải một đối tượng JSON")


def _whole(text: str) -> list[Any] | None:
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, list) else [read]


def _lines(text: str, note: Note) -> Iterator[tuple[int, Any]]:
    start = number = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line, start, number = text[start:end], end + 1, number + 1
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            note(number, f"không đọc được JSON ({quote(line)})")


def show_value(value: object) -> str:
    """A value as a person would write it into a cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(show_value(one) for one in value)
    if isinstance(value, bool):
        return "có" if value else "không"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
