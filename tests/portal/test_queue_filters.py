"""Filters of the queue under names of one's own: kept, used, renamed, taken away; one's own alone, in the own data."""

import html
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from archive.accounts import hash_password
from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account
from archive.database import reading, writing
from desk.forgetting import erase_account
from desk.queue_filters import MOST, keep_filter
from desk.steps import RequestError
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import token_of
from tests.portal.test_requesting import OPEN, People, _with_head, sent  # noqa: F401 (a fixture)

pytestmark = pytest.mark.both_databases

HERE = "/quan-tri/yeu-cau"
CERTIFIED = {"nhom": "all", "loai": "certified", "quyen": "open"}


@pytest.fixture(autouse=True)
def _officers(app: object) -> Iterator[None]:
    """Two archivists more, who came yesterday; they keep nothing afterwards."""
    with writing() as session:
        for name in ("khải", "liên"):
            if not session.scalar(select(Account.id).where(Account.name == name)):
                hashed = hash_password(PASSWORD)
                session.add(Account(name=name, password_hash=hashed, role="archivist", epoch=f"e-{name}"))
    yield
    with writing() as session:
        session.execute(delete(KeptItem).where(KeptItem.kind == "queue"))


def filters(client: FlaskClient) -> dict[str, str]:
    """What stands above the queue: name to address."""
    found = re.findall(r'<a class="chip" href="([^"]+)"[^>]*>([^<]*)</a><button', client.get(HERE).text)
    return {html.unescape(name): html.unescape(address) for address, name in found}


def post(client: FlaskClient, **form: str) -> str:
    """The page that follows, or the refusal."""
    token = token_of(client.get(HERE).text)
    answer = client.post(f"{HERE}/bo-loc", data={"csrf_token": token, **form}, follow_redirects=True)
    assert answer.status_code in {200, 422}
    return answer.text


def test_a_filter_is_kept_used_renamed_and_taken_away(as_person: People, small: Small) -> None:
    sent(as_person("hoa"), small.ids[OPEN])
    lan = as_person("lan")
    assert "Lưu bộ lọc" not in lan.get(HERE).text, "there is nothing to keep"
    assert "Lưu bộ lọc" in lan.get(f"{HERE}?loai=copy").text
    page = post(lan, ten="  Bản sao <mở> ", **CERTIFIED)
    assert filters(lan) == {"Bản sao <mở>": f"{HERE}?nhom=all&loai=certified&quyen=open"}
    assert re.search(r'class="chip" [^>]*aria-current="page"', page)
    assert "Lưu bộ lọc" not in page, "it is kept already"
    used = lan.get(filters(lan)["Bản sao <mở>"]).text
    assert '<option value="certified" selected' in used
    post(lan, ten="Có xác thực", **CERTIFIED)
    assert list(filters(lan)) == ["Có xác thực"]
    post(lan, ten="Có xác thực", nhom="mine", q="hoa", nguoi="-")
    assert filters(lan) == {"Có xác thực": f"{HERE}?nhom=mine&q=hoa&nguoi=-"}, "the name stands for one filter"
    number = re.search(r'name="bo" value="(\d+)"', lan.get(HERE).text)
    assert number
    kha = as_person("khải")
    assert filters(kha) == {}
    post(kha, bo=number[1])
    assert len(filters(lan)) == 1, "another's stays"
    post(lan, bo=number[1])
    assert filters(lan) == {}


def test_a_filter_wants_a_name_and_there_are_so_many(as_person: People, small: Small) -> None:
    sent(as_person("hoa"), small.ids[OPEN])
    lan = as_person("lan")
    for name in ("", "   ", "n" * 61):
        told = post(lan, ten=name, **CERTIFIED)
        assert "Hãy đặt tên cho bộ lọc" in told
        assert 'href="#ten"' in told
    with writing() as session:
        own = session.scalars(select(Account.id).where(Account.name == "lan")).one()
        for n in range(MOST):
            keep_filter(session, own, f"số {n}", f"nhom=all&q={n}")
        keep_filter(session, own, "số 0", "nhom=all&q=khác")
        with pytest.raises(RequestError, match="Hãy bỏ bớt"):
            keep_filter(session, own, "thêm", "nhom=all&q=thêm")
    assert f"Đã có {MOST} bộ lọc" in post(lan, ten="thêm", **CERTIFIED)


def test_filters_are_of_the_own_data_and_go_with_the_account(as_person: People, small: Small) -> None:
    sent(as_person("hoa"), small.ids[OPEN])
    gone = as_person("liên")
    post(gone, ten="Của tôi", **CERTIFIED)
    (kept,) = gone.get("/tai-khoan/du-lieu.json").get_json()["kept"]
    assert (kept["note"], kept["queue"]) == ("Của tôi", "nhom=all&loai=certified&quyen=open")
    assert "Của tôi" not in gone.get("/tai-khoan/da-luu").text, "the shelf of records and searches is another page"
    with writing() as session:
        account = session.scalars(select(Account).where(Account.name == "liên")).one()
        account.role = "reader"  # staff are closed; who is none any more may be erased
        erase_account(session, account, "son", "nghỉ việc")
    with reading() as session:
        assert session.scalars(select(KeptItem).where(KeptItem.account_id == account.id)).all() == []


@pytest.mark.parametrize("name", ["", "hoa", "tra", "minh"])
def test_for_all_others_there_is_no_such_thing(as_person: People, name: str) -> None:
    client = as_person(name)
    token = token_of(client.get("/").text) if 'name="csrf_token"' in client.get("/").text else ""
    answer = client.post(f"{HERE}/bo-loc", data={"csrf_token": token, "ten": "x", "loai": "copy"})
    assert answer.status_code in {400, 404}
