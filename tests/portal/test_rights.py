"""What may be done with a record is told with it, wherever it is told: by standing, in both languages, by date."""

import json
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from portal.rights import rule, rules
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

OPEN, CONDITIONAL, FILE = "document:H48.P1.1.001", "document:H48.P1.1.004", "file:H48.P1.07.1"
CNE = "http://rightsstatements.org/vocab/CNE/1.0/"
READ = "Được đọc, trích dẫn và lấy bản sao; khi dùng, ghi nguồn như mục Trích dẫn"
PERMITTED = "Nội dung chỉ dành cho người được phép, đến khi có quyết định mở"
DESCRIBED = "Phần mô tả được xem và trích dẫn, ghi nguồn như mục Trích dẫn; nội dung theo quyền ghi ở từng hồ sơ"
COPYRIGHT = "Quyền tác giả chưa được xem xét."


def test_every_kind_of_page_tells_it_beside_the_citation(small: Small, client: FlaskClient) -> None:
    for kind, key, said in (
        ("van-ban", OPEN, READ),
        ("van-ban", CONDITIONAL, PERMITTED),
        ("ho-so", FILE, READ),
        ("phong", "fonds:H48.P1", DESCRIBED),
    ):
        page = unescape(client.get(f"/{kind}/{small.ids[key]}").text)
        cited = page.split('class="cite sm"')[1][:1500]
        assert said in cited, key
        assert COPYRIGHT in cited, key
        assert 'href="/tro-giup/tuyen-bo#sd"' in cited, key
    assert "May be read, cited and copied" in client.get(f"/van-ban/{small.ids[OPEN]}?lang=en").text


def test_a_record_with_a_day_tells_the_last_day_on_which_it_is_closed(small: Small, client: FlaskClient) -> None:
    found = client.get("/api/v1/search?access=until").get_json()["hits"][0]
    opens = date.fromisoformat(client.get(f"/api/v1/records/{found['id']}").get_json()["opens_on"])
    last = date.fromordinal(opens.toordinal() - 1)
    assert f"Nội dung đóng đến hết {last:%d/%m/%Y}, chỉ người được phép đọc" in client.get(found["url"]).text


def test_what_is_carried_away_tells_it(small: Small, client: FlaskClient) -> None:
    own = small.ids[OPEN]
    assert READ in client.get(f"/t/{own}/phieu").text
    assert f"note = {{{READ}" in client.get(f"/t/{own}/trich-dan.bib").text
    assert f"N1  - {READ}" in client.get(f"/t/{own}/trich-dan.ris").text
    assert json.loads(client.get(f"/t/{own}/trich-dan.json").text)[0]["note"].startswith(READ)
    told = client.get(f"/t/{own}/mo-ta.jsonld").get_json()
    assert told["conditionsOfAccess"].startswith(READ)
    assert told["usageInfo"] == ["http://localhost/tro-giup/tuyen-bo#sd", CNE]


def test_a_manifest_has_the_statement_and_the_sentence(small: Small, client: FlaskClient) -> None:
    told = client.get(f"/iiif/3/{small.ids[OPEN]}/manifest").get_json()
    assert told["rights"] == CNE
    cited, use = told["requiredStatement"]["value"]["vi"]
    assert cited.startswith("Quyết định số 1281/QĐ-UB")
    assert use.startswith(READ)


def test_the_statement_lists_every_sentence_with_what_it_rests_on(small: Small, client: FlaskClient) -> None:
    page = unescape(client.get("/tro-giup/tuyen-bo").text)
    for one in rules():
        assert one.basis in page, one.standing
        assert one.vi.split("{")[0] in page, one.standing
        assert one.sure in {"V", "V2", "R", "U"}
    assert CNE in page
    assert "chờ xác nhận" in page


def test_rows_hold_by_date() -> None:
    assert rule("open", date(2026, 11, 2).toordinal()).first == date(2025, 7, 1).toordinal()
    assert rule("open", 1).standing == "open"  # before the first row: the first
    with pytest.raises(KeyError):
        rule("none", 1)
