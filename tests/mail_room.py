"""A mail server on the loopback for tests: aiosmtpd, in a thread of its own, with real conversations."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session


class MailRoom:
    """Keeps what it takes; ``refuses`` are the codes it answers to recipients instead, by address."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuses: dict[str, str] = {}
        self.encrypted: list[bool] = []
        self.port = 0

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        self.encrypted.append(session.ssl is not None)
        return "250 taken"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_room(
    certificate: Path | None = None, login: tuple[str, str] | None = None, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[MailRoom]:
    """A running server; with a certificate (PEM with its key) it wants STARTTLS, with a login a password."""
    room, more = MailRoom(), {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        more |= {"tls_context": context, "require_starttls": True}
    if login:

        def know(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
            good = isinstance(told, LoginPassword) and (told.login, told.password) == tuple(x.encode() for x in login)
            return AuthResult(success=good, handled=False)

        more |= {"authenticator": know, "auth_required": True, "auth_require_tls": certificate is not None}
    room.port = port or free_port()
    controller = Controller(room, hostname=host, port=room.port, **more)
    controller.start()
    try:
        yield room
    finally:
        controller.stop()
