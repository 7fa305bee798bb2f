"""Every page as everyone: it answers, it carries its headers, it shows what that person may see and no more."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.settings import ROOT
from portal.assets import digest
from tests.portal.archive_of_tests import HOSTILE, PLANTED, Small
from tests.portal.conftest import without_token

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]

DIGITAL, TEXT, PAPER = "document:H48.P1.1.001", "document:H48.P1.1.002", "document:H48.P1.1.003"
CONDITIONAL, LATER, OPENED = "document:H48.P1.1.004", "document:H48.P1.1.005", "document:H48.P1.1.006"
HIDDEN, HIDDEN_FILE = "document:H48.P2.2.001", "file:H48.P2.07.2"


def addresses(small: Small) -> list[str]:
    fonds, file = small.ids["fonds:H48.P1"], small.ids["file:H48.P1.07.1"]
    digital = small.ids[DIGITAL]
    return [
        "/",
        "/tim-kiem",
        "/tim-kiem?q=giao+%C4%91%E1%BA%A5t",
        "/tim-kiem?q=giao&type=quyet-dinh&from=1998&to=1999&level=document",
        "/tim-kiem?q=zzzzkhongco&medium=paper",
        "/tim-kiem/chon/place?q=giao&tim=tinh",
        "/phong",
        f"/phong/{fonds}",
        f"/phong/{small.ids['fonds:H48.P2']}",
        f"/muc-luc/{small.ids['inventory']}",
        f"/ho-so/{file}",
        f"/ho-so/{file}?tu=51",
        f"/ho-so/{file}?tai={digital}&chon=ca",
        f"/phong/{fonds}?chon=1",
        f"/van-ban/{digital}",
        f"/van-ban/{digital}?q=giao+%C4%91%E1%BA%A5t&cho=2",
        f"/van-ban/{digital}/trang/2",
        f"/van-ban/{small.ids[TEXT]}?q=giao",
        f"/van-ban/{small.ids[PAPER]}",
        f"/van-ban/{small.ids[CONDITIONAL]}",
        f"/van-ban/{small.ids[LATER]}",
        f"/van-ban/{small.ids[OPENED]}",
        "/dang-nhap",
        "/tro-giup",
    ]


OWN_SCRIPT = (
    r'<script (?:src="/static/(?:suggest|reader|zoom|player|history|sending)\.js\?v=[0-9a-f]{12}" defer'
    r'(?: data-looked-[a-z]+="[^"<>]*")*>|type="application/ld\+json">[^<>&]*)</script>'  # the latter is data
)


@pytest.mark.parametrize("name", ["", "hoa", "minh", "lan"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_answers_and_is_clean(small: Small, as_person: People, name: str, language: str) -> None:
    client = as_person(name)
    for address in addresses(small):
        answer = client.get(address + ("&" if "?" in address else "?") + f"lang={language}")
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.text, address
        assert answer.text.count("<script") == len(re.findall(OWN_SCRIPT, answer.text)), address
        assert "suggest.js" in answer.text, address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text), address
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Cookie" in answer.headers["Vary"], address
        assert answer.text.count("<h1") == 1, address
        ids = re.findall(r'\sid="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids)), address
        if name:
            assert answer.headers["Cache-Control"] == "private, no-store", address
        head = client.head(address)
        assert head.status_code == 200, address
        assert head.data == b""


def test_what_opens_later_offers_to_ask_for_access_now(small: Small, client: FlaskClient) -> None:
    own = small.ids[LATER]
    found = client.get("/tim-kiem?q=%22M%E1%BB%9F+sau%22").text
    assert "Nội dung đóng đến hết 31/12/2030." in found
    assert f'<a class="chip" rel="nofollow" href="/gio?them={own}">Xin tiếp cận' in found
    assert f'href="/gio?them={own}">Xin tiếp cận</a>' in client.get(f"/van-ban/{own}").text


def test_the_policy_allows_nothing_inline(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_readers_who_did_not_sign_in_get_no_cookie(small: Small, client: FlaskClient) -> None:
    for address in addresses(small):
        if address != "/dang-nhap" and "chon=" not in address:
            assert "Set-Cookie" not in client.get(address).headers, address


def test_pages_are_light(small: Small, client: FlaskClient) -> None:
    sheet = sum(len((ROOT / "static" / name).read_bytes()) for name in ("vankho.css", "rooms.css"))
    for address in addresses(small):
        page = len(client.get(address).data)
        assert page + sheet < 60 * 1024, (address, page, sheet)
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(packed.data) < 16 * 1024, address


def test_pages_that_go_without_the_second_style_sheet_have_nothing_of_it(small: Small, client: FlaskClient) -> None:
    first, second = ((ROOT / "static" / name).read_text("utf-8") for name in ("vankho.css", "rooms.css"))
    only = set(re.findall(r"\.([a-z][\w-]*)", second)) - set(re.findall(r"\.([a-z][\w-]*)", first))
    assert {"progress", "list", "sheets"} <= only
    light = [page for page in (client.get(address).text for address in addresses(small)) if "rooms.css" not in page]
    assert len(light) >= 10
    for page in light:
        worn = {one for told in re.findall(r'class="([^"]*)"', page) for one in told.split()}
        assert not worn & only, (re.findall(r"<title>(.*?)</title>", page), worn & only)


def test_the_script_of_suggestions_is_small_and_optional(client: FlaskClient) -> None:
    assert len((ROOT / "static" / "suggest.js").read_bytes()) < 4 * 1024
    page = client.get("/").text
    assert 'data-source="/api/v1/suggest"' in page
    assert 'role="combobox"' not in page  # only the script makes it one: without it, a plain field


def test_the_home_page_counts_what_everyone_may_see(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "1 hồ sơ và 66 văn bản trong 2 phông" in page
    assert "Vừa mở" in page
    assert "từ 01/10/2026" in page


def test_results_show_marks_badges_and_reasons(client: FlaskClient, small: Small) -> None:
    page = client.get("/tim-kiem?q=giao+%C4%91%E1%BA%A5t").text
    assert "<mark>giao đất</mark>" in page
    assert f"/van-ban/{small.ids[DIGITAL]}" in page
    closed = client.get("/tim-kiem?q=%C4%91%C6%A1n+th%C6%B0").text
    assert "Có điều kiện" in closed
    assert "Nội dung không hiện ở đây" in closed
    later = client.get("/tim-kiem?q=%22m%E1%BB%9F+sau%22").text
    assert "Mở từ 01/01/2031" in later
    assert "đóng đến hết 31/12/2030" in later


def test_an_empty_answer_says_what_a_filter_less_would_give(client: FlaskClient) -> None:
    page = client.get("/tim-kiem?q=%22giao+%C4%91%E1%BA%A5t%22&from=1900&to=1901").text
    assert "Không có tài liệu nào khớp" in page
    assert re.search(r"Bỏ lọc Năm: 1900–1901</span><i></i><span class=\"num\">\d+ kết quả", page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=%22giao", "chưa được đóng"),
        ("q=a&from=abc", "không phải là năm"),
        ("q=a&sort=x", "hãy dùng"),
        ("q=a&size=101", "từ 1 đến 100"),
        ("q=nam:abc", "không phải là năm"),
    ],
)
def test_what_cannot_be_understood_is_said_and_kept(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/tim-kiem?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert 'role="alert"' in answer.text


def test_many_filters_without_results_ask_the_index_a_few_times_only(
    client: FlaskClient, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    query = small.engine.query
    monkeypatch.setattr(
        type(small.engine), "query", lambda _self, *plan, **more: asked.append(1) or query(*plan, **more)
    )
    values = "&".join(f"{facet}=x{n}" for facet in ("type", "place", "field", "issuer", "fonds") for n in range(50))
    assert client.get(f"/tim-kiem?q=giao+dat&{values}").status_code == 200
    assert 0 < len(asked) <= 20, "each filter in force asks once more"


def test_all_values_of_a_facet_can_be_reached(client: FlaskClient) -> None:
    page = client.get("/tim-kiem/chon/place?q=giao&tim=tinh").text
    assert "Tịnh Khê" in page
    assert "/tim-kiem?q=giao&amp;place=" in page
    assert "Không có giá trị nào" in client.get("/tim-kiem/chon/place?tim=zzz").text
    assert client.get("/tim-kiem/chon/none").status_code == 404
    assert client.get("/tim-kiem/chon/place?q=%22a").status_code == 400


def test_hostile_titles_and_queries_are_text(client: FlaskClient, small: Small) -> None:
    pages = [
        client.get(f"/van-ban/{small.ids[TEXT]}").text,
        client.get("/tim-kiem?q=%3Cscript%3Ealert(1)%3C/script%3E").text,
        client.get("/tim-kiem?q=ngo%E1%BA%B7c+%C4%91%E1%BA%ADm").text,
        client.get(f"/ho-so/{small.ids['file:H48.P1.07.1']}").text,
        client.get(f"/van-ban/{small.ids[DIGITAL]}?q=%22%3E%3Cimg+src%3Dx%3E").text,
    ]
    for page in pages:
        assert page.count("<script") == len(re.findall(OWN_SCRIPT, page))
        assert "<b>đậm" not in page
        assert not re.search(r'<img(?! src="/van-ban/)', page)
        assert "<i>nghiêng" not in page
    assert "&lt;script&gt;" in pages[0]
    assert HOSTILE not in pages[0]


def test_a_conditional_record_shows_its_description_only(small: Small, as_person: People) -> None:
    address = f"/van-ban/{small.ids[CONDITIONAL]}"
    outside = as_person("hoa").get(address).text
    assert "Đơn thư của công dân" in outside
    assert "tiếp cận có điều kiện" in outside
    assert PLANTED not in outside
    inside = as_person("lan").get(address).text
    assert f"Nội dung đơn {PLANTED}" in inside
    assert f"bút phê {PLANTED}" in inside


@pytest.mark.parametrize("name", ["", "hoa"])
def test_hidden_and_missing_are_the_same_bytes(small: Small, as_person: People, name: str) -> None:
    client = as_person(name)
    nothing = "a" * 26
    for shape, key in (
        ("/van-ban/{}", HIDDEN),
        ("/van-ban/{}/trang/1", HIDDEN),
        ("/van-ban/{}/trang/1/anh/300.webp", HIDDEN),
        ("/ho-so/{}", HIDDEN_FILE),
        ("/ho-so/{}/trang/1", HIDDEN_FILE),
        ("/api/v1/records/{}", HIDDEN),
        ("/van-ban/{}/trang/1", CONDITIONAL),
        ("/van-ban/{}/trang/1/anh/300.webp", CONDITIONAL),
    ):
        hidden, missing = client.get(shape.format(small.ids[key])), client.get(shape.format(nothing))
        assert hidden.status_code == missing.status_code == 404
        assert without_token(hidden.text) == without_token(missing.text)
        assert name or hidden.data == missing.data
        assert sorted(hidden.headers) == sorted(missing.headers)
    assert as_person("lan").get(f"/van-ban/{small.ids[HIDDEN]}").status_code == 200


def test_nobody_outside_meets_the_planted_word(small: Small, as_person: People) -> None:
    for name in ("", "hoa"):
        client = as_person(name)
        for address in [
            *addresses(small),
            f"/phong/{small.ids['fonds:H48.P2']}",
            f"/api/v1/records/{small.ids[LATER]}",
        ]:
            assert PLANTED not in client.get(address).text, address
        assert client.get(f"/api/v1/search?q={PLANTED}").get_json()["total"] == 0


def test_declared_counts_are_for_staff(small: Small, as_person: People) -> None:
    for address in (f"/ho-so/{small.ids['file:H48.P1.07.1']}", f"/api/v1/records/{small.ids['file:H48.P1.07.1']}"):
        assert "7777" not in as_person("").get(address).text
        assert "7777" not in as_person("hoa").get(address).text
        assert "7777" in as_person("lan").get(address).text


def test_a_window_of_fifty_without_gaps(small: Small, client: FlaskClient) -> None:
    address = f"/ho-so/{small.ids['file:H48.P1.07.1']}"
    first, second = client.get(address).text, client.get(f"{address}?tu=51").text
    assert "1–50 trong 66" in first
    assert "51–66 trong 66" in second
    linked = re.findall(r'href="/van-ban/([a-z2-7]{26})"', first + second)
    assert len(set(linked)) >= 66
    for odd in ("0", "-1", "999999999999999999999", "abc", "²"):
        assert client.get(f"{address}?tu={odd}").status_code == 200


def test_hits_lie_on_the_image_and_in_the_text(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/van-ban/{small.ids[DIGITAL]}?q=giao+%C4%91%E1%BA%A5t").text
    assert "2 chỗ khớp" in page
    assert '<rect class="hit now" x="280" y="200" width="170" height="40"/>' in page
    assert page.count('<rect class="hit"') == 1
    assert "<mark>giao đất</mark>" in page
    assert "cho=2" in page
    assert "Chỗ sau" in page
    last = client.get(f"/van-ban/{small.ids[DIGITAL]}?q=giao+%C4%91%E1%BA%A5t&cho=2").text
    assert "đang xem chỗ 2" in last
    assert "Chỗ trước" in last
    assert "Chỗ sau" not in last


def test_what_is_wanted_as_typed_stays_so_on_the_pages_of_what_was_found(small: Small, client: FlaskClient) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}?q=giao+ddaats"
    assert "<mark>giao đất</mark>" in client.get(address).text
    literal = client.get(f"{address}&verbatim=keys").text
    assert "<mark>giao đất</mark>" not in literal
    assert "verbatim=keys" in literal
    assert client.get(f"{address}&verbatim=everything").status_code == 400
    found = client.get("/tim-kiem?q=giao+đất&verbatim=keys").text
    assert re.search(r'href="/van-ban/[^"?]+\?q=[^"]*verbatim=keys(?:&amp;ds=[^"]*)?"', found)


def test_a_text_without_images_keeps_its_page_breaks(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/van-ban/{small.ids[TEXT]}?q=giao+%C4%91%E1%BA%A5t").text
    assert page.count('class="leaf"') == 3
    assert "2 chỗ khớp" in page
    assert "<image" not in page
    assert "chưa số hóa" in client.get(f"/van-ban/{small.ids[PAPER]}").text


def test_images_ask_for_the_right_at_every_call(small: Small, client: FlaskClient, as_person: People) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}/trang/1/anh/"
    for width in (300, 1240):
        answer = client.get(f"{address}{width}.webp")
        assert answer.mimetype == "image/webp"
        assert answer.data[8:12] == b"WEBP"
        assert answer.headers["Cache-Control"].startswith("public")
        again = client.get(f"{address}{width}.webp", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert client.get(f"{address}301.webp").status_code == 404
    assert as_person("lan").get(f"{address}300.webp").headers["Cache-Control"] == "private, no-store"


def test_the_language_is_kept_by_the_switch_only(client: FlaskClient) -> None:
    assert "Phông lưu trữ" in client.get("/", headers={"Accept-Language": "en"}).text
    answer = client.get("/ngon-ngu?lang=en&next=/phong")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/phong"
    page = client.get("/phong").text
    assert "<h1>Fonds</h1>" in page
    assert "Phông lưu trữ" not in page
    client.get("/ngon-ngu?lang=vi")
    assert "Phông lưu trữ" in client.get("/phong").text


def test_the_style_sheet_may_be_kept_for_ever(client: FlaskClient) -> None:
    with client.get(f"/static/vankho.css?v={digest('vankho.css')}") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f"vankho.css?v={digest('vankho.css')}" in client.get("/").text
    with client.get("/static/vankho.css?v=old", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Encoding"] == "gzip"


def test_odd_addresses_are_missing_not_broken(client: FlaskClient, small: Small) -> None:
    for address in (
        "/van-ban/x",
        "/van-ban/%00",
        f"/phong/{small.ids[DIGITAL]}",
        f"/van-ban/{small.ids[DIGITAL]}/trang/0",
        f"/van-ban/{small.ids[DIGITAL]}/trang/99999999999999999999",
        f"/van-ban/{small.ids[DIGITAL]}/trang/3",
        "/khong-co",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post("/phong").status_code == 405


def test_a_fault_shows_nothing_of_itself(app, client: FlaskClient, small: Small) -> None:  # type: ignore[no-untyped-def]
    app.logger.disabled = True
    name = small.home / "storage"
    aside = small.home / "storage-away"
    derived = small.home / "derivatives"
    if derived.exists():
        derived.rename(small.home / "derivatives-away")
    name.rename(aside)
    try:
        answer = client.get(f"/van-ban/{small.ids[DIGITAL]}/trang/2/anh/300.webp")
    finally:
        aside.rename(name)
        app.logger.disabled = False
    assert answer.status_code == 500
    assert "Có lỗi ở phía Trung tâm" in answer.text
    assert "StorageError" not in answer.text
    assert str(small.home) not in answer.text


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json()["parts"] == {"catalogue": "ok", "index": "ok"}
