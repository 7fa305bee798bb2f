"""What people corrected on a page outlives the next delivery and the next recognition of that page.

Where the new text has the line as it was before its correction, the correction is made again; where it has neither the
old line nor the corrected one, the new text stays and the correction waits for an archivist (``contested``).  Nothing
is overwritten in silence: both are told in the report of the delivery.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accession.concealing import conceal_text
from archive.accession.line_text import hand_masked, put_line
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.deliveries import ReportRow
from archive.catalogue.records import Page, Record
from archive.lines import TextLine, find_line, lines_of
from archive.packages.findings import Outcome


@dataclass(slots=True)
class _Chain:
    """Corrections of one line, one upon the other: what it was before any of them, and what it is after the last."""

    befores: list[str]
    after: str
    rows: list[LineCorrection] = field(default_factory=list)


def keep_corrections(session: Session, packages: Mapping[int, int | None], page: int | None = None) -> None:
    """Makes accepted corrections again on pages written anew: of these records (the package that brought each,
    None where none did), or of one page of them."""
    standing = LineCorrection.state.in_(("accepted", "contested"))  # a delivery that is undone ends the contest, too
    asked = select(LineCorrection).where(LineCorrection.record_id.in_(packages), standing)
    if page is not None:
        asked = asked.where(LineCorrection.page == page)
    by_page = defaultdict[tuple[int, int], list[LineCorrection]](list)
    for one in session.scalars(asked.order_by(LineCorrection.decided_at, LineCorrection.id)):
        by_page[one.record_id, one.page].append(one)
    for (record_id, n), rows in by_page.items():
        kept, contested = _keep_on(session, session.get(Page, (record_id, n)), rows)
        package = packages[record_id]
        if package is not None:
            record = session.get_one(Record, record_id)
            if kept:
                _tell(session, package, record, "text.correction-kept", f"Trang {n}: dòng {_numbers(kept)} đã được sửa",
                      "giữ chữ đã sửa, không lấy chữ mới")  # fmt: skip
            if contested:
                _tell(session, package, record, "text.correction-contested",
                      f"Trang {n}: dòng {_numbers(contested)} đã được sửa, mà chữ mới ghi khác cả hai",
                      "lấy chữ mới, chờ lưu trữ viên xem lại lần sửa")  # fmt: skip
    session.flush()


def _keep_on(
    session: Session, page: Page | None, rows: Sequence[LineCorrection]
) -> tuple[list[LineCorrection], list[LineCorrection]]:
    """The corrections that were made again, and those that are contested now."""
    kept, contested = list[LineCorrection](), list[LineCorrection]()
    by_hand = hand_masked(session, rows[0].record_id)
    for chain in _chains(rows):
        last = chain.rows[-1]
        lines = lines_of(page.text) if page else []
        if find_line(lines, last.line, conceal_text(chain.after, by_hand)[0]):
            last.state = "accepted"  # the new text says the same
            continue
        line = _first(lines, last.line, [conceal_text(one, by_hand)[0] for one in chain.befores])
        if page is not None and line is not None:
            put_line(session, page, line, chain.after, last.marks_after)
            last.line, last.state = line.number, "accepted"
            kept.append(last)
        else:
            last.state = "contested"
            contested.append(last)
    return kept, contested


def _chains(rows: Sequence[LineCorrection]) -> list[_Chain]:
    chains = list[_Chain]()
    for one in rows:
        chain = next((c for c in chains if (c.after, c.rows[-1].line) == (one.before, one.line)), None)
        if chain is None:
            chains.append(chain := _Chain([], ""))
        chain.befores.append(one.before)
        chain.after = one.after
        chain.rows.append(one)
    return chains


def _first(lines: Sequence[TextLine], number: int, texts: Sequence[str]) -> TextLine | None:
    return next((line for text in texts if (line := find_line(lines, number, text))), None)


def _numbers(rows: Sequence[LineCorrection]) -> str:
    return ", ".join(str(one.line) for one in rows)


def _tell(session: Session, package: int, record: Record, code: str, message: str, action: str) -> None:
    session.add(
        ReportRow(
            package_id=package,
            sheet="ho-so" if record.level == "file" else "van-ban",
            row=None,
            field=None,
            code=code,
            message=message,
            action=action,
            outcome=Outcome.WARNED,
            record=record.code,
        )
    )
