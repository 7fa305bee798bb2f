"""A search on the shelf of every account, kept long ago: everything it finds is new to its reader."""

from datetime import UTC, datetime

from sqlalchemy import select

from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account
from archive.database import writing
from tests.leaks.planted import COMMON

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def keep_searches() -> None:
    """Keeps it for each account, in the order of the accounts: the first item is the first account's."""
    with writing() as session:
        for account in session.scalars(select(Account).order_by(Account.id)).all():
            session.add(KeptItem(account_id=account.id, kind="search", what=f"q={COMMON}", kept_at=LONG_AGO))
            session.flush()
