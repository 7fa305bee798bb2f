"""What a reader agrees to about his data: the words of each purpose (config/desk/consents.tsv), what he said, taking it
back.

Law 91/2025/QH15, NĐ 356/2025/NĐ-CP (facts 8.4, V2): explicit, not ticked beforehand, for each purpose, noted with the
time, the words and the way; taken back as easily as given.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.consents import Consent
from archive.catalogue.people import Account
from archive.clock import now, today_number
from archive.gazetteer import read_rows
from archive.telling import said
from archive.terms import in_force, read_day
from desk.steps import RequestError

FIELD = "dong-y-"  # of a form: followed by the purpose, its value the wording that was read
SERVICE, CONTACT = "service", "contact"
WITHDRAWN = said("Bạn đã rút lại đồng ý dùng dữ liệu của mình để giải quyết yêu cầu; hãy đồng ý lại ở trang Tài khoản.")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data is used for, in words that hold from ``first`` to ``last`` (day numbers)."""

    name: str
    needed: bool
    first: int
    last: int | None
    vi: str
    en: str
    basis: str
    sure: str

    @property
    def wording(self) -> str:
        """Which words these are: the ISO day from which they hold."""
        return date.fromordinal(self.first).isoformat()


def purposes(day: int) -> list[Purpose]:
    """The purposes that are asked about on that day, in the order of the file, each in its newest words."""
    running = [one for one in _purposes() if in_force(one.first, one.last, day)]
    return list({one.name: one for one in sorted(running, key=lambda one: one.first)}.values())


def said_of(session: Session, account_id: int) -> dict[str, Consent]:
    """What the reader said last about each purpose; nothing of those he was never asked about."""
    rows = select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
    return {one.purpose: one for one in session.scalars(rows)}


def agrees(session: Session, account_id: int, purpose: str) -> bool | None:
    """Whether he agrees to that; None: he never said."""
    told = said_of(session, account_id).get(purpose)
    return told.given if told else None


def wrong_ticks(ticked: Mapping[str, str], used: Collection[str]) -> list[RequestError]:
    """What is wrong with the ticks of a form (purpose to the wording that was read; none: not ticked) that uses data
    for those purposes."""
    wrong = []
    for one in purposes(today_number()):
        read = ticked.get(one.name, "")
        if read and read != one.wording:
            wrong.append(RequestError("Lời đồng ý này vừa đổi; hãy đọc lại rồi đánh dấu.", FIELD + one.name))
        elif one.name in used and not read:
            words = (
                said("Cần đánh dấu đồng ý thì mới mở được tài khoản.")
                if one.needed
                else said("Đánh dấu đồng ý, hoặc để trống điện thoại và nơi làm việc.")
            )
            wrong.append(RequestError(words, FIELD + one.name))
    return wrong


def note_consents(
    session: Session, account: Account, given: Iterable[str], *, method: str, language: str, actor: str
) -> None:
    """Notes that the reader agrees to those purposes in the words of today; what he agrees to already is not noted
    again."""
    there = said_of(session, account.id)
    for one in purposes(today_number()):
        before = there.get(one.name)
        if one.name in given and not (before and before.given and before.wording == one.wording):
            _note(session, account, one, True, method, language, actor)


def take_back(session: Session, account: Account, purpose: str, language: str) -> None:
    """Takes an agreement back, which the reader does himself: telephone and workplace go at once; without the one to
    the service nothing new can be asked (``WITHDRAWN``), what is kept by law stays.

    RequestError for what was not given."""
    before = said_of(session, account.id).get(purpose)
    if before is None or not before.given:
        raise RequestError("Không có lời đồng ý nào như thế để rút lại; hãy xem lại trang.")
    words = next(one for one in _purposes() if (one.name, one.wording) == (purpose, before.wording))
    _note(session, account, words, False, "online", language, account.name)
    if purpose == CONTACT:
        account.phone = account.workplace = ""


def _note(
    session: Session, account: Account, one: Purpose, given: bool, method: str, language: str, actor: str
) -> None:
    session.add(
        Consent(
            account_id=account.id, purpose=one.name, given=given, wording=one.wording, language=language,
            method=method, actor=actor, at=now(),
        )
    )  # fmt: skip
    session.flush()
    act = "consent-given" if given else "consent-withdrawn"
    record_event(session, actor, act, name=account.name, purpose=one.name, wording=one.wording, method=method)


@cache
def _purposes() -> tuple[Purpose, ...]:
    return tuple(
        Purpose(name, needed == "1", read_day(first) or 0, read_day(last), vi, en, basis, sure)
        for name, needed, first, last, vi, en, basis, sure in read_rows("desk/consents.tsv")
    )
