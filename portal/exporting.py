"""Export of a whole result as CSV or XLSX: small ones at once, large ones as a job with its progress.

Every part is read from the catalogue under the rights of the moment in which it is given away.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from flask import Blueprint, Response, redirect, render_template, request, session, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import export_jobs
from portal.auditing import note_export
from portal.errors import missing
from portal.house import house
from portal.sheets import KINDS, heading, row, write_sheet
from portal.viewing import viewer
from search.criteria import Criteria, read_criteria
from search.results import Part

AT_ONCE = 5_000  # records of an export that needs no job
_PART = 500
_OWNER = "xuat"  # the session's own key

blueprint = Blueprint("exporting", __name__)


@blueprint.get("/tim-kiem/xuat")
def ask() -> ResponseReturnValue:
    """How many records the export would have, and the ways to get it."""
    criteria = _criteria()
    return _page(criteria, house().gateway.count(viewer(), criteria))


@blueprint.get("/tim-kiem/xuat.<any('csv', 'xlsx'):kind>")
def download(kind: str) -> ResponseReturnValue:
    """The file, if it is small; else the page that says how to get it."""
    criteria = _criteria()
    total = house().gateway.count(viewer(), criteria)
    if total > AT_ONCE:
        return _page(criteria, total)
    note_export(kind, total, criteria)
    return _file(kind, _all_ids(criteria))


@blueprint.post("/tim-kiem/xuat")
def begin() -> ResponseReturnValue:
    """Begins a job and goes to its page."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise missing()
    criteria = _criteria()
    total = house().gateway.count(viewer(), criteria)
    asked = replace(criteria, size=Criteria().size)  # how it is gathered is not what was asked
    try:
        job = export_jobs.begin(_owner(make=True), asked.query_string(), kind, total)
    except export_jobs.TooManyJobsError:
        return _page(criteria, total, busy=True), 429
    return redirect(url_for("exporting.job", job_id=job.id), 303)


@blueprint.get("/tim-kiem/xuat/<job_id>")
def job(job_id: str) -> ResponseReturnValue:
    """The progress of one's own job; every look takes it a step further, the page looks again by itself."""
    found = export_jobs.find(job_id, _owner())
    if found is None:
        raise missing()
    criteria = replace(read_criteria(parse_qsl(found.query)), size=_PART)
    found = export_jobs.advance(found, lambda cursor: _part(criteria, cursor))
    page = render_template("export_job.html", asked=criteria.q, job=found, most=export_jobs.MOST_RECORDS)
    return page, {"Cache-Control": "private, no-store"}


@blueprint.get("/tim-kiem/xuat/<job_id>/tep")
def fetch(job_id: str) -> ResponseReturnValue:
    """The file of one's own finished job."""
    found = export_jobs.find(job_id, _owner())
    if found is None or not found.finished:
        raise missing()
    note_export(found.kind, found.done, read_criteria(parse_qsl(found.query)))
    return _file(found.kind, export_jobs.gathered(found, _PART))


def _criteria() -> Criteria:
    return replace(read_criteria(request.args.items(multi=True)), cursor="", size=_PART)


def _part(criteria: Criteria, cursor: str) -> Part:
    return house().gateway.part(viewer(), replace(criteria, cursor=cursor))


def _all_ids(criteria: Criteria) -> Iterator[Sequence[str]]:
    part, read = _part(criteria, ""), 0
    while True:
        yield part.ids
        read += len(part.ids)
        if not part.next or read >= AT_ONCE:
            return
        part = _part(criteria, part.next)


def _rows(ids: Iterable[Sequence[str]], site: str) -> Iterator[list[str]]:
    yield heading()
    who = viewer()
    for some in ids:
        for hit in house().gateway.listed(who, some):
            yield row(hit, site)


def _file(kind: str, ids: Iterable[Sequence[str]]) -> Response:
    rows = _rows(ids, request.host_url.rstrip("/"))
    answer = Response(stream_with_context(write_sheet(rows, kind)), mimetype=KINDS[kind].partition(";")[0])
    answer.headers["Content-Type"] = KINDS[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="ket-qua.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(criteria: Criteria, total: int, *, busy: bool = False) -> str:
    plain = replace(criteria, size=Criteria().size)
    return render_template(
        "export.html",
        asked=criteria.q,
        criteria=plain,
        total=total,
        at_once=AT_ONCE,
        most=export_jobs.MOST_RECORDS,
        busy=_("Đang có nhiều lần xuất chưa xong; hãy đợi chúng hết hạn.") if busy else "",
        columns=heading(),
    )


def _owner(*, make: bool = False) -> str:
    """Whose jobs these are: the account's, or this session's."""
    if viewer().name:
        return f"account:{viewer().name}"
    if make and _OWNER not in session:
        session[_OWNER] = secrets.token_hex(16)
    return f"session:{session[_OWNER]}" if _OWNER in session else ""
