"""Money in the ledger: at the desk, from outside, back; once each, however it is sent twice, late or changed."""

import re

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from archive.catalogue.fees import Bill, Payment, Receipt, UnmatchedMoney
from archive.catalogue.people import AuditEvent
from archive.database import reading, writing
from archive.identifiers import new_identifier
from archive.settings import settings
from desk.fees import placing
from desk.fees.counter import pay_at_desk, refund
from desk.fees.receipts import receipt_of, shown
from desk.fees.settling import FeeError, balance, cancel
from desk.fees.taking import Money, take_money
from tests.desk.fees.conftest import Billing

pytestmark = pytest.mark.both_databases


def now_of(bill: Bill) -> tuple[str, int]:
    with reading() as session:
        found = session.get_one(Bill, bill.id)
        return found.state, balance(session, found)


def desk(bill: Bill, amount: int | None = None, form: str = "", role: str = "archivist") -> str:
    form = form or new_identifier()
    with writing() as session:
        pay_at_desk(session, bill.id, bill.total if amount is None else amount, form, role, "lan")
    return form


def came(outside: str, amount: int, told: str, way: str = "gateway", doubt: str = "") -> str:
    with writing() as session:
        taken = take_money(session, Money(way, outside, amount, told), "cổng", doubt=doubt)  # type: ignore[arg-type]
        return taken.unmatched.reason if taken.result == "listed" and taken.unmatched else taken.result


def fails_after(bill: Bill) -> None:
    with writing() as session:
        pay_at_desk(session, bill.id, bill.total, new_identifier(), "head", "lan")
        raise RuntimeError("mất điện")


def back(bill: Bill, amount: int, form: str = "", reason: str = "nộp thừa", role: str = "head") -> str:
    form = form or new_identifier()
    with writing() as session:
        refund(session, bill.id, amount, reason, form, role, "truong")
    return form


def test_paid_at_the_desk_once_however_often_the_form_is_sent(bill: Billing, told: list[int]) -> None:
    made = bill()
    form = desk(made)
    assert desk(made, form=form) == form
    with pytest.raises(FeeError, match="không còn chờ nộp"):
        desk(made)
    assert now_of(made) == ("paid", made.total)
    assert told == [made.request_id]
    other = bill()
    with pytest.raises(FeeError, match="mở lại trang"):
        desk(other, form=form)
    for wrong in (0, other.total - 1, other.total + 1, -other.total):
        with pytest.raises(FeeError, match="phải đúng"):
            desk(other, wrong)
    for role in ("reader", "clerk", "administrator"):
        with pytest.raises(FeeError, match="lưu trữ viên"):
            desk(other, role=role)
    assert now_of(other) == ("due", 0)


def test_money_from_outside_is_taken_once_by_whatever_way_it_is_told(bill: Billing, told: list[int]) -> None:
    made = bill()
    assert came("FT1", made.total, f"phi {made.code.lower()}") == "paid"
    assert came("FT1", made.total, f"phi {made.code}") == "known"
    assert came("FT1", made.total, f"NOP {made.code}", "transfer") == "known"
    assert came("FT1", made.total + 1, made.code) == "differs"
    assert came("FT1", made.total + 1, made.code) == "known"
    assert came("FT2", made.total, made.code) == "paid", "the reason: it is paid already"
    assert (now_of(made), told) == (("paid", made.total), [made.request_id])
    with reading() as session:
        rows = session.execute(select(UnmatchedMoney.outside, UnmatchedMoney.reason, UnmatchedMoney.bill_id)).all()
    assert {(one.reason, one.bill_id) for one in rows} == {("differs", made.id), ("paid", made.id)}


def test_what_does_not_fit_is_listed_with_its_reason_and_its_bill(bill: Billing) -> None:
    made, other, gone = bill(), bill(), bill()
    with writing() as session:
        cancel(session, gone, "lan", "độc giả rút")
    assert came("A", made.total - 1, made.code) == "under"
    assert came("B", made.total + 1, made.code) == "over"
    assert came("C", made.total, "không rõ") == "unknown"
    assert came("D", made.total, f"{made.code} {other.code}") == "several"
    assert came("E", gone.total, gone.code) == "cancelled"
    for amount, outside in ((0, "F"), (-5, "G"), (10**13, "H"), (1, ""), (1, "x" * 121)):
        with pytest.raises(ValueError, match="amount"):
            came(outside, amount, made.code)
    assert (now_of(made), now_of(gone)) == (("due", 0), ("cancelled", 0))
    with pytest.raises(FeeError, match="không còn chờ nộp"):
        desk(gone)


