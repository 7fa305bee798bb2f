"""Pages as people write them: ``1-3, 7``."""

import re
from collections.abc import Iterable

_PART = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")


def read_pages(written: str, count: int) -> list[int]:
    """The page numbers, in order, each once; none written: all ``count``.  Raises ValueError (Vietnamese) on others."""
    if not written.strip():
        return list(range(1, count + 1))
    found: set[int] = set()
    for part in written.split(","):
        said = _PART.fullmatch(part.strip())
        if said is None:
            raise ValueError(f"“{part.strip()[:40]}” không phải là số trang; hãy ghi như 1-3, 7.")
        first, last = int(said[1]), int(said[2] or said[1])
        if not 1 <= first <= last <= count:
            raise ValueError(f"“{part.strip()}”: tài liệu có {count} trang.")
        found.update(range(first, last + 1))
    return sorted(found)


def write_pages(numbers: Iterable[int]) -> str:
    """Page numbers as they are kept: in order, runs as ``1-3``, no blanks; none: ""."""
    runs: list[tuple[int, int]] = []
    for n in sorted(set(numbers)):
        runs = [*runs[:-1], (runs[-1][0], n)] if runs and runs[-1][1] == n - 1 else [*runs, (n, n)]
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)
