"""Who a reader is, as the reader says: for requests and the sheet of certified copies (TT 05/2025 Article 35)."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.people import Account
from archive.identity.registration import is_identification
from desk.consents import CONTACT, agrees, note_consents, wrong_ticks
from desk.steps import FormError, RequestError

LONGEST = 200
#: The fields of a form, and what of an account each fills.
PERSON = {"ho-ten": "full_name", "so-dinh-danh": "identification", "dien-thoai": "phone", "noi-lam-viec": "workplace"}
SHOWN = 4  # the last signs of a number that is shown masked


def describe_self(
    session: Session, account: Account, told: Mapping[str, str], ticked: Mapping[str, str], language: str
) -> None:
    """Notes what a reader says of himself (``told``: the fields of PERSON; no number: the one that is there stays), and
    what he agrees to with it (desk.consents).  Raises FormError."""
    full_name, number, phone, workplace = (" ".join(told[name].split()) for name in PERSON)
    identification = number.replace(" ", "") or account.identification
    asked = {CONTACT} if (phone or workplace) and not agrees(session, account.id, CONTACT) else set[str]()
    if wrong := [*wrong_person(full_name, identification, phone, workplace), *wrong_ticks(ticked, asked)]:
        raise FormError(wrong)
    note_consents(session, account, ticked, method="online", language=language, actor=account.name)
    account.full_name, account.identification, account.phone, account.workplace = (
        full_name, identification, phone, workplace,
    )  # fmt: skip
    record_event(session, account.name, "person-changed", name=account.name)


def masked(identification: str) -> str:
    """A number of which only the last signs are shown; "" of none, and no sign of one so short that they would be most
    of it."""
    shown = identification[-SHOWN:] if len(identification) >= 2 * SHOWN - 2 else ""
    return f"••••{shown}" if identification else ""


def wrong_person(full_name: str, identification: str, phone: str, workplace: str) -> list[RequestError]:
    """All that is wrong with what a reader says of himself, in the order of the fields."""
    told = (" ".join(full_name.split()), "".join(identification.split()), phone, workplace)
    return list(_faults(*told))


def _faults(full_name: str, identification: str, phone: str, workplace: str) -> Iterator[RequestError]:
    if not full_name:
        yield RequestError("Hãy ghi họ tên.", "ho-ten")
    if not is_identification(identification):
        yield RequestError("Số định danh cá nhân (hoặc hộ chiếu) gồm 6 đến 20 chữ, số.", "so-dinh-danh")
    for field, text in (("ho-ten", full_name), ("dien-thoai", phone), ("noi-lam-viec", workplace)):
        if len(text) > LONGEST:
            yield RequestError("Mục này dài quá %(n)s ký tự.", field, n=LONGEST)
