"""Every way out of the portal.  A route that is not here fails the build: a new channel enters with its addresses.

What stands in an address may stand in its answer; so words are asked for by the document that has them, and each answer
is read for the words of all the others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tests.leaks.masked import MASKED
from tests.leaks.planted import (
    COMMON,
    COPY,
    FEE,
    FEE_REQUEST,
    HANDED,
    HANDOVER,
    LIST,
    LOAN,
    PAPER,
    REQUEST,
    TAKEDOWN,
)

PATHS = {"fonds": "phong", "inventory": "muc-luc", "file": "ho-so", "document": "van-ban"}


@dataclass(frozen=True)
class Corpus:
    """Identifiers by level, those of planted documents by name, and the planted words of each document by its name."""

    ids: Mapping[str, tuple[str, ...]]
    named: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    #: Identifiers of agencies (and persons) and of places, those of hidden records among them.
    agencies: tuple[str, ...] = ("khong-co",)
    places: tuple[str, ...] = ("khong-co",)

    @property
    def all_ids(self) -> tuple[str, ...]:
        """The identifiers of every record."""
        return tuple(one for many in self.ids.values() for one in many)

    @property
    def texts(self) -> tuple[str, ...]:
        """The planted word of each document's text."""
        return tuple(next(word for word in words if word.endswith("noidung")) for words in self.words.values())


Addresses = Callable[[Corpus], Iterable[str]]


def searches(path: str) -> Addresses:
    """Searches that would show a word without asking for it, and those that ask for it.

    Words are asked for a kind at a time (the titles of all documents, then their texts ...): the answer is read for
    all the other kinds of the same documents.
    """

    def addresses(corpus: Corpus) -> Iterable[str]:
        yield from (f"{path}", f"{path}?q={COMMON}", f'{path}?q="co+{COMMON}"', f"{path}?q={COMMON}&level=document")
        yield from (f"{path}?q=&sort={sort}&size=100" for sort in ("title", "number", "-date"))
        yield from (f"{path}?access={a}" for a in ("open", "until", "conditional"))
        yield from (f"{path}?from=1950&to=1999", f"{path}?q={COMMON}+OR+quyet+dinh", f"{path}?q=quyet+dinh+-{COMMON}")
        yield from (f"{path}?fonds={i}" for i in corpus.ids["fonds"])
        yield from (f"{path}?inventory={i}&q={COMMON}" for i in corpus.ids["inventory"])
        yield from (f"{path}?q={'+OR+'.join(kind)}&size=50" for kind in zip(*corpus.words.values(), strict=True))
        yield from (f"{path}?q={word[:-1]}" for word in corpus.texts[::3])  # misspelled: no correction may name it
        yield from (f"{path}?q={word}&type=x&from=1900&to=1901" for word in corpus.texts[1::6])  # nothing found
        yield from (f"{path}?q=noi:{words[1]}" for words in [*corpus.words.values()][::3])
        yield from (f"{path}?q=tieu-de:{words[0]}&lang=en" for words in [*corpus.words.values()][1::6])

    return addresses


def exports(path: str) -> Addresses:
    """The whole archive, and what a search finds."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        yield from (path, f"{path}?lang=en&sort=title", f"{path}?q={COMMON}", f"{path}?access=conditional")
        yield from (f"{path}?fonds={i}" for i in corpus.ids["fonds"])
        yield from (f"{path}?q=quyet+dinh+OR+{word}" for word in corpus.texts[::6])

    return addresses


def records(pattern: str) -> Addresses:
    """Each record at the address of its level, some at that of another."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        for level, ids in corpus.ids.items():
            yield from (pattern.format(id=i, kind=PATHS[level]) for i in ids)
        yield from (pattern.format(id=i, kind="phong") for i in corpus.ids["document"][:1])

    return addresses


