"""A reader's own account: asked for with an e-mail address, opened by the link in the letter.

What asks and what answers must not tell whether an address has an account.  So asking only writes a letter to be sent,
whoever it is to; what the letter says is decided later, by the worker (desk.letters).
"""

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.sign_in import Letter
from archive.clock import now
from archive.identity.administration import add_account
from archive.identity.errors import AccountError
from archive.identity.passwords import check_password, set_password

MOST_TO_ONE = 3  # letters an hour to one address
MOST_FROM_ONE = 40  # letters an hour asked for from one network address: a mobile network is many people
LONGEST_EMAIL = 200

_EMAIL = re.compile(r"[^\s@<>\"(),;:\\\[\]\x00-\x1f\x7f]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}")


def normal_email(text: str) -> str:
    """The address as accounts bear it, lower case.  AccountError for what no mail server would take."""
    email = text.strip().lower()
    domain = email.rpartition("@")[2]
    if not domain.isascii():
        email = f"{email.rpartition('@')[0]}@{_ascii_domain(domain)}"
    if len(email) > LONGEST_EMAIL or not email.isascii() or not _EMAIL.fullmatch(email) or ".." in email:
        raise AccountError(
            "Địa chỉ thư điện tử này không đúng dạng ten@noi.vn.",
            "This is not an e-mail address such as name@place.vn.",
        )
    return email


def ask_for_letter(session: Session, kind: str, email: str, language: str, address: str, **detail: str | int) -> None:
    """Writes a letter of that kind to be sent; silently none where too many were asked for in the last hour."""
    recent = select(func.count()).select_from(Letter).where(Letter.created > now() - timedelta(hours=1))
    if (session.scalar(recent.where(Letter.recipient == email)) or 0) >= MOST_TO_ONE:
        return
    if address and (session.scalar(recent.where(Letter.address == address)) or 0) >= MOST_FROM_ONE:
        return
    send_letter(session, kind, email, language, address, **detail)


def send_letter(
    session: Session, kind: str, recipient: str, language: str, address: str = "", **detail: str | int
) -> None:
    """Adds a letter to the session's transaction; the worker sends it as soon as the mail server takes it."""
    session.add(
        Letter(
            kind=kind, recipient=recipient, language=language, address=address, detail=detail, created=now(), due=now()
        )
    )


def open_account(session: Session, email: str, password: str, **person: str) -> Account:
    """Opens a reader's account whose address was confirmed; TT 05/2025 article 35.2.a says what it must hold.

    AccountError where name or identification are missing or the password is refused.
    """
    person = {name: " ".join(value.split())[:LONGEST_EMAIL] for name, value in person.items()}
    if not person.get("full_name"):
        raise AccountError("Hãy ghi họ tên.", "The full name is missing.")
    if not is_identification(person.get("identification", "").replace(" ", "")):
        raise AccountError(
            "Số định danh cá nhân (hoặc hộ chiếu) gồm 6 đến 20 chữ, số.",
            "A personal identification or passport number has 6 to 20 letters and digits.",
        )
    check_password(password, email)
    account = add_account(session, email, "reader", "", email, email=email, **person)
    set_password(session, account, password, email)
    record_event(session, email, "registered", name=email)
    return account


def change_email(session: Session, account: Account, email: str) -> str | None:
    """Gives the account the address that it was shown to have; returns the one before.  Its name stays."""
    before, account.email = account.email, email
    record_event(session, account.name, "email-changed", name=account.name)
    return before


def is_identification(number: str) -> bool:
    """Whether that may be the number of an identity card, a passport or the like."""
    return re.fullmatch(r"[0-9A-Za-z]{6,20}", number) is not None


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
