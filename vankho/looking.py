"""A thread that looks for work again and again beside the drainer, so that what is slow never holds up the index."""

import logging
import threading
from collections.abc import Callable

PAUSE = 2.0  # seconds between looks
AFTER_TROUBLE = 30.0

log = logging.getLogger("vankho.looking")


def start_looking(name: str, look: Callable[[], object]) -> None:
    """Starts the thread of that name; it ends with the process.  What a look raises is logged and tried again."""
    threading.Thread(target=_go, args=(name, look), name=name, daemon=True).start()


def _go(name: str, look: Callable[[], object]) -> None:
    resting = threading.Event()
    while True:
        pause = PAUSE
        try:
            look()
        except Exception:
            log.exception("%s did not come to its end; it will be tried again", name)
            pause = AFTER_TROUBLE
        resting.wait(pause)