def lists(pattern: str) -> Addresses:
    """The lists of members in every order, from everywhere on, filtered, and back at each of the documents."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        for level in ("fonds", "inventory", "file"):
            for one in corpus.ids[level]:
                here = pattern.format(id=one, kind=PATHS[level])
                asked = ("chu=Z", "nam=1990", "so=1", "xep=nam&chon=1", "loc=zq", f"loc={COMMON}&chon=ca&lang=en")
                yield from (f"{here}?{question}" for question in (asked if level == "file" else asked[::3]))
        file = pattern.format(id=corpus.ids["file"][0], kind=PATHS["file"])
        for n, one in enumerate(corpus.ids["document"]):
            yield f"{file}?{('tai', 'xep=so&sau', 'xep=tieu-de&truoc')[n % 3]}={one}"

    return addresses


def beside(pattern: str) -> Addresses:
    """Documents as results of questions, whose neighbours are told: of all records, and of a word in every text."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        questions = ("q%3D%26size%3D100%26sort%3Dtitle", f"q%3D{COMMON}", "q%3D%26access%3Dconditional%26size%3D100")
        for n, one in enumerate(corpus.ids["document"]):
            yield f"{pattern.format(id=one, kind=PATHS['document'])}?ds={questions[n % len(questions)]}"

    return addresses


def both(*ways: Addresses) -> Addresses:
    """The addresses of all of these."""
    return lambda corpus: (one for way in ways for one in way(corpus))


