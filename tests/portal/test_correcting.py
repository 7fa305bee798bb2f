"""Correcting lines in the portal: who may propose and decide, what each sees, that nothing written is lost."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from indexer.drainer import drain
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of, without_token

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
QUEUE = "/quan-tri/sua-chu"
OLD, NEW = "Quyết định giao đất xây dựng khu dân cư", "Quyết định giao đất xây dựng khu dân cư số bốn"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: the tests change its pages."""
    yield from building(tmp_path_factory, database_kind)


def address(small: Small, code: str = "document:H48.P1.1.001", n: int = 1) -> str:
    return f"/van-ban/{small.ids[code]}/trang/{n}/sua-chu"


def send(client: FlaskClient, where: str, **fields: object):  # type: ignore[no-untyped-def]
    token = token_of(client.get("/tai-khoan/da-luu").text)
    return client.post(where, data={"csrf_token": token, **fields})


def waiting(client: FlaskClient) -> list[int]:
    """The numbers of the corrections that wait, as the queue has them."""
    return [int(one) for one in re.findall(rf'action="{QUEUE}/(\d+)".*?value="nhan"', client.get(QUEUE).text)]


def test_a_reader_proposes_an_archivist_accepts_and_undoes(small: Small, as_person: People) -> None:
    hoa, lan, here = as_person("hoa"), as_person("lan"), address(small)
    assert f'href="{here}"' in hoa.get(here.removesuffix("/sua-chu")).text
    form = hoa.get(f"{here}?dong=1").text
    assert f'name="cu" value="{OLD}"' in form
    picture = re.search(r'class="strip".*?<img src="([^"]+)"', form)
    assert picture
    assert hoa.get(picture[1]).content_type == "image/webp"
    answer = send(hoa, here, dong="1", cu=OLD, moi=NEW)
    assert (answer.status_code, answer.location) == (303, f"{here}?xong=1")
    assert f"(bạn đề nghị: {NEW}; đang chờ)" in hoa.get(answer.location).text
    assert NEW not in hoa.get(here.removesuffix("/sua-chu")).text
    told = lan.get(QUEUE).text
    assert "Quyết định giao đất xây dựng khu dân cư <ins>số bốn</ins>" in told
    assert len(re.findall(r"<button[^>]* autofocus", told)) == 1
    assert "Accept" in lan.get(f"{QUEUE}?lang=en").text
    lan.get(f"{QUEUE}?lang=vi")
    (number,) = waiting(lan)
    assert send(lan, f"{QUEUE}/{number}", viec="nhan").status_code == 303
    drain(small.engine)
    page = hoa.get(f"{here.removesuffix('/sua-chu')}?q=%22khu+d%C3%A2n+c%C6%B0+s%E1%BB%91+b%E1%BB%91n%22").text
    assert "<mark>khu dân cư số bốn</mark>" in page
    assert page.count('<rect class="hit') == 1
    assert "1 dòng đã sửa theo bạn đọc." in page
    again = send(lan, f"{QUEUE}/{number}", viec="nhan")
    assert again.status_code == 422
    assert "đã có người xử lý" in again.text
    assert send(lan, f"{QUEUE}/{number}", viec="hoan-tac").status_code == 303
    assert NEW not in hoa.get(here.removesuffix("/sua-chu")).text
    assert hoa.get("/tai-khoan/du-lieu.json").json["corrections"][0]["after"] == NEW


def found(client: FlaskClient, words: str) -> set[str]:
    """Which records a search for the words as typed finds."""
    answer = client.get("/api/v1/search", query_string={"q": f'"{words}"'}).get_json()
    return {hit["id"] for hit in answer["hits"]}


