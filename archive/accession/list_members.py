"""Lists of conditional records as heads keep them on the pages: lines of names, members that leave, days of review."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.accession.listed import Added, ListError, put_on
from archive.audit import record_event
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.records import Record
from archive.clock import today_number

MOST_LINES = 300
"""Lines of one form: each binds a record, and what is below it, while the reader waits; more go by the command."""

LONGEST = 300  # characters of a name or ground


@dataclass(slots=True)
class Named(Added):
    """What became of the lines: as for a table, and the lines that name no record, or several."""

    unknown: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """The lines that name no single record."""
        return self.unknown + self.double


def read_lines(text: str) -> list[tuple[str, str]]:
    """The lines ``name; ground`` of a form or file.  ListError where there are none, or too many."""
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        raise ListError("Hãy ghi ít nhất một tài liệu.", "Name at least one record.", "lines")
    if len(lines) > MOST_LINES:
        raise ListError(
            f"Mỗi lần nhận nhiều nhất {MOST_LINES} dòng; danh mục dài hơn hãy chia ra, hoặc dùng vankho danh-muc add.",
            f"At most {MOST_LINES} lines at a time; divide a longer list, or use vankho danh-muc add.",
            "lines",
        )
    parts = [line.partition(";") for line in lines]
    return [(name.strip()[:LONGEST], ground.strip()[:LONGEST]) for name, _mark, ground in parts]


def add_lines(session: Session, found: ConditionalList, lines: Sequence[tuple[str, str]], actor: str) -> Named:
    """Puts the records that the lines name on the list.  A name is a public identifier, a code as it was delivered, or
    a number; an identifier goes before a code, a code before a number.  ListError where none names one record."""
    names = {name for name, _ground in lines}
    asked = or_(Record.public_id.in_(names), Record.code.in_(names), Record.number.in_(names))
    records = list(session.scalars(select(Record).where(asked).order_by(Record.id)))  # one look for all lines
    told, members = Named(), dict[int, tuple[Record, str]]()
    for name, ground in lines:
        meant = next(
            (
                these
                for key in ("public_id", "code", "number")
                if (these := [r for r in records if getattr(r, key) == name])
            ),
            [],
        )
        if len(meant) == 1:
            members.setdefault(meant[0].id, (meant[0], ground))
        else:
            (told.double if meant else told.unknown).append(f"{name}; {ground}" if ground else name)
    put_on(session, found, list(members.values()), actor, told)
    return told


def remove_member(session: Session, found: ConditionalList, record: Record, ground: str, actor: str) -> None:
    """The record leaves the list; nothing opens by that.  ListError without a ground or where it is not on the list."""
    member = session.get(ConditionalMember, (found.id, record.id))
    if member is None:
        raise ListError("Tài liệu này không có trong danh mục.", "This record is not on the list.", "ground")
    session.delete(member)
    told = {"decision": found.decision, "ground": expect_ground(ground)}
    record_event(session, actor, "conditional-unlisted", record.public_id, **told)


def set_review(session: Session, found: ConditionalList, day: int | None, actor: str) -> None:
    """The list is to be looked at again on that day; None: on none.  ListError for a day that is over."""
    if day is not None and day < today_number():
        raise ListError("Ngày xem lại phải từ hôm nay trở đi.", "The day of review has passed.", "review")
    found.review_on = day
    record_event(session, actor, "conditional-list-review", list=found.public_id, decision=found.decision)


def is_due(found: ConditionalList, day: int) -> bool:
    """Whether the list, in force on that day, is to be looked at again by then."""
    runs = found.ended_on is None or found.ended_on > day
    return runs and found.review_on is not None and found.review_on <= day


def expect_ground(ground: str) -> str:
    """The ground in one line.  ListError where there is none."""
    told = " ".join(ground.split())[:LONGEST]
    if not told:
        raise ListError("Hãy ghi căn cứ.", "Write the ground.", "ground")
    return told
