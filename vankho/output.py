"""What the command line says: progress for people on standard error, results for people or, with --json, machines."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import click

from archive.clock import seconds_left

#: The option that every command has.
JSON = click.option("--json", "as_json", is_flag=True, help="kết quả dạng JSON, một dòng")

LABELS = {
    "phong": "Nhận phông",
    "ho-so": "Nhận hồ sơ",
    "van-ban": "Nhận văn bản",
    "phim-anh": "Nhận phim, ảnh",
    "ghi-am": "Nhận ghi âm, ghi hình",
    "index": "Lập chỉ mục",
    "mask": "Che dữ liệu cá nhân",
    "ocr": "Nhận dạng chữ",
    "văn bản": "Soạn kho mẫu",
    "check": "Kiểm tra tệp",
}


class ProgressLine:
    """One line a step: redrawn on a terminal, a line every five seconds elsewhere; silent when asked to be."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._label = ""
        self._shown = 0.0
        self._start = time.monotonic()
        self._told = ""

    def __call__(self, label: str, done: int, total: int) -> None:
        """Shows how far a step is; ``total`` 0 where it is not known."""
        if self._quiet:
            return
        moment = time.monotonic()
        if label != self._label:
            self.close()
            self._label, self._start, self._shown, self._told = label, moment, moment, ""
        self._last = self._text(label, done, total, moment - self._start)
        if moment - self._shown >= (0.1 if self._terminal else 5.0):
            self._shown, self._told = moment, self._last
            click.echo(f"\r\033[K{self._last}" if self._terminal else self._last, err=True, nl=not self._terminal)

    def close(self) -> None:
        """Ends the line of the running step."""
        if self._label and (self._terminal or self._told != self._last):
            click.echo(f"\r\033[K{self._last}" if self._terminal else self._last, err=True)
        self._label = ""

    _last = ""

    @staticmethod
    def _text(label: str, done: int, total: int, seconds: float) -> str:
        counted = f"{thousands(done)}/{thousands(total)}" if total else thousands(done)
        filled = min(20, done * 20 // total) if total else 0
        bar = "█" * filled + "·" * (20 - filled)
        shown = f"  {LABELS.get(label, label):<16} {bar} {counted:>17}  {seconds:5.1f} giây"
        left = seconds_left(done, total, seconds)
        return f"{shown}, còn {thousands(left)}" if left else shown


def thousands(number: int) -> str:
    """A number as Vietnamese write it: 48.210."""
    return f"{number:,}".replace(",", ".")


def say(text: str, result: Mapping[str, Any], *, as_json: bool) -> None:
    """Prints a result: the text, or the mapping as one line of JSON."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else text)


def fail(text: str, *, as_json: bool, code: int = 2) -> NoReturn:
    """Says what went wrong and ends the program with the exit code."""
    say(f"Lỗi: {text}", {"error": text}, as_json=as_json)
    raise SystemExit(code)
