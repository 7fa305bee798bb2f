"""Results on the page: each page that matches with its snippet, files with the documents in them that match."""

import re

import pytest
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases
SPREAD = "document:H48.P1.1.002"  # pages 1 and 3 match


def test_the_pages_that_match_come_with_their_snippets(client: FlaskClient, small: Small) -> None:
    page = client.get("/tim-kiem?q=giao+%C4%91%E1%BA%A5t").text
    pages = client.get("/api/v1/search?q=giao+%C4%91%E1%BA%A5t").get_json()["hits"]
    (hit,) = (one for one in pages if one["id"] == small.ids[SPREAD])
    assert len(hit["pages"]) > 1
    card = next(one for one in page.split("<article") if f'<h3><a href="{hit["url"]}?' in one)
    for one in hit["pages"]:
        assert one["snippet"] in card
        assert f"tr.&nbsp;{one['n']}<" in card
    assert re.search(r"<details class=\"more\"><summary class=\"xs\">Thêm \d trang khớp", card)
    assert card.count(hit["snippet"]) == 1


def test_a_file_names_the_documents_in_it_that_match(client: FlaskClient) -> None:
    address = "q=h%E1%BB%93+s%C6%A1+giao+%C4%91%E1%BA%A5t&level=file"
    hits = client.get(f"/api/v1/search?{address}").get_json()["hits"]
    told = [one for one in hits if one["inside"]["documents"]]
    assert told
    page = client.get(f"/tim-kiem?{address}").text
    assert f"Trong hồ sơ có {told[0]['inside']['count']} văn bản khớp" in page
    for one in told[0]["inside"]["documents"]:
        assert one["url"] in page
        assert one["page"] is None or one["page"]["snippet"] in page
    assert any(one["page"] for one in told[0]["inside"]["documents"])
