"""Which pages there are, and where a browser looks at them beside the addresses of the leak test.

A route is a page (it is looked at) or stands in FILES; one that is neither, or no page for anybody, is an error.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.everyone.recorded import gallery
from tests.leaks.archives import Archive
from tests.leaks.channels import CHANNELS
from tests.leaks.planted import COMMON, identifier

#: What is not looked at: data, files, images, and ways that only lead elsewhere.
FILES = {
    "api.description", "api.facet", "api.record", "api.search", "api.similar", "api.suggest", "api.why",
    "deliveries_api.listed", "deliveries_api.report", "deliveries_api.state", "health.alive", "health.ready",
    "exporting.download", "exporting.fetch", "trail.download", "measuring.download", "targets.download",
    "delivering.report", "answering.download",
    "images.page_image", "recordings.sound", "recordings.captions", "masking.preview", "static",
    "picturing.base", "picturing.info", "picturing.picture", "presenting.manifest", "annotating.first",
    "annotating.second", "carrying.citation", "carrying.description", "carrying.text", "carrying.short",
    "downloading.whole", "typeset.original", "crawling.robots", "crawling.sitemap", "crawling.sitemap_part",
    "crawling.feed", "language.switch", "openid.begin", "openid.come_back", "account.own_data", "copying.download",
    "evidence.own", "evidence.officers", "printing.own", "printing.officers", "printing.slip",
    "printing.own_receipt", "printing.receipt", "paying.go",
}  # fmt: skip

#: Who has least is asked first, who has most last: a page is looked at as the first and as the last who may.
ORDER = ("anonymous", "reader", "granted", "clerk_a", "auditor", "administrator", "archivist", "head")


@dataclass(frozen=True)
class View:
    """One address of a page, as the identity with least and as that with most of it."""

    endpoint: str
    address: str
    least: str
    most: str


def states(house: Archive, recorded: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """States of pages that the first address of their channel does not show.  ``recorded``: documents of a photograph,
    a sound and a film."""
    own, closed, numbers, office = (identifier(name) for name in ("mo", "dieukien", "so", "dong"))
    fonds, inventory, file = identifier("H48.A"), house.corpus.ids["inventory"][0], identifier("H48.A.1")
    document = f"/van-ban/{own}"
    return {
        "home.show": ("/",),
        "searching.show": ("/tim-kiem", f"/tim-kiem?q={COMMON}", "/tim-kiem?q=zqmonoidun", "/tim-kiem?q=zqq&from=1900",
                           f"/tim-kiem?q={COMMON}&sort=-date&access=open", "/tim-kiem?q=số:1/QĐ-UBND năm:1990"),
        "browsing.record": (f"/phong/{fonds}", f"/phong/{fonds}?ml={inventory}", f"/muc-luc/{inventory}",
                            f"/ho-so/{file}", f"/ho-so/{file}?so=9999", f"/ho-so/{file}?chu=V&xep=tieu-de",
                            f"/ho-so/{file}?loc={COMMON}", f"/ho-so/{file}?chon=ca&da=1",
                            f"/phong/{fonds}?chon=1", document, f"{document}?q={COMMON}&xoay=90&ds=q%3D{COMMON}",
                            f"{document}?q={COMMON}&co=lon", f"/van-ban/{closed}", f"/van-ban/{numbers}",
                            f"/van-ban/{identifier('ghiam')}", *recorded, f"{document}?chon-vung=1",
                            f"{document}?xywh=percent:10,10,50,20"),
        "galleries.show": (gallery(),),
        "browsing.fonds_list": ("/phong", "/phong?theo=co-quan", "/phong?theo=thoi-gian", "/phong?theo=noi"),
        "reading.page": (f"{document}/trang/2?q={COMMON}&do-tin=1", f"/van-ban/{numbers}/trang/1"),
        "correcting.show": (f"{document}/trang/1/sua-chu?dong=1",),
        "typeset.show": (f"/van-ban/{office}/ban-doc",),
        "naming.names": ("/co-quan", "/noi", "/nguoi"),
        "naming.name": (*_first(house, (f"/noi/{one}" for one in house.corpus.places)),
                        *_first(house, (f"/nguoi/{one}" for one in house.corpus.agencies))),
        "enquiring.ask": (f"/hoi?tai-lieu={own}", f"/hoi?viec=loi&trang=1&tai-lieu={own}"),
        "requesting.show_list": (f"/gio?them={own}",),
        "theming.opened": ("/mo-trong-thang",),
        "reasoning.show": (f"/tim-kiem/vi-sao/{own}?q={COMMON}",),
        "choosing.show": (f"/tim-kiem/chon/issuer?q={COMMON}",),
        "exporting.ask": (f"/tim-kiem/xuat?q={COMMON}",),
        "retaining.show": ("/quan-tri/luu-giu?ngay=2040-01-01",),
    }  # fmt: skip


def views(house: Archive, made: dict[str, tuple[str, str]], recorded: tuple[str, ...]) -> tuple[list[View], list[str]]:
    """What is looked at, and which routes nobody gets a page of.  ``made``: for a page that comes out of what people
    do, its address and who has it."""
    several, found, lost = states(house, recorded), [], []
    for endpoint, channel in CHANNELS.items():
        if endpoint in FILES:
            continue
        if endpoint in made:
            address, who = made[endpoint]
            found.append(View(endpoint, address, who, who))
            continue
        addresses = several.get(endpoint) or _first(house, channel(house.corpus))
        for address in addresses:
            allowed = [who for who in ORDER if _is_page(house, who, address)]
            found += [View(endpoint, address, allowed[0], allowed[-1])] if allowed else []
        if not any(one.endpoint == endpoint for one in found):
            lost.append(endpoint)
    return found, lost


def _first(house: Archive, addresses: Iterable[str]) -> list[str]:
    """The first address that is a page for whoever has least, if for anybody."""
    every = [*addresses]
    return next(([one] for who in ORDER for one in every if _is_page(house, who, one)), [])


def _is_page(house: Archive, who: str, address: str) -> bool:
    answer = house.clients[who].get(address)
    answer.close()
    return answer.status_code == 200 and answer.mimetype == "text/html"


def written(views: Iterable[View]) -> list[str]:
    """The rows of the table in the documentation: page, as whom, at how many addresses."""
    rows: dict[str, list[View]] = {}
    for one in views:
        rows.setdefault(one.endpoint, []).append(one)
    return [
        f"| `{endpoint}` | {' and '.join(dict.fromkeys((many[0].least, many[0].most)))} | {len(many)} |"
        for endpoint, many in sorted(rows.items())
    ]
