"""The Celery worker: one task without arguments, which drains the outbox like the worker that looks by itself.

The worker proper waits for messages; one child does the work, made after the fork with connections of its own.
"""

import logging
import multiprocessing
import os
import time
from typing import Any

from celery import Celery, bootsteps, signals
from celery.worker import state

from archive.database import forget_engines
from vankho.broker import make_app
from vankho.copies import start_copier
from vankho.liveness import EVERY, show_life
from vankho.postman import start_postman
from vankho.receiving import start_receiver
from vankho.waking import TASK, wake
from vankho.wiring import search_engine
from vankho.worker import Attempts, die_with_parent

TURN = 300.0  # seconds of draining, then the next task takes over

_STOPPING, _WRITTEN = 0, 1


def make_worker_app(shared: Any) -> Celery:
    """The application with its task; ``shared`` holds (shall it stop, records written) for worker and child."""
    app, attempts = make_app(), Attempts()

    def drain_outbox() -> None:
        """Seals the audit trail, drains for a while; if the outbox is longer than that, wakes the next."""
        until = time.monotonic() + TURN
        attempts.seal()
        attempts.recognise()
        written = attempts.drain(lambda: bool(shared[_STOPPING]) or time.monotonic() > until)
        shared[_WRITTEN] += written or 0
        if time.monotonic() > until:
            wake()

    app.task(name=TASK)(drain_outbox)
    return app


def keep_logging(**_: object) -> None:
    """Leaves logging as it is: Celery would make it its own."""


def run_worker(parent: int) -> int:
    """Works until SIGTERM (the running task ends after its lot); returns how many records were written."""
    shared = multiprocessing.RawArray("q", 2)
    app, own = make_worker_app(shared), os.getpid()

    class Pulse(bootsteps.StartStopStep):  # type: ignore[misc]
        """Shows that the worker's loop gets on."""

        requires = ("celery.worker.components:Timer",)

        def start(self, worker: Any) -> None:
            """Called when the loop runs."""
            show_life("worker")
            worker.timer.call_repeatedly(EVERY, self.beat)

        def beat(self) -> None:
            """Every few seconds; where the system does not tell it, looks whether the parent is still there."""
            show_life("worker")
            if parent and os.getppid() != parent:
                state.should_stop = 0

    def begin_child(**_: object) -> None:
        die_with_parent(own)
        start_receiver()
        start_copier()
        start_postman()

    def stop(**_: object) -> None:
        shared[_STOPPING] = 1

    app.steps["worker"].add(Pulse)
    signals.setup_logging.connect(keep_logging)
    signals.worker_process_init.connect(begin_child, weak=False)
    signals.worker_shutting_down.connect(stop, weak=False)
    search_engine.cache_clear()  # nothing open may go through the fork
    forget_engines()
    logging.getLogger("celery").setLevel(logging.WARNING)
    app.Worker(quiet=True, without_gossip=True, without_mingle=True, without_heartbeat=True).start()
    return int(shared[_WRITTEN])
