"""From a list of results through its records: on, back, to the list again, without losing the thread."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import PLANTED, Small

pytestmark = pytest.mark.both_databases

TITLE = re.compile(r'<article class="card">.*?<h3[^>]*><a href="([^"]+)"', re.S)
NAV = re.compile(r'<nav [^>]*aria-label="Kết quả tìm">.*?</nav>', re.S)


def listed(client: FlaskClient, question: str) -> list[str]:
    """Addresses of the results' titles, page after page."""
    found, address = [], f"/tim-kiem?{question}"
    while address:
        page = client.get(address).text
        found += [unescape(one) for one in TITLE.findall(page)]
        onward = re.search(r'<a class="btn" rel="next nofollow" href="([^"]+)"', page)
        address = unescape(onward[1]) if onward else ""
    return found


def way(page: str, rel: str) -> str:
    """The address of the result before (``prev``) or after (``next``)."""
    nav = NAV.search(page)
    link = nav and re.search(rf'<a[^>]*rel="{rel} nofollow"[^>]*href="([^"]+)"', nav[0])
    return unescape(link[1]) if link else ""


def walked(client: FlaskClient, address: str, rel: str) -> list[str]:
    """The paths of the records from an address on, by the links of that name."""
    paths = []
    while address and len(paths) < 200:
        paths.append(urlsplit(address).path)
        address = way(client.get(address).text, rel)
    return paths


@pytest.mark.parametrize(
    "question",
    ["q=giao+%C4%91%E1%BA%A5t", "q=quy%E1%BA%BFt+%C4%91%E1%BB%8Bnh&size=7", "q=&sort=number&size=9", "level=file&q="],
)
@pytest.mark.parametrize("name", ["", "lan"])
def test_records_are_read_in_the_order_of_the_results_and_back(
    question: str, name: str, as_person: Callable[[str], FlaskClient]
) -> None:
    client = as_person(name)
    results = listed(client, question)
    paths = [urlsplit(one).path for one in results]
    assert len(paths) > 1 or question.startswith("level")
    assert walked(client, results[0], "next") == paths
    assert walked(client, results[-1], "prev") == paths[::-1]


def test_the_list_is_found_again_at_the_result(small: Small, client: FlaskClient) -> None:
    results = listed(client, "q=quy%E1%BA%BFt+%C4%91%E1%BB%8Bnh&size=7")
    page = client.get(results[9]).text  # the third of the second page
    nav = NAV.search(page)
    assert nav
    back = unescape(re.findall(r'href="([^"]+)"', nav[0])[0])
    assert urlsplit(back).fragment == "kq3"
    again = client.get(back).text
    card = again.partition('id="kq3"')[2].partition("</article>")[0]
    assert urlsplit(results[9]).path in card
    total = re.search(r"<h2>([0-9]+) kết quả</h2>", again)
    assert total
    assert f"Về danh sách {total[1]} kết quả" in nav[0]


def test_turning_pages_and_asking_inside_keep_the_list(small: Small, client: FlaskClient) -> None:
    own = small.ids["document:H48.P1.1.001"]
    asked = quote("q=giao đất", safe="")
    page = client.get(f"/van-ban/{own}?q=giao&ds={asked}").text
    assert way(client.get(f"/van-ban/{own}/trang/2?ds={asked}").text, "next")
    for address in re.findall(rf'href="(/van-ban/{own}[^"]*)"', page):
        parts = urlsplit(unescape(address))
        if parts.path in (f"/van-ban/{own}", f"/van-ban/{own}/trang/2", f"/van-ban/{own}/trang"):
            assert parse_qs(parts.query)["ds"] == ["q=giao đất"], address
    assert '<input type="hidden" name="ds" value="q=giao đất">' in page


def test_a_file_and_a_closed_document_have_it_too(small: Small, client: FlaskClient) -> None:
    for code, kind in (("file:H48.P1.07.1", "ho-so"), ("document:H48.P1.1.004", "van-ban"), ("fonds:H48.P1", "phong")):
        page = client.get(f"/{kind}/{small.ids[code]}?ds=q%3D%26size%3D100").text
        assert way(page, "next") or way(page, "prev"), code


def test_what_is_hidden_is_passed_over(
    small: Small, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    """The same address for two readers: who may see the hidden document comes by it, who may not does not."""
    hidden = f"/van-ban/{small.ids['document:H48.P2.2.001']}"
    question = "q=&level=document&sort=title&size=100"
    first = listed(as_person("lan"), question)[0]
    assert hidden in walked(as_person("lan"), first, "next")
    seen = walked(client, first, "next")
    assert len(seen) > 1
    assert hidden not in seen
    assert PLANTED not in "".join(client.get(one).text for one in listed(client, question)[:20])
    # of a word that only the closed text has: no list, no count, nothing that differs from a word that nobody wrote
    open_one = f"/van-ban/{small.ids['document:H48.P1.1.001']}"
    told = []
    for word in (PLANTED, "khôngcóđâu"):
        nav = NAV.search(client.get(f"{open_one}?ds=q%3D{word}").text)
        assert nav
        told.append(nav[0].replace(quote(word), "x"))
    assert told[0] == told[1]


def test_another_readers_place_and_nonsense_do_not_break_the_page(
    small: Small, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    results = listed(as_person("lan"), "q=quy%E1%BA%BFt+%C4%91%E1%BB%8Bnh&size=7")
    page = client.get(results[9])  # the cursor is of another reader: the list is offered from its beginning
    assert page.status_code == 200
    assert not way(page.text, "next")
    nav = NAV.search(page.text)
    assert nav
    back = unescape(re.findall(r'href="([^"]+)"', nav[0])[0])
    assert "cursor" not in back
    assert client.get(back).status_code == 200
    own = small.ids["document:H48.P1.1.001"]
    for nonsense in ("sort=x", "q=%22a", "a" * 3_000, "from=x", "%00", "cursor=x&q=a", "&" * 900):
        answer = client.get(f"/van-ban/{own}?ds={quote(nonsense, safe='')}")
        assert answer.status_code == 200, nonsense


def test_the_address_of_the_record_stays_the_one_for_others(small: Small, client: FlaskClient) -> None:
    own = small.ids["document:H48.P1.1.001"]
    page = client.get(f"/van-ban/{own}?ds=q%3Dgiao").text
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', page)
    assert canonical
    assert urlsplit(canonical[1]).path == f"/van-ban/{own}"
    assert not urlsplit(canonical[1]).query
    assert "Kết quả tìm" not in client.get(f"/van-ban/{own}").text
