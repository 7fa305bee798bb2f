"""A house that knows no roots knows its own copies: by their bytes, by its certificate, out of packages, added to."""

import io
import struct
import zipfile

import pytest
from flask import Flask
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from archive.database import reading
from archive.settings import settings
from desk.copies.keys import signing_gaps
from desk.copies.making import make_waiting
from desk.copies.ordering import copy_path
from desk.copies.unpacking import MOST, packed_pdfs
from desk.copies.verifying import CheckedFile, check_file
from portal.signed import Answers, three_answers
from tests.desk.signing_house import SIGNER, House
from tests.desk.test_certified_copies import house, made
from tests.desk.test_copies import change, found, ordered, request_id
from tests.desk.test_verifying_later import app_without_archive
from tests.indexer.signatures.signing import sign, unsigned

__all__ = ["app_without_archive", "house", "request_id"]

pytestmark = pytest.mark.both_databases


def check(data: bytes) -> CheckedFile:
    with reading() as session:
        return check_file(session, io.BytesIO(data))


def said(data: bytes) -> tuple[str, str, bool]:
    told = check(data)
    return told.finding, told.issued.code if told.issued else "", told.packed


@pytest.fixture
def rootless(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house with its key alone: nobody told the installation of roots or of a time-stamp server."""
    for name in ("SIGNATURE_ROOTS", "TSA_URL"):
        monkeypatch.delenv(f"VANKHO_{name}")
    settings.cache_clear()
    return house


@pytest.fixture
def package(rootless: House, request_id: int) -> tuple[str, bytes, bytes]:
    """A package with the code of its copy, and the signed file in it."""
    ordered(request_id, "dip")
    make_waiting(10)
    code = found(request_id)[0].code
    data = copy_path(code, "dip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return code, data, parts.read(next(one for one in parts.namelist() if one.endswith(".pdf")))


def repacked(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in parts:
            written.writestr(name, data)
    return out.getvalue()


def revised(data: bytes) -> bytes:
    """Somebody adds a revision that no signer may add."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    writer.root["/Them"] = generic.NameObject("/Vao")
    writer.update_root()
    writer.write(out)
    return out.getvalue()


def test_a_copy_is_known_and_what_was_added_is_told(rootless: House, request_id: int) -> None:
    copy, data = made(request_id)
    assert (copy.signed_sha256, copy.signed_size, len(copy.certificate)) == (copy.sha256, len(data), 64)
    told = check(data)
    assert (told.finding, told.rooted, told.own) == ("whole", False, frozenset({copy.certificate}))
    assert said(data + b"\n% them\n") == ("added", copy.code, False)
    assert said(revised(data)) == ("added", copy.code, False)
    title = data.index(b"/Lang")
    assert said(data[:title] + b"/Lanh" + data[title + 5 :]) == ("changed", copy.code, False)
    change(copy, sha256="0" * 64, signed_sha256="0" * 64)  # the register forgot the bytes, not the certificate
    assert said(data) == ("extended", copy.code, False)


def test_the_certificate_of_an_earlier_key_is_known_by_the_copies_that_it_signed(
    rootless: House, request_id: int
) -> None:
    copy, data = made(request_id)
    rootless.keyfile(days=(-10, 365))
    change(copy, sha256="0" * 64, signed_sha256="0" * 64)
    assert said(data) == ("extended", copy.code, False)
    for one in found(request_id):
        change(one, certificate="")  # nothing knows it any more: that is no denial
    assert said(data) == ("unknown", "", False)


def test_of_strangers_nothing_is_known_whatever_they_call_themselves(rootless: House, request_id: int) -> None:
    copy, _data = made(request_id)
    for field in ("Signature1", f"BanSao-{copy.code}"):
        assert said(sign(unsigned(), field=field)) == ("unknown", "", False)
    assert said(sign(unsigned(), name=SIGNER, field=f"BanSao-{copy.code}")) == ("unknown", "", False)
    assert said(unsigned()) == ("unsigned", "", False)


def test_a_package_and_the_file_out_of_it(package: tuple[str, bytes, bytes]) -> None:
    code, data, pdf = package
    assert said(data) == ("whole", code, False)
    assert check(data).signatures
    assert said(pdf) == ("whole", code, False)
    assert said(repacked(("mo/ban-sao.pdf", pdf))) == ("whole", code, True)
    assert said(repacked(("a.pdf", unsigned()), ("b.pdf", pdf + b"% them"))) == ("added", code, True)
    assert said(repacked(("a.pdf", sign(unsigned())))) == ("unknown", "", True)
    assert said(repacked(("a.txt", pdf))) == ("package", "", False)


def test_hostile_packages_are_not_unfolded(package: tuple[str, bytes, bytes]) -> None:
    _code, data, pdf = package
    bomb = repacked(("a.pdf", b"%PDF-1.7" + b"0" * (200 << 20)))
    assert said(bomb) == ("package", "", False)
    assert said(data[: len(data) // 2]) == ("package", "", False)
    assert said(repacked(("../a.pdf", pdf))) == ("package", "", False)
    assert said(b"PK\3\4" + b"\0" * 5000) == ("package", "", False)
    many = repacked(*((f"{n}.pdf", b"%PDF-") for n in range(MOST + 4)))
    assert len(list(packed_pdfs(io.BytesIO(many), 1 << 20))) == MOST
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, 300 << 20, 0, 0)
    assert list(packed_pdfs(io.BytesIO(b"PK\3\4" + b"\0" * 100 + end), 1 << 20)) == []
    assert list(packed_pdfs(io.BytesIO(repacked(("a.pdf", b"x" * 2000))), 1000)) == []


def test_what_signatures_lack_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signing_gaps() == ()
    monkeypatch.delenv("VANKHO_TSA_URL")
    settings.cache_clear()
    assert signing_gaps() == ("stamp",)
    monkeypatch.delenv("VANKHO_SIGNATURE_ROOTS")
    settings.cache_clear()
    assert signing_gaps() == ("stamp", "roots")
    monkeypatch.delenv("VANKHO_SIGN_PKCS12")
    settings.cache_clear()
    assert signing_gaps() == ()  # nothing signs: copies wait, and say why


def test_the_answers_say_what_cannot_be_told_without_roots(
    rootless: House, request_id: int, app_without_archive: Flask
) -> None:
    _copy, data = made(request_id)

    def answers(file: bytes) -> Answers:
        told = check(file)
        with app_without_archive.test_request_context():
            return three_answers(told.signatures[0], told)

    whole, added = answers(data), answers(revised(data))
    assert whole.untouched == "có, cả tệp"
    assert added.untouched == "phần đã ký còn nguyên; sau khi ký đã thêm nội dung"
    for one in (whole, added):
        assert "đúng chứng thư số Trung tâm dùng để ký; ngày ký theo sổ" in one.when_signed
        assert "chưa được đặt gốc chứng thực" in one.when_signed
        assert one.today.startswith("chưa biết. Chưa xét được nơi cấp")
    assert answers(sign(unsigned())).when_signed == "chưa biết nơi cấp chứng thư số"
