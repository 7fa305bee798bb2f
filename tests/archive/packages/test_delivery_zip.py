"""Zips of deliveries: safe names only, no secrets, no bombs, broken entries said."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from archive.packages.delivery import DeliveryError, Outcome, open_delivery
from archive.packages.inspection import inspect_file
from archive.packages.sources import repair_name
from tests.archive.packages.transfer_folders import DOCUMENTS, FILES, FONDS, Maker, to_csv

TABLES = {"phong.csv": to_csv(FONDS), "ho-so.csv": to_csv(FILES), "van-ban.csv": to_csv(DOCUMENTS)}


def write_zip(path: Path, entries: dict[str, bytes | str], top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**TABLES, **entries}.items():
            file.writestr(top + name, content)
    return path


@pytest.mark.parametrize("top", ["", "Giao nộp 2026/"])
def test_a_zip_reads_like_its_folder(tmp_path: Path, make: Maker, top: str) -> None:
    path = write_zip(tmp_path / "goi.zip", {"data/VB1.txt": b"x", "data/VB2.txt": b"y"}, top)
    with open_delivery(path) as zipped, open_delivery(make()) as folder:
        assert zipped.name == folder.name == "goi"
        assert zipped.findings == []
        assert list(zipped.fonds()) == list(folder.fonds())
        for ours, theirs in zip(zipped.documents(), folder.documents(), strict=True):
            assert (ours.values, ours.key, ours.findings) == (theirs.values, theirs.key, theirs.findings)
            assert zipped.read(ours.files[0]) == folder.read(theirs.files[0])


@pytest.mark.parametrize("name", ["data/../../VB1.txt", "/data/VB1.txt", "C:\\data\\VB1.txt", "data\\..\\..\\VB1.txt"])
def test_names_that_leave_the_zip_are_refused(tmp_path: Path, name: str) -> None:
    with open_delivery(write_zip(tmp_path / "a.zip", {name: b"x", "data/VB2.txt": b"y"})) as delivery:
        one, two = delivery.documents()
        (finding,) = delivery.findings
    assert one.files == ()
    assert len(two.files) == 1
    assert (finding.code, finding.outcome) == ("path.outside", Outcome.REJECTED)
    assert name.replace("\\", "/") in finding.message


def test_links_duplicates_and_broken_names(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in TABLES.items():
            file.writestr(name, text.replace("VB2", "Hồ2"))
        link = zipfile.ZipInfo("data/link.txt")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("data/VB1.txt", b"first")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("data/VB1.txt", b"second")
        file.writestr("data/XXXX2.txt", b"ten hong")
    # A name in UTF-8 without the flag that says so, as some programs write it.
    path.write_bytes(path.read_bytes().replace(b"XXXX2.txt", "Hồ2.txt".encode()))
    with open_delivery(path) as delivery:
        one, two = delivery.documents()
        assert delivery.read(one.files[0]) == b"first"
        assert [f.name for f in two.files] == ["data/Hồ2.txt"]
        assert delivery.read(two.files[0]) == b"ten hong"
        assert sorted(f.code for f in delivery.findings) == ["path.outside", "zip.duplicate", "zip.names"]


def test_names_as_old_programs_of_windows_write_them(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in TABLES.items():
            file.writestr(name, text.replace("VB1", "QĐ-ở-đất"))
        file.writestr("data/QQ-XX-XXXX.txt", b"cp1258")
    old = "QĐ-ơ\u0309-đâ\u0301t.txt".encode("cp1258")
    path.write_bytes(path.read_bytes().replace(b"QQ-XX-XXXX.txt", old))
    assert repair_name("ñandú.txt") == "ñandú.txt"
    with open_delivery(path) as delivery:
        one, *_ = delivery.documents()
        assert [(f.name, delivery.read(f)) for f in one.files] == [("data/QĐ-ở-đất.txt", b"cp1258")]
        assert [f.code for f in delivery.findings if f.code == "zip.names"] == ["zip.names"]


def encrypt_flags(path: Path, only: bytes) -> None:
    """Set the encryption bit of the entries whose name holds `only`, in both headers."""
    body = bytearray(path.read_bytes())
    for mark, flags, length, start in ((b"PK\3\4", 6, 26, 30), (b"PK\1\2", 8, 28, 46)):
        at = body.find(mark)
        while at >= 0:
            size = struct.unpack_from("<H", body, at + length)[0]
            if only in body[at + start : at + start + size]:
                body[at + flags] |= 1
            at = body.find(mark, at + 4)
    path.write_bytes(bytes(body))


def test_encrypted(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"data/VB1.txt": b"x", "data/VB2.txt": b"y"})
    encrypt_flags(path, b"VB1")
    with open_delivery(path) as delivery:
        assert [f.code for f in delivery.findings] == ["zip.encrypted"]
        assert [len(d.files) for d in delivery.documents()] == [0, 1]
    encrypt_flags(path, b"")
    with pytest.raises(DeliveryError, match="có mật khẩu"):
        open_delivery(path)


def test_an_entry_that_unpacks_a_thousandfold_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"data/VB1.txt": bytes(101 << 20), "data/VB2.txt": bytes(99 << 20)})
    with open_delivery(path) as delivery:
        assert [len(d.files) for d in delivery.documents()] == [0, 1]
        (finding,) = delivery.findings
    assert (finding.code, finding.outcome) == ("zip.bomb", Outcome.REJECTED)


def test_declared_total_beyond_the_limit(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"data/{i}.txt": b"x" for i in range(60)})
    body = bytearray(path.read_bytes())
    at = body.find(b"PK\1\2")
    while at >= 0:
        struct.pack_into("<I", body, at + 24, 0xFFFFFFF0)  # each entry declares 4 GiB
        at = body.find(b"PK\1\2", at + 4)
    path.write_bytes(bytes(body))
    with pytest.raises(DeliveryError, match="vượt giới hạn"):
        open_delivery(path)


def test_a_broken_entry_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, text in TABLES.items():
            file.writestr(name, text)
        file.writestr("data/VB1.txt", b"nguyen ven")
        file.writestr("data/VB2.txt", b"nguyen ven hai")
    path.write_bytes(path.read_bytes().replace(b"nguyen ven hai", b"bi sua mot chu"))
    with open_delivery(path) as delivery:
        one, two = delivery.documents()
        assert delivery.read(one.files[0]) == b"nguyen ven"
        with pytest.raises(DeliveryError, match="VB2"):
            delivery.read(two.files[0])
        assert inspect_file(one.files[0], delivery.open) == []


def test_a_table_with_a_broken_end_gives_the_rows_before_it(tmp_path: Path) -> None:
    rows = [DOCUMENTS[0], *((f"V{i}", "HS1", "", "", f"So {i}", "", "01") for i in range(60_000))]
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("ho-so.csv", to_csv(FILES))
        file.writestr("van-ban.csv", to_csv(rows))
    path.write_bytes(path.read_bytes().replace(b"So 59999", b"So 5999X"))
    with open_delivery(path) as delivery:
        found = sum(1 for _ in delivery.documents())
        findings = [f for f in delivery.findings if f.table == "van-ban"]
    assert found > 50_000
    assert [f.code for f in findings] == ["table.cut"]
    assert "đã lấy đến dòng" in findings[0].action


@pytest.mark.parametrize(
    ("kept", "said"),
    [(0, "rỗng, không có byte nào"), (0.5, "là tệp ZIP nhưng bị đứt hoặc hỏng"), (None, "không phải thư mục giao nộp")],
)
def test_a_file_that_cannot_be_opened_says_what_it_lacks(tmp_path: Path, kept: float | None, said: str) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("phong.csv", "Identifier,OrganId,FondName\n" * 50)
    data = whole.getvalue()
    path = tmp_path / "goi.zip"
    path.write_bytes(b"x" if kept is None else data[: int(len(data) * kept)])
    with pytest.raises(DeliveryError, match=said):
        open_delivery(path)
