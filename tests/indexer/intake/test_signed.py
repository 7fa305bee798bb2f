"""Signatures on the way in: kept beside the record, told where something is wrong, the bytes untouched."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.reading import FileSignature
from archive.database import reading
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.signatures.judge import judge_of
from tests.indexer.signatures.signing import sign, unsigned, write_root
from tests.transfers import Transfer, codes, take


def signatures() -> list[FileSignature]:
    with reading() as session:
        return list(session.scalars(select(FileSignature).order_by(FileSignature.id)))


@pytest.mark.both_databases
def test_signatures_are_kept_and_what_is_wrong_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANKHO_SIGNATURE_ROOTS", str(write_root(tmp_path / "goc")))
    settings.cache_clear()
    whole = sign(unsigned())
    altered = bytearray(whole)
    altered[20] ^= 1
    transfer = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1").document("VB2", "HS1")
    transfer.data |= {"VB1.pdf": whole, "VB2.pdf": bytes(altered)}
    take(transfer.write())
    good, bad = signatures()
    assert (good.verdict, good.signer, good.sha256) == ("valid", "Nguyễn Văn Ký", hashlib.sha256(whole).hexdigest())
    assert bad.verdict == "changed"
    assert ("signature.changed", "VB2") in codes()
    assert ("signature.changed", "VB1") not in codes()
    assert FolderStorage(home / "storage").read(good.sha256) == whole
    transfer.change("VB1", Subject="Trích yếu mới")
    take(transfer.write())
    assert len(signatures()) == 2, "a later delivery judges anew and doubles nothing"
    judge_of(settings().signature_roots).close()
