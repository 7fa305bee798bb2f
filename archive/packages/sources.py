"""Where a delivery lies: a folder or a zip, listed and opened without ever leaving it."""

import codecs
import contextlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.packages.findings import Finding, Outcome, quote

_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
SYSTEM_FILES = {".ds_store", "thumbs.db", "desktop.ini"}


class DeliveryError(Exception):
    """Nothing can be taken from a delivery, or a file of it cannot be read; the message is Vietnamese.

    ``options`` of the command line say what is missing: pages have fields for them.
    """

    def __init__(self, message: str, options: str = "") -> None:
        super().__init__(message)
        self.options = options


class Source(Protocol):
    """A tree of files. Names are paths with '/', relative to the top, and only those that are safe to open."""

    name: str
    findings: list[Finding]

    def names(self) -> Iterator[str]:
        """All safe names."""
        ...

    def size(self, name: str) -> int:
        """Bytes of a file."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; DeliveryError when it cannot be."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


def refuse(name: str, code: str, wrong: str, action: str = "không mở, không lấy") -> Finding:
    """The finding of a file that is never opened."""
    return Finding("data", None, None, code, f"Tệp {quote(name)}: {wrong}", action, Outcome.REJECTED)


def is_system_file(name: str) -> bool:
    """What operating systems and office programs drop into folders."""
    last = name.rsplit("/", 1)[-1].lower()
    return last in SYSTEM_FILES or last.startswith(("~$", "._")) or "__MACOSX/" in name


class FolderSource:
    """A folder. Links that lead outside, devices and pipes are refused, one finding each."""

    def __init__(self, root: Path) -> None:
        self.name = root.resolve().name
        self.findings: list[Finding] = []
        self._root = root.resolve()

    def names(self) -> Iterator[str]:
        """Walk the folder; links to folders are never followed."""
        waiting = [""]
        while waiting:
            prefix = waiting.pop()
            try:
                entries = sorted(os.scandir(self._root / prefix), key=lambda entry: entry.name)
            except OSError as error:
                self.findings.append(refuse(prefix, "path.unreadable", f"không đọc được thư mục ({error.strerror})"))
                continue
            for entry in entries:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(name + "/")
                elif self._is_safe(entry, name):
                    yield name

    def _is_safe(self, entry: os.DirEntry[str], name: str) -> bool:
        try:
            name.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(name).decode("utf-8", "replace")
            self.findings.append(refuse(shown, "path.encoding", "tên tệp không phải UTF-8"))
            return False
        if entry.is_symlink():
            if self._inside(name):
                return True
            self.findings.append(refuse(name, "path.outside", "liên kết không dẫn tới một tệp bên trong gói giao nộp"))
            return False
        if not entry.is_file(follow_symlinks=False):
            self.findings.append(refuse(name, "path.special", "không phải tệp thường"))
            return False
        return True

    def _inside(self, name: str) -> Path | None:
        """The file that the name leads to, if it is one inside the folder."""
        try:
            target = (self._root / name).resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return target if target.is_relative_to(self._root) and target.is_file() else None

    def size(self, name: str) -> int:
        """Bytes of the file, 0 when it went away."""
        try:
            return (self._root / name).stat().st_size
        except OSError:
            return 0

    def open(self, name: str) -> BinaryIO:
        """Open a regular file inside the folder; checked again, since folders change."""
        try:
            if not (target := self._inside(name)):
                raise DeliveryError(f"Tệp {quote(name)} không nằm trong thư mục giao nộp hoặc không còn nữa.")
            # Not blocking: a pipe put in the file's place meanwhile must not hold the run.
            handle = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            stream = os.fdopen(handle, "rb")
        except OSError as error:
            raise DeliveryError(f"Không đọc được tệp {quote(name)}: {error.strerror}.") from error
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            stream.close()
            raise DeliveryError(f"Tệp {quote(name)} không phải tệp thường.")
        return stream

    def close(self) -> None:
        """Nothing is held open."""


def repair_name(name: str) -> str:
    """A zip name read as cp437 that was UTF-8 or, all in Vietnamese letters, Windows-1258: 'Hß╗ô' -> 'Hồ', '≡Γ∞t' ->
    'đất'; others stay."""
    try:
        written = name.encode("cp437")
        with contextlib.suppress(UnicodeError):
            return codecs.decode(written, "utf-8")
        old = unicodedata.normalize("NFC", written.decode("cp1258"))
    except UnicodeError:
        return name
    return old if all(map(_is_of_vietnamese, old)) else name


def _is_of_vietnamese(letter: str) -> bool:
    parts = unicodedata.normalize("NFD", letter)
    marked = parts[0] in "aeiouyAEIOUY" and len(parts) > 1 and _MARKS.issuperset(parts[1:])
    return letter.isascii() or letter in "đĐ" or marked
