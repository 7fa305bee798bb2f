"""The bank's statement: columns as banks name them, each line once, what differs on the list."""

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.fees import Bill
from archive.clock import today, today_number
from archive.database import reading, writing
from desk.fees.counter import refund
from desk.fees.placing import assign, call_same, listed
from desk.fees.reconciling import Reconciled, reconcile, unseen
from desk.fees.settling import FeeError
from desk.fees.statements import LARGEST, StatementError, _amount, read_statement
from desk.fees.taking import Money, take_money
from tests.desk.fees.conftest import Billing
from vankho.command import program

HEAD = "Ngân hàng X\nTài khoản 123\nNgày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung giao dịch\n"


def csv(*lines: str, head: str = HEAD) -> bytes:
    return (head + "\n".join(lines)).encode("utf-8-sig")


def run(content: bytes, name: str = "sao-ke.csv") -> Reconciled:
    return reconcile(read_statement(name, content), "lan")


def counts(told: Reconciled) -> tuple[int, int, int, int]:
    return told.paid, told.known, told.listed, told.again


def state(bill: Bill) -> str:
    with reading() as session:
        return session.get_one(Bill, bill.id).state


def test_columns_are_found_by_what_banks_call_them() -> None:
    day = f"{today():%d/%m/%Y}"
    told = read_statement(
        "a.csv", csv(f"{day} 10:11:12;FT1;;1.234.000;nộp;", f"{day};FT2;500;;rút", "Tổng;;;;", ";;;;")
    )
    assert [(one.amount, one.outside, one.day) for one in told.lines] == [(1_234_000, "FT1", today_number())]
    assert (told.outgoing, [row for row, _ in told.unread]) == (1, [6])
    assert told.columns["credit"] == "Ghi có"
    for head in (
        "Transaction Date,Reference,Debit,Credit,Description", "Ngày GD,Số CT,Phát sinh nợ,Phát sinh có,Diễn giải",
        "Date,Ref,No,Co,Remark", "Ngày hạch toán,Mã giao dịch,Tiền ra,Tiền vào,Mô tả",
    ):  # fmt: skip
        told = read_statement("a.csv", csv('2026-11-28,R9,,"20,000.00",x', head=head + "\n"))
        assert [(one.amount, one.outside, one.told) for one in told.lines] == [(20_000, "R9", "x")], head
    told = read_statement(
        "a.txt", csv("28-11-2026\t-20000\tra", "28-11-2026\t+30.000 VND\tvào", head="Ngày\tSố tiền\tNội dung\n")
    )
    assert ([one.amount for one in told.lines], told.outgoing) == ([30_000], 1)


def test_a_workbook_is_read_like_a_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Sao kê",), ("Ngày giao dịch", "Ghi có", "Nội dung"), (today(), 20000.0, "VK"), (None, 20000, "Cộng")):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    told = read_statement("sao-ke.xlsx", kept.getvalue())
    assert [(one.day, one.amount, one.told) for one in told.lines] == [(today_number(), 20_000, "VK")]
    assert len(told.unread) == 1


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04hong", b"\xd0\xcf\x11\xe0cu", b"a;b\n1;2\n", b"x" * (LARGEST + 1),
    "Ngày;Nội dung\n01/01/2026;x".encode(), "Ngày;Ghi có\n01/01/2026;5".encode(),
])  # fmt: skip
def test_what_is_no_statement_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(StatementError):
        read_statement("a.csv", content)


def test_rows_that_cannot_be_read_are_told() -> None:
    told = read_statement(
        "a.csv", csv("32/01/2026;A;;5;x", "28/11/2026;B;;năm;x", "28/11/2026;C;;1,5;x", "28/11/2026;D;;;x")
    )
    assert (len(told.lines), [row for row, _ in told.unread]) == (0, [4, 5, 6, 7])


