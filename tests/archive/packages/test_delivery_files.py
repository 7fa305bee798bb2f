"""Data files of deliveries: found by their code, in order, and never outside the folder."""

import os
from pathlib import Path

import pytest

from archive.packages.delivery import DeliveryError, Outcome, open_delivery
from tests.archive.packages.deliveries_read import codes, documents
from tests.archive.packages.transfer_folders import DOCUMENTS, Maker, to_csv


def test_listed_without_file_and_file_without_row(make: Maker) -> None:
    root = make(data={"VB1.txt": b"x", "la/LA.pdf": b"?", "Thumbs.db": b"", "HS2.pdf": b"%PDF-"})
    (root / "data" / "HS1-0001.jpg").write_bytes(b"j")
    with open_delivery(root) as delivery:
        files = list(delivery.files())
        _, two = delivery.documents()
        unlisted = list(delivery.unlisted())
    assert codes(two.findings) == ["file.missing"]
    assert (two.outcome, two.files) == (Outcome.WARNED, ())
    assert [f.message for f in unlisted] == ["Tệp “data/la/LA.pdf” nằm trong data/ nhưng không dòng nào nêu"]
    assert [[f.name for f in file.files] for file in files] == [["data/HS1-0001.jpg"], ["data/HS2.pdf"]]


def test_pages_in_order_gap_and_letter_case(make: Maker) -> None:
    names = ["vb1-0010.JPG", "vb1-0002.jpg", "vb1-0001.jpg", "vb1.alto.xml", "VB2.PDF", "VB2.txt", "VB2.exe"]
    one, two = documents(make(data=dict.fromkeys(names, b"x")))
    assert [(f.page, f.kind) for f in one.files] == [(None, "alto"), (1, "image"), (2, "image"), (10, "image")]
    assert codes(one.findings) == ["page.gap"]
    assert "3, 4, 5, 6, 7, 8, 9 " in one.findings[0].message
    assert {f.kind for f in two.files} == {"pdf", "text", "other"}
    assert codes(two.findings) == ["file.kind"]


def test_a_page_of_one_code_is_never_the_file_of_another(make: Maker) -> None:
    rows = [DOCUMENTS[0]]
    rows += [
        ("A", "HS1", "", "", "S", "", "01"),
        ("A-0001", "HS2", "", "", "S", "", "02"),
        ("a", "HS1", "", "", "S", "", "01"),
    ]
    data = {"A.pdf": b"x", "A-0001.jpg": b"kin", "A-0002.jpg": b"x"}
    first, second, third = documents(make(van_ban=rows, data=data))
    assert [f.name for f in first.files] == ["data/A.pdf", "data/A-0002.jpg"]
    assert [(f.name, f.page) for f in second.files] == [("data/A-0001.jpg", None)]
    assert third.files == ()


@pytest.mark.parametrize("code", ["../VB1", "/etc/passwd", ".an", "a\\..\\b", "x/y"])
def test_codes_are_opaque_and_never_paths(make: Maker, code: str) -> None:
    root = make(van_ban=[DOCUMENTS[0], (code, "HS1", "", "", "S", "", "01")], data={})
    (root / "VB1.txt").write_text("bên ngoài data")
    (document,) = documents(root)
    assert (document.code, document.files) == (code, ())
    assert codes(document.findings) == ["file.missing"]


def test_links_that_leave_the_folder_and_pipes_are_never_opened(make: Maker, tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text("không được đọc")
    root = make(data={"VB2.txt": b"y"})
    (root / "data" / "VB1.txt").symlink_to(secret)
    (root / "data" / "ngoai").symlink_to(tmp_path)
    os.mkfifo(root / "data" / "VB1.pdf")
    with open_delivery(root) as delivery:
        one, _ = delivery.documents()
        refused = [f for f in delivery.findings if f.outcome is Outcome.REJECTED]
        assert one.files == ()
        assert sorted(codes(refused)) == ["path.outside", "path.outside", "path.special"]
        assert not list(delivery.unlisted())


def test_a_file_swapped_for_a_link_after_listing_is_refused(make: Maker, tmp_path: Path) -> None:
    root = make()
    with open_delivery(root) as delivery:
        one, two = delivery.documents()
        (tmp_path / "ngoai.txt").write_text("bí mật")
        (root / one.files[0].name).unlink()
        (root / one.files[0].name).symlink_to(tmp_path / "ngoai.txt")
        with pytest.raises(DeliveryError, match="không nằm trong"):
            delivery.read(one.files[0])
        (root / two.files[0].name).unlink()
        os.mkfifo(root / two.files[0].name)
        with pytest.raises(DeliveryError):
            delivery.open(two.files[0])


def test_table_that_is_a_link_outside_is_not_read(make: Maker, tmp_path: Path) -> None:
    root = make(van_ban=None)
    (tmp_path / "khac.csv").write_text(to_csv(DOCUMENTS))
    (root / "van-ban.csv").symlink_to(tmp_path / "khac.csv")
    with open_delivery(root) as delivery:
        assert list(delivery.documents()) == []
        assert "path.outside" in codes(delivery.findings)