def test_staff_place_what_is_listed_and_only_once(bill: Billing, told: list[int]) -> None:
    made = bill(pages=10)
    came("A", made.total - 1000, made.code)
    came("B", 1500, "không rõ")
    came("C", 700, "tiền nhà")
    with reading() as session:
        a, b, c = (one.id for one in placing.listed(session))
    with writing() as session:
        placing.assign(session, a, made.code, "nộp thiếu, bổ sung sau", "archivist", "lan")
    assert (now_of(made), told) == (("due", made.total - 1000), [])
    for wrong, note, match in (("VK2345678A", "x", "Không có phí"), (made.code, " ", "Cần ghi rõ")):
        with writing() as session, pytest.raises(FeeError, match=match):
            placing.assign(session, b, wrong, note, "archivist", "lan")
    with writing() as session:
        placing.assign(session, b, f" {made.code.lower()} ", "gọi điện hỏi", "archivist", "lan")
        with pytest.raises(FeeError, match="đã được xử lý"):
            placing.assign(session, b, made.code, "nữa", "archivist", "lan")
        with pytest.raises(FeeError, match="người đứng đầu"):
            placing.give_back(session, c, "chuyển nhầm", "archivist", "lan")
        placing.give_back(session, c, "chuyển nhầm", "head", "truong")
    assert (now_of(made), told) == (("paid", made.total + 500), [made.request_id])
    assert came("B", 1500, "không rõ") == "known", "told again after it was placed"
    back(made, 500)
    assert now_of(made) == ("paid", made.total)


def test_the_same_money_under_another_reference_is_called_so_once(bill: Billing) -> None:
    made = bill()
    came("cong-1", made.total, made.code)
    assert came("FT77", made.total, made.code, "transfer") == "paid"
    assert came("FT78", made.total, made.code, "transfer") == "paid"
    with reading() as session:
        first, second = (one.id for one in placing.listed(session))
    with writing() as session:
        placing.call_same(session, first, made.code, "cổng chuyển về", "archivist", "lan")
        with pytest.raises(FeeError, match="chưa đối chiếu"):
            placing.call_same(session, second, made.code, "cổng chuyển về", "archivist", "lan")
        placing.set_aside(session, second, "ủng hộ", "archivist", "lan")
    assert now_of(made) == ("paid", made.total)


def test_money_goes_back_by_the_head_with_a_reason_and_never_more_than_came(bill: Billing) -> None:
    made = bill()
    desk(made)
    for told, match in (
        ({"amount": made.total + 1}, "phải từ"), ({"amount": 0}, "phải từ"), ({"amount": 1, "reason": " "}, "lý do"),
        ({"amount": 1, "role": "archivist"}, "đứng đầu"), ({"amount": 1, "form": "x"}, "mở lại"),
    ):  # fmt: skip
        with pytest.raises(FeeError, match=match):
            back(made, **told)  # type: ignore[arg-type]
    form = back(made, 1000)
    back(made, 1000, form=form)
    assert now_of(made) == ("paid", made.total - 1000)
    back(made, now_of(made)[1])
    assert type(now_of(made)[1]) is int, "also where the database adds to a decimal"
    assert now_of(made) == ("refunded", 0)
    assert came("Z", made.total, made.code) == "refunded"
    with pytest.raises(FeeError):
        back(made, 1)


def test_receipts_run_without_a_gap_also_when_the_clock_goes_back(
    bill: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [bill() for _ in range(4)]
    with pytest.raises(RuntimeError, match="mất điện"):
        fails_after(made[0])
    found = []
    for one, moment in zip(
        made, ("2027-01-01T00:30", "2026-12-31T23:50", "2027-01-01T00:31", "2020-05-05"), strict=True
    ):
        monkeypatch.setenv("VANKHO_NOW", moment)
        settings.cache_clear()
        desk(one)
        with reading() as session:
            receipt, paid = receipt_of(session, one), session.get_one(Bill, one.id)
            assert receipt is not None
            assert paid.paid_at is not None
            assert paid.paid_at >= paid.made_at
            found.append(shown(receipt))
    assert found == ["000001/2027", "000001/2026", "000002/2027", "000001/2020"]


def test_the_ledger_is_only_added_to(bill: Billing) -> None:
    made = bill()
    desk(made)
    for wrong in ("UPDATE payment SET amount = 1", "DELETE FROM payment"):
        with pytest.raises(DBAPIError, match="payment"), writing() as session:
            session.execute(text(wrong))
    assert now_of(made) == ("paid", made.total)


def test_every_act_is_in_the_trail(bill: Billing) -> None:
    made = bill()
    desk(made)
    back(made, 1)
    came("A", 5, "?")
    with writing() as session:
        placing.set_aside(session, 1, "lãi", "head", "truong")
    with reading() as session:
        acts = set(session.scalars(select(AuditEvent.action)))
        assert session.scalar(select(func.count()).select_from(Receipt)) == 1
        assert session.scalar(select(func.count()).select_from(Payment)) == 2
    assert {
        "bill-assessed", "payment-taken", "receipt-issued", "payment-refunded", "money-listed", "money-placed",
    } <= acts  # fmt: skip
    assert re.fullmatch(r"VK[2-9A-Z]{8}", made.code)
