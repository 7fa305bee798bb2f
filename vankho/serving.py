"""``vankho serve``: the portal under gunicorn, with worker and scheduler as children that die with it."""

import contextlib
import errno
import gc
import os
import socket
import subprocess
import sys
import time
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from archive.abbreviations import spelled_out
from archive.database import forget_engines
from archive.gazetteer import agencies, places
from archive.secret import with_secret
from archive.settings import settings
from indexer.drainer import INDICES
from portal.application import create_app
from search.gateway import Gateway
from vankho.output import say
from vankho.patience import LONGEST_LINE, PatientWorker
from vankho.wiring import prepare_catalogue, rate_limits, search_engine, storage

PATIENCE = 8  # seconds that a port may still be held by what is ending
COLLECTED = 10_000  # objects more than before, and Python looks for circles of what was left: an answer makes few
THREADS = 4  # a process; searching and the database let go of Python's lock


def make_application() -> Any:
    """The WSGI application of this installation."""
    chosen = with_secret(settings())
    gateway = Gateway(search_engine(), secret=chosen.secret.get_secret_value())
    return create_app(gateway=gateway, storage=storage(), settings=chosen, limits=rate_limits())


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with this installation's settings; the application is made in each server process after the fork."""

    def __init__(self, host: str, port: int) -> None:
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Tells gunicorn what it needs to know."""
        told = {
            "bind": self._bind,
            "workers": settings().workers,
            "worker_class": PatientWorker,
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "limit_request_line": LONGEST_LINE,
            "loglevel": "warning",
            "proc_name": "vankho",
            "forwarded_allow_ips": "",  # address and scheme of the reader are told by VANKHO_PROXIES alone
            "control_socket_disable": True,
        }
        for name, value in told.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, in a server process; what it loaded is set aside: no request waits for a look through it."""
        application = make_application()
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECTED)
        return application


def refuse_used_port(host: str, port: int) -> None:
    """OSError with a Vietnamese text if nobody can listen there: known before anything is started.

    Waits a little: server processes of a killed portal take a moment to notice and let go.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(found[0], found[1]) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(found[4])
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OSError(f"Không mở được cổng tại {host}:{port}: {error.strerror or error}.") from error
            if time.monotonic() > until:
                text = f"Cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác bằng --port."
                raise OSError(text) from error
        time.sleep(0.2)


def serve_portal(host: str, port: int, *, as_json: bool = False, alone: bool = False) -> None:
    """Serves until stopped.  Unless ``alone``, the worker (and with Redis the scheduler) runs beside it.

    Each is a process of its own that ends when this one does, however it ends.  With ``as_json`` the first line on
    standard output is ``{"url": ...}``.  OSError if the port is in use.
    """
    refuse_used_port(host, port)
    prepare_catalogue()
    with_secret(settings())
    for index in INDICES:
        if name := search_engine().current(index):
            search_engine().count(name)  # an index of another schema is refused here, with what to do
    search_engine.cache_clear()
    forget_engines()
    for read in (places, agencies, spelled_out):
        read()  # once, before the fork: the server processes share them, and no first reader waits
    roles = [] if alone else ["worker", *(["scheduler"] if settings().redis_url else [])]
    children = [
        subprocess.Popen([sys.executable, "-m", "vankho", role, "--parent", str(os.getpid())]) for role in roles
    ]
    shown = f"[{host}]" if ":" in host else host
    if as_json:
        say("", {"url": f"http://{shown}:{port}"}, as_json=True)
    click.echo(f"Cổng khai thác: http://{shown}:{port} (Ctrl+C để dừng)", err=True)
    try:
        Server(host, port).run()
    finally:
        for child in children:
            child.terminate()
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(10)
