"""A certificate authority, its list of revoked certificates and a time-stamp server (RFC 3161), answering over HTTP on
the loopback; and the keys that a house gets from it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.indexer.signatures.signing import key

PASSWORD = "mật khẩu của khóa"
SIGNER, ROOT, STAMPER = "Lưu trữ lịch sử tỉnh thử", "Gốc thử", "Dấu thời gian thử"
DAY = timedelta(days=1)


class House:
    """An authority with its services; ``up`` says whether the time-stamp server answers, ``open`` whether it does so
    at once: who asks meanwhile waits, and ``waiting`` is set."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.up, self.revoked, self.stamped = folder, True, False, 0
        self.asked = 0
        self.open, self.waiting = threading.Event(), threading.Event()
        self.open.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.root = self.certificate(ROOT, ROOT, authority=True)
        self.roots = folder / "roots"
        self.roots.mkdir(parents=True)
        (self.roots / "root.pem").write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        self.revoked_at = datetime.now(UTC) - DAY
        self.stamps = asn1.Certificate.load(der(self.certificate(STAMPER, ROOT, stamping=True)))
        self.stamp_at(None)

    def stamp_at(self, moment: datetime | None) -> None:
        """What time the stamps tell from now on; None: the time that it is."""
        self.stamper = DummyTimeStamper(
            tsa_cert=self.stamps, tsa_key=private(STAMPER), fixed_dt=moment,
            certs_to_embed=SimpleCertificateStore.from_certs([asn1.Certificate.load(der(self.root))]),
        )  # fmt: skip

    def certificate(
        self, name: str, issuer: str, *, authority: bool = False, stamping: bool = False,
        days: tuple[int, int] = (-30, 365),
    ) -> x509.Certificate:  # fmt: skip
        """A certificate; those of people say where to ask whether they were revoked."""
        by, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (issuer, name))
        now = datetime.now(UTC)
        usage = x509.KeyUsage(
            digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder(by, subject, key(name).public_key(), x509.random_serial_number())
            .not_valid_before(now + (days[0] * DAY if not authority else -3000 * DAY))
            .not_valid_after(now + (days[1] * DAY if not authority else 3000 * DAY))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key(name).public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key(issuer).public_key()), critical=False)
        )
        if stamping:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if not authority:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None)
            made = made.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return made.sign(key(issuer), hashes.SHA256())

    def keyfile(self, *, issuer: str = ROOT, days: tuple[int, int] = (-30, 365)) -> Path:
        """A PKCS#12 file with key, certificate and chain of the house."""
        own = self.certificate(SIGNER, issuer, days=days)
        self.serial = own.serial_number
        path = self.folder / "ky.p12"
        hidden = serialization.BestAvailableEncryption(PASSWORD.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"ky", key(SIGNER), own, [self.root], hidden))
        return path

    def revocations(self) -> bytes:
        """The list of revoked certificates as it is now."""
        now = datetime.now(UTC)
        made = (
            x509.CertificateRevocationListBuilder(self.root.subject, now - DAY, now + 7 * DAY)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key(ROOT).public_key()), critical=False)
        )
        if self.revoked:
            one = x509.RevokedCertificateBuilder(self.serial, self.revoked_at).build()
            made = made.add_revoked_certificate(one)
        return made.sign(key(ROOT), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def private(name: str) -> keys.PrivateKeyInfo:
    form = serialization.PrivateFormat.PKCS8
    return keys.PrivateKeyInfo.load(
        key(name).private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    )


def _handler(house: House) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            house.asked += 1
            self._answer("application/pkix-crl", house.revocations())

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            if not house.up:
                self.send_error(503)
                return
            house.waiting.set()
            house.open.wait()
            house.stamped += 1
            told = house.stamper.request_tsa_response(tsp.TimeStampReq.load(asked))
            self._answer("application/timestamp-reply", told.dump())

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who was killed reads no more
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests read nothing of it."""

    return Handler


@contextmanager
def signing_house(folder: Path) -> Iterator[House]:
    """The authority while its services answer."""
    house = House(folder)
    thread = threading.Thread(target=house.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield house
    finally:
        house.open.set()
        house.server.shutdown()
        house.server.server_close()
        thread.join()
