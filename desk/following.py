"""Following a request without signing in: its code, and a second word that only who sent it was shown.

Neither says who asked or for what; the page that opens shows states, days and the term.
"""

import hashlib
import hmac

from sqlalchemy.orm import Session

from archive.catalogue.requests import ReadingRequest
from desk.requests import find_request

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 8  # forty bits; who guesses is throttled


def second_word(key: str, request: ReadingRequest) -> str:
    """The word of eight letters that belongs to the code; made of the installation's key, kept nowhere."""
    made = hmac.digest(key.encode(), f"follow {request.code} {request.account_id}".encode(), hashlib.sha256)
    return "".join(LETTERS[byte % len(LETTERS)] for byte in made[:LENGTH])


def find_followed(session: Session, key: str, code: str, word: str) -> ReadingRequest | None:
    """The request of that code, if the word is its own (case, blanks and dashes do not matter)."""
    found = find_request(session, code.strip().lower())
    written = "".join(ch for ch in word.upper() if ch.isalnum())
    expected = second_word(key, found) if found else "?" * LENGTH
    return found if hmac.compare_digest(expected.encode(), written.encode()) else None
