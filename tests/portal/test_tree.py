"""The tree: windows of members, places by number and year, counts that follow every change at once."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import browsing
from archive.access import Viewer
from archive.access_rules import Closure, derive_access
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.outbox import announce
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building

pytestmark = pytest.mark.both_databases

FILE = "file:H48.P1.07.1"
small = pytest.fixture(scope="module")(building)  # an archive of its own: records are closed here


def places(page: str) -> list[str]:
    return re.findall(r'<li><span class="dim">(\d+)</span>', page)


def titles(page: str) -> list[str]:
    """The members that a list shows, as they are linked."""
    return [unescape(re.sub(r"<[^>]+>", "", one)) for one in re.findall(r'<li[^>]*><span class="dim">.*?</a>', page)]


def test_a_number_a_code_a_year_or_a_letter_begins_the_list(small: Small, client: FlaskClient) -> None:
    address = f"/ho-so/{small.ids[FILE]}"
    whole = places(client.get(address).text)
    assert (whole[0], len(whole)) == ("1", 50)
    for asked in ("1340/Q%C4%90-UB", "1340", "H48.P1.1.060"):
        assert "1340/QĐ-UB" in titles(client.get(f"{address}?so={asked}").text)[0], asked
    assert len(titles(client.get(f"{address}?nam=1998").text)) == 50
    assert titles(client.get(f"{address}?chu=%C4%90").text)[0].endswith("Đơn thư của công dân")
    # "Về việc giao đất" stands under G, and Đ comes before it
    assert "Về việc giao đất" in titles(client.get(f"{address}?chu=g").text)[0]
    letters = re.findall(r'<a rel="nofollow" href="[^"]+[?]chu=[^"]+">(.)</a>', client.get(address).text)
    assert letters == ["B", "Đ", "G", "M", "S", "T", "V"]
    after = client.get(f"{address}?so=1300.5&lang=en").text
    assert "the list begins with the next one" in after
    assert "1300/QĐ-UB" in titles(after)[0]
    none = client.get(f"{address}?so=99999&lang=en").text
    assert "“99999” here or later" in none
    assert places(none)[0] == "1"
    odds = ("?nam=0000", "?nam=99999", "?so=%00", "?so=%25", "?nam=%C2%B2%C2%B2%C2%B2%C2%B2", "?chu=%00", "?chu=ab")
    for odd in (*odds, "?xep=so&sau=x", "?xep=x", "?tai=x", "?loc=%00", "?loc=%22", "?loc=a&cursor=x&xep=so"):
        assert client.get(address + odd).status_code == 200, odd


@pytest.mark.parametrize("order", ["tieu-de", "nam", "so"])
def test_every_order_is_walked_whole_to_its_end_and_back(small: Small, client: FlaskClient, order: str) -> None:
    address = f"/ho-so/{small.ids[FILE]}?xep={order}"
    walked, back = [], []
    page = client.get(address).text
    while True:
        walked.append(titles(page))
        further = re.search(r'href="([^"]+sau=[^"]+)">Phần sau<', page)
        if further is None:
            break
        page = client.get(unescape(further[1])).text
    while further := re.search(r'href="([^"]+truoc=[^"]+)">Phần trước<', page):
        page = client.get(unescape(further[1])).text
        back.append(titles(page))
    assert [len(one) for one in walked] == [50, 16]
    assert len({title for one in walked for title in one}) == 66
    assert back == walked[:-1]


def test_a_filter_finds_words_of_titles_and_numbers_with_or_without_marks(small: Small, client: FlaskClient) -> None:
    address = f"/ho-so/{small.ids[FILE]}"

    def found(words: str, more: str = "") -> list[str]:
        return titles(client.get(f"{address}?loc={quote(words)}{more}").text)

    assert len(found("thuong ky")) == 50
    assert found("thường kỳ", "&xep=so")[0].startswith("Quyết định 1287/QĐ-UB")
    assert [one.rpartition(". ")[2] for one in found("giao dat")] == ["Về việc giao đất xây dựng khu dân cư"]
    assert found("giáo đất") == []
    assert len(found("1340 qd-ub")) == len(found("don thu cong d")) == len(found("134", "&xep=so")) // 7 == 1
    assert "No member has “zzz”" in client.get(f"{address}?loc=zzz&lang=en").text
    page = client.get(f"{address}?loc=thuong+ky&xep=so").text
    further = re.search(r'href="([^"]+cursor=[^"]+)">Phần sau<', page)
    assert further
    rest = client.get(unescape(further[1])).text
    assert len(titles(page)) + len(titles(rest)) == 60
    assert not set(titles(page)) & set(titles(rest))


def test_a_member_leads_back_to_its_place_in_the_list(small: Small, client: FlaskClient) -> None:
    own = small.ids["document:H48.P1.1.060"]
    page = client.get(f"/van-ban/{own}").text
    back = re.search(r'<li><a href="(/ho-so/[^"]+)#o-day" rel="nofollow">', page)
    assert back
    there = client.get(unescape(back[1])).text
    assert places(there.replace(' class="on" id="o-day"', ""))[0] == "51"
    assert re.search(r'<li class="on" id="o-day"><span class="dim">60</span><a href="/van-ban/' + own, there)


def test_what_is_remembered_follows_the_change(small: Small, client: FlaskClient) -> None:
    """Counted, counted again from memory, and right at once after one member is hidden."""
    address, everyone = f"/ho-so/{small.ids[FILE]}", Viewer.anonymous()

    def told() -> tuple[int, int, bool]:
        with reading() as session:
            file = session.scalar(select(Record).where(Record.public_id == small.ids[FILE]))
            assert file
            window = browsing.children(session, everyone, file, today_number())
            below = browsing.extent(session, everyone, file, today_number())
        return window.total, below.documents, f"trong {window.total}<" in client.get(address).text

    before = told()
    assert before == told()
    with writing() as session:
        one = session.scalar(select(Record).where(Record.public_id == small.ids["document:H48.P1.1.010"]))
        assert one
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
        announce(session, [one.id])
    assert told() == (before[0] - 1, before[1] - 1, True)
    assert before[2]
    assert "Không có số hay mã" in client.get(f"{address}?so=H48.P1.1.010").text
    assert "thường kỳ số 10" not in client.get(f"{address}?loc=thuong+ky+so+10").text
