"""Assisted service: staff write down a request for one who comes or writes, with the papers that were shown.

Everything else is the same request.  Who has no account gets one without a password and without an address; it can be
invited to sign in later (TT 05/2025/TT-BNV Article 35.2: name, personal number or another paper, e-mail or phone).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.access import Viewer
from archive.accounts import viewer_of
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest
from archive.clock import today_number
from archive.identifiers import new_identifier
from archive.identity.administration import add_account
from desk.named_records import record_named
from desk.requests import Entry, Wish, submit
from desk.steps import RequestError

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands at the desk: an account's name, or what an account says of a person."""

    account: str = ""
    full_name: str = ""
    identification: str = ""
    phone: str = ""


def enter(
    session: Session, officer: Viewer, person: Person, wish: Wish, *, channel: str, behalf: str = "", proof: str = ""
) -> ReadingRequest:
    """Writes down a request for a person.  Raises RequestError with the field that is wrong.

    The papers that were shown must be named; a proxy or heir names for whom, and with which papers.
    """
    if channel not in {"desk", "post"}:
        raise RequestError("Chọn cách yêu cầu đến.", "cach")
    told = {name: " ".join(text.split()) for name, text in (("behalf", behalf), ("proof", proof))}
    if not told["proof"] or any(len(text) > LONGEST for text in told.values()):
        raise RequestError(f"Cần ghi giấy tờ đã xem (loại, bốn số cuối; không quá {LONGEST} ký tự).", "giay-to")
    account = _account(session, officer, person)
    viewer = viewer_of(account, today_number())
    return submit(session, viewer, account.id, wish, Entry(channel, officer.name, told["behalf"], told["proof"]))


def codes_to_ids(session: Session, lines: Sequence[str]) -> dict[str, str]:
    """Public identifiers of records, each with the pages that are wanted ("1-3,7", "": the whole), of lines such as
    ``H48.P1.001; trang 1-3, 7``: the identifier or the code it came with, named twice as first.  RequestError for
    unknown records."""
    found: dict[str, str] = {}
    for line in lines:
        code, _mark, pages = line.partition(";")
        if not line.strip():
            continue
        try:
            record = record_named(session, code.strip())
        except LookupError as error:
            raise RequestError(str(error), "tai-lieu") from error
        found.setdefault(record.public_id, pages.strip().removeprefix("trang").strip())
    return found


def _account(session: Session, officer: Viewer, person: Person) -> Account:
    if person.account:
        found = session.scalar(select(Account).where(Account.name == person.account, Account.active.is_(True)))
        if found is None:
            raise RequestError(f"Không có tài khoản “{person.account[:60]}” đang mở.", "tai-khoan")
        return found
    told = {
        name: " ".join(text.split())[:LONGEST]
        for name, text in (
            ("full_name", person.full_name), ("identification", person.identification), ("phone", person.phone),
        )
    }  # fmt: skip
    if not told["full_name"]:
        raise RequestError("Cần ghi họ tên người yêu cầu, hoặc tài khoản của họ.", "ho-ten")
    if not told["identification"]:
        raise RequestError("Cần ghi số căn cước hoặc giấy tờ khác.", "so-giay-to")
    made = add_account(session, f"doc-gia-{new_identifier()[:8]}", "reader", "", officer.name, **told)
    record_event(session, officer.name, "account-assisted", name=made.name)
    return made
