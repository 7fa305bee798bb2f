"""Redis from Debian: loopback only, every write in its append-only file."""

import socket

from services.service import Service
from services.software import find_program


class Redis(Service):
    """One server; what was acknowledged a second ago survives a kill (``appendfsync everysec``)."""

    name = "redis"

    @property
    def address(self) -> str:
        """What goes into VANKHO_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> tuple[list[str], dict[str, str]]:
        """Writes redis.conf."""
        server = find_program("redis-server", "redis-server")
        data = self.place.folder(self.name, "data")
        text = _CONFIG.format(port=self.port, data=data)
        return [str(server), str(self.write_config("redis.conf", text))], {}

    def ask(self) -> str:
        """PING must be answered by PONG (not so while it loads), then ``redis_version`` of INFO."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=3) as line:
            line.sendall(b"PING\r\nINFO server\r\nQUIT\r\n")
            said = b""
            while len(said) < 1 << 16 and (more := line.recv(1 << 14)):
                said += more
        text = said.decode("utf-8", "replace")
        if not text.startswith("+PONG"):
            raise OSError(text.partition("\r\n")[0])
        for row in text.splitlines():
            if row.startswith("redis_version:"):
                return row.partition(":")[2].strip()
        raise OSError("INFO: không có redis_version (no version)")


_CONFIG = """\
bind 127.0.0.1
port {port}
protected-mode yes
daemonize no
dir "{data}"
appendonly yes
appendfsync everysec
databases 16
tcp-backlog 128
maxmemory-policy noeviction
"""
