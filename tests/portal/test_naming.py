"""Agencies, places and years as pages: of what the reader may see, and of nothing else."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import gazetteer
from archive.accession.description import PEOPLE, people_named
from archive.accession.names import NameBook
from archive.called import named
from archive.catalogue.authorities import Agent, Place
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.describing import shown_fields
from archive.outbox import announce
from indexer.drainer import drain
from portal.committees import around_agency, told_years
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases


def test_an_agency_is_a_page_with_what_there_is_of_it(small: Small, client: FlaskClient) -> None:
    listed = client.get("/co-quan").text
    found = re.search(r'href="(/co-quan/[^"]+)"><span>Ủy ban nhân dân tỉnh Quảng Ngãi</span>', listed)
    assert found
    page = client.get(found[1]).text
    total = client.get("/api/v1/search?issuer=" + found[1].rpartition("/")[2]).get_json()["total"]
    assert f"Xem {total} tài liệu" in page
    assert "Tên qua các thời kỳ" not in page or "Trước đó" in page
    assert client.get("/co-quan?label=khongco").text.count('<li><a href="/co-quan/') == 0


def test_a_place_tells_what_it_was_before(small: Small, client: FlaskClient) -> None:
    found = re.search(r'href="(/noi/[^"]+)"><span>xã Tịnh Khê</span>', client.get("/noi").text)
    assert found
    page = client.get(found[1]).text
    assert "Theo năm" in page
    assert "Trước đó" in page
    told = re.search(r'<a href="/tim-kiem\?([^"]+)">(\d+) kể cả tên trước', page)
    assert told
    asked = told[1].replace("&amp;", "&")
    assert asked.count("place=") > 1
    total = client.get(f"/api/v1/search?{asked}").get_json()["total"]
    own = re.search(r"Xem (\d+) tài liệu", page)
    assert own
    assert int(told[2]) == total > int(own[1])


def test_names_without_a_visible_record_are_missing(small: Small, client: FlaskClient) -> None:
    with reading() as session:
        all_names = [*session.scalars(select(Agent.public_id)), *session.scalars(select(Place.public_id))]
    nowhere = client.get("/co-quan/khong-co-ten-nay")
    assert nowhere.status_code == 404
    for kind in ("co-quan", "noi"):
        shown = set(re.findall(rf'href="/{kind}/([^"]+)"', client.get(f"/{kind}").text))
        for one in all_names:
            answer = client.get(f"/{kind}/{one}")
            assert answer.status_code == (200 if one in shown else 404)
            if answer.status_code == 404:
                assert answer.data == nowhere.data
    assert client.get(f"/noi/{'x' * 500}").status_code == 404


def test_the_years_count_what_may_be_seen(small: Small, client: FlaskClient) -> None:
    page = client.get("/theo-nam").text
    rows = re.findall(r'from=(\d{4})&amp;to=\1"[^>]*>\d{4}</a></th>.*?<td class="num">([\d.]+)</td>', page)
    assert rows
    for year, count in rows:
        answer = client.get(f"/api/v1/search?from={year}&to={year}").get_json()
        assert str(answer["total"]) == count


def test_a_fonds_shows_its_years_and_kinds(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/phong/{small.ids['fonds:H48.P1']}").text
    assert "1990–1999" in page
    assert re.search(r"type=quyet-dinh[^>]*><span>Quyết định</span>", page)
    hidden = client.get(f"/phong/{small.ids['fonds:H48.P2']}").text
    assert "Quyết định</span>" not in hidden


@pytest.mark.parametrize(
    ("text", "own", "told"),
    [
        # of Sơn Tịnh until NQ 123/NQ-CP of 12/12/2013, then of the city; merged under its own name on 1/7/2025
        ("Xã Tịnh Khê, huyện Sơn Tịnh", "21211-2025", "đến 2013"),
        ("Xã Tịnh Khê, thành phố Quảng Ngãi", "21211-2025", "2013–2025"),
        ("xã Tịnh Khê", "21211", ""),
        ("Xã Nghĩa Thuận, huyện Tư Nghĩa", "21247-2025", "đến 2025"),
        ("xã Tịnh Khê, tỉnh Quảng Ngãi", "21211", ""),
        ("Phường Lê Hồng Phong, thành phố Quảng Ngãi", "21010-2025", "đến 2025"),
        ("Thị xã Quảng Nghĩa", "quang-nghia-1981", "1976–1981"),
    ],
)
def test_a_name_has_the_years_of_what_it_names(text: str, own: str, told: str, app: Flask) -> None:
    with app.test_request_context("/"):
        unit, days = named(gazetteer.places(), text)
        assert (unit and unit.id, told_years(*days)) == (own, told)


def test_a_place_of_then_does_not_begin_with_its_merger(small: Small, client: FlaskClient) -> None:
    """Written with its district: its own years beside the title, the commune of today among the later names."""
    found = re.search(r'href="(/noi/[^"]+)"><span>xã Tịnh Khê, huyện Sơn Tịnh</span>', client.get("/noi").text)
    assert found
    page = client.get(found[1]).text
    assert '<p class="meta"><span class="nw">đến 2013</span></p>' in page
    later = page.partition("Sau này")[2].partition("</ul>")[0]
    assert re.search(r"<span>xã Tịnh Khê</span><i></i><small class=\"nw\">từ 2025</small>", later)


@contextmanager
def signed(small: Small, code: str, named: dict[str, str], *, agents: bool = True) -> Iterator[str]:
    """The document with these persons in its description, in catalogue and index; afterwards as it was."""
    own = small.ids[f"document:{code}"]
    try:
        _curate(own, named, agents=agents)
        drain(small.engine)
        yield own
    finally:
        _curate(own, dict.fromkeys(named), agents=False)
        drain(small.engine)


def _curate(own: str, named: Mapping[str, str | None], *, agents: bool) -> None:
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == own)).one()
        told = {**record.curated, **named}
        record.curated = {field: value for field, value in told.items() if value is not None}
        if agents:
            NameBook().people(session, [one for text in named.values() if text for one in text.split("; ")])
        announce(session, [record.id])


def person_of(client: FlaskClient, name: str) -> str:
    found = re.search(rf'href="(/nguoi/[^"]+)"><span>{name}</span>', client.get("/nguoi").text)
    return found[1] if found else ""


def test_a_person_is_a_page_of_the_name_with_the_roles_and_the_years(small: Small, client: FlaskClient) -> None:
    first = {"Signer": "Trần Thị Hoà; Lê Ảnh", "Photographer": "Lê Ảnh"}
    with signed(small, "H48.P1.1.001", first) as own, signed(small, "H48.P1.1.003", {"Signer": "TRẦN THỊ HÒA"}):
        assert "người trùng tên chưa được tách" in client.get("/nguoi").text
        assert person_of(client, "Lê Ảnh")
        assert "Lê Ảnh" not in client.get("/nguoi?label=Trần").text
        address = person_of(client, "Trần Thị Hoà")
        page = client.get(address).text
        for told in ("Người ký <span", ">1998</span>", "Xem 2 tài liệu", "người trùng tên chưa được tách", "Theo năm"):
            assert told in page, told
        assert "Tác giả ảnh" not in page
        assert "Tác giả ảnh" in client.get(person_of(client, "Lê Ảnh")).text
        value = address.rpartition("/")[2]
        answer = client.get(f"/api/v1/search?person={value}").get_json()
        assert answer["total"] == 2
        assert {one["label"] for one in answer["facets"]["person"] if one["selected"]} == {"Trần Thị Hoà"}
        assert client.get("/api/v1/search?q=nguoi:hoa").get_json()["total"] == 2
        assert (
            f'<a href="{address}" rel="nofollow">Trần Thị Hoà</a>; <a href="/nguoi/'
            in client.get(f"/van-ban/{own}").text
        )
        told = client.get(f"/t/{own}/mo-ta.jsonld").get_json()["contributor"]
        assert [(one["@type"], one["name"]) for one in told] == [
            ("Person", "Trần Thị Hoà"), ("Person", "Lê Ảnh"),
        ]  # fmt: skip
        assert told[0]["url"].endswith(address)
        issuer = re.search(r'href="(/co-quan/[^"]+)" rel="nofollow">', client.get(f"/van-ban/{own}").text)
        assert issuer
        assert re.search(rf"person={value}[^>]*><span>Trần Thị Hoà</span>", client.get(issuer[1]).text)
    assert client.get(address).status_code == 404


def test_who_signed_what_is_hidden_has_no_page(small: Small, client: FlaskClient) -> None:
    """Nor does the reader learn that somebody signed a hidden record, too, whom he may know from an open one."""
    with (
        signed(small, "H48.P1.1.001", {"Signer": "Lê Mở"}),
        signed(small, "H48.P2.2.001", {"Signer": "Võ Kín; Lê Mở"}),
    ):
        with reading() as session:
            own = session.scalars(select(Agent.public_id).where(Agent.name == "Võ Kín")).one()
        assert "Võ Kín" not in client.get("/nguoi").text
        assert client.get(f"/nguoi/{own}").data == client.get("/nguoi/khong-co").data
        assert client.get("/api/v1/facets/person?label=kin").get_json()["values"] == []
        assert client.get(f"/api/v1/search?person={own}").get_json()["total"] == 0
        assert "Xem 1 tài liệu" in client.get(person_of(client, "Lê Mở")).text


def test_who_is_named_is_shown_where_the_description_is(small: Small) -> None:
    """The index names nobody whom the description keeps from a viewer: it asks the same fields."""
    assert set(PEOPLE) <= set(shown_fields("document", readable=False, staff=False))
    assert not any(people_named(level, "Lê Mở") for level in ("fonds", "inventory", "file"))


def test_a_record_leads_to_its_agency_and_its_places_and_to_the_search_for_who_signed(
    small: Small, client: FlaskClient
) -> None:
    own = small.ids["document:H48.P1.1.001"]
    page = unescape(client.get(f"/van-ban/{own}").text)
    for kind, text in (("co-quan", "Ủy ban nhân dân tỉnh Quảng Ngãi"), ("noi", "xã Tịnh Khê")):
        link = re.search(rf'<a href="(/{kind}/\w+)" rel="nofollow">{text}</a>', page)
        assert link, kind
        answer = client.get(link[1])
        assert answer.status_code == 200
        assert "<h1" in answer.text
    with writing() as session:
        record = session.scalars(select(Record).where(Record.public_id == own)).one()
        before, record.curated = record.curated, {**record.curated, "Signer": 'Nguyễn "Ba" Ký'}
    try:
        assert '<a href="/tim-kiem?q=%22Nguy%E1%BB%85n+Ba+K%C3%BD%22" rel="nofollow">Nguyễn "Ba" Ký</a>' in unescape(
            client.get(f"/van-ban/{own}").text
        )
    finally:
        with writing() as session:
            session.get_one(Record, record.id).curated = before


def test_a_committee_stands_with_its_place_and_the_place_with_its_committee(small: Small, client: FlaskClient) -> None:
    listed = client.get("/co-quan").text
    found = re.search(r'href="(/co-quan/[^"]+)"><span>Ủy ban nhân dân tỉnh Quảng Ngãi</span>', listed)
    assert found
    page = unescape(client.get(found[1]).text)
    assert '<p class="meta"><span class="nw">từ 1989</span></p>' in page
    earlier = page.partition("Trước đó")[2].partition("</ul>")[0]
    assert re.search(r'<span>Ủy ban nhân dân tỉnh Nghĩa Bình</span><i></i><small class="nw">1976–1989</small>', earlier)
    governs = page.partition("Phụ trách</h3>")[2].partition("</ul>")[0]
    assert "<span>tỉnh Quảng Ngãi</span>" in governs
    place = re.search(r'href="(/noi/[^"]+)"><span>xã Tịnh Khê</span>', client.get("/noi").text)
    assert place
    page = unescape(client.get(place[1]).text)
    bodies = page.partition("Ủy ban và hội đồng</h3>")[2].partition("</ul>")[0]
    assert 'href="/tim-kiem?q=%22%E1%BB%A6y+ban+nh%C3%A2n+d%C3%A2n+x%C3%A3+T%E1%BB%8Bnh+Kh%C3%AA%22"' in bodies
    lay = page.partition("Thuộc</h3>")[2].partition("</dl>")[0]
    assert re.search(r"thành phố Quảng Ngãi</span> <small class=\"dim\">12/12/2013–30/6/2025</small>", lay)
    assert re.search(r"huyện Sơn Tịnh</span> <small class=\"dim\">đến 11/12/2013</small>", lay)


def test_the_committee_of_a_commune_leads_to_the_page_of_its_place(
    small: Small, client: FlaskClient, app: Flask
) -> None:
    place = re.search(r'href="(/noi/[^"]+)"><span>xã Tịnh Khê</span>', client.get("/noi").text)
    assert place
    with app.test_request_context("/"):
        around = around_agency("Ủy ban nhân dân xã Tịnh Khê")
        assert around.governs
        assert around.governs.url == place[1]
        assert around.earlier[-1].name == "Ủy ban nhân dân thành phố Quảng Ngãi"
        agency = around_agency("Sở Địa chính tỉnh Quảng Ngãi")
        assert agency.governs
        assert agency.governs.name == "tỉnh Quảng Ngãi"
