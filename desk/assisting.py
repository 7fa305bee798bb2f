"""Assisted service: staff write down a request for one who comes or writes, with the papers that were shown.

Everything else is the same request.  Who has no account gets one without a password and without an address; it can be
invited to sign in later (TT 05/2025/TT-BNV Article 35.2: name, personal number or another paper, e-mail or phone).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from archive.telling import said
from desk.consents import CONTACT, SERVICE, note_consents, wrong_ticks
from desk.named_records import UnnamedError, record_named
from desk.requests import Entry, Wish, faults, submit
from desk.steps import FormError, RequestError, faults_of

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands at the desk: an account's name, or what an account says of a person."""

    account: str = ""
    full_name: str = ""
    identification: str = ""
    phone: str = ""
    agreed: Mapping[str, str] = field(default_factory=dict)  # who has no account yet: desk.consents.wrong_ticks


def enter(
    session: Session,
    officer: Viewer,
    person: Person,
    wish: Wish,
    *,
    channel: str,
    behalf: str = "",
    proof: str = "",
    lines: Sequence[str] = (),
) -> ReadingRequest:
    """Writes down a request for a person, of the records that ``lines`` name (codes_to_ids) or the wish does.  Raises
    FormError with all that is wrong; what was written until then must not stay.

    The papers that were shown must be named; a proxy or heir names for whom, and with which papers.
    """
    wrong: list[RequestError] = []
    try:
        pages = codes_to_ids(session, lines)
        wish = replace(wish, ids=list(pages), pages=pages) if pages else wish
    except RequestError as error:
        wrong += faults_of(error)
    told = {name: " ".join(text.split()) for name, text in (("behalf", behalf), ("proof", proof))}
    if len(told["behalf"]) > LONGEST:
        wrong.append(RequestError("“Thay mặt” dài quá %(n)s ký tự.", "thay-mat", n=LONGEST))
    if not told["proof"] or len(told["proof"]) > LONGEST:
        words = said("Cần ghi giấy tờ đã xem (loại, bốn số cuối; không quá %(n)s ký tự).")
        wrong.append(RequestError(words, "giay-to", n=LONGEST))
    if channel not in {"desk", "post"}:
        wrong.append(RequestError("Chọn cách yêu cầu đến.", "cach"))
    account, entry = None, Entry(channel, officer.name, told["behalf"], told["proof"])
    try:
        account = _account(session, officer, person, channel)
    except RequestError as error:
        wrong = faults_of(error) + wrong
    viewer = viewer_of(account, today_number()) if account else officer
    if not wrong and account:
        return submit(session, viewer, account.id, wish, entry)
    wrong += faults(session, viewer, account.id if account else None, wish, entry)
    raise FormError(list({one.field: one for one in reversed(wrong)}.values())[::-1])


def codes_to_ids(session: Session, lines: Sequence[str]) -> dict[str, str]:
    """Public identifiers of records, each with the pages that are wanted ("1-3,7", "": the whole), of lines such as
    ``H48.P1.001; trang 1-3, 7``: the identifier or the code it came with, named twice as first.  FormError for
    unknown records."""
    found: dict[str, str] = {}
    wrong: list[RequestError] = []
    for line in lines:
        code, _mark, pages = line.partition(";")
        if not line.strip():
            continue
        try:
            record = record_named(session, code.strip())
        except UnnamedError as error:
            wrong.append(RequestError(error.words, "tai-lieu", **error.values))
            continue
        found.setdefault(record.public_id, pages.strip().removeprefix("trang").strip())
    if wrong:
        raise FormError(wrong)
    return found


def _account(session: Session, officer: Viewer, person: Person, channel: str) -> Account:
    if person.account:
        found = session.scalar(select(Account).where(Account.name == person.account, Account.active.is_(True)))
        if found is None:
            raise RequestError("Không có tài khoản “%(account)s” đang mở.", "tai-khoan", account=person.account[:60])
        return found
    told = {
        name: " ".join(text.split())[:LONGEST]
        for name, text in (
            ("full_name", person.full_name), ("identification", person.identification), ("phone", person.phone),
        )
    }  # fmt: skip
    wrong = []
    if not told["full_name"]:
        wrong.append(RequestError("Cần ghi họ tên người yêu cầu, hoặc tài khoản của họ.", "ho-ten"))
    if not told["identification"]:
        wrong.append(RequestError("Cần ghi số căn cước hoặc giấy tờ khác.", "so-giay-to"))
    wrong += wrong_ticks(person.agreed, {SERVICE, CONTACT} if told["phone"] else {SERVICE})
    if wrong:
        raise FormError(wrong)
    made = add_account(session, f"doc-gia-{new_identifier()[:8]}", "reader", "", officer.name, **told)
    record_event(session, officer.name, "account-assisted", name=made.name)
    note_consents(session, made, person.agreed, method=channel, language="vi", actor=officer.name)
    return made
