"""OpenSearch behind TLS and a password, for tests: a reverse proxy before the minimal one, and its certificates."""

import base64
import hmac
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

_CONFIG = """
[ca]
default_ca = own
[own]
database = {folder}/database
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
unique_subject = no
policy = any
[any]
commonName = supplied
"""
_EXTENSIONS = """
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256")


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder of its own; ``ca`` is what its friends trust.  Skips without openssl."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("no openssl on this machine")
        folder.mkdir()
        self._folder, self.ca = folder, folder / "ca.pem"
        (folder / "database").touch()
        (folder / "ca.conf").write_text(_CONFIG.format(folder=folder), encoding="ascii")
        _openssl(
            "req", "-x509", "-new", *_NEW_KEY, "-days", "3650", "-subj", f"/CN=Authority {folder.name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", folder / "ca-key.pem", "-out", self.ca,
        )  # fmt: skip

    def certify(self, name: str, names: str = "DNS:localhost, IP:127.0.0.1", end: str = "20491231") -> Path:
        """A PEM file of key and certificate for these names, good from 2020 until the end of a day."""
        key, asked, made, told = (self._folder / f"{name}.{kind}" for kind in ("key", "csr", "crt", "ext"))
        told.write_text(_EXTENSIONS.format(names=names), encoding="ascii")
        _openssl("req", "-new", *_NEW_KEY, "-subj", f"/CN={name}", "-keyout", key, "-out", asked)
        _openssl(
            "ca", "-batch", "-notext", "-config", self._folder / "ca.conf", "-cert", self.ca,
            "-keyfile", self._folder / "ca-key.pem", "-startdate", "20200101000000Z", "-enddate", f"{end}235959Z",
            "-extfile", told, "-in", asked, "-out", made,
        )  # fmt: skip
        both = self._folder / f"{name}.pem"
        both.write_bytes(key.read_bytes() + made.read_bytes())
        return both


class Proxy(ThreadingHTTPServer):
    """HTTPS on a loopback port; forwards what comes with the right name and password, refuses the rest with 401.

    ``connections``, ``asked`` and ``forwarded`` count accepted connections, requests read, requests sent on.  While
    ``down``, it closes every new connection at once.
    """

    daemon_threads = False  # closing waits for them

    def __init__(self, upstream: str, certificate: Path, user: str, password: str) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self.upstream = urlsplit(upstream).netloc
        self.authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.connections = self.asked = self.forwarded = 0
        self.down = False
        self.counting = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts; the handshake is done by the connection's own thread."""
        plain, address = super().get_request()
        line = self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        with self.counting:
            self.connections += 1
            self._open.add(line)
        return line, address

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether the connection is served at all."""
        return not self.down

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Broken handshakes are what some tests want: nothing is said about them."""

    def close_request(self, request: Any) -> None:
        """Closes a connection."""
        with self.counting:
            self._open.discard(request)
        super().close_request(request)

    def hang_up(self) -> None:
        """Ends every open connection."""
        with self.counting:
            lines = list(self._open)
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Proxy

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.counting:
            self.server.asked += 1
        if not hmac.compare_digest(self.headers.get("Authorization", ""), self.server.authorization):
            self._answer(401, b"Unauthorized", {"WWW-Authenticate": 'Basic realm="OpenSearch"'})
            return
        with self.server.counting:
            self.server.forwarded += 1
        kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
        line = HTTPConnection(self.server.upstream, timeout=60)
        try:
            line.request(self.command, self.path, body or None, kept)
            got = line.getresponse()
            told = {name: value for name, value in got.getheaders() if name.lower() == "content-type"}
            self._answer(got.status, got.read(), told)
        finally:
            line.close()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _forward  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def proxying(upstream: str, certificate: Path, user: str, password: str) -> Iterator[Proxy]:
    """A proxy that serves as long as the block lasts."""
    with Proxy(upstream, certificate, user, password) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
            proxy.hang_up()
