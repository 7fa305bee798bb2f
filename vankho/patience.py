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

from gunicorn.workers.gthread import ThreadWorker

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

    def murder_keepalived(self, force: bool = False) -> None:
        """Called by the loop once a second at least: ends readings whose time is over, then what gunicorn ends."""
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if until < now and self._until.pop(conn, 0.0):
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
        super().murder_keepalived(force)
