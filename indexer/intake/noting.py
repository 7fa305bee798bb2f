"""Deliveries that are taken as soon as they are seen (command line, watched folder) stand among the others, too."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from archive.audit import record_event
from archive.catalogue.deliveries import Handover, Package
from archive.claims import note_claim
from archive.clock import now
from archive.database import writing
from archive.handovers import CONTEXT
from archive.identifiers import new_identifier
from archive.outbox import end_of_log
from archive.packages.opening import Context
from indexer.intake.taking import Taken

ACCOUNTS = {"watch": "watch", "command": "command-line"}


def note_handover(
    path: Path,
    channel: str,
    agent: str,
    received: datetime,
    taken: Taken | None = None,
    *,
    state: str = "taken",
    message: str = "",
    context: Context | None = None,
) -> None:
    """Keeps a delivery and what became of it: ``agent`` is the user of the machine or the watched folder; ``state``
    taken, refused or failed (with the reason in ``message``); ``context`` what was said with it, for the next try."""
    said = {one: value for one in CONTEXT if context and (value := getattr(context, one))}
    moment, public_id, account = now(), new_identifier(), ACCOUNTS[channel]
    with writing() as session:
        package = session.scalar(select(Package.id).where(Package.public_id == taken.package)) if taken else None
        made = Handover(
            public_id=public_id, account=account, agent=agent, channel=channel, name=path.name, place=str(path),
            state=state, message=message, received=received, begun=received, finished=moment, package_id=package,
            position=end_of_log(session), context=said,
        )  # fmt: skip
        if taken:
            note_claim(made, taken.span, taken.counts, taken.line)
        session.add(made)
        counts = taken.counts if taken else {"why": message}
        record_event(session, account, f"delivery-{state}", None, delivery=public_id, agent=agent, **counts)
