"""How the way to the indices is: what waits, what an index refused, the rebuild under way, the last sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.outbox import DeadLetter, IndexRebuild, IndexSweep
from archive.catalogue.records import Record
from archive.clock import now, seconds_left
from archive.outbox import announce, end_of_log, positions
from indexer.drainer import INDICES
from indexer.sweep import last_sweep

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that an index refused."""

    index: str
    record_id: int
    public_id: str
    level: str
    reason: str
    at: object  # datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """``waiting``: changes that not every index has.  ``refused``: the newest of ``refused_in_all``."""

    waiting: int
    waiting_in: dict[str, int]
    refused: tuple[Refused, ...]
    refused_in_all: int
    rebuild: IndexRebuild | None
    seconds_left: int | None  # of the rebuild
    sweep: IndexSweep | None


def queue_state(session: Session) -> QueueState:
    """Everything at once, from the catalogue alone: it is told also while the engine is down."""
    end, confirmed = end_of_log(session), positions(session)
    waiting = {index: max(0, end - confirmed.get(index, 0)) for index in INDICES}
    rows = session.execute(
        select(DeadLetter, Record.public_id, Record.level)
        .join(Record, Record.id == DeadLetter.record_id)
        .order_by(DeadLetter.at.desc(), DeadLetter.index, DeadLetter.record_id)
        .limit(SHOWN)
    )
    rebuild = session.get(IndexRebuild, 1)
    return QueueState(
        waiting=max(waiting.values()),
        waiting_in=waiting,
        refused=tuple(Refused(d.index, d.record_id, own, level, d.reason, d.at) for d, own, level in rows),
        refused_in_all=session.scalar(select(func.count()).select_from(DeadLetter)) or 0,
        rebuild=rebuild,
        seconds_left=rebuild_left(rebuild, now()) if rebuild else None,
        sweep=last_sweep(session),
    )


def send_again(session: Session, record_ids: Sequence[int] | None = None) -> int:
    """Sends refused records to the indices again (None: all of them); how many.  What is taken stops being refused."""
    wanted = select(DeadLetter.record_id).distinct()
    if record_ids is not None:
        wanted = wanted.where(DeadLetter.record_id.in_(record_ids))
    found = list(session.scalars(wanted))
    announce(session, found)
    return len(found)


def rebuild_left(state: IndexRebuild, moment: datetime) -> int | None:
    """Seconds until a rebuild has written everything, at the pace of the process that is at it; None: unknown."""
    written = state.done - state.began_with
    spent = max(moment - state.began_at, timedelta(seconds=1)).total_seconds()
    return seconds_left(written, written + max(0, state.total - state.done), spent)
