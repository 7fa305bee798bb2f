"""Personal tokens of the API: named, limited to scopes, expiring, revocable; never more than their owner may."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from archive.accounts import token_digest
from archive.audit import record_event
from archive.catalogue.people import Account, AccountToken
from archive.clock import now
from archive.database import changes
from archive.identity.errors import AccountError

#: What a token may be used for, with the words for it.
SCOPES: dict[str, tuple[str, str]] = {
    "search": ("tìm kiếm, gợi ý, bộ lọc", "search, suggestions, facets"),
    "deliver": ("giao nộp và xem lần giao nộp", "deliveries"),
    "read": ("xem mô tả và nội dung tài liệu", "descriptions and content of records"),
}
LIFETIMES = (30, 90, 365)  # days
MOST_TOKENS = 20  # running ones of an account
LONGEST_NAME = 60
PREFIX = "vk_"  # so that a token in the wrong place is known for one

ADDED, REVOKED = "token-added", "token-revoked"


def add_token(session: Session, account: Account, name: str, scopes: list[str], days: int, actor: str) -> str:
    """A new token (256 random bits), shown this once.  AccountError for a bad name, scope or lifetime."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise AccountError(
            f"Tên khóa cần từ 1 đến {LONGEST_NAME} ký tự.", f"The name needs 1 to {LONGEST_NAME} characters."
        )
    if not scopes or not set(scopes) <= set(SCOPES):
        raise AccountError("Hãy chọn ít nhất một phạm vi.", "Choose at least one scope.")
    if not 1 <= days <= max(LIFETIMES):
        raise AccountError(f"Thời hạn từ 1 đến {max(LIFETIMES)} ngày.", f"It lives 1 to {max(LIFETIMES)} days.")
    running = select(func.count()).select_from(AccountToken)
    if (session.scalar(running.where(AccountToken.account_id == account.id, *_runs())) or 0) >= MOST_TOKENS:
        raise AccountError(
            f"Đã có {MOST_TOKENS} khóa còn hạn; hãy thu hồi bớt.", f"There are {MOST_TOKENS} tokens; revoke some first."
        )
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        AccountToken(
            digest=token_digest(token),
            account_id=account.id,
            created=now(),
            name=name,
            scopes=" ".join(one for one in SCOPES if one in scopes),
            expires=now() + timedelta(days=days),
        )
    )
    record_event(session, actor, ADDED, name=account.name, scopes=" ".join(sorted(scopes)), days=days)
    return token


def tokens_of(session: Session, account_id: int) -> list[AccountToken]:
    """The running tokens of the account, newest first."""
    found = select(AccountToken).where(AccountToken.account_id == account_id, *_runs())
    return list(session.scalars(found.order_by(AccountToken.created.desc(), AccountToken.digest)))


def revoke_token(session: Session, account: Account, digest: str, actor: str) -> bool:
    """Ends one token of the account; whether there was one."""
    ended = changes(
        session,
        update(AccountToken)
        .where(AccountToken.digest == digest, AccountToken.account_id == account.id, AccountToken.revoked.is_(None))
        .values(revoked=now()),
    )
    if ended:
        record_event(session, actor, REVOKED, name=account.name, token=digest[:12])
    return ended


def _runs() -> tuple[ColumnElement[bool], ...]:
    return AccountToken.revoked.is_(None), or_(AccountToken.expires.is_(None), AccountToken.expires > now())
