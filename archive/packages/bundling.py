"""Lines of one rule about no row, thousands of them: the first in full, the others named together in long lines.

A zip may hold a hundred thousand files that no row names.  A line each makes a report that nobody reads and that takes
longer to write than the package to take; a mere number would lose which files they are.  So every name stays in the
report, in lines of a bounded length that fit a spreadsheet's cell; pages show the beginning of such a line.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.packages.findings import Finding

FULL = 100  # lines of one rule that stand by themselves
LONGEST = 30_000  # characters of a line: a cell of a workbook holds 32,767
_QUOTED = re.compile("“([^”]*)”")


def bundle(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings, those about no row bundled where one rule has more than FULL of one table and outcome."""
    kept, rest = list[Finding](), defaultdict[tuple[str, ...], list[Finding]](list)
    seen = defaultdict[tuple[str, ...], int](int)
    for one in findings:
        key = (one.table, one.code, one.outcome, one.action)
        if one.row is None and one.record is None:
            seen[key] += 1
        (kept if seen[key] <= FULL or one.row is not None or one.record is not None else rest[key]).append(one)
    return [*kept, *(line for many in rest.values() for line in _lines(many))]


def _lines(many: list[Finding]) -> Iterator[Finding]:
    part, size = list[str](), 0
    for one in many:
        name = (_QUOTED.search(one.message) or [one.message])[0]
        if part and size + len(name) > LONGEST:
            yield _line(many[0], part)
            part, size = [], 0
        part.append(name)
        size += len(name) + 2
    yield _line(many[0], part)


def _line(like: Finding, names: list[str]) -> Finding:
    return replace(like, field=None, message=f"Như các dòng trên, còn {len(names)}: {', '.join(names)}")
