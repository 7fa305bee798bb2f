"""Waking the workers: after a commit that announced changes, and whenever the scheduler looks.

A wake is never owed: the outbox holds the work, and the scheduler looks again in seconds.  So a Redis that is down or
slow costs a commit one short wait, then none for a while.
"""

import logging
import threading
import time
from functools import lru_cache

from vankho.broker import QUEUE, make_app, open_redis, waiting_key

PATIENCE = 0.5  # seconds
REST = 10.0  # seconds without a try after a failure
TASK = "vankho.drain"

log = logging.getLogger("vankho.waking")


class Waker:
    """Sends wakes; for all threads of a process."""

    def __init__(self) -> None:
        self._redis, self._app = open_redis(PATIENCE), make_app(PATIENCE)
        self._rests_until = float("-inf")
        self._told = False
        self._lock = threading.Lock()

    def wake(self) -> bool:
        """Whether a message now waits for a worker; never raises.

        A message that waits already is enough: who takes it reads the outbox afterwards.
        """
        if time.monotonic() < self._rests_until:
            return False
        try:
            if not self._redis.llen(waiting_key()):
                self._app.send_task(TASK, exchange="", routing_key=QUEUE, retry=False, ignore_result=True)
        except Exception as error:  # Redis, kombu and sockets fail in many ways; none is the commit's matter
            self._rest(error)
            return False
        if self._told:
            log.warning("Redis trả lời lại; các tiến trình lập chỉ mục lại được gọi ngay.")
        self._told = False
        return True

    def _rest(self, error: Exception) -> None:
        with self._lock:
            self._rests_until = time.monotonic() + REST
            told, self._told = self._told, True
        if not told:
            log.warning("Không gọi được tiến trình lập chỉ mục qua Redis (%s); sẽ thử lại, không mất gì.", error)


@lru_cache(maxsize=1)
def waker() -> Waker:
    """The waker of this process."""
    return Waker()


def wake() -> None:
    """Wakes a worker, if Redis lets us."""
    waker().wake()
