"""Following a request without signing in: its code, and a second word that only who sent it was shown.

Neither says who asked or for what; the page that opens shows states, days and the term, and why it was refused.
"""

import hashlib
import hmac
import re

from sqlalchemy.orm import Session

from analyzers.personal import mask
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from desk.requests import events_of, find_request, items_of

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


def refused_on(session: Session, request: ReadingRequest) -> list[str]:
    """The grounds on which it was refused, wholly or in part, each once; who asked and for what is left out ("…"), as
    are personal numbers.  Law 02/2011/QH13 Article 9: the days to complain run from the answer, which gives its ground.
    """
    account, items = session.get_one(Account, request.account_id), items_of(session, request)
    told = [item.ground for item, _ in items if item.answer == "refused"]
    if not items:
        told = [one.reason for one in events_of(session, request) if one.after == "refused"]
    names = {account.name, account.full_name, account.email, account.phone, account.identification, request.behalf}
    names |= {name for _, record in items for name in (record.code, record.number, record.title)}
    hidden = sorted((one for one in names if one and len(one) > 1), key=len, reverse=True)
    named = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in hidden), re.IGNORECASE)
    return list(dict.fromkeys(mask(named.sub("…", one)) for one in told))
