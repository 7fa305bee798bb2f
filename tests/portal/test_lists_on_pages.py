"""Lists of conditional records on their pages: heads add, change and end them, archivists see, others find nothing."""

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from archive.access import NEVER
from archive.catalogue.conditional import ConditionalList, ConditionalMember
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.database import reading, writing
from archive.locks import held
from tests.databases import DatabaseKind
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import building, token_of

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
LISTS, OPEN = "/quan-tri/danh-muc", "H48.P1.1.001"
GOOD = {"so": "412/QĐ-UBND", "ngay": "2026-01-05", "nguoi": "Chủ tịch UBND tỉnh"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of this module's own: its records are bound by lists."""
    yield from building(tmp_path_factory, database_kind)


@pytest.fixture
def head(small: Small, as_person: People) -> FlaskClient:
    """ "lan" is the head; there is no list yet."""
    with writing() as session:
        session.execute(update(Account).where(Account.name == "lan").values(role="head"))
        for table in (ConditionalMember, ConditionalList, AuditEvent):
            session.execute(delete(table))
    return as_person("lan")


def send(client: FlaskClient, address: str = LISTS, **fields: object):  # type: ignore[no-untyped-def]
    told = {"csrf_token": token_of(client.get("/dang-nhap").text), **fields}
    return client.post(address, data=told)


def record(code: str) -> Record:
    with reading() as session:
        return session.scalars(select(Record).where(Record.code == code).order_by(Record.id)).first() or Record()


def only_list() -> ConditionalList:
    with reading() as session:
        return session.scalars(select(ConditionalList)).one()


def acts() -> list[str]:
    with reading() as session:
        asked = select(AuditEvent).where(AuditEvent.action.startswith("conditional-")).order_by(AuditEvent.id)
        return [f"{one.actor} {one.action}" for one in session.scalars(asked)]


def test_a_head_adds_a_list_and_its_records_are_closed_at_once(head: FlaskClient, as_person: People) -> None:
    one = record(OPEN)
    assert "Lập danh mục" in head.get(LISTS).text
    answer = send(head, **GOOD, dong=f"{OPEN}; đời tư", **{"xem-lai": "2099-01-01"})
    made = only_list()
    assert (answer.status_code, made.added_by, made.review_on) == (303, "lan", date(2099, 1, 1).toordinal())
    after = record(OPEN)
    assert (after.level_code, after.everyone_from_read) == ("02", NEVER)
    page = head.get(answer.headers["Location"]).text
    assert "Đã thêm 1 tài liệu" in page
    assert "đời tư" in page
    assert one.public_id in page
    assert acts() == ["lan conditional-list-added", "lan conditional-listed", "lan conditional-list-review"]
    assert as_person("").get(f"/van-ban/{one.public_id}/trang/1").status_code == 404


def test_what_was_not_found_is_told_and_kept_to_be_mended(head: FlaskClient) -> None:
    file = (io.BytesIO("H48.P1.1.002; theo tệp\nKhông có đâu".encode()), "dm.txt")
    answer = send(head, **GOOD, dong=f"{record(OPEN).public_id}\nMã lạ; vì sao", tep=file)
    assert answer.status_code == 200
    assert "Không có trong kho: Mã lạ; vì sao, Không có đâu." in answer.text
    assert "Mã lạ; vì sao\nKhông có đâu</textarea>" in answer.text
    with reading() as session:
        assert sorted(session.scalars(select(ConditionalMember.ground))) == ["", "theo tệp"]
    english = send(head, f"{LISTS}/{only_list().public_id}?lang=en", viec="them", dong=f"{OPEN}\nMã lạ")
    assert "Not in the holdings: Mã lạ." in english.text
    head.get("/ngon-ngu?lang=vi")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"so": " "}, "decision", "cần số quyết định"),
        ({"nguoi": ""}, "approver", "người phê duyệt"),
        ({"ngay": "2099-01-01"}, "day", "chưa đến"),
        ({"ngay": "hôm nay"}, "day", "Hãy ghi một ngày"),
        ({"dong": "\n"}, "lines", "ít nhất một"),
        ({"dong": "Mã lạ"}, "lines", "Không dòng nào"),
        ({"dong": "x\n" * 301}, "lines", "nhiều nhất 300"),
        ({"xem-lai": "2001-01-01"}, "review", "từ hôm nay"),
    ],
)
def test_errors_stand_beside_their_field_and_nothing_is_done(
    head: FlaskClient, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = send(head, **{**GOOD, "dong": OPEN, **wrong})
    assert answer.status_code == 422
    told = answer.text.split(f'id="loi-{field}" role="alert">', 1)[1].split("</b>", 1)[0]
    assert said in told
    assert f'loi-{field}" aria-invalid="true"' in answer.text or f'aria-describedby="loi-{field}"' in answer.text
    with reading() as session:
        assert session.scalar(select(ConditionalList)) is None


def test_a_decision_has_one_list_and_a_package_being_taken_in_is_waited_for(head: FlaskClient) -> None:
    with held("intake") as mine:
        assert mine
        assert "đang có một gói" in send(head, **GOOD, dong=OPEN).text.lower()
    assert send(head, **GOOD, dong=OPEN).status_code == 303
    assert "đã có danh mục" in send(head, **GOOD, dong="H48.P1.1.002").text


def test_members_leave_and_lists_end_and_nothing_opens(head: FlaskClient) -> None:
    send(head, **GOOD, dong=f"{OPEN}\nH48.P1.1.002")
    address, own = f"{LISTS}/{only_list().public_id}", record(OPEN).public_id
    assert send(head, address, viec="bo", **{"tai-lieu": own}).status_code == 422
    told = {"tai-lieu": own, "can-cu": "QĐ 9/QĐ-SNV"}
    assert send(head, address, viec="bo", **told).headers["Location"].endswith("xong=bo")
    assert send(head, address, viec="bo", **told).status_code == 422  # it is on the list no more
    today = date.fromordinal(today_number()).isoformat()
    assert send(head, address, viec="het", ngay=today).status_code == 422
    assert send(head, address, viec="het", ngay="2025-01-01", **{"can-cu": "x"}).status_code == 422
    assert send(head, address, viec="het", ngay=today, **{"can-cu": "QĐ 10/QĐ-SNV"}).status_code == 303
    assert "QĐ 10/QĐ-SNV" in head.get(address).text
    assert record(OPEN).everyone_from_read == NEVER
    assert acts()[-2:] == ["lan conditional-unlisted", "lan conditional-list-ended"]
    assert send(head, address, viec="gi").status_code == send(head, f"{LISTS}/x", viec="bo").status_code == 404


def test_what_is_due_for_review_stands_first(head: FlaskClient) -> None:
    send(head, **GOOD, dong=OPEN)
    made = only_list()
    today = date.fromordinal(today_number()).isoformat()
    assert send(head, f"{LISTS}/{made.public_id}", viec="xem-lai", ngay=today).status_code == 303
    assert "Đến hạn xem lại" in head.get(LISTS).text
    assert "Danh mục đến hạn xem lại" in head.get(f"{LISTS}/{made.public_id}").text
    send(head, f"{LISTS}/{made.public_id}", viec="xem-lai", ngay="")
    assert "Đến hạn xem lại" not in head.get(LISTS).text


def test_others_change_nothing(head: FlaskClient, as_person: People) -> None:
    send(head, **GOOD, dong=OPEN)
    address = f"{LISTS}/{only_list().public_id}"
    with writing() as session:
        session.execute(update(Account).where(Account.name == "lan").values(role="archivist"))
    page = as_person("lan").get(address)
    assert (page.status_code, 'name="viec"' in page.text) == (200, False)
    assert "Người đứng đầu lập" in as_person("lan").get(LISTS).text
    for name in ("lan", "hoa", "minh", "tra", ""):
        client = as_person(name)
        assert send(client, **{**GOOD, "so": "1/QĐ"}, dong=OPEN).status_code == 404
        assert (
            send(client, address, viec="bo", **{"tai-lieu": record(OPEN).public_id, "can-cu": "x"}).status_code == 404
        )
    with reading() as session:
        assert len(session.scalars(select(ConditionalMember)).all()) == 1
