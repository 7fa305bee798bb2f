"""Masks that a delivery brings back: ours is kept below them, and the report says so."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive.accession.originals import keep_originals
from archive.packages.findings import GRAVITY, Finding, Notes, Outcome, quote
from indexer.intake.preparation import Prepared


class MaskedValues:
    """Counts, by table, the values of one delivery that were the masks of what is held."""

    def __init__(self) -> None:
        self._kept = Counter[str]()

    def keep(self, session: Session, sheet: str, part: Sequence[Prepared]) -> None:
        """Puts what is held below its masks into the candidates that are to be taken; a mask of something else is
        a warning of its row."""
        taken = [one for one in part if GRAVITY[one.row.outcome] <= GRAVITY[Outcome.WARNED]]
        if not taken:
            return
        found = keep_originals(session, taken[0].candidate.level, [one.candidate for one in taken])
        for place, masks in found.items():
            self._kept[sheet] += masks.kept
            row = taken[place].row
            for name in masks.other:
                notes = Notes(sheet, row.row or None, row.code)
                wrong = (
                    f"giá trị {quote(row.values[name])} có số đã che (•), kho không giữ bản chưa che của giá trị này"
                )
                notes.add(name, "mask.other", wrong, "nhận như được giao, số đã che không còn")
                taken[place].findings += notes.findings

    def tell(self) -> list[Finding]:
        """One line for each table in which something was kept."""
        return [_tell(sheet, count) for sheet, count in self._kept.items() if count]


def _tell(sheet: str, count: int) -> Finding:
    text = f"{count} giá trị đã che số (•) trùng với giá trị kho đang giữ"
    return Finding(sheet, None, None, "mask.kept", text, "giữ nguyên giá trị chưa che trong kho", Outcome.ACCEPTED)
