"""Themes: built without a script, published, met piece by piece under the rights of each reader."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.portal.archive_of_tests import HOSTILE, Small
from tests.portal.conftest import building, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
DIGITAL, CONDITIONAL, HIDDEN = "document:H48.P1.1.001", "document:H48.P1.1.004", "document:H48.P2.2.001"
WORKSHOP = "/quan-tri/chuyen-de"
small = pytest.fixture(scope="module")(building)


def post(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    token = token_of(client.get(WORKSHOP).text)
    return client.post(path, data={"csrf_token": token, **{n.replace("_", "-"): v for n, v in fields.items()}})


def begun(lan: FlaskClient, title: str, **more: str) -> str:
    answer = post(lan, WORKSHOP, loai="story", ten=title, **more)
    assert answer.status_code == 303
    return str(answer.headers["Location"]).rpartition("/")[2]


def add(lan: FlaskClient, slug: str, text: str, record: str = "", page: str = ""):  # type: ignore[no-untyped-def]
    return post(lan, f"{WORKSHOP}/{slug}", viec="them", loi=text, tai_lieu=record, trang=page)


def publish(lan: FlaskClient, slug: str) -> None:
    assert post(lan, f"{WORKSHOP}/{slug}", viec="dang").status_code == 303


def test_a_theme_is_a_draft_until_it_is_published(client: FlaskClient, as_person: People) -> None:
    lan = as_person("lan")
    slug = begun(lan, "Đất Tịnh Khê qua các năm", gioi_thieu="Lời <b>mở</b>")
    assert slug == "dat-tinh-khe-qua-cac-nam"
    assert add(lan, slug, "Chỉ có lời").status_code == 303
    assert "Đất Tịnh Khê" in lan.get(WORKSHOP).text
    missing = client.get("/chuyen-de/khong-co")
    draft = client.get(f"/chuyen-de/{slug}")
    assert (draft.status_code, draft.text.replace(slug, "")) == (404, missing.text.replace("khong-co", ""))
    assert "Đất Tịnh Khê" not in client.get("/").text
    publish(lan, slug)
    page = client.get(f"/chuyen-de/{slug}").text
    assert "Lời &lt;b&gt;mở&lt;/b&gt;" in page
    assert "Chỉ có lời" in page
    for address in ("/", "/chuyen-de", "/chuyen-de?lang=en"):
        assert f"/chuyen-de/{slug}" in client.get(address).text
    assert begun(lan, "Đất Tịnh Khê qua các năm") == f"{slug}-2"
    post(lan, f"{WORKSHOP}/{slug}", viec="go")
    assert client.get(f"/chuyen-de/{slug}").status_code == 404
    assert post(lan, f"{WORKSHOP}/{slug}", viec="xoa").headers["Location"] == WORKSHOP
    assert lan.get(f"{WORKSHOP}/{slug}").status_code == 404


def test_pieces_have_the_rights_of_their_records(small: Small, client: FlaskClient, as_person: People) -> None:
    lan, base = as_person("lan"), "http://localhost/van-ban"
    slug = begun(lan, "Quyền của mục")
    own, closed, hidden = small.ids[DIGITAL], small.ids[CONDITIONAL], small.ids[HIDDEN]
    assert add(lan, slug, "lời về trang mở", f"{base}/{own}/trang/2").status_code == 303
    assert add(lan, slug, "lời về bản mô tả", f"{base}/{closed}").status_code == 303
    assert add(lan, slug, "lời về nội dung", closed, "1").status_code == 303
    assert add(lan, slug, "lời về tài liệu ẩn", hidden).status_code == 303
    publish(lan, slug)
    page, whole = client.get(f"/chuyen-de/{slug}").text, lan.get(f"/chuyen-de/{slug}").text
    assert f"/van-ban/{own}/trang/2/anh/720.webp" in page
    assert client.get(f"/van-ban/{own}/trang/2/anh/720.webp").status_code == 200
    assert "lời về bản mô tả" in page
    assert "lời về nội dung" not in page
    assert "lời về tài liệu ẩn" not in page
    assert hidden not in page
    assert page.count('<section class="piece') == 2
    assert whole.count('<section class="piece') == 4
    assert client.get("/chuyen-de/quyen-cua-muc").headers["Vary"].count("Cookie")


def test_a_theme_of_hidden_records_only_is_missing(small: Small, client: FlaskClient, as_person: People) -> None:
    lan = as_person("lan")
    slug = begun(lan, "Chỉ nói về tài liệu kín")
    add(lan, slug, "kín", small.ids[HIDDEN])
    add(lan, slug, "lời dẫn không có tài liệu")
    publish(lan, slug)
    assert lan.get(f"/chuyen-de/{slug}").status_code == 200
    assert client.get(f"/chuyen-de/{slug}").status_code == 404
    for address in ("/", "/chuyen-de"):
        assert slug not in client.get(address).text
        assert slug in lan.get(address).text


def test_pieces_are_put_in_order_and_changed(small: Small, client: FlaskClient, as_person: People) -> None:
    lan = as_person("lan")
    slug = begun(lan, "Thứ tự")
    for text in ("một", "hai", "ba"):
        add(lan, slug, f"mục {text}")
    publish(lan, slug)
    bench = f"{WORKSHOP}/{slug}"
    first, second, third = re.findall(r'name="muc" value="(\d+)"', lan.get(bench).text)
    post(lan, bench, viec="len", muc=third)
    post(lan, bench, viec="xuong", muc=first)
    post(lan, bench, viec="sua", muc=second, loi="mục hai rưỡi")
    page = client.get(f"/chuyen-de/{slug}").text
    assert re.findall(r"mục (\w+)", page.partition("<article")[2]) == ["ba", "một", "hai"]
    post(lan, bench, viec="bo", muc=first)
    page = client.get(f"/chuyen-de/{slug}").text
    assert "mục một" not in page
    assert "mục hai rưỡi" in page
    assert post(lan, bench, viec="bo", muc=first).status_code == 404
    assert post(lan, bench, viec="gi").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"viec": "them", "loi": "lời của tôi", "tai_lieu": "khong phai dia chi"}, "Không thấy tài liệu"),
        ({"viec": "them", "loi": "lời của tôi", "tai_lieu": "a" * 26}, "Không thấy tài liệu"),
        ({"viec": "them", "loi": "lời của tôi", "tai_lieu": DIGITAL, "trang": "77"}, "không có trang ấy"),
        ({"viec": "them", "loi": "lời của tôi" + "x" * 6000}, "dài quá 6000"),
        ({"viec": "mo-ta", "ten": " ", "gioi_thieu": "lời của tôi"}, "cần một tên"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(
    small: Small, as_person: People, fields: dict[str, str], said: str
) -> None:
    lan = as_person("lan")
    slug = begun(lan, "Sai sót")
    answer = post(lan, f"{WORKSHOP}/{slug}", **{name: small.ids.get(value, value) for name, value in fields.items()})
    assert answer.status_code == 422
    assert said in answer.text
    assert "lời của tôi" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_only_archivists_build(small: Small, client: FlaskClient, as_person: People) -> None:
    slug = begun(as_person("lan"), HOSTILE)
    for name in ("", "hoa", "minh", "tra"):
        other = as_person(name)
        assert other.get(WORKSHOP).status_code == other.get(f"{WORKSHOP}/{slug}").status_code == 404
        token = token_of(other.get("/hoi").text)
        for path in (WORKSHOP, f"{WORKSHOP}/{slug}"):
            assert other.post(path, data={"csrf_token": token, "viec": "dang", "ten": "x"}).status_code == 404
    assert "<script>alert" not in as_person("lan").get(f"{WORKSHOP}/{slug}").text


def test_what_opened_in_a_month(small: Small, client: FlaskClient) -> None:
    page = client.get("/mo-trong-thang?thang=2026-10").text
    assert small.ids["document:H48.P1.1.006"] in page
    assert "01/10/2026" in page
    assert "thang=2026-09" in page
    assert "thang=2026-11" in page
    later = client.get("/mo-trong-thang?thang=2031-01").text  # nothing is told of days to come
    assert small.ids["document:H48.P1.1.005"] not in later
    assert "Mở trong tháng 11/2026" in later
    for odd in ("x", "2026-13", "0000-00", "2026-1²"):
        told = client.get(f"/mo-trong-thang?thang={odd}&tu=9999999999")
        assert (told.status_code, "không phải là tháng đã đến, viết như 2026-11" in told.text) == (200, bool(odd))
    assert "is no month that has come" in client.get("/mo-trong-thang?thang=2026-13&lang=en").text
    assert 'role="status"' not in client.get("/mo-trong-thang?thang=2026-11&lang=vi").text
