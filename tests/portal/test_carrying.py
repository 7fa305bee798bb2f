"""What readers carry away, and what search engines and feed readers are told."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.records import Page, Record
from archive.database import writing
from archive.identifiers import new_identifier
from archive.settings import settings
from portal.bibliography import Entry, bibtex, ris
from tests.portal.archive_of_tests import HOSTILE, Small

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
DIGITAL, PAPER, CONDITIONAL = "document:H48.P1.1.001", "document:H48.P1.1.003", "document:H48.P1.1.004"
HIDDEN = "document:H48.P2.2.001"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "a": "http://www.w3.org/2005/Atom"}


def test_citations_for_reference_managers(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    told = {kind: client.get(f"/t/{own}/trich-dan.{kind}").get_data(as_text=True) for kind in ("bib", "ris", "json")}
    (item,) = json.loads(told["json"])
    assert item["title"] == "Về việc giao đất xây dựng khu dân cư"
    assert item["number"] == "1281/QĐ-UB"
    assert item["issued"] == {"date-parts": [[1998, 8, 1]]}
    assert item["author"] == [{"literal": "Ủy ban nhân dân tỉnh Quảng Ngãi"}]
    assert item["archive_collection"] == "Ủy ban nhân dân tỉnh (H48.P1)"
    assert item["archive_location"].startswith("mục lục 07, hồ sơ ")
    english = client.get(f"/t/{own}/trich-dan.json?lang=en").get_json(force=True)
    assert english[0]["archive_location"].startswith("inventory 07, file ")
    assert item["URL"] == f"http://localhost/t/{own}"
    assert "TI  - Về việc giao đất xây dựng khu dân cư\r\n" in told["ris"]
    assert told["ris"].endswith("ER  - \r\n")
    assert f"@misc{{{own},\n  title = {{Về việc" in told["bib"]
    assert client.get(f"/t/{own}").location == f"/van-ban/{own}"


def test_hostile_words_stay_in_their_field() -> None:
    one = Entry("x", "A } B \\ 50% & c_d\nER  - ", "1", "", "C, {D}", None, "", "", "Kho", "http://x/t/x")
    assert "title = {A \\} B \\textbackslash{} 50\\% \\& c\\_d\nER  - }" in bibtex(one)
    assert ris(one).count("\r\nER  - ") == 1


def test_the_sheet_has_both_forms_and_a_code(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/t/{own}/phieu").text
    assert "<svg" in page.split('class="qr"')[1][:200]
    assert f"http://localhost/t/{own}" in page
    assert "Quyết định số 1281/QĐ-UB ngày 01/8/1998" in page
    assert "“Về việc giao đất xây dựng khu dân cư” (Quyết định 1281/QĐ-UB), 1 Aug 1998. Inventory" in page
    for duty in (settings().archive_name, "Được đọc, trích dẫn và lấy bản sao; khi dùng, ghi nguồn"):
        assert duty in page, "archival number, repository, and what is owed in use"


def test_text_is_given_to_who_may_take_it_away(small: Small, client: FlaskClient, as_person: People) -> None:
    answer = client.get(f"/van-ban/{small.ids[DIGITAL]}/chu.txt")
    assert answer.get_data(as_text=True).startswith("Quyết định giao đất")
    assert answer.get_data(as_text=True).count("\f") == 1
    archivist = as_person("lan")
    assert archivist.get(f"/van-ban/{small.ids[CONDITIONAL]}").status_code == 200
    closed = archivist.get(f"/van-ban/{small.ids[CONDITIONAL]}/chu.txt")
    assert (closed.status_code, closed.headers["Cache-Control"]) == (200, "private, no-store")
    for name in (CONDITIONAL, PAPER, HIDDEN):
        assert client.get(f"/van-ban/{small.ids[name]}/chu.txt").status_code == 404


def test_the_sitemap_names_what_everyone_may_read(small: Small, client: FlaskClient, as_person: People) -> None:
    whole = ET.fromstring(client.get("/sitemap.xml").data)
    parts = [one.text or "" for one in whole.iterfind("s:sitemap/s:loc", NAMES)]
    assert parts == ["http://localhost/sitemap-1.xml"]
    for reader in (client, as_person("lan")):
        part = ET.fromstring(reader.get("/sitemap-1.xml").data)
        named = {one.text for one in part.iterfind("s:url/s:loc", NAMES)}
        assert f"http://localhost/van-ban/{small.ids[DIGITAL]}" in named
        assert not [one for name in (CONDITIONAL, HIDDEN) for one in named if small.ids[name] in (one or "")]
        for address in named:
            assert client.get((address or "").removeprefix("http://localhost")).status_code == 200
    assert client.get("/sitemap-2.xml").status_code == 404
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


def test_a_question_is_a_feed_of_what_everyone_sees(small: Small, client: FlaskClient, as_person: People) -> None:
    feeds = [reader.get("/tim-kiem.atom?q=giao+%C4%91%E1%BA%A5t&fonds=" + small.ids["fonds:H48.P1"]).data
             for reader in (client, as_person("lan"))]  # fmt: skip
    assert feeds[0] == feeds[1]
    feed = ET.fromstring(feeds[0])
    ids = [one.text for one in feed.iterfind("a:entry/a:id", NAMES)]
    assert f"http://localhost/t/{small.ids[DIGITAL]}" in ids
    for entry in [feed, *feed.iterfind("a:entry", NAMES)]:
        for name in ("id", "title", "updated"):
            assert (entry.findtext(f"a:{name}", "", NAMES)).strip(), name


def test_pages_name_their_one_address(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    file, fonds = small.ids["file:H48.P1.07.1"], small.ids["fonds:H48.P1"]
    for address, one in (
        (f"/van-ban/{own}", f"/van-ban/{own}"),
        (f"/van-ban/{own}?q=giao&lang=en", f"/van-ban/{own}"),
        (f"/van-ban/{own}/trang/1", f"/van-ban/{own}"),
        # a page has an image and a text of its own: as another address of the first it would be found by nobody
        (f"/van-ban/{own}/trang/2?q=giao&vung=1,2,3,4", f"/van-ban/{own}/trang/2"),
        (f"/ho-so/{file}?tu=51&lang=en", f"/ho-so/{file}?tu=51"),
        (f"/ho-so/{file}?tu=1", f"/ho-so/{file}"),
        (f"/ho-so/{file}?xep=so&tu=51", f"/ho-so/{file}"),  # in another order, it shows what the plain list shows
        (f"/phong/{fonds}?chon=1", f"/phong/{fonds}"),
        ("/?lang=en", "/"), ("/phong?theo=noi&tu=21", "/phong?theo=noi&amp;tu=21"), ("/co-quan?label=x", "/co-quan"),
        ("/theo-nam?x=1", "/theo-nam"), ("/mo-trong-thang?thang=2026-11", "/mo-trong-thang?thang=2026-11"),
    ):  # fmt: skip
        found = re.findall(r'<link rel="canonical" href="([^"]+)">', client.get(address).text)
        assert found == [f"http://localhost{one}"], address
    told = client.get(f"/t/{own}/mo-ta.jsonld").get_json()
    assert told["@type"] == "ArchiveComponent"
    assert told["isPartOf"]["@id"] == f"http://localhost/t/{small.ids['file:H48.P1.07.1']}"


def embedded(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert len(found) <= 1
    told: list[dict[str, Any]] = json.loads(found[0])["@graph"] if found else []
    return told


def test_pages_carry_their_description_for_search_engines(small: Small, client: FlaskClient, as_person: People) -> None:
    own, file, fonds = small.ids[DIGITAL], small.ids["file:H48.P1.07.1"], small.ids["fonds:H48.P1"]
    one, path = embedded(client.get(f"/van-ban/{own}").text)
    assert {"@context": "https://schema.org", **one} == client.get(f"/t/{own}/mo-ta.jsonld").get_json()
    assert one["holdingArchive"]["@type"] == "ArchiveOrganization"
    steps = path["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[0]["item"] == "http://localhost/phong"
    assert steps[-2]["item"] == f"http://localhost/ho-so/{file}"
    assert embedded(client.get(f"/phong/{fonds}").text)[0]["@type"] == ["ArchiveComponent", "Collection"]
    hostile = embedded(client.get(f"/van-ban/{small.ids['document:H48.P1.1.002']}").text)[0]
    assert hostile["name"] == HOSTILE
    assert [told["@type"] for told in embedded(client.get("/").text)] == ["ArchiveOrganization", "WebSite"]
    for listed, kind in (("/co-quan", "Organization"), ("/noi", "Place")):
        link = re.search(rf'href="({listed}/[^"]+)"', client.get(listed).text)
        assert link
        about, path = embedded(client.get(link[1]).text)
        assert (about["@type"], path["@type"]) == (kind, "BreadcrumbList")
    for address in (f"/van-ban/{own}", f"/phong/{fonds}", "/"):
        assert not embedded(as_person("lan").get(address).text), "who has signed in sees more than everyone does"


def test_hidden_and_missing_are_one(small: Small, client: FlaskClient) -> None:
    for pattern in ("/t/{}", "/t/{}/trich-dan.bib", "/t/{}/mo-ta.jsonld", "/t/{}/phieu", "/van-ban/{}/chu.txt"):
        nowhere, hidden = (client.get(pattern.format(one)) for one in (new_identifier(), small.ids[HIDDEN]))
        assert (nowhere.status_code, nowhere.data) == (404, hidden.data)
        assert list(nowhere.headers) == list(hidden.headers)


def test_pages_are_given_as_a_searchable_pdf(small: Small, client: FlaskClient, as_person: People) -> None:
    own = small.ids["document:H48.P1.1.001"]
    answer = client.get(f"/van-ban/{own}/toan-van.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    opened = pypdfium2.PdfDocument(answer.get_data())
    assert len(opened) == 2
    assert "Quyết định giao đất" in " ".join(opened[0].get_textpage().get_text_bounded().split())
    opened.close()
    assert f"/van-ban/{own}/toan-van.pdf" in client.get(f"/van-ban/{own}").text
    assert "toan-van.pdf" not in client.get(f"/van-ban/{small.ids['document:H48.P1.1.002']}").text  # has no images
    for name, code in (("", "004"), ("", "002"), ("hoa", "005")):
        assert as_person(name).get(f"/van-ban/{small.ids[f'document:H48.P1.1.{code}']}/toan-van.pdf").status_code == 404
    assert client.get(f"/van-ban/{own}/toan-van.pdf?tu=3").status_code == 404
    assert client.get(f"/ho-so/{own}/toan-van.pdf").status_code == 404


def test_reference_managers_read_record_pages(small: Small, client: FlaskClient) -> None:
    own = small.ids["document:H48.P1.1.001"]
    told = re.search(r'<span class="Z3988" title="([^"]+)"', client.get(f"/van-ban/{own}").text)
    assert told
    read = parse_qs(unescape(told[1]), strict_parsing=True)
    assert read["rft.title"] == ["Quyết định 1281/QĐ-UB: Về việc giao đất xây dựng khu dân cư"]
    assert read["rft.date"] == ["1998-08-01"]
    assert read["rft.identifier"] == [f"http://localhost/t/{own}"]
    for kind, name in (("ho-so", "file:H48.P1.07.1"), ("phong", "fonds:H48.P1")):
        assert 'class="Z3988"' in client.get(f"/{kind}/{small.ids[name]}").text


def test_only_what_there_is_is_offered(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}").text
    assert "Tải chữ (.txt)" in page
    assert "Tải PDF tìm được chữ" in page
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == own)).one()
        pages = session.scalars(select(Page).where(Page.record_id == record.id)).all()
        texts = {one.n: one.text for one in pages}
        for one in pages:
            one.text = ""
    try:
        page = client.get(f"/van-ban/{own}").text
        assert "Tải chữ (.txt)" not in page
        assert ">Tải PDF</a>" in page
    finally:
        with writing() as session:
            for n, text in texts.items():
                session.get_one(Page, (record.id, n)).text = text
