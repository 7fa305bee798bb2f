"""Proving the audit trail: is every sealed event where it was sealed, and as it was?

What is found is named by its place in the chain.  After a break the proof goes on from the digest that is written
there, so that one altered row is one finding, not everything behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from archive.audit import ERASED
from archive.catalogue.people import AuditEvent, AuditHead
from archive.database import reading
from archive.sealing import head_text, kept_head, link, payload_digest, read_head, unsealed

PART = 2_000
MOST_FINDINGS = 100
TRIGGERS = {"audit_event_kept", "audit_event_stays"}
TRIGGERS_OF = {"sqlite": TRIGGERS, "postgresql": TRIGGERS | {"audit_event_whole"}}  # that one refuses TRUNCATE


@dataclass(slots=True)
class Proof:
    """What a proof found: events sealed, waiting and erased, the head, and each break with its place (Vietnamese)."""

    sealed: int = 0
    unsealed: int = 0
    erased: int = 0
    head: str = ""
    broken: list[str] = field(default_factory=list)


def prove(*heads: str) -> Proof:
    """Walks the whole chain.  ``heads`` were written down outside (``vankho audit head``); the one beside the database
    is always asked.  ValueError where a head cannot be read."""
    wanted = dict(read_head(one) for one in (*heads, kept_head()) if one)
    with reading() as session:
        return _prove(session, wanted, _asked_twice(heads, wanted))


def _asked_twice(heads: Sequence[str], wanted: dict[int, str]) -> list[str]:
    """Heads that contradict one another: a place has one digest."""
    told = [read_head(one) for one in heads]
    return [f"hai đầu chuỗi khác nhau ở mục {place}" for place, chain in told if wanted[place] != chain]


def _prove(session: Session, wanted: dict[int, str], contradictions: list[str]) -> Proof:
    proof = Proof(unsealed=unsealed(session), broken=contradictions)
    found = proof.broken
    missing = TRIGGERS_OF[session.get_bind().dialect.name] - _triggers(session)
    if missing:
        found.append(f"cơ sở dữ liệu không còn giữ sổ: thiếu {', '.join(sorted(missing))}")
    place, chain, reached = 0, "", set()
    for event in _sealed(session):
        proof.sealed += 1
        proof.erased += event.erased is not None
        here = event.place or 0
        if here != place + 1:
            found.append(_gap(place + 1, here - 1))
            chain = ""  # unknown: the digest before it went with the rows
        found += _look_at(session, event, chain, known=here == place + 1)
        place, chain = here, event.chain
        if here in wanted:
            reached.add(here)
            if wanted[here] != chain:
                found.append(f"mục {here}: khác với đầu chuỗi đã ghi ra ngoài")
        if len(found) >= MOST_FINDINGS:
            found.append("còn nữa; dừng ở đây")
            return proof
    proof.head = head_text(place, chain)
    found += _ends(session, place, chain)
    found += [
        f"cuối sổ bị cắt: bên ngoài đã ghi đến mục {one}, nay chỉ còn đến mục {place}"
        for one in sorted(set(wanted) - reached)
        if one > place
    ]
    return proof


def _sealed(session: Session) -> Iterator[AuditEvent]:
    after = 0
    while True:
        rows = session.scalars(
            select(AuditEvent).where(AuditEvent.place > after).order_by(AuditEvent.place).limit(PART)
        ).all()
        yield from rows
        if len(rows) < PART:
            return
        after = rows[-1].place or 0
        session.expunge_all()


def _look_at(session: Session, event: AuditEvent, before: str, *, known: bool) -> list[str]:
    where = f"mục {event.place} (dòng {event.id})"
    found = []
    if event.erased is not None:
        found += [] if _is_accounted(session, event) else [f"{where}: nội dung bị xóa mà không có việc xóa nào ghi lại"]
    elif payload_digest(event, event.salt) != event.digest:
        found.append(f"{where}: nội dung đã bị sửa")
    if known and link(before, event.place or 0, event, event.digest) != event.chain:
        found.append(f"{where}: không nối với mục trước (bị sửa, chèn hoặc đổi chỗ)")
    return found


def _is_accounted(session: Session, event: AuditEvent) -> bool:
    """Whether an event of erasing names this one."""
    cause = session.get(AuditEvent, event.erased)
    return cause is not None and cause.action == ERASED and event.id in cause.detail.get("events", ())


def _gap(first: int, last: int) -> str:
    if last < first:
        return f"mục {first}: số thứ tự lặp lại"
    return f"thiếu mục {first}" if first == last else f"thiếu các mục {first}–{last}"


def _ends(session: Session, place: int, chain: str) -> list[str]:
    """What does not fit at the end: rows gone or added behind the head that the sealer keeps."""
    row = session.get(AuditHead, 1)
    if row is None:
        return ["thiếu đầu chuỗi (audit_head)"]
    if row.place > place:
        return [f"cuối sổ bị cắt: đã niêm phong đến mục {row.place}, nay chỉ còn đến mục {place}"]
    if (row.place, row.chain) != (place, chain):
        return [f"đầu chuỗi ở mục {row.place} không khớp với mục cuối {place}"]
    return []


def _triggers(session: Session) -> set[str]:
    """The triggers that hold sealed rows and are switched on."""
    if session.get_bind().dialect.name == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
    else:
        asked = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_event'::regclass AND tgenabled IN ('O', 'A')"
    return set(session.execute(text(asked)).scalars())
