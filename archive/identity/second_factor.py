"""The second factor: one-time codes (TOTP, RFC 6238), each accepted once, and recovery codes for a lost telephone."""

import hmac
import secrets

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.sign_in import RecoveryCode
from archive.clock import now
from archive.database import changes
from archive.identity.sessions import secret_digest

ISSUER = "Văn Khố"
STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def new_secret() -> str:
    """A fresh TOTP secret (160 bits in base32)."""
    return pyotp.random_base32()


def enrolment_address(name: str, secret: str) -> str:
    """The ``otpauth`` address that telephones read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def matching_step(secret: str, code: str) -> int | None:
    """The time step (this one, the one before or after) whose code it is; None for a wrong code."""
    totp, here = pyotp.TOTP(secret), int(now().timestamp()) // STEP_SECONDS
    found = None
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), _plain(code).encode()):
            found = step
    return found


def accept_code(session: Session, account: Account, code: str) -> bool:
    """Whether the code is right for the account, which is used up by it: a one-time code, or a recovery code.

    An account without a secret needs none.  Two processes that are shown the same code accept it once.
    """
    if not account.totp_secret:
        return True
    step = matching_step(account.totp_secret, code)
    if step is not None:
        return changes(
            session,
            update(Account)
            .where(Account.id == account.id, or_(Account.totp_step.is_(None), Account.totp_step < step))
            .values(totp_step=step)
            .execution_options(synchronize_session=False),
        )
    return changes(
        session,
        update(RecoveryCode)
        .where(
            RecoveryCode.digest == secret_digest(_plain(code)),
            RecoveryCode.account_id == account.id,
            RecoveryCode.used.is_(None),
        )
        .values(used=now()),
    )


def new_recovery_codes(session: Session, account: Account) -> list[str]:
    """Ten new codes such as ``k7mq-2xhe-9tcd`` (59 bits each), shown this once; those of before count no more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(digest=secret_digest(code), account_id=account.id) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes of the account are unused."""
    left = select(func.count()).select_from(RecoveryCode)
    return session.scalar(left.where(RecoveryCode.account_id == account_id, RecoveryCode.used.is_(None))) or 0


def remove_second_factor(session: Session, account: Account) -> None:
    """Leaves the account without a second factor until it enrols again."""
    account.totp_secret = account.totp_pending = account.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def _plain(code: str) -> str:
    return "".join(c for c in code.lower() if c.isalnum())
