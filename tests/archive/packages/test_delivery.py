"""Whole deliveries: folders and zips with every kind of bad input, read to the end."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from archive.packages.delivery import DeliveryError, Outcome, open_delivery
from tests.archive.packages.deliveries_read import codes, documents, every_finding
from tests.archive.packages.transfer_folders import DOCUMENTS, FILES, FONDS, Maker, to_csv


def test_a_clean_folder_has_nothing_to_report(make: Maker) -> None:
    with open_delivery(make()) as delivery:
        assert every_finding(delivery) == []
        assert delivery.name == "goi"
        assert delivery.size_of_rows() == {"phong": 1, "ho-so": 2, "van-ban": 2}
        (fonds,) = delivery.fonds()
        assert fonds.key == ("000.00.00.H48", "H48.01", "H48.01")
        first, second = delivery.files()
        assert first.dates == (date(1998, 1, 1).toordinal(), date(1998, 12, 31).toordinal())
        assert second.dates == (date(1999, 1, 1).toordinal(), date(2001, 12, 31).toordinal())
        one, two = delivery.documents()
        assert (one.row, one.code, one.file_code, one.level, one.outcome) == (2, "VB1", "HS1", "01", "accepted")
        assert (two.row, two.level, two.opens_on) == (3, "02", None)
        assert two.dates == (date(1999, 2, 1).toordinal(), date(1999, 2, 28).toordinal())
        assert one.key == ("000.00.00.H48", "H48.01", "VB1")
        assert one.raw == {}
        assert delivery.read(one.files[0]) == b"x"


def test_missing_required_column_rejects_the_table_and_counts_its_rows(make: Maker) -> None:
    rows = [row[1:] for row in DOCUMENTS]
    with open_delivery(make(van_ban=rows)) as delivery:
        assert list(delivery.documents()) == []
        (finding,) = [f for f in delivery.findings if f.code == "heading.missing"]
    assert finding.outcome is Outcome.REJECTED
    assert "Mã định danh văn bản (DocCode)" in finding.message
    assert "2 dòng" in finding.action


def test_doubled_columns_take_the_first_filled_cell_and_say_where_they_differ(make: Maker) -> None:
    rows = [("DocCode", "FileCode", "Subject", "Trích yếu nội dung", "Mode")]
    rows += [("VB1", "HS1", "", "Từ cột sau", "01"), ("VB2", "HS2", "Một", "Hai", "02")]
    with open_delivery(make(van_ban=rows)) as delivery:
        one, two = delivery.documents()
        assert codes(delivery.findings) == ["heading.doubled"]
    assert one.values["Subject"] == "Từ cột sau"
    assert one.outcome is Outcome.ACCEPTED
    assert two.values["Subject"] == "Một"
    assert codes(two.findings) == ["cell.differs"]
    assert "“Hai”" in two.findings[0].message


def test_second_maintenance_of_a_file_is_its_sheets(make: Maker) -> None:
    rows = [("FileCode", "Identifier", "OrganId", "Title", "Rights", "Maintenance", "Maintenance")]
    rows += [("HS1", "000.00.00.H48", "H48.01", "T", "01", "Vĩnh viễn", "57")]
    with open_delivery(make(ho_so=rows)) as delivery:
        (file,) = delivery.files()
    assert (file.values["Maintenance"], file.values["SheetNumber"]) == ("Vĩnh viễn", "57")
    assert file.findings == ()


def test_unknown_and_nameless_columns_are_said_once_each(make: Maker) -> None:
    rows = [(*DOCUMENTS[0], "Màu bìa", ""), *((*row, "xanh", "") for row in DOCUMENTS[1:])]
    with open_delivery(make(van_ban=rows)) as delivery:
        assert [d.outcome for d in delivery.documents()] == ["accepted", "accepted"]
        assert codes(delivery.findings) == ["heading.unknown"]
        assert "Màu bìa" in delivery.findings[0].message


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(make: Maker, separator: str) -> None:
    rows = [DOCUMENTS[0], ("VB1", "HS1", "I", "O", "a; b, c\td | e", "10/11/1998", "01")]
    found = documents(make(van_ban=to_csv(rows, separator)))
    assert [(d.code, d.file_code) for d in found] == [("VB1", "HS1")]
    assert found[0].values["Subject"] == "a; b, c d | e"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings(make: Maker, encoding: str) -> None:
    with open_delivery(make(van_ban=to_csv(DOCUMENTS).encode(encoding))) as delivery:
        assert [d.values["Subject"] for d in delivery.documents()] == ["Về việc giao đất", "Về việc bổ nhiệm"]
        assert delivery.findings == []


def test_windows_1258_is_composed_counted_and_reported(make: Maker) -> None:
    # cp1258 writes tones as combining marks: base letter with hat or horn, then the tone.
    text = to_csv(
        [("DocCode", "FileCode", "Subject", "Mode"), ("VB1", "HS1", "Quy\u00ea\u0301t \u0111i\u0323nh", "01")]
    )
    with open_delivery(make(van_ban=text.encode("cp1258"))) as delivery:
        (document,) = delivery.documents()
        (finding,) = delivery.findings
    assert document.values["Subject"] == "Quyết định"
    assert document.outcome is Outcome.ACCEPTED
    assert finding.code == "encoding.windows-1258"
    assert finding.outcome is Outcome.WARNED
    assert "1 dòng" in finding.action


def test_a_few_broken_bytes_stay_utf8_and_name_the_row(make: Maker) -> None:
    content = to_csv(DOCUMENTS).encode().replace("giao đất".encode(), b"giao \xff\xfe")
    with open_delivery(make(van_ban=content)) as delivery:
        one, two = delivery.documents()
        assert codes(delivery.findings) == ["encoding.damaged"]
    assert codes(one.findings) == ["encoding.undecodable"]
    assert one.findings[0].row == 2
    assert one.values["Subject"] == "Về việc giao \ufffd\ufffd"
    assert two.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b"DocCode,FileCode,Subject\r\n"])
def test_empty_tables(make: Maker, content: bytes) -> None:
    with open_delivery(make(van_ban=content)) as delivery:
        assert list(delivery.documents()) == []
        assert codes(delivery.findings) == ["table.empty"]


def test_double_doc_code_keeps_the_first_and_its_files(make: Maker) -> None:
    one, two, again = documents(make(van_ban=[*DOCUMENTS, ("VB1", "HS1", "", "", "Khác", "", "01")]))
    assert one.outcome is Outcome.ACCEPTED
    assert [f.name for f in one.files] == ["data/VB1.txt"]
    assert (again.row, again.outcome, again.files) == (4, Outcome.QUARANTINED, ())
    assert codes(again.findings) == ["code.double"]
    assert two.outcome is Outcome.ACCEPTED


def test_double_file_code_and_empty_codes(make: Maker) -> None:
    more = [("HS1", "", "", "Trùng", "01", "", ""), ("", "", "", "Không mã", "01", "", "")]
    orphan = [("", "HS1", "", "", "Không mã", "", "01"), ("VB4", "", "", "", "Không hồ sơ", "", "01")]
    with open_delivery(make(ho_so=[*FILES, *more], van_ban=[*DOCUMENTS, *orphan])) as delivery:
        files, rows = list(delivery.files()), list(delivery.documents())
    assert [f.outcome for f in files] == ["accepted", "accepted", "quarantined", "rejected"]
    assert [d.outcome for d in rows] == ["accepted", "accepted", "rejected", "rejected"]
    assert "Dòng 4" in next(f for f in rows[2].findings if f.code == "code.empty").message


def test_orphan_document_is_quarantined(make: Maker) -> None:
    *_, orphan = documents(make(van_ban=[*DOCUMENTS, ("VB3", "HS9", "I", "O", "Mồ côi", "", "01")]))
    assert orphan.outcome is Outcome.QUARANTINED
    finding = next(f for f in orphan.findings if f.code == "file.orphan")
    assert (finding.row, finding.field, finding.record) == (4, "FileCode", "VB3")
    assert "“HS9”" in finding.message


def test_without_files_table_every_document_is_an_orphan_and_fonds_come_from_rows(make: Maker) -> None:
    with open_delivery(make(phong=None, ho_so=None)) as delivery:
        assert {d.outcome for d in delivery.documents()} == {Outcome.QUARANTINED}
        (fonds,) = delivery.fonds()
        assert codes(delivery.findings) == ["table.missing", "table.missing"]
    assert (fonds.row, fonds.key, fonds.outcome) == (0, ("000.00.00.H48", "H48.01", "H48.01"), "warned")


def test_fonds_that_only_files_name_is_derived(make: Maker) -> None:
    extra = ("HS3", "000.00.00.H48", "H48.77", "Phông khác", "01", "", "")
    with open_delivery(make(ho_so=[*FILES, extra])) as delivery:
        listed, derived = delivery.fonds()
    assert (listed.code, derived.code) == ("H48.01", "H48.77")
    assert codes(derived.findings) == ["fonds.derived"]


def test_identifier_and_fonds_come_from_the_file_and_its_from_the_only_fonds(make: Maker) -> None:
    rows = [("FileCode", "Title", "Rights"), ("HS1", "T", "01")]
    with open_delivery(make(ho_so=rows, van_ban=[("DocCode", "FileCode", "Mode"), ("VB1", "HS1", "01")])) as delivery:
        (file,) = delivery.files()
        (document,) = delivery.documents()
    assert file.key == ("000.00.00.H48", "H48.01", "HS1")
    assert document.key == ("000.00.00.H48", "H48.01", "VB1")
    other = documents(make(van_ban=[DOCUMENTS[0], ("VB1", "HS1", "X", "H48.99", "S", "", "01")], name="khac"))
    assert other[0].key == ("000.00.00.H48", "H48.01", "VB1")
    assert other[0].raw["OrganId"] == "H48.99"
    assert codes(other[0].findings) == ["code.differs", "code.differs"]


def test_dates_of_documents(make: Maker) -> None:
    texts = ["31/02/1998", "10/13/1998", "khoảng 1998", "01/01/1066", "1998-11-10", "00/11/1998"]
    rows = [(f"V{i}", "HS1", "000.00.00.H48", "H48.01", "S", text, "01") for i, text in enumerate(texts)]
    found = documents(make(van_ban=[DOCUMENTS[0], *rows], data={f"V{i}.txt": b"x" for i in range(6)}))
    assert [codes(d.findings) for d in found] == [
        ["date.impossible"],
        ["date.impossible"],
        ["date.unreadable"],
        ["date.year"],
        [],
        [],
    ]
    bad = found[0]
    assert bad.dates is None
    assert bad.values["IssuedDate"] == "31/02/1998"
    assert bad.findings[0].message == (
        "Dòng 2, cột “IssuedDate”: ngày “31/02/1998” không có trong lịch (tháng 2/1998 chỉ có 28 ngày)"
    )
    assert found[5].dates == (date(1998, 11, 1).toordinal(), date(1998, 11, 30).toordinal())


def test_period_that_ends_before_it_starts(make: Maker) -> None:
    with open_delivery(make(ho_so=[FILES[0], ("HS1", "I", "O", "T", "01", "2001", "1999")])) as delivery:
        (file,) = delivery.files()
    assert file.dates is None
    assert codes(file.findings) == ["date.order"]


def test_over_long_fields_are_kept_whole(make: Maker) -> None:
    subject = "Về việc " + "rất dài " * 100
    (document,) = documents(make(van_ban=[DOCUMENTS[0], ("VB1", "HS1", "", "", subject, "", "01")]))
    assert document.values["Subject"] == subject.strip()
    assert codes(document.findings) == ["field.long"]
    assert len(document.findings[0].message) < 200


def test_control_characters_are_removed_and_shown(make: Maker) -> None:
    (document,) = documents(make(van_ban=[DOCUMENTS[0], ("VB1", "HS1", "", "", "Giao\x00 đất\x1b", "", "01")]))
    assert document.values["Subject"] == "Giao đất"
    assert document.raw["Subject"] == "Giao␀ đất␛"
    assert codes(document.findings) == ["cell.control"]


def test_numbers_missing_main_fields_short_and_long_rows(make: Maker) -> None:
    head = "DocCode,FileCode,Mode,PageAmount,Subject\n"
    rows = "VB1,HS1,01,mười hai,S\nVB2,HS2,02\nVB3,HS1,01,1.200,S,thừa,ra\n"
    one, two, three = documents(make(van_ban=head + rows, data={f"VB{i}.txt": b"x" for i in (1, 2, 3)}))
    assert codes(one.findings) == ["number.unreadable"]
    assert codes(two.findings) == ["row.short", "field.missing"]
    assert codes(three.findings) == ["row.long"]
    assert "thừa | ra" in three.findings[0].message


def test_row_numbers_survive_quoted_line_breaks_blank_lines_and_titles(make: Maker) -> None:
    head = "DANH MỤC VĂN BẢN\n\nMã định danh văn bản,Mã hồ sơ,Trích yếu,Chế độ sử dụng\n"
    text = head + 'VB1,HS1,"hai\ndòng",01\n\nVB2,HS2,S,02\n'
    one, two = documents(make(van_ban=text))
    assert [(one.row, one.code), (two.row, two.code)] == [(4, "VB1"), (7, "VB2")]
    assert one.values["Subject"] == "hai\ndòng"


@pytest.mark.parametrize("following", [3, 900])
def test_a_quotation_mark_never_closed_loses_no_other_row(make: Maker, following: int) -> None:
    head = 'DocCode,FileCode,Subject,Mode\nVB1,HS1,"mở mà không đóng,01\n'
    rows = "".join(f"V{i},HS1,S,01\n" for i in range(following))
    found = documents(make(van_ban=head + rows, data={}))
    assert [d.code for d in found] == ["VB1", *(f"V{i}" for i in range(following))]
    assert [d.row for d in found] == list(range(2, following + 3))
    assert codes(found[0].findings)[0] == "row.quote"
    assert all("row.quote" not in codes(d.findings) for d in found[1:])


def test_xls_stray_and_doubled_tables_are_said(make: Maker) -> None:
    root = make()
    (root / "van-ban.xls").write_bytes(b"\xd0\xcf")
    (root / "VAN-BAN.TSV").write_text("")
    (root / "ghi chú.docx").write_bytes(b"")
    with open_delivery(root) as delivery:
        assert len(list(delivery.documents())) == 2
        assert sorted(codes(delivery.findings)) == ["file.unknown", "table.double", "table.double"]


def test_nothing_to_take(tmp_path: Path) -> None:
    (tmp_path / "trong").mkdir()
    (tmp_path / "rac.zip").write_bytes(b"PK\x03\x04 cut")
    with zipfile.ZipFile(tmp_path / "rong.zip", "w"):
        pass
    for name in ("trong", "rac.zip", "rong.zip", "khong-co"):
        with pytest.raises(DeliveryError, match=name.split(".")[0]):
            open_delivery(tmp_path / name)


def test_file_level_binds_documents(make: Maker) -> None:
    files = [(*FILES[0], "OpenDate")]
    files += [("HS1", "I", "O", "T", "Mật", "", "", ""), ("HS2", "I", "O", "T", "Hạn chế", "", "", "01/01/2030")]
    files += [("HS3", "I", "O", "T", "Tùy", "", "", "")]
    rows = [(*DOCUMENTS[0], "OpenDate", "Độ mật")]
    rows += [(f"V{i}", f"HS{i}", "", "", "S", "", "Không hạn chế", "", "") for i in (1, 2, 3)]
    rows += [
        ("V4", "HS2", "", "", "S", "", "Hạn chế", "05/06/2035", "Khẩn"),
        ("V5", "HS2", "", "", "S", "", "02", "", "Tối mật"),
    ]
    root = make(ho_so=files, van_ban=rows, data={f"V{i}.txt": b"x" for i in range(1, 6)})
    with open_delivery(root) as delivery:
        assert [(f.level, f.outcome) for f in delivery.files()] == [
            ("03", "quarantined"),
            ("02", "accepted"),
            (None, "quarantined"),
        ]
        secret, bound, unknown, later, stamped = delivery.documents()
    assert (secret.level, secret.outcome, secret.opens_on) == ("03", "quarantined", None)
    assert codes(secret.findings) == ["access.secret"]
    assert (bound.level, bound.opens_on, codes(bound.findings)) == ("02", date(2030, 1, 1), ["access.file-binds"])
    assert (unknown.level, codes(unknown.findings)) == (None, ["file.quarantined"])
    assert (later.level, later.opens_on, later.outcome) == ("02", date(2035, 6, 5), "accepted")
    assert codes(stamped.findings) == ["access.secret"]
    assert stamped.outcome is Outcome.QUARANTINED


def test_every_message_is_a_vietnamese_line_that_names_its_row(make: Maker) -> None:
    rows = [
        (*DOCUMENTS[0], "Lạ"),
        *((*r, "") for r in DOCUMENTS),
        ("", "x\x00", "", "", "s" * 600, "31/02/1998", "?", ""),
    ]
    with open_delivery(make(phong=[FONDS[0], ("", "", "")], van_ban=rows)) as delivery:
        findings = every_finding(delivery)
    assert len(findings) > 6
    for finding in findings:
        assert finding.message[0].isupper()
        assert finding.message.isprintable()
        assert finding.action
        assert finding.row is None or f"Dòng {finding.row}" in finding.message or "Bảng" in finding.message


def test_of_rows_with_the_same_code_the_strictest_level_counts(make: Maker) -> None:
    files = [*FILES, ("HS1", "", "", "Trùng", "02", "", "")]
    rows = [DOCUMENTS[0]]
    rows += [
        (code, "HS3", "", "", "S", "", mode) for code, mode in (("A", "01"), ("A", "02"), ("B", "01"), ("B", "03"))
    ]
    rows += [(code, "HS3", "", "", "S", "", mode) for code, mode in (("C", "01"), ("C", "?"), ("D", "02"), ("D", "01"))]
    rows += [
        ("E", "HS1", "", "", "S", "", "01"),
        ("F", "HS3", "", "", "S", "", "01"),
        ("F", "HS2", "", "", "S", "", "01"),
    ]
    root = make(ho_so=[*files, ("HS3", "", "", "T", "01", "", "")], van_ban=rows)
    with open_delivery(root) as delivery:
        first, *_ = delivery.files()
        assert (first.level, codes(first.findings)) == ("02", ["access.conflict"])
        found = {d.code: d for d in reversed(list(delivery.documents()))}
    assert {code: (d.level, str(d.outcome)) for code, d in found.items()} == {
        "A": ("02", "warned"),
        "B": ("03", "quarantined"),
        "C": (None, "quarantined"),
        "D": ("02", "warned"),
        "E": ("02", "warned"),
        "F": ("02", "warned"),
    }


def test_a_file_stamped_secret_in_its_priority_binds_its_documents(make: Maker) -> None:
    rows = [(*FILES[0], "Độ mật"), (*FILES[1], "Mật"), (*FILES[2], "Khẩn")]
    with open_delivery(make(ho_so=rows)) as delivery:
        assert [f.outcome for f in delivery.files()] == ["quarantined", "accepted"]
        assert [(d.level, d.outcome) for d in delivery.documents()] == [("03", "quarantined"), ("02", "accepted")]


def test_a_fonds_row_without_archive_code_takes_it_from_its_files(make: Maker) -> None:
    with open_delivery(make(phong=[("OrganId", "FondName"), ("H48.01", "Tên")])) as delivery:
        (fonds,) = delivery.fonds()
    assert fonds.key == ("000.00.00.H48", "H48.01", "H48.01")
    assert codes(fonds.findings) == ["code.fonds"]
