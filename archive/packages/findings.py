"""What was found in a delivery and what was done about it: the lines of the report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_QUOTE = 80


class Outcome(StrEnum):
    """What became of a row or a file, from the lightest to the gravest."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    HELD = "held"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


GRAVITY = {outcome: gravity for gravity, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: where, what is wrong (`message`), what was done (`action`), both in Vietnamese.

    `table` is 'phong', 'ho-so', 'van-ban', 'data' or 'package'; `row` is the line number as a person sees it in the
    sheet (the heading line is 1), None when the finding is about no row; `field` is the person's own heading;
    `code` is a machine word such as 'date.impossible'; `record` is the DocCode, FileCode or OrganId;
    `about` the same where no page may say it (a row that may be secret): it only tells whether a correction came.
    """

    table: str
    row: int | None
    field: str | None
    code: str
    message: str
    action: str
    outcome: Outcome
    record: str | None = None
    about: str = ""


def quote(value: str) -> str:
    """The offending value between Vietnamese quotation marks, on one line, cut to 80 characters."""
    # A soft hyphen is the ư of TCVN3 fonts: seen as a hyphen
    flat = " ".join("".join(ch if ch.isprintable() else " " for ch in value.replace("\xad", "-")).split())
    return f"“{flat}”" if len(flat) <= LONGEST_QUOTE else f"“{flat[: LONGEST_QUOTE - 1]}…”"


def worst(findings: Iterable[Finding]) -> Outcome:
    """The gravest outcome among the findings; accepted when there are none."""
    return max((f.outcome for f in findings), key=GRAVITY.__getitem__, default=Outcome.ACCEPTED)


@dataclass(slots=True)
class Notes:
    """Collects the findings of one row, so that each names its table, row and record."""

    table: str
    row: int | None
    record: str | None = None
    findings: list[Finding] = field(default_factory=list)

    def add(self, heading: str | None, code: str, wrong: str, action: str, outcome: Outcome = Outcome.WARNED) -> None:
        """Add a finding; `wrong` is a Vietnamese clause that the row and the heading are put before."""
        places = [f"Dòng {self.row}" if self.row is not None else "", f"cột “{heading}”" if heading else ""]
        place = ", ".join(p for p in places if p)
        message = f"{place}: {wrong}" if place else wrong[:1].upper() + wrong[1:]
        self.findings.append(Finding(self.table, self.row, heading, code, message, action, outcome, self.record))
