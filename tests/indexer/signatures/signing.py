"""Signed PDF files with a certificate authority of our own: pyHanko signs, the bytes are then treated badly."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import crl, keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.indexer.extraction.making import text_pdf

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


@lru_cache(maxsize=8)
def key(_name: str) -> rsa.RSAPrivateKey:
    """A key, the same for the same name in one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    name: str,
    issuer: str,
    *,
    first: datetime = NOW - YEAR,
    last: datetime = NOW + YEAR,
    authority: bool = False,
    purpose: ObjectIdentifier | None = None,
    answers: Sequence[str] = (),
    lists: Sequence[str] = (),
    issuers: Sequence[str] = (),
) -> certificates.Certificate:
    """A certificate of ``name`` by ``issuer`` (itself, if the names are equal), which names those addresses: of OCSP,
    of lists of revoked certificates, of its issuer's certificate."""
    subject, by = (certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    usage = certificates.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    built = (
        certificates.CertificateBuilder(by, subject, key(name).public_key(), certificates.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(certificates.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if purpose:
        built = built.add_extension(certificates.ExtendedKeyUsage([purpose]), critical=True)
    places = [(AuthorityInformationAccessOID.OCSP, one) for one in answers]
    places += [(AuthorityInformationAccessOID.CA_ISSUERS, one) for one in issuers]
    if places:
        access = [certificates.AccessDescription(kind, _address(one)) for kind, one in places]
        built = built.add_extension(certificates.AuthorityInformationAccess(access), critical=False)
    if lists:
        points = [certificates.DistributionPoint([_address(one)], None, None, None) for one in lists]
        built = built.add_extension(certificates.CRLDistributionPoints(points), critical=False)
    return built.sign(key(issuer), hashes.SHA256())


def _address(told: str) -> certificates.UniformResourceIdentifier:
    return certificates.UniformResourceIdentifier(told)


def write_root(folder: Path, name: str = "CA thử") -> Path:
    """The folder of roots with that authority in it."""
    folder.mkdir(exist_ok=True)
    root = certificate(name, name, first=NOW - 10 * YEAR, last=NOW + 10 * YEAR, authority=True)
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return folder


def revoked(*serials: int, on: datetime = NOW) -> crl.CertificateList:
    """The list of "CA thử" of today with these certificates, revoked on that day."""
    built = certificates.CertificateRevocationListBuilder(
        certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "CA thử")]), NOW - YEAR / 365, NOW + YEAR
    )
    for serial in serials:
        one = certificates.RevokedCertificateBuilder(serial, on).build()
        built = built.add_revoked_certificate(one)
    made = built.sign(key("CA thử"), hashes.SHA256())
    return crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))


def stamper(name: str = "Dấu giờ thử", issuer: str = "CA thử", at: datetime | None = None) -> DummyTimeStamper:
    """A time-stamp authority of that issuer: what it stamps is as real as any, its clock is this machine's, or stands
    at a moment."""
    own = certificate(name, issuer, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
    return DummyTimeStamper(asn1(own), private(name), fixed_dt=at)


def asn1(own: certificates.Certificate) -> x509.Certificate:
    """The same certificate for pyHanko."""
    return x509.Certificate.load(own.public_bytes(serialization.Encoding.DER))


def private(name: str) -> keys.PrivateKeyInfo:
    """The key of that name for pyHanko."""
    pkcs8 = serialization.PrivateFormat.PKCS8
    der = key(name).private_bytes(serialization.Encoding.DER, pkcs8, serialization.NoEncryption())
    return keys.PrivateKeyInfo.load(der)


def keep_list(data: bytes, one: crl.CertificateList) -> bytes:
    """The signed PDF with a document security store that holds the list."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, crls=[one])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign(
    data: bytes,
    name: str = "Nguyễn Văn Ký",
    field: str = "ChuKy1",
    by: DummyTimeStamper | None = None,
    own: certificates.Certificate | None = None,
    **validity: datetime,
) -> bytes:
    """The PDF signed by that person, whose certificate is of "CA thử"."""
    own = own or certificate(name, "CA thử", **validity)
    signer = signers.SimpleSigner(
        signing_cert=asn1(own), signing_key=private(name), cert_registry=SimpleCertificateStore()
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    fields.append_signature_field(writer, fields.SigFieldSpec(field, box=(50, 50, 200, 90)))
    out = io.BytesIO()
    told = signers.PdfSignatureMetadata(field_name=field)
    signers.sign_pdf(writer, told, signer=signer, timestamper=by, output=out)
    return out.getvalue()


def unsigned() -> bytes:
    """A PDF of one page."""
    return text_pdf([("QUYET DINH 12/QD-UBND", 50, 600)])
