"""A reader with requests whose bills are due."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import set_closure
from desk import decision
from desk import requests as desk
from desk.fees.assessing import assess
from desk.requests import Wish
from tests.transfers import province, record, take
from vankho.accounts import add_account

Billing = Callable[..., Bill]


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    """A reader, and two documents, of which VB1 is conditional."""
    take(province(tmp_path / "goi").write())
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        add_account(session, "hoa", "mat-khau-thu-2026", "reader", totp=False)
    with reading() as session:
        return session.scalars(select(Account).where(Account.name == "hoa")).one()


@pytest.fixture
def bill(reader: Account) -> Billing:
    """Makes a request and its bill: ``bill()`` of 20.000 đồng, ``bill(pages=3)`` of copies, ``who`` pays less."""

    def make(pages: int = 0, who: str = "") -> Bill:
        with writing() as session:
            ids = [record("VB1").public_id]
            request = desk.submit(session, viewer_of(reader, today_number()), reader.id, Wish("copy", "x", ids))
            return assess(session, request, {"copy.a4": pages} if pages else {"certification": 1}, who=who)

    return make


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The requests that went on because nothing is owed for them any more, in order."""
    found, goes_on = list[int](), decision.paid

    def seen(session: Session, request_id: int) -> None:
        goes_on(session, request_id)
        found.append(request_id)

    monkeypatch.setattr(decision, "paid", seen)
    return found
