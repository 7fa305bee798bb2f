"""What every service can be told: start, stop, kill, pause, resume, and say who it is."""

import contextlib
import shutil
import signal
import socket
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from services import processes
from services.places import Place
from services.processes import Process
from services.trouble import ServiceError
from services.versions import fits

UP = 180.0  # seconds a service may take; OpenSearch on two busy cores takes 20 to 60
_TAIL = 25  # lines of the log that are shown when it does not come up


@dataclass(frozen=True)
class State:
    """How a service was found: ``answers`` only where it answered a real request; ``ours`` where we started it."""

    name: str
    address: str
    pid: int = 0
    version: str = ""
    seconds: float = 0.0
    ours: bool = False
    answers: bool = False
    fits: bool = False
    trouble: str = ""


class Service(ABC):
    """One service at one place.  What differs is what it needs, how it is called and what it is asked."""

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, place: Place) -> None:
        self.place = place
        self.port = place.port(name=self.name)
        self.pid_file = place.pids / f"{self.name}.json"
        self.log = place.logs / f"{self.name}.log"

    @property
    @abstractmethod
    def address(self) -> str:
        """The address that goes into the settings."""

    @abstractmethod
    def prepare(self) -> tuple[list[str], dict[str, str]]:
        """Brings software, configuration and data folder about; the command and its environment."""

    @abstractmethod
    def ask(self) -> str:
        """The version, as the service itself says it in answer to a real request.  OSError if it does not answer."""

    def ready(self) -> bool:
        """Whether it does what it is there for, once it answers."""
        return True

    def process(self) -> Process | None:
        """The running process that we started; None if there is none."""
        found = processes.recall(self.pid_file)
        return found if found and found.alive else None

    def state(self, seconds: float = 0.0) -> State:
        """What is there now."""
        process = self.process()
        version, trouble = "", ""
        try:
            version = self.ask()
        except (OSError, ValueError) as error:
            trouble = str(error)
        return State(
            name=self.name,
            address=self.address,
            pid=process.pid if process else 0,
            version=version,
            seconds=round(seconds, 1),
            ours=process is not None,
            answers=bool(version),
            fits=fits(self.name, version),
            trouble=trouble,
        )

    def start(self) -> State:
        """Starts it where it does not run, and waits until it answers; ServiceError says why it does not."""
        began = time.monotonic()
        if self.process():
            known = self.state()
            if known.answers:
                return known
        else:
            self.refuse_used_port()
            words, environment = self.prepare()
            if self.log.exists():
                self.log.replace(self.log.with_suffix(".log.1"))
            process = processes.launch(
                words,
                account=self.place.account,
                folder=self.place.folder(self.name, "tmp"),
                log=self.log,
                environment=environment,
            )
            processes.remember(self.pid_file, process)
        return self.wait(began)

    def wait(self, began: float) -> State:
        """Asks until it answers and is ready.  ServiceError with the end of its log if it ends or is too slow."""
        while True:
            found = self.state(time.monotonic() - began)
            if not found.ours:
                raise ServiceError(self.explain("đã tự dừng (ended by itself)"))
            if found.answers and not found.fits:
                raise ServiceError(
                    self.explain(f"là bản {found.version}, không phải bản đã ghim (not the pinned version)")
                )
            with contextlib.suppress(OSError, ValueError):
                if found.answers and self.ready():
                    return self.state(time.monotonic() - began)
            if time.monotonic() - began > UP:
                raise ServiceError(self.explain(f"chưa trả lời sau {UP:.0f} giây (does not answer): {found.trouble}"))
            time.sleep(0.1)

    def stop(self) -> bool:
        """Ends exactly what we started: asks, waits, then insists.  True if there was something to end."""
        process = self.process()
        if process:
            processes.end(process, self.stop_signal)
        self.pid_file.unlink(missing_ok=True)
        return process is not None

    def kill(self) -> bool:
        """Ends it at once with all its processes (SIGKILL), as a power failure would."""
        process = self.process()
        if process:
            processes.kill(process.family())
        return process is not None

    def signal_all(self, number: signal.Signals) -> bool:
        """Halts (SIGSTOP) or goes on with (SIGCONT) the service and its processes."""
        process = self.process()
        for one in process.family() if process else []:
            one.tell(number)
        return process is not None

    def refuse_used_port(self) -> None:
        """ServiceError where another program listens on our port: it would answer in the service's name."""
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                raise ServiceError(
                    f"{self.name}: cổng {self.port} đang có chương trình khác dùng (the port is in use); "
                    "dừng nó, hoặc đặt VANKHO_SERVICES_PORT_OFFSET."
                )

    def explain(self, what: str) -> str:
        """What happened, with the last lines of the log."""
        try:
            lines = self.log.read_text("utf-8", "replace").splitlines()[-_TAIL:]
        except OSError:
            lines = []
        return "\n    ".join([f"{self.name}: {what}. Nhật ký (log) {self.log}:", *lines])

    def write_config(self, name: str, text: str) -> Path:
        """A configuration file that only the service's user reads, whole or not at all."""
        folder = self.place.folder(self.name, "config")
        path, beside = folder / name, folder / f".{name}.new"
        beside.unlink(missing_ok=True)
        beside.write_text(text, "utf-8")
        beside.chmod(0o600)
        if self.place.account.other:
            shutil.chown(beside, self.place.account.uid, self.place.account.gid)
        beside.replace(path)
        return path
