"""Pages as people write them: ``1-3, 7``."""

import re
from collections.abc import Iterable

from archive.telling import Told

_PART = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")


class PagesError(Told):
    """What was written names no pages of this record."""


def read_pages(written: str, count: int) -> list[int]:
    """The page numbers, in order, each once; none written: all ``count``.  Raises PagesError on others."""
    if not written.strip():
        return list(range(1, count + 1))
    found: set[int] = set()
    for part in written.split(","):
        part = part.strip()
        one = _PART.fullmatch(part)
        if one is None:
            raise PagesError("“%(part)s” không phải là số trang; hãy ghi như 1-3, 7.", part=part[:40])
        first, last = int(one[1]), int(one[2] or one[1])
        if first > last:
            raise PagesError(
                "“%(part)s” đi ngược; hãy ghi trang nhỏ trước: %(right)s.", part=part, right=f"{last}-{first}"
            )
        if not 1 <= first <= last <= count:
            raise PagesError("“%(part)s”: tài liệu có %(n)s trang.", part=part, n=count)
        found.update(range(first, last + 1))
    return sorted(found)


def write_pages(numbers: Iterable[int]) -> str:
    """Page numbers as they are kept: in order, runs as ``1-3``, no blanks; none: ""."""
    runs: list[tuple[int, int]] = []
    for n in sorted(set(numbers)):
        runs = [*runs[:-1], (runs[-1][0], n)] if runs and runs[-1][1] == n - 1 else [*runs, (n, n)]
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)
