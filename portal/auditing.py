"""Every read of a record that is not open to everyone leaves a row in the audit trail."""

from archive.audit import record_event
from archive.catalogue.records import Record
from archive.database import writing
from portal.viewing import Asking


def note_reading(who: Asking, record: Record, channel: str, page: int = 0) -> None:
    """Notes that the viewer was shown content: ``channel`` is page, image or api."""
    with writing() as session:
        record_event(session, who.viewer.name, "read", record.public_id, channel=channel, page=page)
