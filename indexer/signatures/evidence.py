"""What is known of revocation without asking anybody: what the file carries, and lists laid beside the roots.

A file carries it in its document security store (ISO 32000-2, 12.8.4.3) or in a signed attribute (Adobe).
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import crl, ocsp, pem, x509

LARGEST = 64 << 20  # bytes of a list in the folder
MOST = 200  # of each kind in one file


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lists of revoked certificates, answers about single ones, and the certificates that came with them."""

    lists: tuple[crl.CertificateList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()

    def joined(self, other: "Evidence") -> "Evidence":
        """Both together."""
        return Evidence(self.lists + other.lists, self.answers + other.answers, self.certificates + other.certificates)


def read_lists(folder: Path, kinds: Collection[str] = (".crl",)) -> Evidence:
    """The lists (DER or PEM, files of those kinds) of a folder; one that cannot be read is left out."""
    lists = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in kinds or path.stat().st_size > LARGEST:
            continue
        data = path.read_bytes()
        try:
            lists.append(crl.CertificateList.load(pem.unarmor(data)[2] if pem.detect(data) else data, strict=True))
        except ValueError:
            continue
    return Evidence(tuple(lists))


def carried(reader: Any, signature: Any) -> Evidence:
    """What the file carries; nothing where that cannot be read."""
    found = Evidence()
    with suppress(Exception):  # damaged or hostile: then nothing is known
        found = _stored(reader)
    with suppress(Exception):
        found = found.joined(_attribute(signature))
    return found


def _stored(reader: Any) -> Evidence:
    if "/DSS" not in reader.root:
        return Evidence()
    store = reader.root["/DSS"]
    return Evidence(
        tuple(crl.CertificateList.load(data) for data in _streams(store, "/CRLs")),
        tuple(ocsp.OCSPResponse.load(data) for data in _streams(store, "/OCSPs")),
        tuple(x509.Certificate.load(data) for data in _streams(store, "/Certs")),
    )


def _streams(store: Any, name: str) -> Sequence[bytes]:
    return [one.get_object().data for one in list(store[name])[:MOST]] if name in store else []


def _attribute(signature: Any) -> Evidence:
    for attribute in signature.signer_info["signed_attrs"]:
        if attribute["type"].native == "adobe_revocation_info_archival":
            told = attribute["values"][0]
            return Evidence(tuple(told["crl"] or ())[:MOST], tuple(told["ocsp"] or ())[:MOST])
    return Evidence()
