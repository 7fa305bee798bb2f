"""Money in equals money accounted for, whatever happens in whatever order: a state machine over the ledger."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.catalogue.fees import Bill, Payment, Receipt, UnmatchedMoney
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identifiers import new_identifier
from archive.settings import settings
from desk import decision
from desk.fees import placing
from desk.fees.assessing import assess
from desk.fees.counter import pay_at_desk, refund
from desk.fees.reconciling import reconcile
from desk.fees.settling import FeeError, balance, cancel
from desk.fees.statements import Line, Statement
from desk.fees.taking import Money, take_money
from vankho.accounts import add_account

OUTSIDE = st.sampled_from([f"T{n}" for n in range(12)])
AMOUNT = st.sampled_from([0, 0, 0, -1000, 1000])  # from what is owed
BEGINS = "2026-11-28T09:00"
TIMES = st.sampled_from([BEGINS, "2027-01-02T00:01", "2025-06-01T12:00"])


class Counted(RuleBasedStateMachine):
    """What was told from outside, once for each reference and amount, beside what the ledger holds."""

    def __init__(self) -> None:
        super().__init__()
        set_clock(BEGINS)  # as the run before left it, the same steps would lead elsewhere
        self.came: dict[tuple[str, str, int], int] = {}
        self.desk = self.back = self.made = 0
        self.told: Counter[int] = Counter()
        self.forms: list[tuple[int, int, str]] = []
        with reading() as session:
            self.before = session.scalar(select(func.max(Bill.id))) or 0
            self.paid_before = session.scalar(select(func.max(Payment.id))) or 0
            self.listed_before = session.scalar(select(func.max(UnmatchedMoney.id))) or 0
            self.receipts_before = session.scalar(select(func.max(Receipt.id))) or 0
        self.run = new_identifier()[:8]  # references of one run are not those of another
        self.goes_on, decision.paid = decision.paid, self._seen

    def teardown(self) -> None:
        decision.paid = self.goes_on

    def _seen(self, session: Session, request_id: int) -> None:
        self.goes_on(session, request_id)
        self.told[request_id] += 1

    def _bills(self) -> list[Bill]:
        with reading() as session:
            return list(session.scalars(select(Bill).where(Bill.id > self.before).order_by(Bill.id)))

    def _bill(self, data: st.DataObject) -> Bill:
        return data.draw(st.sampled_from(self._bills()))

    def _outside(self, outside: str) -> str:
        return f"{self.run}-{outside}"

    @rule(pages=st.integers(0, 5), who=st.sampled_from(["", "01", "donor"]))
    def bill(self, pages: int, who: str) -> None:
        with writing() as session:
            account = session.scalars(select(Account.id)).first()
            asked = ReadingRequest(
                code=new_identifier(), account_id=account, kind="copy", purpose="x", received_at=now(),
                due_on=today_number(), term="answer.copy", state="approval", officer="",
            )  # fmt: skip
            session.add(asked)
            session.flush()
            first = assess(session, asked, {"copy.a4": pages}, who=who)
            assert assess(session, asked, {"copy.a4": 9}).id == first.id
        self.made += 1

    @precondition(lambda self: self.made)
    @rule(
        data=st.data(), outside=OUTSIDE, extra=AMOUNT, way=st.sampled_from(["transfer", "gateway"]), named=st.booleans()
    )
    def money_comes(self, data: st.DataObject, outside: str, extra: int, way: str, named: bool) -> None:
        bill = self._bill(data)
        amount, code = max(1, bill.total + extra), self._outside(outside)
        with writing() as session:
            take_money(session, Money(way, code, amount, bill.code if named else "?"), "cổng")  # type: ignore[arg-type]
        self._count(way, code, amount, bill if named else None)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), outsides=st.lists(OUTSIDE, max_size=4, unique=True), extra=AMOUNT)
    def a_statement_is_read_twice(self, data: st.DataObject, outsides: list[str], extra: int) -> None:
        bill = self._bill(data)
        lines = [
            Line(n, 739_900, max(1, bill.total + extra), bill.code, self._outside(f"S{one}"))
            for n, one in enumerate(outsides)
        ]
        reconcile(Statement({}, lines), "lan")
        with reading() as session:
            waits = len(placing.listed(session))
        assert reconcile(Statement({}, lines), "lan").again == len(lines)
        with reading() as session:
            assert len(placing.listed(session)) == waits
        for one in lines:
            self._count("statement", one.outside, one.amount, bill)

    def _count(self, way: str, outside: str, amount: int, bill: Bill | None) -> None:
        if way == "statement":  # a line that another bill or amount stood on before is a line of its own
            key = (way, f"{outside}/{bill.code if bill else ''}", amount)
            self.came.setdefault(key, amount)
            return
        other = "gateway" if way == "transfer" else "transfer"
        # The other way told of it, for the same bill: the same money
        with reading() as session:
            rows = [
                *session.execute(
                    select(Payment.way, Payment.bill_id).where(Payment.outside == outside, Payment.amount == amount)
                ),
                *session.execute(
                    select(UnmatchedMoney.way, UnmatchedMoney.bill_id).where(
                        or_(UnmatchedMoney.outside == outside, UnmatchedMoney.outside.startswith(f"{outside}#")),
                        UnmatchedMoney.amount == amount,
                    )
                ),
            ]
        if (way, outside, amount) in self.came or any(row.way == way for row in rows):
            self.came.setdefault((way, outside, amount), amount)
        else:
            assert bill is not None
            assert (other, outside, amount) in self.came
            assert any(row.bill_id == bill.id for row in rows)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), again=st.booleans(), wrong=st.booleans())
    def pay_at_the_desk(self, data: st.DataObject, again: bool, wrong: bool) -> None:
        if again and self.forms:
            bill_id, amount, form = data.draw(st.sampled_from(self.forms))
            with writing() as session:
                pay_at_desk(session, bill_id, amount, form, "head", "lan")
            return
        bill, form = self._bill(data), new_identifier()
        with reading() as session:
            owed = bill.total - balance(session, bill)
        amount = owed + 500 if wrong else owed
        try:
            with writing() as session:
                pay_at_desk(session, bill.id, amount, form, "archivist", "lan")
        except FeeError:
            assert wrong or bill.state != "due"
            return
        self.desk += amount
        self.forms.append((bill.id, amount, form))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), share=st.integers(1, 3))
    def give_back(self, data: st.DataObject, share: int) -> None:
        bill = self._bill(data)
        with reading() as session:
            there = balance(session, bill)
        amount = there // share
        try:
            with writing() as session:
                refund(session, bill.id, amount, "x", new_identifier(), "head", "truong")
        except FeeError:
            assert amount == 0
            return
        self.back += amount

    @precondition(lambda self: self.made)
    @rule(data=st.data(), act=st.sampled_from(["assign", "same", "back", "aside"]))
    def place(self, data: st.DataObject, act: str) -> None:
        with reading() as session:
            # All of them: what runs before left open must not push out what came in this one
            waiting = [one for one in placing.listed(session, limit=100_000) if one.id > self.listed_before]
        if not waiting:
            return
        money, bill = data.draw(st.sampled_from(waiting)), self._bill(data)
        try:
            with writing() as session:
                if act == "assign":
                    placing.assign(session, money.id, bill.code, "x", "archivist", "lan")
                elif act == "same":
                    placing.call_same(session, money.id, bill.code, "x", "archivist", "lan")
                elif act == "back":
                    placing.give_back(session, money.id, "x", "head", "truong")
                else:
                    placing.set_aside(session, money.id, "x", "archivist", "lan")
        except FeeError:
            assert act in {"assign", "same"}

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        bill = self._bill(data)
        try:
            with writing() as session:
                cancel(session, bill, "lan", "x")
        except FeeError:
            with reading() as session:
                assert bill.state != "due" or balance(session, bill)

    @rule(moment=TIMES)
    def the_clock_is_set(self, moment: str) -> None:
        set_clock(moment)

    @invariant()
    def every_dong_is_in_one_place(self) -> None:
        with reading() as session:
            payments = list(session.scalars(select(Payment).where(Payment.id > self.paid_before)))
            listed = list(session.scalars(select(UnmatchedMoney).where(UnmatchedMoney.id > self.listed_before)))
        outside = sum(one.amount for one in payments if one.way in {"transfer", "gateway"})
        waits = sum(one.amount for one in listed if one.state != "assigned")
        assert sum(self.came.values()) == outside + waits
        assert self.desk == sum(one.amount for one in payments if one.way == "desk")
        assert self.back == -sum(one.amount for one in payments if one.way == "refund")

    @invariant()
    def a_bill_is_paid_once_with_one_receipt(self) -> None:
        with reading() as session:
            bills = {one.id: one for one in session.scalars(select(Bill).where(Bill.id > self.before))}
            receipts = list(session.scalars(select(Receipt).where(Receipt.id > self.receipts_before)))
            for one in bills.values():
                there = balance(session, one)
                assert there >= 0
                assert one.state != "due" or there < one.total
                assert one.state != "refunded" or there == 0
                assert one.state != "cancelled" or there == 0
            every = session.execute(select(Receipt.year, Receipt.number).order_by(Receipt.year, Receipt.number)).all()
        settled = {one.id for one in bills.values() if one.paid_at is not None}
        assert {one.bill_id for one in receipts} == {one for one in settled if bills[one].total}
        assert self.told == Counter(bills[one].request_id for one in settled)
        for year in {row.year for row in every}:
            numbers = [row.number for row in every if row.year == year]
            assert numbers == list(range(1, len(numbers) + 1))


patch = pytest.MonkeyPatch()


def set_clock(moment: str) -> None:
    patch.setenv("VANKHO_NOW", moment)
    settings.cache_clear()


@pytest.fixture
def ledger(home: Path) -> Iterator[None]:
    with writing() as session:
        add_account(session, "hoa", "mat-khau-thu-2026", "reader", totp=False)
    yield
    patch.undo()


@pytest.mark.both_databases
@pytest.mark.usefixtures("ledger")
def test_money_in_equals_money_accounted_for() -> None:
    run_state_machine_as_test(Counted, settings=profile(max_examples=6, stateful_step_count=20, deadline=None))
