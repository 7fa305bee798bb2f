"""The one address of each page that search engines should keep (decision 78)."""

from urllib.parse import quote, urlencode

from flask import Flask, request

from portal.addresses import portal_url

#: Parameters that make another list of a page, or show it from another place: it is known by the page alone.
VIEWS = ("so", "nam", "chu", "xep", "sau", "truoc", "loc", "tai", "label", "loai")


def canonical_url(*kept: str) -> str:
    """The address that is asked now with the ``kept`` parameters only, each naming a part of a long list; without any
    where the list is ordered or narrowed: that shows again what the plain list shows."""
    query = request.args
    pairs = [(name, query[name]) for name in kept if query.get(name) and (name, query[name]) != ("tu", "1")]
    if any(query.get(name) for name in VIEWS if name not in kept):
        pairs = []
    return portal_url(quote(request.root_path + request.path) + (f"?{urlencode(pairs)}" if pairs else ""))


def install(app: Flask) -> None:
    """Gives the address to the templates."""
    app.jinja_env.globals[canonical_url.__name__] = canonical_url
