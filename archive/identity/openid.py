"""Accounts of people whom an OpenID provider knows: found by issuer and subject, never by name or e-mail address.

Whoever may set a name or address at the provider would else take over the account that bears it here.  The provider's
groups give the role at each sign-in: who loses the group loses the role.
"""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account
from archive.identity.administration import LONGEST_NAME, add_account, change_role
from archive.identity.errors import AccountError
from archive.identity.links import account_of_email
from archive.identity.registration import normal_email
from archive.identity.roles import ROLES, STAFF_ROLES

ACTOR = "openid"

#: Values of ``amr`` (RFC 8176) that say that a second factor was asked for.
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "sc"})

Mapping = tuple[tuple[str, str, str], ...]  # group, role, agency code


def read_mapping(text: str) -> Mapping:
    """``luu-tru=archivist; so-noi-vu=clerk:H48.01``, the first that fits counts.  ValueError with the part that is
    wrong."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        group, equals, told = part.rpartition("=")
        role, _colon, agency = told.strip().partition(":")
        if not equals or not group.strip() or role not in ROLES or (role == "clerk") != bool(agency):
            raise ValueError(part)
        found.append((group.strip(), role, agency.strip()))
    return tuple(found)


def role_of(mapping: Mapping, groups: object) -> tuple[str, str]:
    """The role and agency code of the first group of the mapping that the person is in; a reader without one."""
    mine = set(groups) if isinstance(groups, list | tuple) else {groups}
    return next(((role, agency) for group, role, agency in mapping if group in mine), ("reader", ""))


def account_of(session: Session, issuer: str, claims: dict[str, Any], role: str, agency: str) -> Account:
    """The account of the person, made or given its role as need be.  AccountError for one that is closed, and for the
    last administrator who would be none any more."""
    identity = f"{issuer} {claims['sub']}"
    account = session.scalar(select(Account).where(Account.openid == identity).with_for_update())
    if account is None:
        return add_account(
            session,
            _free_name(session, issuer, claims),
            role,
            agency,
            ACTOR,
            openid=identity,
            full_name=str(claims.get("name", ""))[:LONGEST_NAME],
            email=_free_email(session, claims),
        )
    if not account.active:
        raise AccountError("Tài khoản này đang bị đóng; hãy hỏi Trung tâm.", "This account is closed; ask the archive.")
    code = session.scalar(select(Agency.code).where(Agency.id == account.agency_id)) or ""
    if (account.role, code) != (role, agency):
        change_role(session, account, role, agency, ACTOR)
    return account


def lacks_second_factor(account: Account, claims: dict[str, Any]) -> bool:
    """Whether somebody of the staff was let in by the provider without saying that a second factor was asked for."""
    told = claims.get("amr")
    said = SECOND_FACTORS.intersection(told) if isinstance(told, list) else ()
    return account.role in STAFF_ROLES and not said


def _free_name(session: Session, issuer: str, claims: dict[str, Any]) -> str:
    wish = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])[: LONGEST_NAME // 2]
    taken = account_of_email(session, wish.lower()) or session.scalar(select(Account).where(Account.name == wish))
    return f"{claims['sub']} ({urlsplit(issuer).hostname})"[:LONGEST_NAME] if taken else wish


def _free_email(session: Session, claims: dict[str, Any]) -> str | None:
    """The address if the provider has verified it and no account bears it."""
    if claims.get("email_verified") is not True:
        return None
    try:
        email = normal_email(str(claims.get("email", "")))
    except AccountError:
        return None
    return None if account_of_email(session, email) else email
