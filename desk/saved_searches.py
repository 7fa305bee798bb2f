"""Letters about saved searches: once a day at most, what came in or opened since the last letter, for who wants them.

What is new is found when the letter is sent, with the rights that its reader has then: the candidates are the records
that came since, or opened by their day; the index says which of them the question finds, the catalogue which may be
seen.  A letter leaves the house unsealed, so it names only what everyone may see; the rest is a number.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.access import Viewer, may, sql_condition
from archive.accounts import viewer_of
from archive.among import among
from archive.catalogue.keeping import KeptItem
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Letter
from archive.clock import VIET_NAM, today_number
from archive.identity.registration import send_letter
from search.criteria import Criteria, CriteriaError, read_criteria
from search.gateway import Gateway
from search.language import QueryError

NAMED = 10  # records of one search that a letter names
MOST_WITH_LETTERS = 20  # searches of one reader
#: New records that are looked at for one search, the latest first: of a larger delivery nobody reads more in a letter.
MOST_CANDIDATES = 5_000
_LETTER, _ALL = "saved", 0


class ManyLettersError(Exception):
    """There are letters about MOST_WITH_LETTERS searches already."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a search: records that everyone may see (NAMED at most), and how many there are in all."""

    item: KeptItem
    criteria: Criteria
    named: tuple[Record, ...]
    count: int


def kept_criteria(query: str) -> Criteria:
    """The question of a kept search, without a page; everything where what an older program wrote is none now."""
    try:
        return read_criteria((name, value) for name, value in parse_qsl(query) if name not in {"cursor", "size"})
    except CriteriaError:
        return Criteria()


def choose_letters(session: Session, item: KeptItem, language: str) -> None:
    """Letters about a kept search from now on, in ``vi`` or ``en``; "" for none.  Raises ManyLettersError."""
    if language and not item.letters:
        mine = select(func.count()).where(KeptItem.account_id == item.account_id, KeptItem.letters != "")
        if (session.scalar(mine) or 0) >= MOST_WITH_LETTERS:
            raise ManyLettersError
        item.told_to, item.looked_at = end_of_catalogue(session), today_number()
    item.letters = language


def end_of_catalogue(session: Session) -> int:
    """The last record that is there: letters tell of what came up to it."""
    return session.scalar(select(func.max(Record.id))) or 0


def write_letters(session: Session, upto: int) -> int:
    """Writes a letter to each reader who wants some, was written none today and for whom none waits; returns how many.

    ``upto`` is the last record that the index is known to have.  After an outage there is one letter, of everything
    since the last one that was sent.
    """
    day = today_number()
    since = datetime.fromordinal(day).replace(tzinfo=VIET_NAM)
    recent = select(Letter).where(Letter.kind == _LETTER, or_(Letter.created >= since, Letter.state == "waiting"))
    there = {letter.detail["account"] for letter in session.scalars(recent)}
    wanting = (
        select(Account, func.min(KeptItem.letters))
        .join(KeptItem, KeptItem.account_id == Account.id)
        .where(KeptItem.letters != "", Account.active.is_(True), Account.email.is_not(None))
        .group_by(Account.id)
    )
    written = 0
    for account, language in session.execute(wanting).all():
        if account.email and account.id not in there:
            send_letter(session, _LETTER, account.email, language, account=account.id, upto=upto, day=day)
            written += 1
    return written


def news_of(session: Session, gateway: Gateway, account: Account, letter: Letter) -> list[News]:
    """What is new in each search that the account wants letters about.  Raises SearchDownError."""
    viewer, day = viewer_of(account, today_number()), today_number()
    mine = select(KeptItem).where(KeptItem.account_id == account.id, KeptItem.letters != "").order_by(KeptItem.id)
    told = (_news(session, gateway, viewer, day, one, letter) for one in session.scalars(mine).all())
    return [one for one in told if one.count]


def note_sent(session: Session, letter: Letter) -> None:
    """Remembers, in the transaction that notes a letter as sent or needless, what it was about."""
    if letter.kind != _LETTER:
        return
    upto, day = letter.detail["upto"], letter.detail["day"]
    for item in session.scalars(select(KeptItem).where(KeptItem.account_id == letter.detail["account"])):
        if item.letters:
            item.told_to, item.looked_at = max(item.told_to or 0, upto), max(item.looked_at or 0, day)


def ending_link(key: str, account: int, item: int = _ALL) -> str:
    """The part of a link that ends the letters about one search, or (without) about all of an account."""
    return str(_signer(key).dumps([account, item]))


def read_ending(session: Session, key: str, link: str) -> list[KeptItem] | None:
    """The searches whose letters a link may end; None for what is no link of ours.  It holds for ever, gives no other
    right, and says nothing of whom or what it is about."""
    try:
        account, item = _signer(key).loads(link)
    except (BadData, ValueError, TypeError):
        return None
    mine = select(KeptItem).where(KeptItem.account_id == account, KeptItem.letters != "")
    return list(session.scalars(mine if item == _ALL else mine.where(KeptItem.id == item)))


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="link saved-search letters")


def _news(session: Session, gateway: Gateway, viewer: Viewer, day: int, item: KeptItem, letter: Letter) -> News:
    since, looked = item.told_to or 0, item.looked_at or 0
    came = Record.id.between(since + 1, letter.detail["upto"])
    opened = Record.everyone_from_read.between(looked + 1, letter.detail["day"])
    candidates = session.scalars(
        select(Record.public_id)
        .where(or_(came, opened), sql_condition(viewer, "see", day))
        .order_by(Record.id.desc())
        .limit(MOST_CANDIDATES)
    ).all()
    criteria = kept_criteria(item.what)
    try:
        found = gateway.among(viewer, criteria, candidates)
    except QueryError:
        return News(item, criteria, (), 0)
    seen = session.scalars(
        select(Record)
        .where(among(Record.public_id, found), sql_condition(viewer, "see", day))
        .order_by(Record.id.desc())
    ).all()
    everyone = Viewer.anonymous()
    return News(item, criteria, tuple(one for one in seen if may(everyone, "see", one, day))[:NAMED], len(seen))
