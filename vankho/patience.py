"""A server process that waits for nobody longer than is decent: a slow or silent client must not hold a thread.

gunicorn's threads read a request without a bound in time once its first byte is there; as many silent connections as
there are threads would stop the portal.  Here the head of a request has ten seconds and a request with a body a minute;
after that the reading side of its connection is closed, and the thread is free.  A client that takes nothing of an
answer for a minute is given up, too.
"""

import contextlib
import socket
import struct
import time
from typing import Any

from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

#: Most bytes of a request's first line: a question of 10,000 letters, each of which is up to nine bytes, gets its page.
LONGEST_LINE = 128 << 10
message.MAX_REQUEST_LINE = LONGEST_LINE  # gunicorn's own ceiling is below what the search says that it takes
TOO_LONG = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Địa chỉ quá dài</title>'
    "<h1>Địa chỉ quá dài</h1><p>Câu hỏi hay địa chỉ này dài quá mức nhận được. Hãy rút ngắn rồi thử lại.</p>"
    '<p lang="en">This address is too long. Please shorten it and try again.</p><p><a href="/">Văn Khố</a></p></html>'
).encode()

HEAD_SECONDS = 10
BODY_SECONDS = 60
SEND_SECONDS = 60


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's worker with threads, and a bound for every reading."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._until: dict[Any, float] = {}  # connections that are being read; the loop below looks at them

    def handle(self, conn: Any) -> Any:
        """Answers the next request of a connection, in a thread."""
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        self._until[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is there: what has no body is no longer waited for."""
        told = {name for name, _value in req.headers}
        if told & {"CONTENT-LENGTH", "TRANSFER-ENCODING"}:
            self._until[conn] = time.monotonic() + BODY_SECONDS
        else:
            self._until.pop(conn, None)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """What is longer than any question is told so in words, without the portal."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        head = "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        with contextlib.suppress(OSError):
            client.sendall(f"{head}Content-Length: {len(TOO_LONG)}\r\n\r\n".encode() + TOO_LONG)

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by the loop once a second at least: ends readings whose time is over, then what gunicorn ends."""
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now and self._until.pop(conn, 0.0):
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
        super().murder_keepalived(force)
