"""Signatures of PDF files: whole, altered, extended, of unknown authorities, with expired certificates, hostile."""

import io
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from indexer.signatures.judge import Judge
from tests.indexer.signatures.signing import (
    NOW,
    YEAR,
    certificate,
    keep_list,
    revoked,
    sign,
    stamper,
    unsigned,
    write_root,
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with Judge(write_root(tmp_path_factory.mktemp("goc"))) as made:
        yield made


def verdicts(judge: Judge, data: bytes) -> list[tuple[str, str]]:
    return [(one.verdict, one.coverage) for one in judge.judge(data)]


def test_a_signature_that_is_whole_and_leads_to_a_known_root(judge: Judge) -> None:
    (found,) = judge.judge(sign(unsigned()))
    assert (found.verdict, found.coverage, found.signer, found.issuer) == ("valid", "whole", "Nguyễn Văn Ký", "CA thử")
    assert isinstance(found.signed_at, datetime)
    assert not found.timed


def test_a_file_without_signatures_has_none(judge: Judge) -> None:
    assert judge.judge(unsigned()) == []


@pytest.mark.parametrize("place", [20, 300, 600])
def test_one_altered_byte_is_told(judge: Judge, place: int) -> None:
    data = bytearray(sign(unsigned()))
    data[place] ^= 1
    assert [one for one, _ in verdicts(judge, bytes(data))] in (["changed"], ["unreadable"])


def test_what_was_added_after_signing_is_told(judge: Judge) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sign(unsigned())))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Label"] = TextStringObject("thêm sau khi ký")
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
    out = io.BytesIO()
    writer.write(out)
    assert verdicts(judge, out.getvalue()) == [("changed", "revision")]


def test_a_second_signature_extends_the_first(judge: Judge) -> None:
    twice = sign(sign(unsigned()), "Trần Thị Phê Duyệt", "ChuKy2")
    assert verdicts(judge, twice) == [("extended", "revision"), ("valid", "whole")]


def test_an_issuer_that_nobody_named_is_unknown() -> None:
    with Judge(None) as alone:
        assert verdicts(alone, sign(unsigned())) == [("untrusted", "whole")]


def test_a_certificate_that_was_over_when_it_signed_is_told_and_one_that_ended_since_is_none(judge: Judge) -> None:
    over = sign(unsigned(), first=NOW - 3 * YEAR, last=NOW - 2 * YEAR)
    assert verdicts(judge, over) == [("expired", "whole")]


def test_time_stamps_are_judged_by_their_authority(judge: Judge) -> None:
    told = [judge.judge(sign(unsigned(), by=one))[0] for one in (stamper(), stamper("Dấu giờ lạ", "CA lạ"), None)]
    assert [(one.stamp, one.timed, one.verdict) for one in told] == [
        ("known", True, "valid"), ("unknown", False, "valid"), ("", False, "valid"),
    ]  # fmt: skip


def test_revocation_is_told_as_far_as_it_is_known(judge: Judge, tmp_path: Path) -> None:
    own = certificate("Nguyễn Văn Ký", "CA thử")
    signed = sign(unsigned(), own=own)
    (found,) = judge.judge(signed)
    assert (found.verdict, found.revocation) == ("valid", "unknown"), "nothing speaks of it, nobody was asked"
    day = timedelta(days=1)
    for serials, on, verdict, revocation in (
        ((1, 2), NOW, "extended", "good"),
        ((own.serial_number,), NOW - 30 * day, "revoked", "revoked"),
        ((own.serial_number,), NOW + day, "extended", "good"),  # after it had signed
    ):
        (found,) = judge.judge(keep_list(signed, revoked(*serials, on=on)))
        assert (found.verdict, found.revocation) == (verdict, revocation)
    folder = write_root(tmp_path / "goc")
    (folder / "hong.crl").write_bytes(b"no list")
    (folder / "ca.crl").write_bytes(revoked(own.serial_number, on=NOW - day).dump())
    with Judge(folder) as informed:
        assert [(one.verdict, one.revocation) for one in informed.judge(signed)] == [("revoked", "revoked")]
        assert [one.revocation for one in informed.judge(sign(unsigned()))] == ["good"]
    with Judge(None) as alone:
        (found,) = alone.judge(keep_list(signed, revoked(own.serial_number, on=NOW - 30 * day)))
        assert (found.verdict, found.revocation) == ("untrusted", "unknown"), "a list of nobody known"


def test_hostile_bytes_cost_one_line_and_the_child_goes_on(judge: Judge) -> None:
    assert verdicts(judge, b"%PDF-1.7 /ByteRange [0 1 2 3] trailer << /Root 1 0 R >> %%EOF") == [("unreadable", "")]
    looped = b"%PDF-1.7\n/ByteRange\n1 0 obj\n<< /Type /Catalog /Prev 1 0 R >>\nendobj\nstartxref\n9\n%%EOF"
    assert verdicts(judge, looped) == [("unreadable", "")]
    assert verdicts(judge, sign(unsigned())) == [("valid", "whole")]


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with Judge(write_root(tmp_path / "goc"), seconds=0.0) as hasty:
        assert verdicts(hasty, sign(unsigned())) == [("unreadable", "")]


def test_pdfsig_agrees_on_integrity(judge: Judge, tmp_path: Path) -> None:
    import shutil

    if not shutil.which("pdfsig"):
        pytest.skip("poppler-utils is not installed")
    whole = sign(unsigned())
    broken = bytearray(whole)
    broken[20] ^= 1
    for name, data, word in (("nguyen", whole, "Signature is Valid"), ("hong", bytes(broken), "Digest Mismatch")):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        told = subprocess.run(["pdfsig", f"{name}.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert word in told.stdout
