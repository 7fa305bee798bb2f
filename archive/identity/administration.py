"""What an administrator does with accounts; each act is audited, and what narrows rights ends the sessions."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from archive.accounts import normal_name
from archive.audit import record_event
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Assignment
from archive.clock import now, today_number
from archive.identifiers import new_identifier
from archive.identity.errors import AccountError
from archive.identity.nobody import is_reserved
from archive.identity.roles import ROLES, assignments_of
from archive.identity.second_factor import remove_second_factor
from archive.identity.sessions import new_epoch

#: Something that is done with an account inside a transaction.
Act = Callable[[Session, Account], object]

LONGEST_NAME = 200
WHOLE_ARCHIVE = "*"


def find_accounts(session: Session, text: str, role: str, start: int, size: int) -> tuple[list[Account], int]:
    """Accounts whose name, person or e-mail holds the text and that have the role ("": any); and how many in all."""
    wanted: list[ColumnElement[bool]] = [Account.erased_at.is_(None), *([Account.role == role] if role else [])]
    if text := normal_name(text):
        fields = (Account.name, Account.full_name, Account.email)
        wanted.append(or_(*(field.icontains(text, autoescape=True) for field in fields)))
    total = session.scalar(select(func.count()).select_from(Account).where(*wanted)) or 0
    rows = session.scalars(select(Account).where(*wanted).order_by(Account.name).offset(start).limit(size))
    return list(rows), total


def account_named(session: Session, name: str) -> Account:
    """The account of that name, locked for the transaction; AccountError."""
    found = session.scalar(select(Account).where(Account.name == normal_name(name)).with_for_update())
    if found is None or found.erased_at:
        raise AccountError(f"Không có tài khoản {name}.", f"There is no account {name}.")
    return found


def add_account(session: Session, name: str, role: str, agency: str, actor: str, **person: str | None) -> Account:
    """A new account without a password; ``person`` are its columns.  An archivist begins without any fonds.

    AccountError where the name is empty, too long or taken, the role unknown, or a clerk has no agency.
    """
    name = normal_name(name)
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or is_reserved(name):
        raise AccountError(
            f"Tên đăng nhập cần từ 1 đến {LONGEST_NAME} ký tự.", f"The name needs 1 to {LONGEST_NAME} characters."
        )
    email = person.get("email") or None
    claimed = [name, name.lower(), *([email] if email else [])]
    taken = select(Account.id).where(or_(Account.name.in_(claimed), Account.email.in_(claimed)))
    if session.scalar(taken.limit(1)):
        raise AccountError(
            "Tên hoặc thư điện tử này đã có tài khoản.", "There is an account with this name or e-mail address."
        )
    account = Account(name=name, password_hash="", active=True, created=now(), **{**person, "email": email})
    new_epoch(account)
    _give_role(session, account, role, agency)
    session.add(account)
    session.flush()
    record_event(session, actor, "account-added", name=name, role=role, agency=agency)
    return account


def change_role(session: Session, account: Account, role: str, agency: str, actor: str) -> None:
    """Gives the account another role and agency, and ends its sessions and, unless an archivist's, its assignments.

    AccountError, also for the last administrator.
    """
    if role != "administrator":
        _keep_an_administrator(session, account)
    before = account.role
    if role != "archivist":
        end_assignments(session, account)
    _give_role(session, account, role, agency)
    new_epoch(account)
    record_event(session, actor, "role-changed", name=account.name, role=role, before=before, agency=agency)


def describe_person(session: Session, account: Account, full_name: str, email: str | None, actor: str) -> None:
    """Notes who the account belongs to, and the address that its letters go to.  AccountError for an address that
    another account bears."""
    if email and email != account.email:
        taken = select(Account.id).where(or_(Account.email == email, Account.name == email), Account.id != account.id)
        if session.scalar(taken.limit(1)):
            raise AccountError("Thư điện tử này đã có tài khoản khác.", "Another account has this e-mail address.")
    account.full_name, account.email = " ".join(full_name.split())[:LONGEST_NAME], email
    record_event(session, actor, "person-changed", name=account.name)


def set_active(session: Session, account: Account, active: bool, actor: str) -> None:
    """Closes the account (its sessions and tokens count no more) or opens it.  AccountError for the last
    administrator."""
    if not active:
        _keep_an_administrator(session, account)
    account.active = active
    new_epoch(account)
    record_event(session, actor, "account-opened" if active else "account-closed", name=account.name)


def reset_second_factor(session: Session, account: Account, actor: str) -> None:
    """Takes the second factor away, for who lost telephone and recovery codes, and ends the sessions."""
    remove_second_factor(session, account)
    new_epoch(account)
    record_event(session, actor, "second-factor-reset", name=account.name)


def note_invitation(session: Session, account: Account, actor: str) -> None:
    """Notes that somebody had a link made that sets the account's password."""
    record_event(session, actor, "invited", name=account.name)


