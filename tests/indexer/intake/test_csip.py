"""SIP and AIP of TT 05/2025: taken like any delivery; what METS does not bear out is kept apart or refused."""

import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from archive.access import Viewer, may
from archive.catalogue.records import Page, Record
from archive.clock import today_number
from archive.database import reading
from archive.packages.csip import own
from archive.packages.csip.rules import rules
from archive.packages.csip.views import choose_representation
from archive.packages.opening import Context, open_package
from archive.packages.sources import DeliveryError
from indexer.intake.taking import take_package
from tests.csip_packages import ITEMS, REP, Csip, listed
from tests.transfers import IDENTIFIER, counts, lines, province, record

CONTEXT = Context(IDENTIFIER)


def told(package: int) -> set[str]:
    return {one.code for one in lines(package)}


def readable() -> list[str]:
    """Last digits of the documents that everybody may read today."""
    with reading() as session:
        found = session.query(Record).filter_by(level="document").all()
        return sorted(one.code[-1] for one in found if may(Viewer.anonymous(), "read", one, today_number()))


@pytest.mark.parametrize("kind", ["SIP", "AIP"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_package_is_taken_once(home: Path, tmp_path: Path, kind: str, packed: bool) -> None:
    made = Csip(tmp_path / "goi", kind).document(1).document(2, mode="02")
    path = made.pack() if packed else made.write()
    taken = take_package(path, None, CONTEXT)
    assert sum(taken.tables["van-ban"].values()) == 2
    assert "quarantined" not in taken.tables["van-ban"]
    with reading() as session:
        first = session.query(Record).filter_by(code="H48.01.1998.01.0000001").one()
        assert (first.delivered["TypeName"], first.delivered["Subject"]) == ("Quyết định", "Về việc giao đất 1")
        assert readable() == ["1"]
        assert sorted(one.text for one in session.query(Page)) == [
            f"Nội dung quyết định giao đất số {n}" for n in (1, 2)
        ]
    before = counts()
    assert take_package(path, None, CONTEXT).tables["van-ban"] == {"unchanged": 2}
    assert counts() == before


@pytest.mark.parametrize(("modes", "open_ones"), [(("01", "01"), ["1", "2"]), (("01", "02"), [])])
def test_loose_documents_are_open_only_where_all_are(
    home: Path, tmp_path: Path, modes: tuple[str, str], open_ones: list[str]
) -> None:
    made = Csip(tmp_path / "goi", loose=True).document(1, modes[0]).document(2, modes[1])
    take_package(made.write(), None, CONTEXT)
    assert readable() == open_ones


def test_pictures_and_sound_are_documents(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1, sort="pic", subject="", imageTitle="Cầu Trà Khúc", typePic="02")
    made.document(2, sort="media", subject="", movieTitle="Lễ khánh thành", typeMedia="02", playTime="00:10:00")
    take_package(made.write(), None, CONTEXT)
    with reading() as session:
        found = session.query(Record).filter_by(level="document").order_by(Record.code).all()
        assert [(one.title, one.delivered["TypeName"]) for one in found] == [
            ("Cầu Trà Khúc", "Ảnh"),
            ("Lễ khánh thành", "Video"),
        ]
        assert found[1].delivered["PlayTime"] == "00:10:00"


def test_a_code_in_other_letters_is_still_found(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1, docCode="QÐ\u00a0-\u200b1", docId="Qu\u1ebft\u0302-Ð 1")
    assert sum(take_package(made.write(), None, CONTEXT).tables["van-ban"].values()) == 1
    with reading() as session:
        assert session.query(Page).one().text.startswith("Nội dung")


def test_a_secret_document_is_kept_apart(home: Path, tmp_path: Path) -> None:
    taken = take_package(Csip(tmp_path / "goi").document(1).document(2, mode="03").write(), None, CONTEXT)
    assert taken.tables["van-ban"].get("quarantined") == 1


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        (f"{REP}data/tep-1.txt", "Nội dung quyết định giao đất số 9".encode(), "checksum.differs"),
        (f"{REP}data/tep-1.txt", b"", "checksum.differs"),
        (f"{REP}data/tep-1.txt", None, "file.lost"),
        (f"{ITEMS}EAD_doc_1.xml", None, None),
    ],
)
def test_what_differs_from_mets_is_kept_apart(
    home: Path, tmp_path: Path, name: str, body: bytes | None, code: str | None
) -> None:
    path = Csip(tmp_path / "goi").document(1).document(2).write()
    (path / name).write_bytes(body) if body is not None else (path / name).unlink()
    taken = take_package(path, None, CONTEXT)
    with reading() as session:
        assert [one.code[-1] for one in session.query(Record).filter_by(level="document")] == ["2"]
    if code:
        assert taken.tables["van-ban"].get("quarantined") == 1
    assert (code or "file.lost") in told(taken.package)


