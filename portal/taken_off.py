"""The way back for what a reader just took off the shelf: the item waits in the session, on this device only."""

import json
from datetime import datetime

from flask import session
from sqlalchemy.orm import Session

from archive.catalogue.keeping import KeptItem
from archive.keeping import keep
from desk.saved_searches import choose_letters

MOST = 1_200  # bytes of an item: the session is a cookie, which browsers drop above 4 KB; a longer note has no way back
_KEY = "bo"


def remember(item: KeptItem) -> None:
    """Keeps the item in the session in place of the one before; nothing where it is too large."""
    seen = item.seen_at.isoformat() if item.seen_at else ""
    told = {"kind": item.kind, "what": item.what, "note": item.note, "letters": item.letters, "seen": seen}
    session.pop(_KEY, None)
    if len(json.dumps(told)) <= MOST:
        session[_KEY] = told


def remembered() -> KeptItem | None:
    """The item as it was, on no shelf; None where there is none."""
    told = session.get(_KEY)
    if not told:
        return None
    seen = datetime.fromisoformat(told["seen"]) if told["seen"] else None
    return KeptItem(kind=told["kind"], what=told["what"], note=told["note"], letters=told["letters"], seen_at=seen)


def put_back(work: Session, account: int) -> KeptItem | None:
    """Puts the item on the shelf again: with its note, what was new in it, and its letters; None where there is none.
    Raises FullShelfError, ManyLettersError."""
    was = remembered()
    if was is None:
        return None
    item = keep(work, account, was.kind, was.what, was.note)
    item.seen_at = was.seen_at
    if was.letters:
        choose_letters(work, item, was.letters)
    session.pop(_KEY, None)
    return item
