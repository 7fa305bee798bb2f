"""A line to a service that takes its time: a proxy on a free port that holds every answer back for so many seconds."""

import contextlib
import socket
import threading
import time

from tests.line import Line


class SlowLine(Line):
    """``seconds`` before the first bytes of each answer, changed at any moment; ``only`` holds back the answers of
    requests whose first line has these words (b"": of all), no more than ``most`` of them.  ``held`` counts those."""

    def __init__(self, address: str) -> None:
        self.seconds, self.only, self.held, self.most = 0.0, b"", 0, 1 << 30
        super().__init__(address)

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(self._to) as far:
            asked = threading.Event()
            back = threading.Thread(target=self._answer, args=(far, near, asked), daemon=True)
            back.start()
            while piece := near.recv(1 << 16):
                # a piece in the middle of a body seldom begins like a request; it would only wait once more
                if piece.split(b" ", 1)[0] in {b"GET", b"HEAD", b"POST", b"PUT", b"DELETE"}:
                    wanted = self.only in piece.split(b"\r\n", 1)[0]
                    asked.set() if wanted else asked.clear()
                far.sendall(piece)
            far.shutdown(socket.SHUT_WR)
            back.join()

    def _answer(self, far: socket.socket, near: socket.socket, asked: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(1 << 16):
                if asked.is_set() and self.seconds and self.held < self.most:
                    asked.clear()
                    self.held += 1
                    time.sleep(self.seconds)
                near.sendall(piece)
            near.shutdown(socket.SHUT_WR)
