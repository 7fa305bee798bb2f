"""Lists of conditional records: what is on one is conditional at once and stays so, whatever comes later."""

from pathlib import Path

import pytest

from archive.access import NEVER, Viewer, may
from archive.accession.listed import ListError, add_list, bind_record, end_list, is_listed, lists_of
from archive.accession.register import Register
from archive.catalogue.outbox import Veto
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Record
from archive.clock import today_number
from archive.conditional_lists import TableError, all_lists, read_table
from archive.database import reading, writing
from tests.transfers import IDENTIFIER, ORGAN, drain_all, province, record, take

pytestmark = pytest.mark.both_databases

ANYONE = Viewer.anonymous()
DAY = 738_000


def add(*rows: dict[str, str], decision: str = "412/QĐ-UBND"):  # type: ignore[no-untyped-def]
    with writing() as session:
        return add_list(session, decision, DAY, "Chủ tịch UBND tỉnh", rows, "lan")


def readable(code: str) -> bool:
    return may(ANYONE, "read", record(code), today_number())


def test_a_member_is_conditional_at_once_and_vetoed(home: Path) -> None:
    take(province(home.parent / "goi").write())
    assert readable("VB1")
    told = add({"DocCode": "VB1", "Ground": "đời tư"}, {"DocCode": "VB99"})
    assert (told.added, told.unchanged, told.wrong) == (1, 0, [(3, "“VB99” không có trong kho")])
    one = record("VB1")
    assert (one.level_code, one.opens_on, one.everyone_from_read) == ("02", None, NEVER)
    assert not readable("VB1")
    assert readable("VB2")
    with reading() as session:
        assert [veto.record for veto in session.query(Veto)] == [one.public_id]
        assert [(a.decision, ground) for a, ground in lists_of(session, session.get_one(Record, one.id))] == [
            ("412/QĐ-UBND", "đời tư")
        ]
        events = {(e.action, e.actor, e.record) for e in session.query(AuditEvent)}
    assert ("conditional-listed", "lan", one.public_id) in events
    assert drain_all() > 0


def test_what_is_below_a_member_is_bound_with_it(home: Path) -> None:
    take(province(home.parent / "goi").write())
    add({"FileCode": "HS1", "Identifier": IDENTIFIER, "OrganId": ORGAN})
    assert not any(readable(code) for code in ("HS1", "VB1", "VB2", "VB3"))
    with reading() as session:
        assert len(lists_of(session, session.get_one(Record, record("VB2").id))) == 1


def test_the_same_list_again_changes_nothing_and_another_day_is_refused(home: Path) -> None:
    take(province(home.parent / "goi").write())
    add({"DocCode": "VB1"})
    version = record("VB1").version
    assert (add({"DocCode": "VB1"}, {"DocCode": "VB2"}).unchanged, record("VB1").version) == (1, version)
    with pytest.raises(ListError, match="đã có"), writing() as session:
        add_list(session, "412/QĐ-UBND", DAY + 1, "Chủ tịch UBND tỉnh", [{"DocCode": "VB3"}], "lan")
    with pytest.raises(ListError, match="Không dòng nào"), writing() as session:
        add_list(session, "5/QĐ", DAY, "x", [{"DocCode": "không có"}], "lan")
    with pytest.raises(ListError, match="chưa đến"), writing() as session:
        add_list(session, "5/QĐ", today_number() + 1, "x", [{"DocCode": "VB3"}], "lan")
    assert readable("VB3")
    with reading() as session:
        assert [(one.decision, count) for one, count in all_lists(session)] == [("412/QĐ-UBND", 2)]


def test_a_later_delivery_corrects_a_member_but_opens_nothing(home: Path) -> None:
    made = province(home.parent / "goi")
    take(made.write())
    add({"DocCode": "VB1"})
    take(made.change("VB1", Subject="Trích yếu đã sửa").write())
    assert record("VB1").title == "Trích yếu đã sửa"
    assert not readable("VB1")


def test_leaving_a_list_opens_nothing(home: Path) -> None:
    made = province(home.parent / "goi")
    take(made.write())
    add({"DocCode": "VB1"})
    with writing() as session:
        end_list(session, "412/QĐ-UBND", today_number(), "lan")
    with reading() as session:
        assert not is_listed(session, record("VB1").id)
        assert lists_of(session, session.get_one(Record, record("VB1").id)) == []
    assert not readable("VB1")
    taken = take(made.change("VB1", Subject="Lại sửa").write())
    assert taken.counts["held"] == 1
    assert not readable("VB1")


def test_binding_a_document_closes_the_scan_of_its_file(home: Path) -> None:
    from tests.indexer.extraction.making import text_pdf

    made = province(home.parent / "goi")
    made.data["HS1.pdf"] = text_pdf([("Trang chung", 100, 100)])
    take(made.write())
    assert readable("HS1")
    add({"DocCode": "VB1"})
    assert not readable("HS1")
    assert readable("VB2")


def test_binding_never_loosens(home: Path) -> None:
    take(province(home.parent / "goi").write())
    with writing() as session:
        Register().withdraw(session, "document", record("VB4").natural_key)
    with writing() as session:
        bind_record(session, session.get_one(Record, record("VB4").id))
    assert record("VB4").allow_see == ""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("DocCode,Ground\nVB1,đời tư\n\n", [{"DocCode": "VB1", "Ground": "đời tư"}]),
        ("Mã hồ sơ;Lý do\r\nHS1;x\r\n", [{"FileCode": "HS1", "Ground": "x"}]),
        ("﻿Mã văn bản,Ghi chú khác\nVB1,bỏ qua\n", [{"DocCode": "VB1"}]),
    ],
)
def test_a_table_is_read(tmp_path: Path, text: str, rows: list[dict[str, str]]) -> None:
    (tmp_path / "dm.csv").write_text(text, "utf-8", newline="")
    assert read_table(tmp_path / "dm.csv") == rows


@pytest.mark.parametrize("content", [b"", b"Ten\nx\n", "Mã văn bản\nĐ".encode("utf-16")])
def test_a_table_without_codes_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "dm.csv").write_bytes(content)
    with pytest.raises(TableError, match=r"dm\.csv"):
        read_table(tmp_path / "dm.csv")