def test_the_right_word_is_found_and_the_wrong_one_no_longer(
    small: Small, client: FlaskClient, as_person: People
) -> None:
    """The whole index follows, not only the page: what everyone finds before, between, after, and after undoing."""
    hoa, lan, here, own = as_person("hoa"), as_person("lan"), address(small), small.ids["document:H48.P1.1.001"]
    wrong, right = "Giao đất tại xã Tịnh Khê", "Giao đất tại thôn Cổ Lũy"
    line = html.unescape(re.findall(r'name="cu" value="([^"]+)"', hoa.get(f"{here}?dong=2").text)[0])
    assert wrong in line
    assert (own in found(client, wrong), own in found(client, right)) == (True, False)
    send(hoa, here, dong="2", cu=line, moi=line.replace(wrong, right))
    drain(small.engine)
    assert (own in found(client, wrong), own in found(client, right)) == (True, False)  # proposed is not accepted
    number = waiting(lan)[-1]
    send(lan, f"{QUEUE}/{number}", viec="nhan")
    drain(small.engine)
    assert (own in found(client, wrong), own in found(client, right)) == (False, True)
    assert "<mark>Cổ Lũy</mark>" in client.get("/tim-kiem?q=%22c%E1%BB%95+l%C5%A9y%22").text
    send(lan, f"{QUEUE}/{number}", viec="hoan-tac")
    drain(small.engine)
    assert (own in found(client, wrong), own in found(client, right)) == (True, False)


def test_what_is_wrong_is_said_and_what_was_written_stays(small: Small, as_person: People) -> None:
    hoa, here = as_person("hoa"), address(small)
    wrong = send(hoa, here, dong="1", cu="không phải dòng này", moi="<b>chữ tôi viết</b>")
    assert wrong.status_code == 422
    assert "vừa đổi" in wrong.text
    assert html.escape("<b>chữ tôi viết</b>") in wrong.text
    assert send(hoa, here, dong="1", cu=OLD, moi="  ").status_code == 422
    assert send(hoa, here, dong="99", cu=OLD, moi="x").status_code == 422
    assert "Write what the line should say" in send(hoa, f"{here}?lang=en", dong="1", cu=OLD, moi="").text


def bare(text: str, where: str) -> str:
    """A page without its address and its form's token."""
    return without_token(text.replace(where, ""))


@pytest.mark.parametrize("name", ["hoa", "minh", "tra"])
def test_what_may_not_be_read_is_missing_for_proposals_too(small: Small, as_person: People, name: str) -> None:
    client = as_person(name)
    nowhere = f"/van-ban/{'a' * 26}/trang/1/sua-chu"
    there = [address(small, "document:H48.P1.1.005"), address(small, "document:H48.P2.2.001"), address(small, n=3)]
    for where in there if name != "minh" else there[2:]:
        for ask in (client.get, lambda at: send(client, at, dong="1", cu="Nội dung", moi="x")):
            hidden, missing = ask(where), ask(nowhere)
            assert hidden.status_code == 404, where
            assert bare(hidden.text, where) == bare(missing.text, nowhere)


@pytest.mark.parametrize("name", ["", "hoa", "minh", "tra"])
def test_the_queue_is_there_for_archivists_only(small: Small, as_person: People, name: str) -> None:
    lan = as_person("lan")
    send(as_person("hoa"), address(small), dong="1", cu=OLD, moi=f"{NEW} {name}x")
    number = waiting(lan)[0]
    client = as_person(name)
    assert client.get(QUEUE).status_code == 404
    data = {
        "viec": "nhan",
        "csrf_token": token_of(client.get("/dang-nhap").text if not name else client.get("/hoi").text),
    }
    assert client.post(f"{QUEUE}/{number}", data=data).status_code == 404
    assert waiting(lan)[0] == number


def test_who_has_not_signed_in_is_asked_to(small: Small, client: FlaskClient) -> None:
    for where in (address(small), f"/van-ban/{'a' * 26}/trang/1/sua-chu"):
        answer = client.get(where)
        assert (answer.status_code, answer.location) == (303, f"/dang-nhap?next={where}")


def test_only_known_acts_on_known_corrections(small: Small, as_person: People) -> None:
    lan = as_person("lan")
    assert send(lan, f"{QUEUE}/99999", viec="nhan").status_code == 404
    assert send(lan, f"{QUEUE}/{10**12}", viec="nhan").status_code == 404
    assert send(lan, f"{QUEUE}/1", viec="xoa").status_code == 404
