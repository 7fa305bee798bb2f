"""The fonds by agency, period and place: the counts are those of the search they lead to, for every reader."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

WAYS = ("co-quan", "thoi-gian", "noi")


def links(page: str) -> list[tuple[str, int]]:
    """Address and count of each fonds in the groups of a page."""
    found = re.findall(r'<li><a href="([^"]+)"[^>]*><span[^>]*>[^<]*</span><i></i><span class="num">(\d+)<', page)
    return [(unescape(address), int(count)) for address, count in found]


@pytest.mark.parametrize("by", ["thoi-gian", "noi"])
@pytest.mark.parametrize("name", ["", "lan"])
def test_a_count_is_that_of_the_search_behind_it(
    small: Small, as_person: Callable[[str], FlaskClient], by: str, name: str
) -> None:
    client = as_person(name)
    told = [one for one in links(client.get(f"/phong?theo={by}").text) if one[0].startswith("/tim-kiem")]
    assert told
    for address, count in told:
        answer = client.get(address.replace("/tim-kiem", "/api/v1/search", 1)).json
        assert answer
        assert answer["total"] == count, address


def test_what_a_reader_may_not_see_is_in_no_count(small: Small, as_person: Callable[[str], FlaskClient]) -> None:
    anonymous, staff = as_person(""), as_person("lan")
    for by in WAYS:
        few = dict(links(anonymous.get(f"/phong?theo={by}").text))
        many = dict(links(staff.get(f"/phong?theo={by}").text))
        assert sum(few.values()) < sum(many.values()), by
        assert not [own for own, count in few.items() if count > many.get(own, 0)]


def test_pages_lead_there_and_odd_addresses_do_no_harm(small: Small, client: FlaskClient) -> None:
    for start in ("/", "/phong"):
        page = client.get(start).text
        assert all(f"/phong?theo={by}" in page for by in WAYS), start
    for odd in ("?theo=x", "?theo=noi&tu=0", "?theo=noi&tu=99999", "?theo=noi&tu=x", "?theo=%00"):
        assert client.get(f"/phong{odd}").status_code == 200, odd
