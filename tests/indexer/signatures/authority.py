"""What "CA thử" says of its certificates over HTTP on the loopback: OCSP answers and lists, honest or otherwise."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp

from indexer.signatures.asking import LARGEST
from tests.indexer.signatures.signing import NOW, YEAR, certificate, key

DAY = timedelta(days=1)
CA = "CA thử"
Manner = Literal["honest", "failing", "forged", "old", "slow", "dripping", "large", "elsewhere", "rubbish"]


class Authority:
    """Answers in its ``manner``; ``asked`` has the paths that were asked, ``revoked`` since when the one it is asked
    about is revoked."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        self.root = certificate(CA, CA, first=NOW - 10 * YEAR, last=NOW + 10 * YEAR, authority=True)
        self.manner: Manner = "honest"
        self.revoked: datetime | None = None
        self.asked: list[str] = []
        self.elsewhere, self.ended = "", threading.Event()
        self.own: x509.Certificate | None = None

    def address(self, kind: str) -> str:
        """Where it answers: ``ocsp`` or ``crl``."""
        return f"http://{self.place}/{kind}"

    def answer(self, question: bytes) -> bytes:
        """The OCSP answer, signed by the authority, or by somebody else in its name."""
        told, asked = ocsp.load_der_ocsp_request(question), self.own
        assert asked is not None
        assert told.serial_number == asked.serial_number
        first, last = self._times()
        state = ocsp.OCSPCertStatus.REVOKED if self._revoked() else ocsp.OCSPCertStatus.GOOD
        built = (
            ocsp.OCSPResponseBuilder()
            .add_response(asked, self.root, hashes.SHA1(), state, first, last, self._revoked(), None)
            .responder_id(ocsp.OCSPResponderEncoding.NAME, self.root)
        )
        for extension in told.extensions:
            built = built.add_extension(extension.value, critical=False)  # the nonce comes back
        return built.sign(self._key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def list(self) -> bytes:
        """The list of revoked certificates."""
        assert self.own is not None
        built = x509.CertificateRevocationListBuilder(self.root.subject, *self._times())
        if since := self._revoked():
            built = built.add_revoked_certificate(x509.RevokedCertificateBuilder(self.own.serial_number, since).build())
        return built.sign(self._key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _revoked(self) -> datetime | None:
        return self.revoked if self.manner != "forged" else None  # who forges says that all is well

    def _times(self) -> tuple[datetime, datetime]:
        return (NOW - 9 * DAY, NOW - 2 * DAY) if self.manner == "old" else (NOW - DAY, NOW + DAY)

    def _key(self) -> rsa.RSAPrivateKey:
        return key("Kẻ mạo danh" if self.manner == "forged" else CA)


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            authority.asked.append(self.path)
            self._say("application/pkix-crl", authority.list())

        def do_POST(self) -> None:
            authority.asked.append(self.path)
            question = self.rfile.read(int(self.headers["Content-Length"]))
            self._say("application/ocsp-response", authority.answer(question))

        def _say(self, kind: str, body: bytes) -> None:
            manner = authority.manner
            if manner == "failing":
                self.send_error(503)
            elif manner == "elsewhere":
                self.send_response(307)
                self.send_header("Location", authority.elsewhere + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif manner == "slow":
                authority.ended.wait()
            elif manner == "dripping":  # never silent for long, never done
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                with suppress(OSError):
                    while not authority.ended.wait(0.1):
                        self.wfile.write(b"x")
            else:
                if manner == "large":  # a right answer, with more behind it
                    body += bytes(LARGEST)
                self._send(kind, b"<html>" if manner == "rubbish" else body)

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who has enough hangs up
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests read nothing of it."""

    return Handler


@contextmanager
def authority() -> Iterator[Authority]:
    """The authority while it answers."""
    made = Authority()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        made.server.shutdown()
        made.server.server_close()
        thread.join()
