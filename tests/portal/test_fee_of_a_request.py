"""What a request costs by what it asks: copies on paper, who pays less, pages that staff count; told before it is sent,
on the printed form, on the officer's page and on the bill alike."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.access import Viewer, may
from archive.catalogue.fees import Bill, BillLine
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import today, today_number
from archive.database import reading, writing
from desk.copies.making import make_waiting
from desk.fees.taking import Money, take_money
from desk.finishing import finish_all
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of
from tests.portal.test_printing import text_of
from tests.portal.test_requesting import CONDITIONAL, _with_head, press, sent

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]
GROUND = "Luật Lưu trữ 33/2024/QH15"


def form_of(reader: FlaskClient, own: str, **told: str) -> dict[str, str]:
    press(reader, "/gio", them=own)
    token = token_of(reader.get("/gio").text)
    return {"csrf_token": token, "hinh-thuc": "certified", "muc-dich": "x", "tai-lieu": own, **told}


def decide(as_person: People, code: str, own: str, **told: str) -> list[tuple[str, int, int]]:
    """Grants copies; the lines of the bill: item, how many, đồng."""
    officer, head, where = as_person("lan"), as_person("truong"), f"/quan-tri/yeu-cau/{code}"
    for wish in ("nhan", "trinh"):
        assert press(officer, where, viec=wish).status_code == 303
    with reading() as session:
        number = session.scalars(select(Record.id).where(Record.public_id == own)).one()
    answer = {
        f"tra-loi-{number}": "cho", f"den-{number}": today().isoformat(), f"sao-{number}": "1",
        f"can-cu-{number}": GROUND,
    }  # fmt: skip
    told = {f"{name}-{number}" if name == "to" else name: text for name, text in told.items()}
    page = head.get(where).text
    assert ("số trang giấy" in page) == ("to-" in "".join(told))
    assert press(head, where, viec="quyet-dinh", **answer, **told).status_code == 303
    with reading() as session:
        asked = session.scalars(select(ReadingRequest).where(ReadingRequest.code == code)).one()
        rows = select(BillLine).join(Bill, Bill.id == BillLine.bill_id).where(Bill.request_id == asked.id)
        return [(one.item, one.count, one.amount) for one in session.scalars(rows.order_by(BillLine.n))]


def record(*, held: bool) -> tuple[str, int]:
    """An open document that is held here, or is on paper only: its identifier and pages."""
    with reading() as session:
        rows = session.scalars(select(Record).where(Record.level == "document").order_by(Record.id))
        opened = (one for one in rows if may(Viewer.anonymous(), "read", one, today_number()))
        found = next(one for one in opened if bool(one.page_count) == held)
        return found.public_id, found.page_count


def test_copies_on_paper_and_a_reduction_reach_estimate_form_and_bill(as_person: People, small: Small) -> None:
    reader, (own, pages) = as_person("hoa"), record(held=True)
    form = form_of(reader, own, **{"so-ban": "2", "doi-tuong": "01"})
    whole = 3 * 20_000 + pages * 1_000 + 2 * pages * 2_000
    told = reader.post("/yeu-cau", data=form | {"viec": "phi"}).text
    assert f"{whole // 2:,} đồng".replace(",", ".") in told
    assert 'value="2"' in told
    assert re.search(r'value="01" selected', told)
    code = reader.post("/yeu-cau", data=form).headers["Location"].rpartition("/")[2]
    printed = text_of(reader.get(f"/yeu-cau/{code}/phieu.pdf").data)
    assert "01 tệp, 02 bản giấy" in printed
    assert "giảm 50 %" in printed
    assert "Học sinh, sinh viên" in as_person("lan").get(f"/quan-tri/yeu-cau/{code}").text
    lines = decide(as_person, code, own, **{"doi-tuong": "01"})
    assert lines == [
        ("certification", 3, 60_000), ("copy.digital", pages, pages * 1_000), ("print.a4", 2 * pages, pages * 4_000),
    ]  # fmt: skip
    with reading() as session:
        bill = session.scalars(select(Bill).order_by(Bill.id.desc())).first()
        assert bill is not None
        assert (bill.payer_class, bill.total) == ("01", whole - -(-whole // 2))


def test_what_is_declared_is_not_granted_unless_the_head_keeps_it(as_person: People, small: Small) -> None:
    reader, (own, pages) = as_person("hoa"), record(held=True)
    form = form_of(reader, own, **{"hinh-thuc": "copy", "doi-tuong": "donor", "muc-dich": "của nhà"})
    code = reader.post("/yeu-cau", data=form).headers["Location"].rpartition("/")[2]
    assert decide(as_person, code, own) == [("copy.digital", pages, pages * 1_000)]


def test_pages_that_staff_count_of_what_is_on_paper_only_are_charged(as_person: People, small: Small) -> None:
    reader, (own, _none) = as_person("hoa"), record(held=False)
    code = reader.post("/yeu-cau", data=form_of(reader, own)).headers["Location"].rpartition("/")[2]
    assert decide(as_person, code, own, to="7") == [("certification", 1, 20_000), ("copy.a4", 7, 21_000)]


def test_copies_on_paper_wait_in_a_list_and_go_with_a_slip(as_person: People, small: Small) -> None:
    """Who pays nothing for it has his copies at once; on the list are those that have paper, and no others."""
    reader, officer = as_person("hoa"), as_person("lan")
    (held, _pages), (paper, _none) = record(held=True), record(held=False)
    codes = {}
    for name, own, many in (("file", held, "0"), ("both", held, "2"), ("paper", paper, "0")):
        form = form_of(reader, own, **{"hinh-thuc": "copy", "doi-tuong": "donor", "so-ban": many, "muc-dich": name})
        codes[name] = reader.post("/yeu-cau", data=form).headers["Location"].rpartition("/")[2]
        decide(as_person, codes[name], own, **{"doi-tuong": "donor"}, **({"to": "7"} if name == "paper" else {}))
    address = {name: f"/quan-tri/yeu-cau/{code}" for name, code in codes.items()}
    assert "Bản giấy đã làm xong" not in officer.get(address["both"]).text, "the file is made first"
    assert "Còn bản sao điện tử" in press(officer, address["both"], viec="xong").text
    assert make_waiting(10) == 2
    for name in ("both", "paper"):
        assert "Còn phải làm: bản giấy." in officer.get(address[name]).text
        assert press(officer, address[name], viec="xong").status_code == 303
    page = officer.get("/quan-tri/yeu-cau?nhom=handing").text
    assert [code for code in codes.values() if f'value="{code}"' in page] == [codes["both"], codes["paper"]]
    assert "2 bản giấy" in page
    assert ["Kết quả chờ trao" in officer.get(one).text for one in address.values()] == [False, True, True]
    told = text_of(officer.get(f"{address['both']}/phieu-tra.pdf").data)
    assert ("PHIẾU TRẢ KẾT QUẢ" in told, "02 bản giấy" in told, codes["both"] in told) == (True, True, True)
    assert "01 bản giấy" in text_of(officer.get(f"{address['paper']}/phieu-tra.pdf").data)
    assert reader.get(f"{address['both']}/phieu-tra.pdf").status_code == 404
    press(officer, address["both"], viec="tra-kq")
    page = officer.get("/quan-tri/yeu-cau?nhom=handing").text
    assert (codes["both"] in page, codes["paper"] in page) == (False, True)
    assert "(lan)" in text_of(officer.get(f"{address['both']}/phieu-tra.pdf").data)


def test_what_is_refused_in_part_says_what_can_be_done_and_what_is_granted_until_when(
    as_person: People, small: Small
) -> None:
    reader, officer, head, own = as_person("hoa"), as_person("lan"), as_person("truong"), small.ids[CONDITIONAL]
    (other, _pages), code = record(held=True), sent(reader, own, record(held=True)[0])
    where = f"/quan-tri/yeu-cau/{code}"
    for wish in ("nhan", "trinh"):
        press(officer, where, viec=wish)
    with reading() as session:
        numbers = {one.public_id: one.id for one in session.scalars(select(Record))}
    told = {f"can-cu-{numbers[one]}": GROUND for one in (own, other)} | {f"den-{numbers[own]}": today().isoformat()}
    told |= {f"tra-loi-{numbers[own]}": "cho", f"tra-loi-{numbers[other]}": "khong"}
    assert press(head, where, viec="quyet-dinh", **told).status_code == 303
    page = reader.get(f"/yeu-cau/{code}").text
    assert ("Bạn có thể làm gì" in page, "Khiếu nại" in page, GROUND in page) == (True, True, True)
    assert "phieu-tra.pdf" not in officer.get(where).text, "nothing to give before it is paid"
    bill = re.search(r"/quan-tri/phi/(\w+)", officer.get(where).text)
    assert bill
    amount = re.search(r'name="so-tien"[^>]*value="([\d.]+)"', officer.get(bill[0]).text)
    assert amount
    assert press(officer, bill[0], viec="thu", lan="d" * 26, **{"so-tien": amount[1]}).status_code == 303
    page = reader.get(f"/yeu-cau/{code}").text
    assert re.search(rf"được đọc, đến hết {today():%d/%m/%Y}", page), page
    slip = text_of(officer.get(f"{where}/phieu-tra.pdf").data)
    assert ("Khiếu nại" in slip, "90 ngày" in slip, GROUND in slip) == (True, True, True), slip


def test_a_refusal_goes_on_paper_to_who_came_or_wrote(as_person: People, small: Small) -> None:
    reader, officer, own = as_person("hoa"), as_person("lan"), small.ids[CONDITIONAL]
    where = f"/quan-tri/yeu-cau/{sent(reader, own)}"
    for wish in ("nhan", "trinh"):
        press(officer, where, viec=wish)
    with reading() as session:
        number = session.scalars(select(Record.id).where(Record.public_id == own)).one()
    told = {f"can-cu-{number}": "Đời tư người khác", f"tra-loi-{number}": "khong"}
    assert press(as_person("truong"), where, viec="quyet-dinh", **told).status_code == 303
    assert "Tải phiếu trả lời (PDF)" in officer.get(where).text
    slip = text_of(officer.get(f"{where}/phieu-tra.pdf").data)
    for words in ("từ chối", "Đời tư người khác", "90 ngày", "Luật Khiếu nại 02/2011/QH13", "Tòa án"):
        assert words in slip, slip


def test_money_that_has_to_go_back_is_on_the_list_and_in_the_queue(as_person: People, small: Small) -> None:
    reader, officer, own = as_person("hoa"), as_person("lan"), small.ids[CONDITIONAL]
    code = reader.post("/yeu-cau", data=form_of(reader, own)).headers["Location"].rsplit("/", 1)[-1]
    assert sum(amount for _, _, amount in decide(as_person, code, own)) > 0
    with writing() as session:
        bill = session.scalars(select(Bill).order_by(Bill.id.desc())).first()
        assert bill is not None
        listed = take_money(session, Money("transfer", code, bill.total + 700, bill.code), "test").unmatched
        assert listed is not None
        money = f"/quan-tri/doi-chieu/tien/{listed.id}"
    assert press(officer, money, viec="ghi", ma=bill.code, **{"ghi-chu": "thừa"}).status_code == 303
    page = officer.get("/quan-tri/doi-chieu/tien").text.split('id="hoan"')[1].split("</section>")[0]
    assert (bill.code in page, "700 đồng</span>: nộp thừa so với phí" in page) == (True, True), page
    assert code in officer.get("/quan-tri/yeu-cau?nhom=refund").text
    told = {"so-tien": "700", "ly-do": "trả lại", "lan": "e" * 26}
    assert press(as_person("truong"), f"/quan-tri/phi/{bill.code}", viec="hoan", **told).status_code == 303
    assert bill.code not in officer.get("/quan-tri/doi-chieu/tien").text.split('id="hoan"')[1].split("</section>")[0]


def test_before_a_refund_its_page_says_what_stays_and_leads_to_where_it_is_ended(
    as_person: People, small: Small
) -> None:
    reader, head, own = as_person("hoa"), as_person("truong"), small.ids[CONDITIONAL]
    code = (
        reader.post("/yeu-cau", data=form_of(reader, own, **{"hinh-thuc": "copy"}))
        .headers["Location"]
        .rsplit("/", 1)[-1]
    )
    decide(as_person, code, own)
    with writing() as session:
        bill = session.scalars(select(Bill).order_by(Bill.id.desc())).first()
        assert bill is not None
        assert take_money(session, Money("transfer", code, bill.total, bill.code), "test").result == "paid"
    for state in ("making", "resolved"):
        told = head.get(f"/quan-tri/phi/{bill.code}").text
        assert "Hoàn phí không lấy lại quyền đọc và bản sao đã cấp." in told
        leads = re.search(r'href="(/quan-tri/yeu-cau/[^"#]+)#([^"]+)"', told)
        assert leads
        assert f'id="{leads[2]}"' in head.get(leads[1]).text, state
        assert bool(make_waiting(9)) == (state == "making")
        finish_all()
    assert press(head, leads[1], viec="thu-hoi", **{"ly-do": "hoàn phí"}).status_code == 303
    assert "#ld-" not in head.get(f"/quan-tri/phi/{bill.code}").text


@pytest.mark.parametrize(
    ("told", "field"),
    [({"so-ban": "-1"}, "so-ban"), ({"so-ban": "hai"}, "so-ban"), ({"so-ban": "99"}, "so-ban"),
     ({"so-ban": "1", "hinh-thuc": "reading"}, "so-ban"), ({"so-ban": "1", "hinh-thuc": "dip"}, "so-ban"),
     ({"doi-tuong": "10"}, "doi-tuong"), ({"doi-tuong": "<b>"}, "doi-tuong")],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field(
    told: dict[str, str], field: str, as_person: People, small: Small
) -> None:
    reader, (own, _pages) = as_person("hoa"), record(held=True)
    answer = reader.post("/yeu-cau", data=form_of(reader, own, **told))
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
