"""Certified copies: a real key, stamps, validation for years; judged by pdfsig and veraPDF, which wrote none."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.packages.csip.annexes import demands, measure
from archive.settings import settings
from desk.copies.keys import DEMO_NAME
from desk.copies.making import MOST_ATTEMPTS, make_waiting
from desk.copies.ordering import copy_path
from desk.copies.sheet import sheet_facts
from desk.copies.verifying import check_file
from tests.desk.signing_house import PASSWORD, SIGNER, House, signing_house
from tests.desk.test_copies import change, found, ordered, request_id
from tests.transfers import IDENTIFIER, record
from tests.verapdf import verapdf

__all__ = ["request_id"]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_id: int) -> Iterator[House]:
    """The installation signs with a key of a real authority, whose services answer."""
    with signing_house(tmp_path / "ca") as made:
        told = {
            "SIGN_PKCS12": str(made.keyfile()), "SIGN_PASSWORD": PASSWORD, "TSA_URL": f"{made.url}/tsa",
            "SIGNATURE_ROOTS": str(made.roots),
        }  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(f"VANKHO_{name}", value)
        settings.cache_clear()
        yield made


def made(request_id: int) -> tuple[IssuedCopy, bytes]:
    """The certified copy of VB1, made."""
    ordered(request_id, "certified")
    make_waiting(10)
    copy = found(request_id)[0]
    assert copy.state == "made", copy.error
    return copy, copy_path(copy.code).read_bytes()


def try_again(request_id: int) -> IssuedCopy:
    with writing() as session:
        session.execute(update(IssuedCopy).values(next_at=now()))
    make_waiting(10)
    return found(request_id)[0]


def checked(data: bytes) -> tuple[str, str]:
    with reading() as session:
        told = check_file(session, io.BytesIO(data))
    return told.finding, told.issued.code if told.issued else ""


def test_the_sheet_names_who_receives_it_and_beside_him_for_whom(request_id: int) -> None:
    """Article 42.2: name and number of one person; of a proxy or heir not the name of somebody else with his number."""
    ordered(request_id, "certified")
    copy = found(request_id)[0]
    with writing() as session:
        asked = session.get_one(ReadingRequest, request_id)
        asked.behalf = "ông Tư (đã mất)"
        person = session.get_one(Account, asked.account_id)
        person.full_name, person.identification = "Trần Thị Hoa", "051188000777"
    with reading() as session:
        facts = sheet_facts(session, copy, session.get_one(Record, copy.record_id), now(), today_number() + 15)
    assert [name for name, _told in facts] == [
        "Mã xác thực lưu trữ", "Tên Lưu trữ lịch sử", "Họ tên và số định danh cá nhân của người nhận",
        "Mã lưu trữ của tài liệu gốc", "Số, ký hiệu", "Loại tài liệu", "Trích yếu hoặc tiêu đề", "Mục đích sử dụng",
        "Ngày cấp", "Thời hạn sử dụng", "Số lượng bản sao",
    ]  # fmt: skip
    assert facts[2][1] == "Trần Thị Hoa; 051188000777; thay mặt ông Tư (đã mất)"


def test_signed_stamped_and_lasting(house: House, request_id: int, tmp_path: Path) -> None:
    copy, data = made(request_id)
    assert copy.signer == SIGNER
    reader = PdfFileReader(io.BytesIO(data))
    assert reader.embedded_regular_signatures[0].field_name == f"BanSao-{copy.code}"
    assert reader.embedded_timestamp_signatures
    dss = reader.root["/DSS"]
    assert dss["/Certs"]
    assert dss["/CRLs"]
    pdf = pypdfium2.PdfDocument(data)
    try:
        sheet = pdf[len(pdf) - 1].get_textpage().get_text_range()
    finally:
        pdf.close()
    assert [n for n in range(1, 12) if f"{n}. " in sheet] == list(range(1, 12))
    assert copy.code in sheet
    assert "làm thủ tục đất đai" in sheet
    file = tmp_path / "ban-sao.pdf"
    file.write_bytes(data)
    if shutil.which("pdfsig") is None:
        pytest.skip("Thiếu pdfsig (poppler-utils)")
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    seen = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=False).stdout
    pages = seen.split("\f")[:2]
    assert ["BẢN SAO" in page for page in pages] == [True, False], "the signature appears as these words"
    assert all(settings().archive_name in page for page in pages)
    assert "Signature is Valid." in said
    assert SIGNER in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.parametrize("grade", ["plain", "certified"])
def test_a_copy_is_pdf_a_as_verapdf_judges(house: House, request_id: int, grade: str) -> None:
    ordered(request_id, grade)
    make_waiting(10)
    for copy in found(request_id):
        verdict, said = verapdf(copy_path(copy.code), "3b")
        assert verdict, said


def test_verapdf_refuses_what_is_not(tmp_path: Path) -> None:
    from tests.indexer.signatures.signing import unsigned

    path = tmp_path / "thuong.pdf"
    path.write_bytes(unsigned())
    assert not verapdf(path, "3b")[0]


def test_untouched_changed_extended_foreign(house: House, request_id: int, tmp_path: Path) -> None:
    from tests.indexer.signatures.signing import sign, unsigned

    copy, data = made(request_id)
    assert checked(data) == ("whole", copy.code)
    place = data.index(b"stream") + 60
    broken = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    assert checked(broken)[0] in {"changed", "unreadable"}
    title = data.index(b"/Lang")
    assert checked(data[:title] + b"/Lanh" + data[title + 5 :]) == ("changed", copy.code)
    assert checked(data + b"\n% them\n") == ("added", copy.code)
    assert checked(sign(unsigned())) == ("unknown", "")
    assert checked(sign(unsigned(), field=f"BanSao-{copy.code}")) == ("unknown", "")
    assert checked(unsigned()) == ("unsigned", "")
    assert checked(b"%PDF-1.7\n/ByteRange" + b"\0" * 5000) == ("unreadable", "")
    assert checked(b"xin chao") == ("not-pdf", "")


def test_the_stamp_server_is_down_the_copy_waits_and_goes_on(house: House, request_id: int) -> None:
    house.up = False
    ordered(request_id, "certified")
    for _ in range(MOST_ATTEMPTS + 2):
        copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "VANKHO_TSA_URL" in copy.error
    assert not copy_path(copy.code).exists()
    house.up = True
    copy = try_again(request_id)
    assert (copy.state, copy.error) == ("made", "")


def test_a_revoked_certificate_signs_nothing(house: House, request_id: int) -> None:
    house.revoked = True
    ordered(request_id, "certified")
    copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "thu hồi" in copy.error


def test_an_expired_certificate_signs_nothing(house: House, request_id: int) -> None:
    house.keyfile(days=(-60, -1))
    ordered(request_id, "certified")
    copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "hết hạn" in copy.error


def test_a_chain_that_leads_nowhere_signs_nothing(house: House, request_id: int) -> None:
    house.keyfile(issuer="Gốc lạ")
    ordered(request_id, "certified")
    copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "VANKHO_SIGNATURE_ROOTS" in copy.error


@pytest.mark.parametrize(("name", "value"), [("SIGN_PASSWORD", "sai"), ("SIGN_PKCS12", "/khong/co.p12")])
def test_a_key_that_does_not_open_is_waited_for(
    house: House, request_id: int, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"VANKHO_{name}", value)
    settings.cache_clear()
    ordered(request_id, "certified")
    copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "VANKHO_SIGN_PKCS12" in copy.error


def test_the_demonstration_signs_with_a_key_that_says_so(request_id: int) -> None:
    copy, data = made(request_id)
    assert copy.signer == DEMO_NAME
    assert "trình diễn" in copy.signer
    assert (settings().home / "demo-signing" / "key.p12").stat().st_mode & 0o077 == 0
    assert checked(data) == ("whole", copy.code)
    with writing() as session:
        session.execute(update(IssuedCopy).values(sha256="0" * 64, signed_sha256=""))
    assert checked(data) == ("extended", copy.code)


def test_the_key_of_a_token_signs(
    house: House, request_id: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.desk.token import softhsm

    module, label, pin = softhsm(tmp_path / "token", house, monkeypatch)
    for name, value in (("MODULE", module), ("TOKEN", label), ("PIN", pin), ("LABEL", "ky")):
        monkeypatch.setenv(f"VANKHO_SIGN_PKCS11_{name}", value)
    monkeypatch.delenv("VANKHO_SIGN_PKCS12")
    settings.cache_clear()
    copy, data = made(request_id)
    assert copy.signer == SIGNER
    change(copy, sha256="0" * 64, signed_sha256="")
    assert checked(data) == ("extended", copy.code)
    monkeypatch.setenv("VANKHO_SIGN_PKCS11_PIN", "0000")
    settings.cache_clear()
    change(copy, state="waiting")
    copy = try_again(request_id)
    assert copy.state == "waiting"
    assert "VANKHO_SIGN_PKCS11_MODULE" in copy.error


def test_a_package_holds_the_request_and_the_signed_copy(house: House, request_id: int, tmp_path: Path) -> None:
    with writing() as session:
        for code, field, words in (("VB1", "Language", "Tiếng Việt"), ("HS1", "Maintenance", "Vĩnh viễn")):
            one = session.scalars(select(Record).where(Record.code == code)).one()
            one.curated = {**one.curated, field: words}
    ordered(request_id, "dip")
    make_waiting(10)
    copy = found(request_id)[0]
    assert (copy.state, copy.signer) == ("made", SIGNER), copy.error
    data = copy_path(copy.code, "dip").read_bytes()
    assert checked(data) == ("whole", copy.code)
    assert checked(data + b"x") == ("whole", copy.code)  # another package, the same signed file in it
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = {one.split("/", 1)[1]: one for one in package.namelist()}
        request = package.read(names["metadata/descriptive/EAD.xml"]).decode()
        pdf = package.read(next(names[one] for one in names if one.endswith(f"ban-sao-{copy.code}.pdf")))
        mets = package.read(names["METS.xml"]).decode()
        document = package.read(next(names[one] for one in names if one.rpartition("/")[2].startswith("EAD_doc")))
    for told in ("requestID", "requestDate", "purposeContent", "feeObjectType", "researchTopic", "làm thủ tục đất đai"):
        assert told in request
    assert "hoa" not in request
    assert record("VB1").title not in request
    assert 'TYPE="' in mets
    assert f"<name>{settings().archive_name}</name>" in mets.replace("mets:", ""), "the archive gives it, not the fonds"
    assert re.search(rf'IDENTIFICATIONCODE"[^<]*>{re.escape(IDENTIFIER)}<', mets)
    asked, told = ({one.tag: one.text or "" for one in etree.fromstring(xml)} for xml in (request.encode(), document))
    assert measure("request", "DIP", asked) == [], "annex V: seven elements, all but the last demanded"
    assert measure("doc", "DIP", told) == [], "annex V: what is demanded of a document"
    assert (told["docId"], told["mode"]) == ("VB1", "01")
    assert re.fullmatch(r"\S*HS1\.0000001", told["arcDocCode"]), told["arcDocCode"]
    assert not told.keys() - {one.name for one in demands("doc", "DIP")} - {"organName"}
    assert checked(pdf) == ("whole", copy.code)
    file = tmp_path / "ban-sao.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdfsig") is None:
        pytest.skip("Thiếu pdfsig (poppler-utils)")
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