def test_metadata_changed_after_mets_cannot_loosen(home: Path, tmp_path: Path) -> None:
    path = Csip(tmp_path / "goi").document(1, mode="02").write()
    item = path / f"{ITEMS}EAD_doc_1.xml"
    item.write_bytes(item.read_bytes().replace(b"<mode>02", b"<mode>01"))
    taken = take_package(path, None, CONTEXT)
    assert taken.tables["van-ban"] == {"quarantined": 1}
    assert "checksum.metadata" in told(taken.package)


def test_unnamed_files_and_paths_outside_are_told(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1)
    made.extra = listed("x", "../../../../etc/passwd", b"x")
    path = made.write()
    (path / f"{REP}data/la.txt").write_bytes(b"x")
    taken = take_package(path, None, CONTEXT)
    assert {"file.unlisted", "path.outside"} <= told(taken.package)
    (line,) = [one.message for one in lines(taken.package) if one.code == "file.unlisted"]
    assert line == f"Tệp “{REP}data/la.txt” có trong gói nhưng METS và dữ liệu đặc tả không nêu"


def test_a_package_that_lost_its_mets_is_told_so(home: Path, tmp_path: Path) -> None:
    path = Csip(tmp_path / "goi").document(1).write()
    (path / "METS.xml").unlink()
    with pytest.raises(DeliveryError, match=r"Gói “goi” thiếu METS\.xml"):
        take_package(path, None, CONTEXT)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("METS.xml", b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><mets>&x;</mets>', "DOCTYPE"),
        ("METS.xml", b"<mets>", "XML"),
        (f"{REP}METS.xml", b"<mets/>", "METS ghi"),
        ("metadata/descriptive/EAD.xml", b"<simpledc/>", "METS ghi"),
        ("metadata/descriptive/EAD.xml", None, "thiếu"),
    ],
)
def test_a_package_that_cannot_be_trusted_is_refused(
    home: Path, tmp_path: Path, name: str, body: bytes | None, said: str
) -> None:
    path = Csip(tmp_path / "goi").document(1).write()
    (path / name).write_bytes(body) if body is not None else (path / name).unlink()
    with pytest.raises(DeliveryError, match=said):
        take_package(path, None, CONTEXT)
    assert counts()["record"] == 0


def test_what_lies_beside_the_package_is_told_and_a_second_one_is_not_passed_over(home: Path, tmp_path: Path) -> None:
    one, two = (Csip(tmp_path / name).document(n).write() for n, name in enumerate(("mot", "hai"), 1))
    packed = tmp_path / "goi.zip"
    with zipfile.ZipFile(packed, "w") as target:
        for file in sorted(one.rglob("*")):
            target.write(file, f"mot/{file.relative_to(one).as_posix()}")
        target.writestr("khac/thu-kem.pdf", "x")
    taken = take_package(packed, None, CONTEXT)
    assert taken.tables["van-ban"] == {"accepted": 1}
    beside = [one.message for one in lines(taken.package) if one.code == "file.unlisted"]
    assert beside == ["Tệp “khac/thu-kem.pdf” nằm ngoài thư mục “mot” của gói"]
    with zipfile.ZipFile(packed, "a") as target:
        for file in sorted(two.rglob("*")):
            target.write(file, f"hai/{file.relative_to(two).as_posix()}")
    with pytest.raises(DeliveryError, match="chứa 2 gói SIP, AIP"):
        take_package(packed, None, CONTEXT)


