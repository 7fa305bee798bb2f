"""What a request costs: the tariff by date, who pays less, one bill for a request, references that are not mistaken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from archive.accounts import viewer_of
from archive.catalogue.fees import Bill, BillLine, Receipt
from archive.catalogue.people import Account
from archive.clock import today_number
from archive.database import reading, writing
from archive.terms import in_force
from desk import requests as desk
from desk.fees import tariff
from desk.fees.assessing import assess, estimate, lines_of, settled
from desk.fees.references import ALPHABET, LENGTH, check_letter, find_references, new_reference
from desk.requests import Wish
from tests.desk.fees.conftest import Billing
from tests.transfers import record

DAY = 739_800  # in 2026


def test_the_tariff_is_data_with_its_law_its_days_and_how_sure_it_is() -> None:
    assert {one.sure for one in tariff._fees()} <= {"V", "V2", "R", "U"}
    assert all(one.basis and one.price > 0 for one in tariff._fees())
    assert {one.item: one.price for one in tariff._fees() if in_force(one.first, one.last, DAY)} == {
        "copy.a4": 3_000, "copy.a4.colour": 20_000, "print.a4": 2_000, "print.a4.colour": 15_000, "copy.digital": 1_000,
        "certification": 20_000, "reading.original": 6_000, "reading.digitised": 3_000, "copy.audio": 30_000,
        "copy.film": 60_000, "post.parcel": 12_000,
    }, "facts 5.6: no amount is in the code, so the table is held to what is known of it"  # fmt: skip
    assert {one.who: one.percent for one in tariff.reducible(DAY)} == {
        **{f"0{n}": 50 for n in range(1, 10)}, "donor": 100, "official": 100,
    }  # fmt: skip
    assert {one.who for one in tariff.reducible(DAY)} == {*(f"0{n}" for n in range(1, 10)), "donor", "official"}
    with pytest.raises(KeyError):
        tariff.fee("copy.a4", 1)
    assert tariff.reduction("10", DAY) is None


def test_an_estimate_says_lines_reduction_and_whether_it_is_sure() -> None:
    told = estimate("copy", {"copy.a4": 3, "certification": 1, "copy.film": 0}, "", DAY)
    assert [(one.fee.item, one.count, one.amount) for one in told.lines] == [
        ("copy.a4", 3, 3 * tariff.fee("copy.a4", DAY).price),
        ("certification", 1, tariff.fee("certification", DAY).price),
    ]
    assert (told.total, told.reduction, told.sure) == (sum(one.amount for one in told.lines), 0, False)
    half = estimate("copy", {"copy.a4": 3, "certification": 1}, "01", DAY)
    assert (half.total * 2, half.ground != "") == (told.total, True)
    assert [estimate("copy", {"copy.a4": 3}, who, DAY).total for who in ("donor", "official")] == [0, 0]
    for kind, counts in (("reading", {"copy.a4": 1}), ("copy", {"copy.gold": 1})):
        with pytest.raises(KeyError):
            estimate(kind, counts, "", DAY)
    for count in (-1, 100_001):
        with pytest.raises(ValueError, match=r"copy\.a4"):
            estimate("copy", {"copy.a4": count}, "", DAY)


@given(st.integers(0, 1000), st.sampled_from([f"0{n}" for n in range(1, 10)]))
def test_a_reduction_never_takes_more_than_its_share_up_to_a_dong(count: int, who: str) -> None:
    less = tariff.reduction(who, DAY)
    assert less is not None
    whole, told = estimate("copy", {"copy.a4": count}, "", DAY), estimate("copy", {"copy.a4": count}, who, DAY)
    assert told.total + told.reduction == whole.total
    assert 0 <= told.reduction - whole.total * less.percent / 100 < 1


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH), st.data())
def test_a_reference_with_one_sign_wrong_or_two_exchanged_is_none(body: str, data: st.DataObject) -> None:
    code = f"VK{body}{check_letter(body)}"
    assert find_references(code) == [code]
    place = data.draw(st.integers(2, len(code) - 1))
    wrong = data.draw(st.sampled_from([one for one in ALPHABET if one != code[place]]))
    assert code[:place] + wrong + code[place + 1 :] not in find_references(code[:place] + wrong + code[place + 1 :])
    place = data.draw(st.integers(2, len(code) - 2))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or swapped not in find_references(swapped)


def test_a_reference_is_found_in_what_banks_make_of_it() -> None:
    code = new_reference()
    for text in (code.lower(), f"MBVCB.33.{code}.CT tu 0071 toi 970436", f"nộp phí {code[:4]} {code[4:]}", f"{code}VK"):
        assert find_references(text) == [code]
    other = new_reference()
    assert find_references(f"{code} va {other}, {code}") == list(dict.fromkeys((code, other)))
    assert find_references("VK và không gì nữa") == []


@pytest.mark.both_databases
class TestBills:
    def test_a_request_has_one_bill_whatever_is_asked_again(self, bill: Billing, told: list[int]) -> None:
        made = bill(pages=3, who="02")
        with writing() as session:
            request = session.get_one(desk.ReadingRequest, made.request_id)
            assert assess(session, request, {"copy.a4": 99}).id == made.id
            assert not settled(session, request)
        with reading() as session:
            assert len(session.scalars(select(Bill)).all()) == 1
            lines = lines_of(session, made)
            price = tariff.fee("copy.a4", today_number()).price
            assert [(one.n, one.item, one.count, one.price, one.amount) for one in lines] == [
                (1, "copy.a4", 3, price, 3 * price)
            ]
            assert made.total + made.reduction == 3 * price
        assert (made.state, made.due_on > today_number(), told) == ("due", True, [])
        assert find_references(made.code) == [made.code]

    def test_nothing_to_pay_is_settled_at_once_without_a_receipt(self, bill: Billing, told: list[int]) -> None:
        made = bill(pages=2, who="donor")
        assert (made.state, made.total, made.paid_at is not None, told) == ("paid", 0, True, [made.request_id])
        with reading() as session:
            assert session.scalars(select(Receipt)).all() == []
            assert settled(session, session.get_one(desk.ReadingRequest, made.request_id))

    def test_without_counts_the_records_that_were_not_refused_are_counted(self, reader: Account) -> None:
        with writing() as session:
            ids = [record("VB1").public_id, record("VB2").public_id]
            viewer = viewer_of(reader, today_number())
            for kind, refused in (("reading", ""), ("reading", "VB1"), ("copy", "VB1")):
                request = desk.submit(session, viewer, reader.id, Wish(kind, "x", ids))
                for item, one in desk.items_of(session, request):
                    item.answer, item.copying = "refused" if one.code == refused else "granted", kind == "copy"
                session.flush()
                assess(session, request)
        with reading() as session:
            found = [(one.bill_id, one.item, one.count) for one in session.scalars(select(BillLine))]
        pages = {code: record(code).page_count for code in ("VB1", "VB2")}
        digitised = "reading.digitised" if pages["VB1"] else "reading.original"
        assert (1, digitised, 1) in found
        assert not [one for one in found if one[0] == 2 and one[1] == "reading.digitised"], "VB2 is open to everyone"
        assert ((3, "copy.digital", pages["VB2"]) in found) == bool(pages["VB2"])
