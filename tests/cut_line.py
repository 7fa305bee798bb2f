"""A line that is cut: a proxy on a free port that ends every connection once so many bytes have gone up."""

import contextlib
import socket
import threading

from tests.line import Line


class CutLine(Line):
    """``most`` bytes go up before the line is cut; then nobody gets through until it is mended.  ``up`` counts all that
    went up since the beginning."""

    def __init__(self, address: str) -> None:
        self.most: float = float("inf")
        self.up = 0
        self._count = threading.Lock()
        super().__init__(address)

    def mend(self, more: float = float("inf")) -> None:
        """Lets everybody through again, for so many bytes more."""
        self.most = self.up + more

    def _serve(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            if self.up >= self.most:
                return
            with socket.create_connection(self._to) as far:
                threading.Thread(target=self._answer, args=(far, near), daemon=True).start()
                while piece := near.recv(1 << 16):
                    with self._count:
                        self.up += len(piece)
                    if self.up >= self.most:
                        for end in (near, far):
                            end.shutdown(socket.SHUT_RDWR)
                        return
                    far.sendall(piece)
                far.shutdown(socket.SHUT_WR)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := far.recv(1 << 16):
                near.sendall(piece)
            near.shutdown(socket.SHUT_WR)
