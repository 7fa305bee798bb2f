"""A delivery in a zip: names that leave it, secrets, duplicates and bombs are refused; the rest is read in place."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from archive.packages.findings import Finding, Outcome, quote
from archive.packages.sources import DeliveryError, refuse, repair_name

LARGEST_TOTAL = 200 << 30
LARGEST_RATIO, RATIO_FROM = 1000, 100 << 20
MOST_ENTRIES = 5_000_000
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_DRIVE = re.compile(r"^[A-Za-z]:")


class ZipSource:
    """A zip as a `Source`. What it declares is checked at once; a total above 200 GiB refuses the whole delivery."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.findings: list[Finding] = []
        self.encrypted: set[str] = set()
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise DeliveryError(f"Tệp {quote(path.name)} không phải tệp ZIP đọc được (có thể bị cắt cụt).") from error
        infos = self._zip.infolist()
        total = sum(info.file_size for info in infos)
        if total > LARGEST_TOTAL or len(infos) > MOST_ENTRIES:
            self._zip.close()
            raise DeliveryError(
                f"Tệp ZIP {quote(path.name)} khai {len(infos)} mục, bung ra {total >> 30} GiB, vượt giới hạn "
                f"{LARGEST_TOTAL >> 30} GiB hoặc {MOST_ENTRIES} mục; không lấy gì. Hãy chia nhỏ rồi giao lại."
            )
        repaired = sum(not info.is_dir() and self._take(info) for info in infos)
        if repaired:
            self.findings.append(
                Finding(
                    "package",
                    None,
                    None,
                    "zip.names",
                    f"{repaired} tên tệp trong ZIP ghi sai bảng mã",
                    "đã đọc lại tên theo UTF-8 hoặc Windows-1258",
                    Outcome.WARNED,
                )
            )

    def _take(self, info: zipfile.ZipInfo) -> bool:
        """Put the entry on the list unless it is unsafe; True when its name was repaired."""
        name = info.filename if info.flag_bits & 0x800 else repair_name(info.filename)
        repaired = name != info.filename
        name = name.replace("\\", "/")
        steps = name.split("/")
        if name.startswith("/") or ".." in steps or _DRIVE.match(name) or "\0" in info.orig_filename:
            self.findings.append(refuse(name, "path.outside", "đường dẫn đi ra ngoài gói giao nộp"))
        elif info.external_attr >> 28 == 0o12:
            self.findings.append(refuse(name, "path.outside", "là liên kết (symlink) trong ZIP"))
        elif info.flag_bits & 1:
            self.encrypted.add(name)
            self.findings.append(refuse(name, "zip.encrypted", "có mật khẩu"))
        elif info.file_size > RATIO_FROM and info.file_size > LARGEST_RATIO * max(1, info.compress_size):
            wrong = f"nén bất thường, {info.compress_size} byte bung thành {info.file_size} byte"
            self.findings.append(refuse(name, "zip.bomb", wrong))
        else:
            name = "/".join(step for step in steps if step not in ("", "."))
            if name not in self._entries:
                self._entries[name] = info
                return repaired
            self.findings.append(refuse(name, "zip.duplicate", "trùng tên trong ZIP", "chỉ lấy mục đầu tiên"))
        return False

    def names(self) -> Iterator[str]:
        """The safe names, in order."""
        yield from sorted(self._entries)

    def size(self, name: str) -> int:
        """Bytes that the entry declares; reading never gives more."""
        return self._entries[name].file_size

    def open(self, name: str) -> BinaryIO:
        """Open an entry; errors found while reading are zipfile's and zlib's (see UNREADABLE)."""
        try:
            return cast(BinaryIO, self._zip.open(self._entries[name]))
        except KeyError as error:
            raise DeliveryError(f"Không có tệp {quote(name)} trong ZIP.") from error
        except UNREADABLE as error:
            raise DeliveryError(f"Không đọc được tệp {quote(name)} trong ZIP (bị hỏng).") from error

    def close(self) -> None:
        """Close the zip."""
        self._zip.close()
