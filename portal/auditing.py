"""What the portal puts into the audit trail: reads of what is not open, exports, and what was refused.

A refusal is written for every address of a record that was answered with "missing", whether a hidden record lies there
or none: writing for hidden ones only would tell them apart by the time that the answer takes.
"""

from dataclasses import replace

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from archive.access import granted_pages, ground
from archive.audit import record_event
from archive.catalogue.records import Record
from archive.database import writing
from archive.identifiers import is_identifier
from portal.house import house
from portal.limiting import MANY, NOTE, network
from portal.viewing import Asking, UnknownToken, asking
from search.criteria import Criteria

STAFF_PATHS = "/quan-tri"
PAGES = "grant:pages"  # the ground of who may read some pages only


def note_reading(who: Asking, record: Record, channel: str, page: int = 0) -> None:
    """Notes that the viewer was shown content: ``channel`` is page, image, recording, text or api."""
    why = ground(who.viewer, "read", record) or (PAGES if granted_pages(who.viewer, record) else "")
    with writing() as session:
        record_event(session, who.viewer.name, "read", record.public_id, ground=why, channel=channel, page=page)


def note_export(kind: str, total: int, criteria: Criteria) -> None:
    """Notes that a result was taken away: how much, as what, by which filters; never the words that were asked."""
    filters = replace(criteria, q="", cursor="", size=Criteria().size).query_string()
    with writing() as session:
        record_event(session, asking().viewer.name, "export", kind=kind, total=total, filters=filters)


def allowed() -> None:
    """Says that this request may read the record it names: what it misses now is no access refused."""
    g.allowed = True


def _note_refusal(answer: Response) -> Response:
    if answer.status_code == 401:
        _note("payment-forged" if request.endpoint == "paying.notified" else "token-refused", None)
    elif answer.status_code == 404 and "allowed" not in g and request.url_rule is not None:
        named = str((request.view_args or {}).get("public_id", ""))
        if is_identifier(named):
            _note("refused", named)
        elif request.path.startswith(STAFF_PATHS):
            _note("refused", None)
    return answer


def _note(action: str, record: str | None) -> None:
    try:
        name = asking().viewer.name
    except UnknownToken:
        name = ""
    address = request.remote_addr or ""
    if house().limits.wait(NOTE, network(address)):  # by address only: what is hidden and what is missing count alike
        if house().limits.wait(MANY, network(address)):
            return
        action, record = "refused-many", None
    try:
        with writing() as session:
            path = request.path
            for name_of, told in (request.view_args or {}).items():
                if isinstance(told, str) and name_of != "kind":  # which request, theme or file: not for the trail
                    path = path.replace(told, "…")
            record_event(session, name, action, record, path=path, address=address)
    except SQLAlchemyError as error:  # the answer stands: it gives nothing away
        current_app.logger.error("audit: %s", type(error).__name__)


def install(app: Flask) -> None:
    """Notes what is refused."""
    app.after_request(_note_refusal)
