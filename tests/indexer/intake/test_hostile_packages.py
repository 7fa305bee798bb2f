"""Packages made to harm: each ends in a refusal or a line, bounded, and never outside the package."""

import struct
import threading
import zipfile
from pathlib import Path

import pytest

from archive.catalogue.records import Record
from archive.database import reading
from archive.packages.opening import Context
from archive.packages.sources import DeliveryError
from indexer.intake.taking import IntakeBusyError, take_package
from tests.csip_packages import ITEMS, REP, Csip, listed
from tests.transfers import IDENTIFIER, counts, lines

CONTEXT = Context(IDENTIFIER)
EAD = "metadata/descriptive/EAD.xml"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ha'>" + b"".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>".encode() for n in range(1, 12)
)


def told(package: str) -> set[str]:
    return {one.code for one in lines(package)}


def sound(root: Path) -> Csip:
    return Csip(root).document(1).document(2)


def repack(path: Path, change: dict[str, bytes], flags: int = 0) -> Path:
    """The zip again with further entries; ``flags`` are set on every entry of the listing."""
    out = path.with_name("khac.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        for name, body in change.items():
            new.writestr(name, body)
    if flags:
        body = out.read_bytes()
        for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            at = body.find(mark)
            while at >= 0:
                body = body[: at + place] + struct.pack("<H", flags) + body[at + place + 2 :]
                at = body.find(mark, at + 4)
        out.write_bytes(body)
    return out


def test_a_zip_bomb_is_refused_entry_by_entry(home: Path, tmp_path: Path) -> None:
    made = repack(sound(tmp_path / "goi").pack(), {f"uuid-1/{REP}data/no.txt": bytes(110 << 20)})
    taken = take_package(made, None, CONTEXT)
    assert "zip.bomb" in told(taken.package)
    assert sum(taken.tables["van-ban"].values()) == 2
    assert max(one.stat().st_size for one in home.rglob("*") if one.is_file()) < 50 << 20


@pytest.mark.parametrize("name", ["../../ra-ngoai.txt", "/tmp/ra-ngoai.txt", "uuid-1/../../ra-ngoai.txt", "C:\\ra.txt"])
def test_names_that_leave_the_zip_are_never_opened(home: Path, tmp_path: Path, name: str) -> None:
    taken = take_package(repack(sound(tmp_path / "goi").pack(), {name: b"x"}), None, CONTEXT)
    assert "path.outside" in told(taken.package)
    assert not [*tmp_path.rglob("ra*.txt")]


def test_links_in_folder_and_zip_are_never_followed(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text("Nội dung quyết định giao đất số 1")
    path = sound(tmp_path / "goi").write()
    (path / f"{REP}data/tep-1.txt").unlink()
    (path / f"{REP}data/tep-1.txt").symlink_to(secret)
    assert take_package(path, None, CONTEXT).tables["van-ban"].get("quarantined") == 1
    packed = sound(tmp_path / "nen").pack()
    with zipfile.ZipFile(packed, "a") as add:
        link = zipfile.ZipInfo(f"uuid-1/{REP}data/lien-ket.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        add.writestr(link, "/etc/passwd")
    assert "path.outside" in told(take_package(packed, None, CONTEXT).package)


def test_encrypted_and_cut_off_zips_take_nothing(home: Path, tmp_path: Path) -> None:
    packed = sound(tmp_path / "goi").pack()
    for bad in (repack(packed, {}, flags=1), packed.with_name("cut.zip")):
        if not bad.exists():
            bad.write_bytes(packed.read_bytes()[:-200])
        with pytest.raises(DeliveryError):
            take_package(bad, None, CONTEXT)
    assert counts()["record"] == 0


def test_an_entry_damaged_inside_the_zip_is_kept_apart(home: Path, tmp_path: Path) -> None:
    packed = sound(tmp_path / "goi").pack()
    with zipfile.ZipFile(packed) as opened:
        info = opened.getinfo(f"uuid-1/{REP}data/tep-1.txt")
    body = bytearray(packed.read_bytes())
    at = info.header_offset + 30 + len(info.filename.encode()) + 4
    body[at : at + 8] = bytes(8)
    packed.write_bytes(body)
    assert take_package(packed, None, CONTEXT).tables["van-ban"].get("quarantined") == 1


@pytest.mark.parametrize("name", ["METS.xml", EAD, f"{REP}METS.xml", f"{ITEMS}EAD_doc_1.xml"])
@pytest.mark.parametrize(
    "body",
    [
        LAUGHS + b"]><simpledc><title>&a11;</title></simpledc>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><simpledc><title>&e;</title></simpledc>',
        b"<simpledc>" + b"<a>" * 5000,
        b"",
        b"\x00\xff\xfe",
    ],
)
def test_hostile_xml_is_refused_wherever_it_lies(home: Path, tmp_path: Path, name: str, body: bytes) -> None:
    """METS is right for it: only the XML itself can tell."""
    made = sound(tmp_path / "goi")
    if name in made.files:
        made.files[name] = body
    path = made.write()
    if name not in made.files:
        (path / name).write_bytes(body)
    if name.startswith(ITEMS):
        taken = take_package(path, None, CONTEXT)
        assert "metadata.unreadable" in told(taken.package)
        assert sum(taken.tables["van-ban"].values()) == 1
    else:
        with pytest.raises(DeliveryError):
            take_package(path, None, CONTEXT)
        assert counts()["record"] == 0
    with reading() as session:
        assert not [one for one in session.query(Record) if "root:" in one.title or "haha" in one.title]


def test_long_names_empty_files_and_doubled_codes_have_their_lines(home: Path, tmp_path: Path) -> None:
    made = sound(tmp_path / "goi").document(3).document(4, docCode="H48.01.1998.01.0000003")
    made.files[f"{REP}data/tep-2.txt"] = b""
    long = f"uuid-1/{REP}data/{'x' * 300}.txt"
    taken = take_package(repack(made.pack(), {long: b"x"}), None, CONTEXT)
    assert {"file.unlisted", "code.double", "file.empty"} <= told(taken.package)
    with reading() as session:
        assert session.query(Record).filter_by(level="document").count() == 3


def test_files_named_nowhere_and_named_but_missing_are_told(home: Path, tmp_path: Path) -> None:
    made = sound(tmp_path / "goi")
    made.extra = listed("z", "data/mat.txt", b"x")
    path = made.write()
    (path / f"{REP}data/la.txt").write_bytes(b"x")
    taken = take_package(path, None, CONTEXT)
    assert {"file.lost", "file.unlisted"} <= told(taken.package)
    assert taken.refused == 1


def test_the_same_package_twice_at_the_same_moment_is_taken_once(home: Path, tmp_path: Path) -> None:
    path = sound(tmp_path / "goi").write()
    begun, go_on = threading.Event(), threading.Event()
    wrong: list[BaseException] = []

    def hold() -> Context:
        begun.set()
        go_on.wait(60)
        return CONTEXT

    def first() -> None:
        try:
            take_package(path, None, hold)
        except BaseException as error:
            wrong.append(error)

    running = threading.Thread(target=first)
    running.start()
    try:
        assert begun.wait(60)
        with pytest.raises(IntakeBusyError):
            take_package(path, None, CONTEXT)
    finally:
        go_on.set()
        running.join(60)
    assert wrong == []
    before = counts()
    assert take_package(path, None, CONTEXT).tables["van-ban"] == {"unchanged": 2}
    assert counts() == before
