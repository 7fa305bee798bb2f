"""The postman: a thread of the worker that sends the letters, so that a slow mail server never holds up the index."""

from functools import lru_cache

from archive.secret import with_secret
from archive.settings import settings
from desk.letters import Writer
from desk.post import send_waiting
from search.gateway import Gateway
from vankho.looking import start_looking
from vankho.wiring import search_engine


def start_postman() -> None:
    """Starts the thread if there is a mail server; it ends with the process."""
    if settings().smtp_url.get_secret_value():
        start_looking("postman", lambda: send_waiting(_writer()))


@lru_cache(maxsize=1)
def _writer() -> Writer:
    return Writer(settings(), with_secret(settings()).secret.get_secret_value(), Gateway(search_engine()))