def test_a_transfer_folder_with_a_mets_among_its_files_stays_one(home: Path, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    (path / "data" / "METS.xml").write_bytes(b"<mets/>")
    assert take_package(path, None, CONTEXT).tables["van-ban"] == {"accepted": 5}


def test_the_archives_code_must_be_given(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="mã cơ quan lưu trữ; hãy nêu kèm khi giao"):
        take_package(Csip(tmp_path / "goi").document(1).write(), None, Context())


def test_a_doubled_id_is_a_warning(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1)
    made.extra = listed("f1", "data/tep-1.txt", b"x") * 2
    taken = take_package(made.write(), None, CONTEXT)
    assert taken.refused == 0
    assert next(one.outcome for one in lines(str(taken.package)) if one.code == "mets.id") == "warned"


def test_repeated_elements_and_a_term_of_its_own_are_kept(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1, maintenance="02", keyword="đất").document(2, maintenance="01")
    name = f"{ITEMS}EAD_doc_1.xml"
    made.files[name] = made.files[name].replace(b"</simpledc>", "<keyword>rừng</keyword></simpledc>".encode())
    taken = take_package(made.write(), None, CONTEXT)
    with reading() as session:
        first, second = session.query(Record).filter_by(level="document").order_by(Record.code)
        assert first.delivered["Keyword"] == "đất; rừng"
        assert "Thời hạn lưu trữ: 70 năm" in first.delivered["Description"]
        assert "Thời hạn" not in second.delivered["Description"]
    assert "element.repeated" in {one.code for one in lines(str(taken.package))}


def test_a_level_said_twice_never_opens(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi").document(1)
    name = f"{ITEMS}EAD_doc_1.xml"
    made.files[name] = made.files[name].replace(b"</simpledc>", b"<mode>02</mode></simpledc>")
    take_package(made.write(), None, CONTEXT)
    assert readable() == []


def test_a_sip_and_the_later_aip_of_a_file_are_the_same_records(home: Path, tmp_path: Path) -> None:
    sip = Csip(tmp_path / "sip").document(1, docId="H48.01.1998.01.1").document(2, docId="H48.01.1998.01.2")
    take_package(sip.write(), None, CONTEXT)
    aip = Csip(tmp_path / "aip", "AIP").document(1).document(2)
    whole = "metadata/descriptive/EAD.xml"
    aip.files[whole] = aip.files[whole].replace(b"<arcFileCode>", f"<arcFileCode>{IDENTIFIER}.".encode())
    take_package(aip.write(), None, CONTEXT)
    with reading() as session:
        assert sorted(one.level for one in session.query(Record)) == ["document"] * 2 + ["file", "fonds", "inventory"]


def test_further_representations_are_told(home: Path, tmp_path: Path) -> None:
    path = Csip(tmp_path / "goi").document(1).write()
    for name in ("METS.xml", "data/a.pdf"):
        (path / "representations/rep2" / name).parent.mkdir(parents=True, exist_ok=True)
        (path / "representations/rep2" / name).write_bytes(b"x")
    taken = take_package(path, None, CONTEXT)
    told = [one.message for one in lines(str(taken.package)) if one.code == "representation.unread"]
    assert told == ["Gói còn biểu diễn “rep2” (2 tệp) [VN-STR-1]"]
    assert "file.unlisted" not in {one.code for one in lines(str(taken.package))}


def test_a_representation_of_any_name_is_read(home: Path, tmp_path: Path) -> None:
    path = Csip(tmp_path / "goi", rep="Bản số hóa").document(1).document(2, mode="02").write()
    taken = take_package(path, None, CONTEXT)
    assert taken.counts["accepted"] + taken.counts["warned"] == 4
    found = record("H48.01.1998.01.0000001", "document")
    assert (found.title, found.level_code) == ("Về việc giao đất 1", "01")
    assert record("H48.01.1998.01.0000002", "document").level_code == "02"
    with reading() as session:
        assert "giao đất số 1" in session.get_one(Page, (found.id, 1)).text
    told = [one.message for one in lines(str(taken.package)) if one.code.startswith("representation.")]
    assert told == ["Biểu diễn của gói mang tên “Bản số hóa” [VN-STR-3]"]


@pytest.mark.parametrize(
    ("described", "others", "chosen"),
    [
        (("rep1",), ("a",), "rep1"),
        (("a", "rep1"), (), "rep1"),
        (("rep10", "rep2"), (), "rep2"),
        (("goc",), ("rep1",), "goc"),
        ((), ("so", "goc"), "goc"),
        ((), (), "rep1"),
    ],
)
def test_which_representation_is_read(described: tuple[str, ...], others: tuple[str, ...], chosen: str) -> None:
    names = [f"representations/{one}/METS.xml" for one in (*described, *others)]
    names += [f"representations/{one}/metadata/descriptive/EAD_doc_1.xml" for one in described]
    assert choose_representation([*names, "METS.xml", "representations/x.txt"]) == f"representations/{chosen}/"


def calls(documents: int, root: Path) -> int:
    """Calls made by reading all rows of a package of that many documents."""
    made = Csip(root)
    for number in range(1, documents + 1):
        made.document(number)
    path, found = made.write(), 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    with open_package(path, CONTEXT) as delivery:
        sys.setprofile(count)
        try:
            rows = [*delivery.documents()]
        finally:
            sys.setprofile(None)
    assert all(one.files for one in rows)
    return found


def test_files_find_their_metadata_in_linear_work(tmp_path: Path) -> None:
    assert calls(240, tmp_path / "hai") < 2.2 * calls(120, tmp_path / "mot")


def test_every_rule_is_told_by_the_reader() -> None:
    """Each rule has a source and a day, and stands behind some line that the reader can write."""
    source = "".join(one.read_text() for one in Path(own.__file__).parent.glob("*.py"))
    assert len({one.id for one in rules().values()}) == len(rules())
    for code, rule in rules().items():
        assert f'"{code}"' in source or rule.test
        assert bool(rule.where) == bool(rule.context) == bool(rule.test)
        assert rule.text
        assert rule.source
        assert rule.since == "2025-07-01"


@pytest.mark.parametrize(("here", "there"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_names_are_the_same_whether_their_marks_stand_apart_or_not(
    home: Path, tmp_path: Path, here: Literal["NFC", "NFD"], there: Literal["NFC", "NFD"]
) -> None:
    made = Csip(tmp_path / "goi").document(1)
    data, name = f"{REP}data/tep-1.txt", f"{REP}data/Quyết định số 1.txt"
    told, lies = unicodedata.normalize(here, name), unicodedata.normalize(there, name)
    made.files[told], made.links[told] = made.files.pop(data), made.links.pop(data)
    path = made.write()
    (path / told).rename(path / lies)
    assert take_package(path, None, CONTEXT).tables["van-ban"] == {"accepted": 1}
