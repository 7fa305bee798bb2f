"""The postman: a thread of the worker that sends the letters, so that a slow mail server never holds up the index."""

import logging
import threading

from archive.settings import settings
from desk.letters import Writer
from desk.post import send_waiting
from search.gateway import Gateway
from vankho.secret import with_secret
from vankho.wiring import search_engine

PAUSE = 2.0  # seconds between looks
AFTER_TROUBLE = 30.0

log = logging.getLogger("vankho.post")


def start_postman() -> None:
    """Starts the thread if there is a mail server; it ends with the process."""
    if settings().smtp_url.get_secret_value():
        threading.Thread(target=_go, name="postman", daemon=True).start()


def _go() -> None:
    writer = Writer(settings(), with_secret(settings()).secret.get_secret_value(), Gateway(search_engine()))
    resting = threading.Event()
    while True:
        pause = PAUSE
        try:
            send_waiting(writer)
        except Exception:
            log.exception("the post failed; it will try again")
            pause = AFTER_TROUBLE
        resting.wait(pause)
