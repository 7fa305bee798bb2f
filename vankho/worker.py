"""The worker: drains the outbox whenever there is something, until it is told to stop or its parent is gone."""

import ctypes
import logging
import os
import signal
import sys
import time
from types import FrameType

from archive.database import reading
from archive.outbox import end_of_log
from indexer.drainer import INDICES, drain, draining
from search.engines.protocol import EngineError
from vankho.wiring import prepare_catalogue, search_engine

PAUSE = 0.3  # seconds between looks

log = logging.getLogger("vankho.worker")


def die_with_parent(parent: int) -> None:
    """Asks Linux to kill this process when its parent ends, however it ends; elsewhere the loop below looks."""
    if parent and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            raise SystemExit(0)


def work(parent: int = 0) -> int:
    """Runs until SIGTERM or SIGINT, or until the process ``parent`` (0: none) is no longer the parent.

    Returns how many records it wrote into the indices.
    """
    stopping = False
    written, told = 0, ""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    die_with_parent(parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    prepare_catalogue()
    while not stopping and (not parent or os.getppid() == parent):
        try:
            if _behind():
                with draining() as mine:
                    if mine:
                        written += drain(search_engine())
        except EngineError as error:
            if str(error) != told:  # once, not every few seconds
                log.error("%s", error)
            told = str(error)
            time.sleep(5)
        except Exception:
            log.exception("drainer failed; it will try again")
            time.sleep(5)
        time.sleep(PAUSE)
    return written


def _behind() -> bool:
    engine = search_engine()
    names = [engine.current(index) for index in INDICES]
    if not all(names):
        return True
    with reading() as session:
        return min(engine.position(name) for name in names) < end_of_log(session)
