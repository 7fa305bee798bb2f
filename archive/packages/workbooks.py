"""Tables in spreadsheets (.xlsx, .xls, .ods): the values that a person sees, unpacked in a child with limits."""

import csv
import errno
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.children import bare_environment
from archive.packages.sheets import Record
from archive.packages.unpacking import MEMORY

WORKBOOKS = (".xlsx", ".xls", ".ods")
LARGEST_PART = 1 << 30  # bytes of one unpacked part of the workbook
LARGEST_RATIO = 1000
SECONDS = 900.0  # by the clock; the child's own limits are in archive.packages.unpacking
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WRONG = {
    "locked": "có mật khẩu",
    "broken": "hỏng, không mở được",
    "large": "bung ra quá lớn",
}


class WorkbookError(Exception):
    """A workbook that cannot be read; the message is a Vietnamese clause."""


class UnpackedSheet:
    """Rows that a child put into a temporary file of text, which ends with the sheet: reading foreign bytes again costs
    as much as the first time.  ``told`` is what the child said of them.
    """

    def __init__(self, content: bytes, module: str, memory: int) -> None:
        """Raises WorkbookError where the child took nothing in so many bytes of memory."""
        self.runaway: list[int] = []
        self._file = tempfile.NamedTemporaryFile(suffix=".csv")  # noqa: SIM115
        try:
            self.told = _unpack(content, self._file.name, module, memory)
        except BaseException:
            self.close()
            raise

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`."""
        with Path(self._file.name).open(newline="", encoding="utf-8") as file:
            for number, *texts in csv.reader(file):
                yield int(number), texts

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()


class WorkbookSheet(UnpackedSheet):
    """The first visible worksheet that holds anything; formulas give the values last computed.

    ``left`` is what is in the other sheets (name, rows, whether it is hidden), ``beyond`` the first row with cells
    behind the hundredth column (0: none).
    """

    def __init__(self, content: bytes, *, memory: int = MEMORY) -> None:
        """Raises WorkbookError when the workbook is unsafe or cannot be opened at all in so many bytes of memory."""
        if not content.startswith(_OLE):
            check_parts(content)
        super().__init__(content, "archive.packages.unpacking", memory)
        told = self.told
        self.last_row, self._broken = int(told["last"]), bool(told["broken"])
        self.beyond = int(told["beyond"])
        self.left: list[tuple[str, int, bool]] = [(name, rows, hidden) for name, rows, hidden in told["left"]]

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`; raises WorkbookError behind the last record where the workbook breaks."""
        yield from super().records()
        if self._broken:
            raise WorkbookError("tệp bảng tính hỏng giữa chừng")

    def notes(self) -> Iterator[tuple[str, str, str]]:
        """What of the workbook is not among the records: code, what is wrong, what was done."""
        for name, rows, hidden in self.left:
            kind = "trang tính ẩn" if hidden else "trang tính"
            wrong = f"còn {kind} “{name}” có {rows} dòng"
            yield "sheet.unread", wrong, "chỉ đọc trang đầu tiên có chữ; hãy giao mỗi trang một tệp nếu cần"
        if self.beyond:
            yield "column.beyond", f"có ô nằm sau cột thứ 100 (từ dòng {self.beyond})", "không lấy các ô ấy"


def is_workbook(name: str, head: bytes) -> bool:
    """Whether a table is read as a spreadsheet, by its name and first bytes: many a .xls is text with tabs.

    Raises WorkbookError for a web page that was given the name of a spreadsheet.
    """
    if not name.lower().endswith(WORKBOOKS):
        return False
    if head.startswith((b"PK", _OLE)) or not name.lower().endswith(".xls") or not head:
        return True
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<", b"mime-version:")):
        raise WorkbookError("là trang web mang đuôi .xls, không phải bảng tính; hãy mở rồi lưu lại dạng .xlsx")
    return False


def _unpack(content: bytes, path: str, module: str, memory: int) -> dict[str, Any]:
    """What that child says of the bytes whose rows it puts into the file; WorkbookError where it took none."""
    command = [sys.executable, "-m", module, path, str(memory)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, env=bare_environment(), timeout=SECONDS, check=True
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        if error.returncode == errno.ENOSPC:
            raise OSError(errno.ENOSPC, "no room for the temporary file") from error
        raise WorkbookError("cần quá nhiều bộ nhớ hay thời gian để mở") from error
    except subprocess.TimeoutExpired as error:
        raise WorkbookError("cần quá nhiều thời gian để mở") from error
    if told["wrong"]:
        raise WorkbookError(_WRONG[told["wrong"]])
    return told


def check_parts(content: bytes) -> None:
    """Refuse bombs and document type declarations before any parser sees them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.infolist():
                if part.flag_bits & 1:
                    raise WorkbookError("tệp bảng tính có mật khẩu")
                ratio = part.file_size / max(1, part.compress_size)
                if part.file_size > LARGEST_PART or (ratio > LARGEST_RATIO and part.file_size > 100 << 20):
                    raise WorkbookError("tệp bảng tính bung ra quá lớn")
                with parts.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise WorkbookError("tệp bảng tính chứa khai báo kiểu tài liệu (DOCTYPE), không an toàn")
    except WorkbookError:
        raise
    except Exception as error:  # zipfile and zlib, too, raise many things on broken bytes
        raise WorkbookError("không phải tệp bảng tính (.xlsx, .xls, .ods) hoặc tệp bị hỏng") from error