@given(st.integers(1, 10**12))
def test_amounts_in_every_spelling(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    for text in (str(amount), f"{amount:,}", dotted, f"{amount:,}.00", f"{dotted},00", f"+{dotted} VND", f"{dotted} đ"):
        assert _amount(text) == amount
    assert _amount(f"({amount:,})") == _amount(f"-{amount}") == -amount
    for wrong in ("1.2.3", "12,34", "một", "1e5", "--5", "1.00.000"):
        with pytest.raises(ValueError, match=r".*"):
            _amount(wrong)


@pytest.mark.both_databases
class TestReconciling:
    def test_a_statement_pays_once_and_lists_what_differs(self, bill: Billing, told: list[int]) -> None:
        made, other, day = bill(), bill(), f"{today():%d/%m/%Y}"
        content = csv(
            f"{day};F1;;{made.total};nop {made.code.lower()}", f"{day};F2;;{other.total - 1};{other.code}",
            f"{day};F3;;777;không rõ", f"{day};F4;900;;rút", f"{day};F1;;{made.total};nop {made.code.lower()}",
        )  # fmt: skip
        first = run(content)
        assert counts(first) == (1, 0, 2, 1)
        assert [reason for _, reason in first.rows] == ["under", "unknown"]
        assert counts(run(content)) == (0, 0, 0, 4)
        assert (state(made), state(other), told) == ("paid", "due", [made.request_id])
        again = csv(f"{day};F1;;{made.total};khác", f"{day};F1;;{made.total};khác")
        assert counts(run(again)) == (0, 0, 1, 1), "one reference for two lines: a person looks"
        with reading() as session:
            assert len(listed(session)) == 3

    def test_money_that_the_bank_takes_back_is_seen_and_a_refund_is_known(self, bill: Billing) -> None:
        made, other, day = bill(), bill(), f"{today():%d/%m/%Y}"
        run(csv(*[f"{day};F{n};;{one.total};{one.code}" for n, one in enumerate((made, other))]))
        back = csv(f"{day};F0;{made.total};;dao giao dich {made.code}", f"{day};F8;{made.total};;rut tien")
        for expected in ((0, 0, 1, 0), (0, 0, 0, 1)):
            assert counts(run(back)) == expected
        with reading() as session:
            waits = listed(session)[0]
        assert (waits.reason, waits.bill_id, waits.amount) == ("outgoing", made.id, made.total)
        for place in (assign, call_same):
            with writing() as session, pytest.raises(FeeError, match="Tiền ra"):
                place(session, waits.id, made.code, "x", "head", "truong")
        with writing() as session:
            refund(session, other.id, other.total, "nộp thừa", "a" * 26, "head", "truong")
        assert counts(run(csv(f"{day};F9;{other.total};;hoan phi {other.code}"))) == (0, 1, 0, 0)
        assert counts(run(csv(f"{day};F10;{other.total};;hoan phi {other.code}"))) == (0, 0, 1, 0), "only once"

    def test_equal_lines_without_a_number_are_as_many_transfers(self, bill: Billing) -> None:
        made, day = bill(), f"{today():%d/%m/%Y}"
        content = csv(*[f"{day};;;{made.total};{made.code}"] * 2)
        assert counts(run(content)) == (1, 0, 1, 0)
        assert counts(run(content)) == (0, 0, 0, 2)

    def test_what_a_gateway_told_is_known_or_missed(self, bill: Billing) -> None:
        made, other, day = bill(), bill(), f"{today():%d/%m/%Y}"
        with writing() as session:
            for one, outside in ((made, "G1"), (other, "G2")):
                take_money(session, Money("gateway", outside, one.total, one.code), "cổng")
        assert counts(run(csv(f"{day};G1;;{made.total};{made.code}"))) == (0, 1, 0, 0)
        with reading() as session:
            assert [one.outside for one in unseen(session)] == ["G2"]
        assert counts(run(csv(f"{day};NH9;;{other.total};{other.code}"))) == (0, 0, 1, 0)
        with writing() as session:
            call_same(session, listed(session)[0].id, other.code, "cổng chuyển về", "archivist", "lan")
        with reading() as session:
            assert unseen(session) == []

    def test_the_command_says_the_columns_and_ends_with_what_is_left(self, bill: Billing, tmp_path: Path) -> None:
        made, file = bill(), tmp_path / "sao-ke.csv"
        file.write_bytes(csv(f"{today():%d/%m/%Y};F1;;{made.total};{made.code}"))
        done = CliRunner().invoke(program, ["fees", "reconcile", str(file)])
        assert (done.exit_code, "“Ghi có” là credit" in done.output) == (0, True), (done.output, done.exception)
        file.write_bytes(csv(f"{today():%d/%m/%Y};F2;;5;x"))
        done = CliRunner().invoke(program, ["fees", "reconcile", str(file), "--json"])
        assert (done.exit_code, '"listed": 1' in done.output) == (1, True), done.output
        file.write_bytes(b"x")
        assert CliRunner().invoke(program, ["fees", "reconcile", str(file)]).exit_code == 2
