"""What search engines read inside a page: JSON-LD of schema.org as a block of data (decision 78).

Only in pages of a reader who has not signed in, so that it tells what everyone may see and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from archive.called import Days
from archive.catalogue.records import Record
from archive.settings import settings
from portal.addresses import portal_url, record_url, short_url
from portal.bibliography import Entry, holder, iso_day, schema_org
from portal.rights import Use
from portal.searching import step_label
from portal.viewing import Asking, asking

Json = dict[str, Any]
Step = tuple[str, str]  # what it is called, and its path

CONTEXT = "https://schema.org"
OWN = {"ml", "tu", "lang"}  # parameters with which a record's page is read by search engines


def record_block(who: Asking, record: Record, above: Sequence[Record], one: Entry, use: Use) -> Markup:
    """A record and the path to it; nothing for one who has signed in, nor in a view of the page with another address
    (ordered, narrowed, chosen from, with the words of a question)."""
    if who.personal or set(request.args) - OWN:
        return Markup("")
    steps = [(str(_("Phông lưu trữ")), url_for("browsing.fonds_list"))]
    steps += [
        (step_label(found.level, found.title, found.code), record_url(found.level, found.public_id))
        for found in (*above, record)
    ]
    return _block([describe(record, above, one, use), _path(steps)])


def describe(
    record: Record, above: Sequence[Record], one: Entry, use: Use, people: Sequence[Mapping[str, str]] = ()
) -> Json:
    """A record by schema.org; ``above`` what of its ancestors the viewer may see, from the fonds down; ``people`` those
    who signed, photographed or recorded it."""
    statement = portal_url(url_for("help.statements", _anchor="sd"))
    return schema_org(
        one,
        is_part_of=short_url(above[-1].public_id) if above else "",
        usage_info=(statement, use.uri),
        gathers=record.level in {"fonds", "inventory"},
        people=people,
    )


def name_block(kind: str, title: str, path: str, days: Days, lies_in: str = "", governs: str = "") -> Markup:
    """An agency (``kind`` co-quan), a place (noi) or a person (nguoi): from when to when it was there, what it lies in
    or governs."""
    if asking().personal:
        return Markup("")
    own = portal_url(path)
    told: Json = {"@id": own, "url": own, "name": title}
    if kind == "co-quan":
        first, last = (iso_day(day) if day else "" for day in days)
        told |= {"@type": "Organization", "foundingDate": first, "dissolutionDate": last}
        told["areaServed"] = {"@type": "AdministrativeArea", "name": governs} if governs else ""
    elif kind == "nguoi":
        told["@type"] = "Person"
    else:
        told["@type"] = "Place"
        told["containedInPlace"] = {"@type": "AdministrativeArea", "name": lies_in} if lies_in else ""
    headings = {"co-quan": _("Cơ quan ban hành"), "noi": _("Nơi chốn trong tài liệu")}
    heading = str(headings.get(kind) or _("Người ký, chụp ảnh, ghi âm"))
    steps = [(heading, url_for("naming.names", kind=kind)), (title, path)]
    return _block([{name: value for name, value in told.items() if value}, _path(steps)])


def home_block() -> Markup:
    """The archive itself, and that its portal can be searched."""
    if asking().personal:
        return Markup("")
    search = f"{portal_url(url_for('searching.show'))}?q={{search_term_string}}"
    action = {"@type": "SearchAction", "target": search, "query-input": "required name=search_term_string"}
    site = {"@type": "WebSite", "url": portal_url(), "name": f"Văn Khố, {settings().archive_name}"}
    return _block([holder(settings().archive_name, portal_url()), {**site, "potentialAction": action}])


def _path(steps: Sequence[Step]) -> Json:
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": portal_url(path)}
        for n, (name, path) in enumerate(steps, 1)
    ]
    del items[-1]["item"]  # this page
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _block(told: Sequence[Json]) -> Markup:
    graph = [{name: value for name, value in one.items() if name != "@context"} for one in told]
    written = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup('<script type="application/ld+json">{}</script>').format(htmlsafe_json_dumps(written, dumps=str))
