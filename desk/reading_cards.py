"""The reader's card: a number on paper by which the reading room knows an account (facts 5.4, TT 10/2014/TT-BNV).

The number says nothing of the person and gives no right: staff look the account up by it.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.people import Account

_NUMBER = re.compile(r"DG-?([0-9]{6,9})-?([0-9]{2})", re.I)


def card_number(account_id: int) -> str:
    """Of an account, with two figures that find a wrong one (ISO 7064, mod 97): ``DG-000012-62``."""
    return f"DG-{account_id:06d}-{98 - account_id * 100 % 97:02d}"


def card_holder(session: Session, told: str) -> Account | None:
    """The open account of a card's number, or of the name that somebody signs in with."""
    told = told.strip()
    if (found := _NUMBER.fullmatch(told)) and card_number(int(found[1])).endswith(found[2]):
        wanted = Account.id == int(found[1])
    else:
        wanted = Account.name == told
    return session.scalar(select(Account).where(wanted, Account.active.is_(True), Account.erased_at.is_(None)))
