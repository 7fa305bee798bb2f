"""Choosing a password and changing it: what is refused, and what ends with the old one."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from archive.accounts import hash_password
from archive.audit import record_event
from archive.catalogue.people import Account, AccountToken
from archive.clock import now
from archive.identity.errors import AccountError
from archive.identity.sessions import new_epoch

SHORTEST = 10
FEWEST_CHARACTERS = 5  # different ones

CHANGED = "password-changed"


def check_password(password: str, *names: str) -> None:
    """AccountError for a password that is short, nearly one character, or holds a name of its owner.

    NIST SP 800-63B: length counts, rules of composition do not.
    """
    if len(password) < SHORTEST:
        raise AccountError(
            f"Mật khẩu cần ít nhất {SHORTEST} ký tự.", f"The password needs at least {SHORTEST} characters."
        )
    if len(set(password)) < FEWEST_CHARACTERS:
        raise AccountError(
            f"Mật khẩu cần ít nhất {FEWEST_CHARACTERS} ký tự khác nhau.",
            f"The password needs at least {FEWEST_CHARACTERS} different characters.",
        )
    parts = {part for name in names for part in (name.lower(), name.lower().partition("@")[0]) if len(part) > 3}
    if any(part in password.lower() for part in parts):
        raise AccountError(
            "Mật khẩu không được chứa tên đăng nhập.", "The password must not contain the name that signs in."
        )


def set_password(session: Session, account: Account, password: str, actor: str, *, forgotten: bool = False) -> None:
    """Gives the account a password and a new epoch; where it was forgotten its tokens end, too: whoever knew the old
    one may have made them.  AccountError."""
    check_password(password, account.name, account.email or "")
    account.password_hash = hash_password(password)
    new_epoch(account)
    if forgotten:
        session.execute(
            update(AccountToken)
            .where(AccountToken.account_id == account.id, AccountToken.revoked.is_(None))
            .values(revoked=now())
        )
    record_event(session, actor, CHANGED, name=account.name, forgotten=forgotten)
