"""A program that obeys robots.txt and ``nofollow`` reads what the archive has, once, and comes to an end."""

import re
from collections import deque
from html import unescape
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive.catalogue.records import Page, Record
from archive.database import reading
from tests.portal.archive_of_tests import Small

MOST = 3_000  # pages, before it is called endless
#: Ways to look at the same thing, or questions: each multiplies with every other.
ENDLESS = {"q", "ds", "loc", "chu", "xep", "so", "nam", "cho", "xoay", "co", "do-tin", "vung", "cursor", "sort", "tai"}


def crawled(client: FlaskClient) -> set[str]:
    """Every address that such a program asks for, from home on."""
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    asked, waiting = {"/"}, deque(["/"])
    while waiting and len(asked) < MOST:
        here = waiting.popleft()
        answer = client.get(here)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        page = answer.text
        if re.search(r'<meta name="robots" content="[^"]*nofollow', page):
            continue
        for tag in re.findall(r"<a\b[^>]*>", page):
            link = re.search(r'href="([^"]*)"', tag)
            if link is None or re.search(r'rel="[^"]*nofollow', tag):
                continue
            address = urldefrag(urljoin(here, unescape(link[1])))[0]
            if not urlsplit(address).netloc and address not in asked and rules.can_fetch("*", address):
                asked.add(address)
                waiting.append(address)
    return asked


def test_a_program_that_obeys_comes_to_an_end_and_meets_each_record(small: Small, client: FlaskClient) -> None:
    asked = crawled(client)
    with reading() as session:
        records = session.scalar(select(func.count()).select_from(Record)) or 0
        pages = session.scalar(select(func.count()).select_from(Page)) or 0
    assert len(asked) < min(MOST, 60 + 3 * (records + pages)), sorted(asked)[:: max(1, len(asked) // 40)]
    odd = {one for one in asked if ENDLESS & parse_qs(urlsplit(one).query).keys()}
    assert not odd, sorted(odd)[:20]
    met = {urlsplit(one).path for one in asked}
    for code in ("document:H48.P1.1.001", "document:H48.P1.1.066", "document:H48.P1.1.004"):
        assert f"/van-ban/{small.ids[code]}" in met, code
    assert f"/ho-so/{small.ids['file:H48.P1.07.1']}" in met


def test_questions_and_what_is_for_people_are_asked_to_be_left_alone(client: FlaskClient) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    for address in ("/tim-kiem?q=a", "/tim-kiem.atom?q=a", "/api/v1/search?q=a", "/iiif/3/x/1/full/max/0/default.jpg",
                    "/quan-tri/yeu-cau", "/tai-khoan", "/ngon-ngu?lang=en", "/tim-kiem/chon/place?q=a"):  # fmt: skip
        assert not rules.can_fetch("*", address), address
    for address in ("/", "/phong", "/van-ban/abc", "/sitemap.xml", "/chuyen-de", "/mo-trong-thang"):
        assert rules.can_fetch("*", address), address
    assert '<meta name="robots" content="noindex">' in client.get("/tim-kiem?q=a").text