def pages(pattern: str, *questions: str) -> Addresses:
    """The first page of each file and document, plain or with one of the questions in turn; of some the second."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        asked = ("", *(f"?{one}" for one in questions))
        for level in ("file", "document"):
            for place, one in enumerate(corpus.ids[level]):
                first, second = (pattern.format(id=one, kind=PATHS[level], n=n) for n in (1, 2))
                yield first + asked[place % len(asked)]
                if one in (corpus.ids[level][0], *map(corpus.named.get, ("phan", "so", "che"))):
                    yield second + asked[-1]

    return addresses


def each(*patterns: str, level: str = "") -> Addresses:
    """Addresses with an identifier in them: of one level, or of every record."""
    return lambda corpus: (
        pattern.format(id=i) for pattern in patterns for i in (corpus.ids[level] if level else corpus.all_ids)
    )


def in_turn(*patterns: str) -> Addresses:
    """Each record at one of the addresses, the next one at the next."""
    return lambda corpus: (
        patterns[n % len(patterns)].format(id=i, kind=PATHS[level], n=1)
        for level, ids in corpus.ids.items()
        for n, i in enumerate(ids)
    )


def reasons(pattern: str) -> Addresses:
    """Why each record was found: by a word that stands in every text, and by its own or another question in turn."""

    def addresses(corpus: Corpus) -> Iterable[str]:
        for place, (name, one) in enumerate(corpus.named.items()):
            address, words = pattern.format(id=one), "+OR+".join(corpus.words[name])
            yield f"{address}?q=quyet+dinh+OR+{words}"
            yield (address, f"{address}?q={COMMON}", f"{address}?q={COMMON}+OR+ve+viec+quyet+dinh&lang=en")[place % 3]

    return addresses


def facets(path: str, *questions: str) -> Addresses:
    """Every facet, for everything, for a word that stands everywhere, and for one of the rest in turn."""
    names = ("type", "issuer", "place", "person", "field", "fonds", "inventory", "medium", "access", "language")

    def addresses(corpus: Corpus) -> Iterable[str]:
        others = (*questions, *(f"&fonds={i}" for i in corpus.ids["fonds"]))
        for place, name in enumerate(names):
            yield from (f"{path}/{name}?q={q}" for q in ("", COMMON, others[place % len(others)]))

    return addresses


def plain(*paths: str) -> Addresses:
    """Addresses without a record in them."""
    return lambda corpus: paths


NAMED = ("co-quan", "noi", "nguoi")
CHANNELS: dict[str, Addresses] = {
    "home.show": plain("/", "/?lang=en"),
    "searching.show": searches("/tim-kiem"),
    "choosing.show": facets("/tim-kiem/chon", "&tim=zq"),
    "api.facet": facets("/api/v1/facets", "&order=name", "&label=zq&order=name&size=100"),
    "exporting.ask": exports("/tim-kiem/xuat"),
    "exporting.download": lambda corpus: (
        one for kind in ("csv", "xlsx") for one in exports(f"/tim-kiem/xuat.{kind}")(corpus)
    ),
    "browsing.record": both(records("/{kind}/{id}"), lists("/{kind}/{id}"), beside("/{kind}/{id}")),
    "reading.page": pages("/{kind}/{id}/trang/{n}", f"q={COMMON}&ds=q%3D{COMMON}", "hien=ca-nhan&can-cu=x"),
    "reading.sheets": pages("/{kind}/{id}/trang", "tu=2", f"q={COMMON}", f"den=1&q={COMMON}"),
    "correcting.show": pages("/{kind}/{id}/trang/{n}/sua-chu", "dong=1"),
    "correcting.queue": plain("/quan-tri/sua-chu", "/quan-tri/sua-chu?tu=2&lang=en"),
    "images.page_image": pages("/{kind}/{id}/trang/{n}/anh/1240.webp"),
    "recordings.sound": in_turn("/{kind}/{id}/trang/{n}/ban-ghi", "/iiif/3/{id}/{n}/ban-ghi"),
    "recordings.captions": in_turn("/iiif/3/{id}/{n}/loi.vtt", "/{kind}/{id}/trang/{n}/loi.vtt"),
    "galleries.show": records("/{kind}/{id}/anh"),
    "picturing.base": pages("/iiif/3/{id}/{n}"),
    "picturing.info": pages("/iiif/3/{id}/{n}/info.json"),
    "picturing.picture": pages("/iiif/3/{id}/{n}/full/60,/0/default.jpg"),
    "presenting.manifest": each("/iiif/3/{id}/manifest"),
    "annotating.first": in_turn(f"/iiif/search/1/{{id}}?q={COMMON}", "/iiif/search/1/{id}"),
    "annotating.second": each(f"/iiif/3/{{id}}/search?q={COMMON}"),
    "carrying.short": each("/t/{id}"),
    "carrying.citation": in_turn("/t/{id}/trich-dan.bib", "/t/{id}/trich-dan.ris", "/t/{id}/trich-dan.json"),
    "carrying.description": each("/t/{id}/mo-ta.jsonld"),
    "carrying.sheet": each("/t/{id}/phieu"),
    "carrying.text": records("/{kind}/{id}/chu.txt"),
    "downloading.whole": records("/{kind}/{id}/toan-van.pdf"),
    "typeset.show": records("/{kind}/{id}/ban-doc"),
    "typeset.original": both(
        in_turn("/{kind}/{id}/tep/1", "/{kind}/{id}/tep/2?hien=ca-nhan"),
        in_turn("/{kind}/{id}/tep/1?hien=ca-nhan", "/{kind}/{id}/tep/2"),
    ),
    "crawling.robots": plain("/robots.txt"),
    "crawling.sitemap": plain("/sitemap.xml"),
    "crawling.sitemap_part": plain("/sitemap-1.xml", "/sitemap-2.xml"),
    "crawling.feed": searches("/tim-kiem.atom"),
    "keeping.show": plain("/tai-khoan/da-luu"),
    "keeping.news": plain(*(f"/tai-khoan/da-luu/{n}/moi" for n in range(1, 12))),  # one of each account
    "ending_letters.ask": plain("/thoi-thu/x", "/thoi-thu/x?lang=en"),
    "enquiring.ask": in_turn("/hoi?tai-lieu={id}", "/hoi?viec=loi&trang=1&tai-lieu={id}"),
    "enquiring.follow": plain(f"/hoi/{'a' * 26}"),
    "enquiring.queue": plain("/quan-tri/hoi-dap"),
    "api.search": searches("/api/v1/search"),
    "api.record": each("/api/v1/records/{id}"),
    "api.similar": each("/api/v1/records/{id}/similar"),
    "api.why": reasons("/api/v1/records/{id}/why"),
    "reasoning.show": reasons("/tim-kiem/vi-sao/{id}"),
    "api.suggest": lambda corpus: (
        f"/api/v1/suggest?q={quote(q)}"
        for q in (
            "zq",
            "ve viec",
            "Về việc zq",
            "1/",
            "5/qd",
            "việc",
            *corpus.texts,
            *(words[0][:-2] for words in corpus.words.values()),
        )
    ),
    "exporting.job": plain(f"/tim-kiem/xuat/{'0' * 32}"),
    "exporting.fetch": plain(f"/tim-kiem/xuat/{'0' * 32}/tep"),
    "browsing.fonds_list": plain(
        "/phong", *(f"/phong?theo={by}" for by in ("co-quan", "thoi-gian", "noi", "noi&tu=21"))
    ),
    "naming.names": plain(*(f"/{kind}{asked}" for kind in NAMED for asked in ("", "?label=zq&lang=en"))),
    "naming.name": lambda corpus: (
        f"/{kind}/{one}" for kind in NAMED for one in (corpus.places if kind == "noi" else corpus.agencies)
    ),
    "naming.timeline": plain("/theo-nam", "/theo-nam?lang=en"),
    "theming.listed": plain("/chuyen-de", "/chuyen-de?lang=en"),
    "theming.theme": plain("/chuyen-de/moi-tai-lieu", "/chuyen-de/moi-tai-lieu?lang=en", "/chuyen-de/zqantieude"),
    "theming.opened": plain("/mo-trong-thang", "/mo-trong-thang?thang=2020-01"),
    "curating.workshop": plain("/quan-tri/chuyen-de"),
    "curating.edit": plain("/quan-tri/chuyen-de/moi-tai-lieu", "/quan-tri/chuyen-de/zqantieude"),
    "api.description": plain("/api/v1/openapi.json"),
    "help.show": plain("/tro-giup"),
    "history.show": plain("/da-xem", "/da-xem?lang=en"),
    "help.keys": plain("/tro-giup/phim"),
    "help.statements": plain("/tro-giup/tuyen-bo"),
    "health.alive": plain("/healthz"),
    "health.ready": plain("/readyz"),
    "language.switch": plain("/ngon-ngu?lang=en&next=/"),
    "trail.show": lambda corpus: (
        "/quan-tri/nhat-ky",
        "/quan-tri/nhat-ky?viec=read&lang=en",
        *(f"/quan-tri/nhat-ky?tai-lieu={i}" for i in corpus.ids["document"]),
        "/quan-tri/nhat-ky?tu=1",
    ),
    "trail.download": plain("/quan-tri/nhat-ky.csv", "/quan-tri/nhat-ky.csv?viec=read"),
    "personal.queue": plain("/quan-tri/du-lieu-ca-nhan", "/quan-tri/du-lieu-ca-nhan?tu=2&lang=en"),
    "proposals.queue": plain("/quan-tri/de-xuat", "/quan-tri/de-xuat?tu=2&lang=en"),
    "takedown.ask": plain("/yeu-cau-go-bo", "/yeu-cau-go-bo?lang=en"),
    "takedown.follow": plain(f"/yeu-cau-go-bo/{TAKEDOWN}"),
    "takedown.queue": plain("/quan-tri/go-bo"),
    "takedown.consider": plain(f"/quan-tri/go-bo/{TAKEDOWN}"),
    "listing.lists": plain("/quan-tri/danh-muc"),
    "listing.members": plain(f"/quan-tri/danh-muc/{LIST}"),
    "signing.sign_in": plain("/dang-nhap"),
    "openid.begin": plain("/dang-nhap/openid"),
    "openid.come_back": plain("/dang-nhap/openid/ve?code=x&state=y"),
    "registering.ask": plain("/dang-ky"),
    "registering.forgotten": plain("/quen-mat-khau?lang=en"),
    "registering.confirm": plain("/dang-ky/x.y.z"),
    "registering.choose": plain("/dat-mat-khau/x.y.z"),
    "registering.confirm_email": plain("/doi-thu/x.y.z"),
    "second_factor.show": plain("/tai-khoan/ma-mot-lan"),
    "administering.index": plain("/quan-tri/tai-khoan", "/quan-tri/tai-khoan?q=a&vai-tro=reader&trang=2"),
    "administering.begin": plain("/quan-tri/tai-khoan/moi"),
    "administering.show": plain(*(f"/quan-tri/tai-khoan/{n}" for n in range(1, 10))),
    "mailing.show": plain("/quan-tri/thu"),
    "requesting.show_list": each("/gio?them={id}"),
    "following.show_all": plain("/yeu-cau"),
    "following.follow": plain(f"/yeu-cau/{REQUEST}", f"/yeu-cau/{MASKED}"),
    "copying.download": plain(f"/yeu-cau/{REQUEST}/ban-sao/{COPY}", f"/yeu-cau/{'a' * 26}/ban-sao/{COPY}"),
    "evidence.own": plain(f"/yeu-cau/{REQUEST}/giay-to/{PAPER}", f"/yeu-cau/{FEE_REQUEST}/giay-to/{PAPER}"),
    "evidence.officers": plain(f"/quan-tri/yeu-cau/{REQUEST}/giay-to/{PAPER}"),
    "printing.own": plain(f"/yeu-cau/{REQUEST}/phieu.pdf"),
    "printing.officers": plain(f"/quan-tri/yeu-cau/{REQUEST}/phieu.pdf"),
    "printing.own_receipt": plain(f"/yeu-cau/{REQUEST}/giay-hen.pdf"),
    "printing.receipt": plain(f"/quan-tri/yeu-cau/{REQUEST}/giay-hen.pdf"),
    "printing.slip": plain(*(f"/quan-tri/yeu-cau/{one}/phieu-tra.pdf" for one in (HANDED, REQUEST))),
    "masking.show": each(f"/quan-tri/yeu-cau/{REQUEST}/che/{{id}}/1"),
    "masking.preview": each(f"/quan-tri/yeu-cau/{REQUEST}/che/{{id}}/1/anh.jpg"),
    "verifying.show": plain("/xac-thuc", *(f"/xac-thuc?ma={one}" for one in (COPY, f"{COPY}&lang=en", "a" * 26))),
    "following.ask_code": plain("/theo-doi", f"/theo-doi?ma={REQUEST}&lang=en"),
    "answering.queue": plain(
        "/quan-tri/yeu-cau",
        "/quan-tri/yeu-cau?nhom=mine",
        "/quan-tri/yeu-cau?nhom=ended&tu=1",
        *(f"/quan-tri/yeu-cau?nhom={one}" for one in ("handing", "stuck")),
        *(f"/quan-tri/yeu-cau?q={quote(one)}" for one in ("UB", "H48")),
        "/quan-tri/yeu-cau?quyen=conditional&loai=reading&nguoi=-",
    ),
    "answering.download": plain(
        *(
            f"/quan-tri/yeu-cau/xuat.{kind}?nhom={group}"
            for kind, group in (("csv", "all"), ("csv", "ended"), ("xlsx", "all"))
        ),
        f"/quan-tri/yeu-cau/xuat.csv?q={quote('UB')}&quyen=conditional&lang=en",
    ),
    "answering.consider": plain(f"/quan-tri/yeu-cau/{REQUEST}", f"/quan-tri/yeu-cau/{REQUEST}?lang=en"),
    "reading_room.show": plain("/phong-doc"),
    "reading_room.card": plain("/phong-doc/the", "/phong-doc/the?lang=en"),
    "reading_room.desk": plain(
        "/quan-tri/phong-doc", "/quan-tri/phong-doc?nguoi=granted", "/quan-tri/phong-doc?ngay=739000&lang=en"
    ),
    "reading_room.slip": plain(f"/quan-tri/phong-doc/phieu/{LOAN}"),
    "leaving.ask": plain("/tai-khoan/xoa", "/tai-khoan/xoa?lang=en"),
    "retaining.show": plain("/quan-tri/luu-giu", "/quan-tri/luu-giu?ngay=2040-01-01&lang=en"),
    "assisting.begin": plain("/quan-tri/ghi-yeu-cau"),
    "delegating.show": plain("/quan-tri/uy-quyen"),
    "measuring.show": plain("/quan-tri/so-lieu", "/quan-tri/so-lieu?tu=2020-01-01&lang=en"),
    "measuring.download": plain("/quan-tri/so-lieu.csv", "/quan-tri/so-lieu.xlsx"),
    "targets.show": plain("/quan-tri/muc-tieu", "/quan-tri/muc-tieu?lang=en"),
    "targets.download": plain("/quan-tri/muc-tieu.csv", "/quan-tri/muc-tieu.xlsx"),
    "paying.go": plain("/yeu-cau/x/thanh-toan", f"/yeu-cau/{FEE_REQUEST}/thanh-toan"),
    "paying.receipt": plain("/yeu-cau/x/bien-lai", f"/yeu-cau/{FEE_REQUEST}/bien-lai"),
    "charging.queue": plain("/quan-tri/phi", f"/quan-tri/phi?ma={FEE}"),
    "charging.show": plain("/quan-tri/phi/x", f"/quan-tri/phi/{FEE}"),
    "charging.receipt": plain("/quan-tri/phi/x/bien-lai", f"/quan-tri/phi/{FEE}/bien-lai"),
    "reconciling.show": plain("/quan-tri/doi-chieu", "/quan-tri/doi-chieu?lang=en"),
    "reconciling.money": plain("/quan-tri/doi-chieu/tien"),
    "indexing.show": plain("/quan-tri/chi-muc", "/quan-tri/chi-muc?gui=3"),
    "delivering.deliveries": plain("/quan-tri/tiep-nhan", "/quan-tri/tiep-nhan?trang-thai=taken&tu=2&lang=en"),
    "delivering.delivery": plain(
        f"/quan-tri/tiep-nhan/{HANDOVER}",
        f"/quan-tri/tiep-nhan/{HANDOVER}?ket-qua=held&quy-tac=access.loosened&lang=en",
    ),
    "delivering.report": plain(
        *(
            f"/quan-tri/tiep-nhan/{HANDOVER}/bao-cao.{kind}{asked}"
            for kind in ("csv", "xlsx")
            for asked in ("", "?tu=2")
        )
    ),
    "quarantining.rows": plain(*(f"/quan-tri/cach-ly?trang-thai={one}" for one in ("waiting", "refused&lang=en"))),
    "quarantining.row": plain(*(f"/quan-tri/cach-ly/{n}" for n in range(1, 9))),
    "mapping_columns.columns": plain(f"/quan-tri/tiep-nhan/{HANDOVER}/cot"),
    "deliveries_api.listed": plain("/api/v1/deliveries", "/api/v1/deliveries?state=taken&start=2"),
    "deliveries_api.state": plain(f"/api/v1/deliveries/{HANDOVER}"),
    "deliveries_api.report": plain(
        f"/api/v1/deliveries/{HANDOVER}/report", f"/api/v1/deliveries/{HANDOVER}/report?outcome=quarantined"
    ),
    "account.own_data": plain("/tai-khoan/du-lieu.json"),
    "account.show": plain("/tai-khoan", "/tai-khoan?lang=en"),
    "static": plain("/static/vankho.css"),
}
