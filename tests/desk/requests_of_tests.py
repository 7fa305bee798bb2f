"""Requests as the tests of the desk make them."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import set_closure
from desk import requests as desk
from desk.decision import Answer, decide
from desk.fees.assessing import bill_of
from desk.fees.taking import Money, take_money
from desk.requests import Wish
from desk.steps import take_step
from tests.transfers import province, record, take
from vankho.accounts import add_account


def ids(*codes: str) -> list[str]:
    return [record(code).public_id for code in codes]


def send(reader: Account, *codes: str, **told: str) -> str:
    """A request for records; ``told`` are fields of the wish."""
    wish = {"kind": "reading", "purpose": "làm thủ tục đất đai"} | told
    with writing() as session:
        viewer = viewer_of(reader, today_number())
        return desk.submit(session, viewer, reader.id, Wish(ids=ids(*codes), **wish)).code  # type: ignore[arg-type]


def found(session: Session, code: str) -> ReadingRequest:
    request = desk.find_request(session, code)
    assert request is not None
    return request


def step(code: str, act: str, role: str = "archivist", reason: str = "", actor: str = "") -> ReadingRequest:
    with writing() as session:
        request = found(session, code)
        take_step(session, request, act, role, actor or role, reason)  # type: ignore[arg-type]
        return request


def answer(
    code: str, role: str = "head", *, ground: str = "", refuse: bool = False, **answers: Answer
) -> ReadingRequest:
    with writing() as session:
        request = found(session, code)
        told = {record(name).id: one for name, one in answers.items()}
        decide(session, request, told, role, role, ground, refuse=refuse)
        return request


def pay(code: str) -> ReadingRequest:
    """The whole bill of a request is paid by transfer."""
    with writing() as session:
        bill = bill_of(session, found(session, code))
        assert bill is not None
        taken = take_money(session, Money("transfer", f"S{bill.id}", bill.total, f"nop {bill.code}"), "test")
        assert taken.result == "paid"
    with writing() as session:
        return found(session, code)


def to_approval(code: str) -> None:
    step(code, "take")
    step(code, "propose")


def open_desk(folder: Path) -> Account:
    """An archive with a conditional record, a reader (given back), an archivist and a head, each with an address."""
    take(province(folder).write())
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        for name, role in (("hoa", "reader"), ("truong", "head"), ("lan", "archivist")):
            add_account(session, name, "mat-khau-thu-2026", role, totp=False)
            session.flush()
            session.scalars(select(Account).where(Account.name == name)).one().email = f"{name}@noi.vn"
    return account("hoa")


def account(name: str) -> Account:
    with reading() as session:
        return session.scalars(select(Account).where(Account.name == name)).one()


def viewer(name: str) -> Viewer:
    return viewer_of(account(name), today_number())


def letters(kind: str = "request") -> list[tuple[str, str]]:
    with reading() as session:
        rows = session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id))
        return [(one.recipient, str(one.detail.get("state", ""))) for one in rows]
