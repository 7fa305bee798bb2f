"""The bank's statement: columns as banks name them, each line once, what differs on the list."""

import io
import unicodedata
from datetime import date
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
from desk.fees.statement_cells import read_amount
from desk.fees.statements import LARGEST, StatementError, read_statement
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


LETTERHEAD = (
    "NGÂN HÀNG TMCP X\nChi nhánh Quảng Ngãi\nSAO KÊ TÀI KHOẢN\nSố tài khoản;0123456789\n"
    "Chủ tài khoản;Trung tâm Lưu trữ\nTừ ngày 01/11/2026 đến ngày 28/11/2026\n"
    "Loại tiền;VND\nSố dư đầu kỳ;1.000.000\nNgày in;28/11/2026\n;;;\n"
)
HEADING = "STT;Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Số dư;Nội dung giao dịch\n"
TABLE = (
    "1;28/11/26;F1;;1.250.000;9;nộp phí\n2;46354;F2;;1,250,000.00;9;nộp phí\n3;28/11/2026;F3;(50.000);;9;rút\n"
    "Cộng trang;;;50.000;2.500.000;;\n" + HEADING + "4;2026-11-28;F4;;1 250 000;9;nộp phí\n;;;;;;\n"
    "Tổng cộng;;;50.000;3.750.000;;\nNgười lập;;;;Kế toán;;\n"
)


def in_cp1258(text: str) -> bytes:
    """As programs of that time wrote it: the tone as a sign of its own behind its letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    told = ""
    for sign in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", sign)
        told += unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
        told += "".join(one for one in parts if one in tones)
    return told.encode("cp1258")


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_files_as_banks_export_them(encoding: str, separator: str) -> None:
    text = (LETTERHEAD + HEADING + TABLE).replace(";", separator).replace("\n", "\r\n")
    told = read_statement("sao-ke.xls", in_cp1258(text) if encoding == "cp1258" else text.encode(encoding))
    day = date(2026, 11, 28).toordinal()
    assert [(one.day, one.amount, one.outside) for one in told.lines] == [(day, 1_250_000, f"F{n}") for n in (1, 2, 4)]
    assert (told.outgoing, told.doubts, len(told.unread)) == (1, [], 3), "totals and the signature are told, not listed"


@pytest.mark.parametrize(
    ("heading", "came", "went"),
    [
        ("Ngày;Số tiền;Nợ/Có;Nội dung", "28/11/2026;50.000;Có;vào", "28/11/2026;60.000;Nợ;ra"),
        ("Date;D/C;Amount;Description", "2026-11-28;C;50,000;in", "2026-11-28;D;60,000;out"),
        ("Ngày;Nợ/Có;Nội dung", "28.11.26;+50.000;vào", "28.11.26;-60.000;ra"),
        ("Ngày GD;Phát sinh;;Diễn giải\n;Nợ;Có;", "28-Nov-2026;;50.000;vào", "28-Nov-2026;60.000;;ra"),
        ("Date;Credit;Debit;Description", "11/28/2026;50000;;in", "11/05/2026;;60000;out"),
        ("Ngày;Số tiền;Nội dung", "10:22:11 28/11/2026;50.000 CR;vào", "28/11/2026;60.000-;ra"),
    ],
)
def test_money_out_is_never_taken_for_money_in(heading: str, came: str, went: str) -> None:
    told = read_statement("a.csv", f"{heading}\n{came}\n{went}\n".encode())
    assert [(one.day, one.amount) for one in told.lines] == [(date(2026, 11, 28).toordinal(), 50_000)]
    assert (told.outgoing, told.unread) == (1, [])


def test_what_a_workbook_holds_beside_the_table_is_told() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Tháng 12")
    assert first is not None
    rows: list[tuple[str | int | date, ...]] = [("SAO KÊ",)] * 10 + [
        ("Ngày", "Ghi có", "Nội dung"),
        (46354, 5000, "số"),
        (date(2026, 11, 28), "6.000", "ngày"),
    ]
    for row in rows:
        first.append(row)
    for row in rows[10:]:
        second.append(row)
    kept = io.BytesIO()
    book.save(kept)
    told = read_statement("sao-ke.xlsx", kept.getvalue())
    assert [(one.day, one.amount) for one in told.lines] == [(739_948, 5_000), (739_948, 6_000)]
    assert "Tháng 12" in told.unread[-1][1]
    with pytest.raises(StatementError, match="trang web mang đuôi"):
        read_statement("sao-ke.xls", b"<html><table><tr><td>28/11/2026</td></tr></table></html>")


def test_rows_that_cannot_be_read_are_told() -> None:
    told = read_statement(
        "a.csv", csv("32/01/2026;A;;5;x", "28/11/2026;B;;năm;x", "28/11/2026;C;;1,5;x", "28/11/2026;D;;;x")
    )
    assert (len(told.lines), [row for row, _ in told.unread]) == (0, [4, 5, 6, 7])


@given(st.integers(1, 10**12))
def test_amounts_in_every_spelling(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    for text in (str(amount), f"{amount:,}", dotted, f"{amount:,}.00", f"{dotted},00", f"+{dotted} VND", f"{dotted} đ"):
        assert read_amount(text) == amount
    assert read_amount(f"({amount:,})") == read_amount(f"-{amount}") == -amount
    for wrong in ("1.2.3", "12,34", "một", "1e5", "--5", "1.00.000"):
        with pytest.raises(ValueError, match=r".*"):
            read_amount(wrong)


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

    def test_one_reference_for_many_lines_loses_none(self, bill: Billing) -> None:
        many, day = [bill() for _ in range(4)], f"{today():%d/%m/%Y}"
        content = csv(*[f"{day};LO7;;{one.total};nop {one.code}" for one in many])
        assert counts(run(content)) == (1, 0, 3, 0), "a person looks at the others"
        assert counts(run(content)) == (0, 0, 0, 4)
        with reading() as session:
            assert {one.bill_id for one in listed(session)} == {one.id for one in many[1:]}

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

    def test_a_row_with_money_that_cannot_be_read_waits_on_the_list_and_nothing_behind_it_is_lost(
        self, bill: Billing
    ) -> None:
        made, day = bill(), f"{today():%d/%m/%Y}"
        content = csv(
            f"32/13/2026;F1;;{made.total};{made.code}", f"{day};F2;;99999999999999;nhiều", f"{day};F3;5;6;cả hai",
            f"{day};F4;;năm nghìn 5;x", f"{day};F5;;777;không rõ", "Tổng cộng;;;9;",
        )  # fmt: skip
        assert counts(run(content)) == (0, 0, 5, 0)
        assert counts(run(content)) == (0, 0, 0, 5)
        with reading() as session:
            waits = {one.reason: one for one in listed(session)}
            doubt = next(one for one in listed(session) if one.bill_id == made.id)
        assert (set(waits), doubt.amount, "32/13/2026" in doubt.told) == ({"unknown", "unread"}, 0, True)
        with writing() as session, pytest.raises(FeeError, match="chưa đọc được"):
            assign(session, doubt.id, made.code, "x", "archivist", "lan")
        assert counts(run(csv(f"{day};F1;;{made.total};{made.code}"))) == (1, 0, 0, 0), "put right, it pays"

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
