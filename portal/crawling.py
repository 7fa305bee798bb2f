"""For search engines and feed readers: robots.txt, the sitemap, new records of a question as Atom.

All of it as someone who has not signed in sees it, whoever asks.
"""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from archive.access import Viewer, sql_condition
from archive.arriving import LOOKED_AT, latest_arrivals
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading
from archive.remembering import remembered
from archive.settings import settings
from portal.addresses import portal_url, record_url, search_url, short_url
from portal.errors import missing
from portal.house import house
from portal.wording import period, untitled
from search.criteria import read_criteria
from search.results import Hit

PART = 10_000  # addresses in one part of the sitemap
ENTRIES = 30  # records in a feed
NEVER_YET = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed without entries
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"

blueprint = Blueprint("crawling", __name__)


@blueprint.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What programs are asked to leave alone: questions without end, images page by page, what is for people."""
    rows = ["User-agent: *"]
    rows += [f"Disallow: {one}" for one in ("/tim-kiem", "/api/", "/iiif/", "/quan-tri", "/tai-khoan", "/ngon-ngu")]
    rows += ["", f"Sitemap: {portal_url('/sitemap.xml')}", ""]
    return Response("\n".join(rows), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """The parts of the sitemap."""
    everyone, day = Viewer.anonymous(), today_number()
    with reading() as session:
        open_now = select(func.count()).where(sql_condition(everyone, "read", day), sql_condition(everyone, "see", day))
        total = remembered(session, everyone, day, ("sitemap",), lambda: session.scalar(open_now) or 0)
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    for part in range(1, max(1, -(-total // PART)) + 1):
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = portal_url(f"/sitemap-{part}.xml")
    return _xml(root, "application/xml")


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> ResponseReturnValue:
    """Addresses of records that everyone may read."""
    everyone, day = Viewer.anonymous(), today_number()
    if not 1 <= part <= 50_000:
        raise missing()
    with reading() as session:
        rows = session.execute(
            select(Record.level, Record.public_id)
            .where(sql_condition(everyone, "read", day), sql_condition(everyone, "see", day))
            .order_by(Record.id)
            .offset((part - 1) * PART)
            .limit(PART)
        ).all()
    if not rows and part > 1:
        raise missing()
    root = ET.Element("urlset", xmlns=SITEMAP)
    for level, own in rows:
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = portal_url(record_url(level, own))
    return _xml(root, "application/xml")


@blueprint.get("/tim-kiem.atom")
def feed() -> ResponseReturnValue:
    """What everyone may see of a question, what came, changed or opened last first, for feed readers; the parameters
    are those of the search, without its order and page."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in {"cursor", "size", "sort"}]
    asked, everyone, gateway = read_criteria(pairs), Viewer.anonymous(), house().gateway
    with reading() as session:
        arrivals = latest_arrivals(session, everyone, today_number(), LOOKED_AT)
    found = gateway.among(everyone, asked, [one.public_id for one in arrivals])
    moments = {one.public_id: one.at for one in [one for one in arrivals if one.public_id in found][:ENTRIES]}
    page = portal_url(search_url(asked))
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _child(root, "id", page)
    _child(root, "title", f"{asked.q or 'Văn Khố'}: {settings().archive_name}")
    _child(root, "updated", _moment(max(moments.values(), default=NEVER_YET)))
    _child(ET.SubElement(root, "author"), "name", settings().archive_name)
    ET.SubElement(root, "link", rel="self", href=portal_url(request.full_path.rstrip("?")))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=page)
    for hit in gateway.listed(everyone, [*moments]):
        _entry(root, hit, moments[hit.id])
    return _xml(root, "application/atom+xml")


def _entry(root: ET.Element, hit: Hit, at: datetime) -> None:
    one = ET.SubElement(root, "entry")
    _child(one, "id", short_url(hit.id))
    _child(one, "title", " ".join(part for part in (hit.type, hit.number, untitled(hit.title)) if part))
    _child(one, "updated", _moment(at))
    ET.SubElement(one, "link", rel="alternate", type="text/html", href=portal_url(record_url(hit.level, hit.id)))
    if hit.dates:
        _child(one, "summary", period(*hit.dates))


def _child(parent: ET.Element, name: str, text: str) -> None:
    # Control characters are no XML; a text may hold some
    ET.SubElement(parent, name).text = "".join(c for c in text if c in "\t\n" or c >= " ")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _xml(root: ET.Element, media_type: str) -> Response:
    answer = Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype=media_type)
    answer.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    return answer
