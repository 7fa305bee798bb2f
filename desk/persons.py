"""Who a reader is, as the reader says: for requests and the sheet of certified copies (TT 05/2025 Article 35)."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.people import Account
from archive.identity.registration import is_identification
from desk.steps import FormError, RequestError

LONGEST = 200
SHOWN = 4  # the last signs of a number that is shown masked


def describe_self(
    session: Session, account: Account, full_name: str, identification: str, phone: str, workplace: str
) -> None:
    """Notes what a reader says of himself; no ``identification``: the one that is there stays.  Raises FormError."""
    told = [" ".join(one.split()) for one in (full_name, identification, phone, workplace)]
    full_name, identification, phone, workplace = told
    identification = identification.replace(" ", "") or account.identification
    if wrong := list(_faults(full_name, identification, phone, workplace)):
        raise FormError(wrong)
    account.full_name, account.identification, account.phone, account.workplace = (
        full_name, identification, phone, workplace,
    )  # fmt: skip
    record_event(session, account.name, "person-changed", name=account.name)


def masked(identification: str) -> str:
    """A number of which only the last signs are shown; "" of none, and no sign of one so short that they would be most
    of it."""
    shown = identification[-SHOWN:] if len(identification) >= 2 * SHOWN - 2 else ""
    return f"••••{shown}" if identification else ""


def _faults(full_name: str, identification: str, phone: str, workplace: str) -> Iterator[RequestError]:
    if not full_name:
        yield RequestError("Hãy ghi họ tên.", "ho-ten")
    if not is_identification(identification):
        yield RequestError("Số định danh cá nhân (hoặc hộ chiếu) gồm 6 đến 20 chữ, số.", "so-dinh-danh")
    for field, text in (("ho-ten", full_name), ("dien-thoai", phone), ("noi-lam-viec", workplace)):
        if len(text) > LONGEST:
            yield RequestError("Mục này dài quá %(n)s ký tự.", field, n=LONGEST)
