"""Every way out of the portal.  A route that is not here fails the build: a new channel enters with its addresses."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from tests.leaks.planted import COMMON, TAKEDOWN

KINDS = ("phong", "muc-luc", "ho-so", "van-ban")
Addresses = Callable[[list[str], list[str]], Iterable[str]]  # identifiers, words -> addresses


def searches(path: str) -> Addresses:
    """Searches that would show a word without asking for it, and those that ask for it."""

    def addresses(ids: list[str], words: list[str]) -> Iterable[str]:
        yield from (f"{path}", f"{path}?q={COMMON}", f'{path}?q="co+{COMMON}"', f"{path}?q={COMMON}&level=document")
        yield from (f"{path}?q=&sort={sort}&size=100" for sort in ("title", "number", "date", "-date"))
        yield from (f"{path}?access={a}" for a in ("open", "until", "conditional"))
        yield from (f"{path}?from=1950&to=1999", f"{path}?q={COMMON}+OR+quyet+dinh", f"{path}?q=quyet+dinh+-{COMMON}")
        yield from (f"{path}?fonds={i}" for i in ids)
        yield from (f"{path}?inventory={i}&q={COMMON}" for i in ids)
        yield from (f"{path}?q={word}" for word in words)
        yield from (f"{path}?q={word[:-1]}" for word in words)  # misspelled: no correction may name it
        yield from (f"{path}?q={word}&type=x&from=1900&to=1901" for word in words[::6])  # nothing found
        yield from (f"{path}?q=noi:{word}" for word in words)
        yield from (f"{path}?q=tieu-de:{word}&lang=en" for word in words)

    return addresses


def exports(path: str) -> Addresses:
    """The whole archive, and what a search finds."""

    def addresses(ids: list[str], words: list[str]) -> Iterable[str]:
        yield from (path, f"{path}?lang=en&sort=title", f"{path}?q={COMMON}", f"{path}?access=conditional")
        yield from (f"{path}?fonds={i}" for i in ids[:4])
        yield from (f"{path}?q=quyet+dinh+OR+{word}" for word in words[::9])

    return addresses


def records(pattern: str) -> Addresses:
    """One address a record, whatever its level."""
    return lambda ids, words: (pattern.format(id=i, kind=kind) for i in ids for kind in KINDS)


def pages(pattern: str) -> Addresses:
    """The pages of a record, plain and with a search inside."""

    def addresses(ids: list[str], words: list[str]) -> Iterable[str]:
        for one in ids:
            for kind in ("ho-so", "van-ban"):
                for n in (1, 2):
                    yield pattern.format(id=one, kind=kind, n=n)
                yield pattern.format(id=one, kind=kind, n=1) + f"?q={COMMON}"
                yield pattern.format(id=one, kind=kind, n=1) + "?hien=ca-nhan&can-cu=x"

    return addresses


def reasons(pattern: str) -> Addresses:
    """Why each record was found: by a word that stands in every text, by its own, by another record's."""

    def addresses(ids: list[str], words: list[str]) -> Iterable[str]:
        for one in ids:
            address = pattern.format(id=one)
            yield from (address, f"{address}?q={COMMON}", f"{address}?q={COMMON}+OR+ve+viec+quyet+dinh&lang=en")
            yield from (f"{address}?q=quyet+dinh+OR+{word}" for word in words)

    return addresses


def plain(*paths: str) -> Addresses:
    """Addresses without a record in them."""
    return lambda ids, words: paths


CHANNELS: dict[str, Addresses] = {
    "home.show": plain("/", "/?lang=en"),
    "searching.show": searches("/tim-kiem"),
    "choosing.show": lambda ids, words: (
        f"/tim-kiem/chon/{facet}?q={q}"
        for facet in ("type", "issuer", "place", "field", "fonds", "inventory", "medium", "access", "language")
        for q in ("", COMMON, "&tim=zq", *(f"&fonds={i}" for i in ids[:4]))
    ),
    "api.facet": lambda ids, words: (
        f"/api/v1/facets/{facet}?q={q}"
        for facet in ("type", "issuer", "place", "field", "fonds", "inventory", "language")
        for q in ("", COMMON, "&order=name", "&label=zq&order=name&size=100", *(f"&fonds={i}" for i in ids[:4]))
    ),
    "exporting.ask": exports("/tim-kiem/xuat"),
    "exporting.download": lambda ids, words: (
        one for kind in ("csv", "xlsx") for one in exports(f"/tim-kiem/xuat.{kind}")(ids, words)
    ),
    "exporting.job": plain(f"/tim-kiem/xuat/{'0' * 32}"),
    "exporting.fetch": plain(f"/tim-kiem/xuat/{'0' * 32}/tep"),
    "browsing.fonds_list": plain("/phong"),
    "browsing.record": records("/{kind}/{id}"),
    "reading.page": pages("/{kind}/{id}/trang/{n}"),
    "images.page_image": pages("/{kind}/{id}/trang/{n}/anh/1240.webp"),
    "api.search": searches("/api/v1/search"),
    "api.record": lambda ids, words: (f"/api/v1/records/{i}" for i in ids),
    "api.similar": lambda ids, words: (f"/api/v1/records/{i}/similar" for i in ids),
    "api.why": reasons("/api/v1/records/{id}/why"),
    "reasoning.show": reasons("/tim-kiem/vi-sao/{id}"),
    "api.suggest": lambda ids, words: (
        f"/api/v1/suggest?q={quote(q)}" for q in ("zq", "ve viec", "Về việc zq", "1/", "5/qd", "việc", *words)
    ),
    "api.description": plain("/api/v1/openapi.json"),
    "help.show": plain("/tro-giup"),
    "health.alive": plain("/healthz"),
    "health.ready": plain("/readyz"),
    "language.switch": plain("/ngon-ngu?lang=en&next=/"),
    "personal.queue": plain("/quan-tri/du-lieu-ca-nhan", "/quan-tri/du-lieu-ca-nhan?tu=2&lang=en"),
    "listing.lists": plain("/quan-tri/danh-muc"),
    "listing.members": lambda ids, words: (f"/quan-tri/danh-muc/{i}" for i in ids[:2]),
    "takedown.ask": plain("/yeu-cau-go-bo", "/yeu-cau-go-bo?lang=en"),
    "takedown.follow": plain(f"/yeu-cau-go-bo/{TAKEDOWN}"),
    "takedown.queue": plain("/quan-tri/go-bo"),
    "takedown.consider": plain(f"/quan-tri/go-bo/{TAKEDOWN}"),
    "signing.sign_in": plain("/dang-nhap"),
    "static": plain("/static/vankho.css"),
}

#: Routes that only take (POST), and give back a redirect.
TAKING = {"signing.sign_out", "exporting.begin", "personal.decide", "takedown.send", "takedown.decide"}
