"""The postman: a thread of the worker that sends the letters, so that a slow mail server never holds up the index."""

from archive.settings import settings
from desk.letters import Writer
from desk.post import send_waiting
from vankho.looking import start_looking
from vankho.secret import with_secret


def start_postman() -> None:
    """Starts the thread if there is a mail server; it ends with the process."""
    if settings().smtp_url.get_secret_value():
        writer = Writer(settings(), with_secret(settings()).secret.get_secret_value())
        start_looking("postman", lambda: send_waiting(writer))