def assign(
    session: Session, account: Account, fonds: str, actor: str, first: int | None = None, last: int | None = None
) -> Assignment:
    """Assigns an archivist to a fonds (its code or public identifier; ``*``: the whole archive) from a day number
    (None: today) to another (None: until ended), both included.  AccountError."""
    if account.role != "archivist":
        raise AccountError(
            "Chỉ phân công phông cho lưu trữ viên; hãy đổi vai trò trước.",
            "Only archivists are assigned; change the role first.",
        )
    record = None
    if fonds != WHOLE_ARCHIVE:
        which = or_(Record.code == fonds, Record.public_id == fonds)
        found = list(session.scalars(select(Record).where(Record.level == "fonds", which).limit(2)))
        if len(found) != 1:
            raise AccountError(f"Không có đúng một phông mang mã {fonds}.", f"There is no one fonds with code {fonds}.")
        record = found[0]
    first = today_number() if first is None else first
    if last is not None and last < first:
        raise AccountError("Ngày cuối đứng trước ngày đầu.", "The last day is before the first.")
    made = Assignment(account_id=account.id, record_id=record.id if record else None, valid_from=first, valid_to=last)
    session.add(made)
    session.flush()
    record_event(
        session,
        actor,
        "assigned",
        record.public_id if record else None,
        name=account.name,
        first=_iso(first),
        last=_iso(last),
    )
    return made


def unassign(session: Session, account: Account, assignment_id: int, actor: str) -> None:
    """Ends an assignment at once.  AccountError if the account has none of that number."""
    found = session.get(Assignment, assignment_id)
    if found is None or found.account_id != account.id or found.ended:
        raise AccountError("Không có phân công ấy.", "There is no such assignment.")
    found.ended = now()
    record = session.get(Record, found.record_id) if found.record_id else None
    record_event(session, actor, "unassigned", record.public_id if record else None, name=account.name)


def end_assignments(session: Session, account: Account) -> None:
    """Ends every assignment of an account that is no archivist's any more: none comes back with the role."""
    for assignment, _fonds in assignments_of(session, account.id):
        assignment.ended = now()


def find_agency(session: Session, code: str) -> Agency | None:
    """The agency of that code, made if it is not there; None for no code."""
    if not code:
        return None
    found = session.scalar(select(Agency).where(Agency.code == code))
    if found is None:
        found = Agency(public_id=new_identifier(), code=code, name=code)
        session.add(found)
        session.flush()
    return found


def _give_role(session: Session, account: Account, role: str, agency: str) -> None:
    if role not in ROLES:
        raise AccountError("Vai trò không có trong danh sách.", "The role is not on the list.")
    row = find_agency(session, agency.strip())
    if role == "clerk" and row is None:
        raise AccountError("Cán bộ cơ quan cần mã cơ quan (--agency).", "A clerk needs an agency (--agency).")
    account.role, account.agency_id = role, row.id if row else None


def _keep_an_administrator(session: Session, account: Account) -> None:
    if account.role != "administrator" or not account.active:
        return
    others = select(Account.id).where(Account.role == "administrator", Account.active, Account.id != account.id)
    if session.scalar(others.with_for_update().limit(1)) is None:
        raise AccountError(
            "Đây là quản trị viên cuối cùng đang hoạt động; hãy thêm người khác trước.",
            "This is the last active administrator; add another first.",
        )


def _iso(day: int | None) -> str:
    """A day number as a date; empty for the beginning of all days and for none."""
    return date.fromordinal(day).isoformat() if day and day > 1 else ""
