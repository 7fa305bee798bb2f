"""Signed PDF files with a certificate authority of our own: pyHanko signs, the bytes are then treated badly."""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.indexer.extraction.making import text_pdf

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


@lru_cache(maxsize=8)
def key(_name: str) -> rsa.RSAPrivateKey:
    """A key, the same for the same name in one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    name: str, issuer: str, *, first: datetime = NOW - YEAR, last: datetime = NOW + YEAR, authority: bool = False
) -> certificates.Certificate:
    """A certificate of ``name`` by ``issuer`` (itself, if the names are equal)."""
    subject, by = (certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    usage = certificates.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        certificates.CertificateBuilder(by, subject, key(name).public_key(), certificates.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(certificates.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key(issuer), hashes.SHA256())
    )


def write_root(folder: Path, name: str = "CA thử") -> Path:
    """The folder of roots with that authority in it."""
    folder.mkdir(exist_ok=True)
    root = certificate(name, name, first=NOW - 10 * YEAR, last=NOW + 10 * YEAR, authority=True)
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return folder


def sign(data: bytes, name: str = "Nguyễn Văn Ký", field: str = "ChuKy1", **validity: datetime) -> bytes:
    """The PDF signed by that person, whose certificate is of "CA thử"."""
    own = certificate(name, "CA thử", **validity)
    der = key(name).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(own.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    fields.append_signature_field(writer, fields.SigFieldSpec(field, box=(50, 50, 200, 90)))
    out = io.BytesIO()
    signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer, output=out)
    return out.getvalue()


def unsigned() -> bytes:
    """A PDF of one page."""
    return text_pdf([("QUYET DINH 12/QD-UBND", 50, 600)])
