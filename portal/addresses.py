"""Addresses of pages: the one place that knows which path a level has."""

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import Flask, request, url_for

from archive.documents import PAGE_WIDTH
from archive.images import PHONE_WIDTH
from archive.settings import settings
from search.criteria import Criteria

PATHS = {"fonds": "phong", "inventory": "muc-luc", "file": "ho-so", "document": "van-ban"}
LEVELS = {path: level for level, path in PATHS.items()}

_PLAIN = re.compile("[0-9A-Za-z]+").fullmatch  # most identifiers: looking costs a third of quoting


def record_url(level: str, public_id: str, **query: str | int | tuple[str, ...]) -> str:
    """The page of a record."""
    kind = PATHS[level]
    own = public_id if _PLAIN(public_id) else quote(public_id, safe="")
    path = (_kept(request.root_path, kind) if request else _before(kind)) + own
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


@lru_cache(maxsize=64)  # a page of results has forty addresses
def _kept(_root: str, kind: str) -> str:
    """The same below what the portal is mounted on."""
    return _before(kind)


def _before(kind: str) -> str:
    """What stands before a record's identifier."""
    return url_for("browsing.record", kind=kind, public_id="x").removesuffix("x")


def page_url(level: str, public_id: str, n: int, **query: str | int | tuple[str, ...]) -> str:
    """The page that shows page ``n`` of a document or a file; a document is its first page."""
    if n == 1 and level == "document":
        return record_url(level, public_id, **query)
    path = url_for("reading.page", kind=PATHS[level], public_id=public_id, n=n)
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def image_url(level: str, public_id: str, n: int, width: int) -> str:
    """The image of page ``n``, ``width`` pixels wide."""
    return url_for("images.page_image", kind=PATHS[level], public_id=public_id, n=n, width=width)


def gallery_url(level: str, public_id: str, **query: str | int) -> str:
    """The photographs, sound and film below a record; empty parts of the query are left out."""
    path = url_for("galleries.show", kind=PATHS[level], public_id=public_id)
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


def recording_url(level: str, public_id: str, n: int) -> str:
    """The sound or film of page ``n``."""
    return url_for("recordings.sound", kind=PATHS[level], public_id=public_id, n=n)


def image_set(level: str, public_id: str, n: int) -> str:
    """The image of page ``n`` in the sizes of screens, as ``srcset``."""
    return ", ".join(f"{image_url(level, public_id, n, width)} {width}w" for width in (PHONE_WIDTH, PAGE_WIDTH))


def portal_url(path: str = "/") -> str:
    """The address of a path as others cite it: under the portal's public address, else as it was asked."""
    return (settings().public_url.rstrip("/") or request.host_url.rstrip("/")) + path


def short_url(public_id: str) -> str:
    """The address of a record that stays whatever becomes of paths and levels, for citations and QR codes."""
    return portal_url(f"/t/{public_id}")


def iiif_url(public_id: str, *parts: str | int) -> str:
    """An address of a record's IIIF resources: ``manifest``, ``canvas/3``, ``search``."""
    return portal_url("/".join(("/iiif/3", public_id, *map(str, parts))))


def iiif_image_url(public_id: str, n: int) -> str:
    """The base of the image of page ``n`` in the IIIF Image API."""
    return iiif_url(public_id, n)


def search_url(criteria: Criteria) -> str:
    """The search page for a question."""
    query = criteria.query_string()
    return url_for("searching.show") + (f"?{query}" if query else "")


def choosing_url(facet: str, criteria: Criteria) -> str:
    """The page with all values of a facet for a question."""
    query = replace(criteria, cursor="").query_string()
    return url_for("choosing.show", name=facet) + (f"?{query}" if query else "")


def why_url(public_id: str, criteria: Criteria) -> str:
    """The page that says why the record is among the results of the question."""
    asked = [(name, value) for name, value in criteria.parameters() if name not in {"cursor", "size", "sort"}]
    return f"{url_for('reasoning.show', public_id=public_id)}?{urlencode(asked)}"


def here_without_language() -> str:
    """The address that is asked now, without ``lang``: where the language switch comes back to."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return request.path + (f"?{urlencode(pairs)}" if pairs else "")


def install(app: Flask) -> None:
    """Gives the addresses to the templates."""
    for one in (record_url, page_url, image_url, image_set, gallery_url, recording_url, portal_url, search_url):
        app.jinja_env.globals[one.__name__] = one
