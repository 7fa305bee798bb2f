"""Heads let somebody decide in their place while they are away: from a day to a day, on a ground, ended at any time."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from archive.access import Viewer
from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.requests import Delegation, ReadingRequest
from archive.clock import now, today_number
from desk.chains import STAFF, deciding_roles
from desk.steps import RequestError

LONGEST_DAYS = 366
LONGEST_GROUND = 500


def acting_role(session: Session, viewer: Viewer, request: ReadingRequest | None = None) -> str:
    """The role in which somebody acts on requests (on that one): his own, or a head's who delegated it for today."""
    if not viewer.is_staff:
        return viewer.role
    return "head" if deputises(session, viewer.name, request.account_id if request else 0) else viewer.role


def deputises(session: Session, name: str, asker: int = 0) -> str:
    """In whose place somebody decides today; empty for a head, who decides as such, and where nobody delegated.

    A head who is closed delegates nothing, and one who asked (the account ``asker``) not the decision on that.
    """
    day, giver, taker = today_number(), aliased(Account), aliased(Account)
    found = session.scalar(
        select(giver.name)
        .join(Delegation, Delegation.from_account == giver.id)
        .join(taker, taker.id == Delegation.to_account)
        .where(
            taker.name == name, taker.role != "head", Delegation.ended.is_(None), Delegation.first <= day,
            Delegation.last >= day, giver.role == "head", giver.active.is_(True), giver.id != asker,
        )
        .order_by(giver.name)
        .limit(1)
    )  # fmt: skip
    return found or ""


def approvers(session: Session, asker: int, roles: frozenset[str]) -> list[str]:
    """Who may decide today on what the account ``asker`` asked for, where these ``roles`` decide: the others who have
    one of them, and who stands for a head."""
    staff = select(Account.name, Account.role).where(
        Account.role.in_(STAFF), Account.active.is_(True), Account.id != asker
    )
    rows = session.execute(staff.order_by(Account.name)).all()
    return [name for name, role in rows if role in roles or ("head" in roles and deputises(session, name, asker))]


def is_decider(session: Session, name: str, role: str) -> bool:
    """Whether somebody of that name and role decides on any request of others today, as himself or for a head."""
    roles = deciding_roles(today_number())
    return role in roles or ("head" in roles and bool(deputises(session, name)))


def delegate(session: Session, giver: Viewer, to: str, days: tuple[int, int], ground: str) -> Delegation:
    """Lets the account ``to`` decide in the head's place between two days (both included).  Raises RequestError."""
    head = session.scalar(select(Account).where(Account.name == giver.name))
    taker = session.scalar(select(Account).where(Account.name == to, Account.active.is_(True)))
    if head is None or head.role != "head":
        raise RequestError("Chỉ người đứng đầu mới uỷ quyền được.")
    if taker is None or taker.role not in {"archivist", "head"} or taker.id == head.id:
        raise RequestError("“%(to)s” không phải là lưu trữ viên hay lãnh đạo khác đang có tài khoản.", "nguoi", to=to)
    (first, last), ground = days, " ".join(ground.split())
    if last < first or last < today_number() or last - first >= LONGEST_DAYS:
        raise RequestError("Thời gian uỷ quyền phải từ hôm nay trở đi và không quá một năm.", "den")
    if not ground or len(ground) > LONGEST_GROUND:
        raise RequestError("Cần ghi căn cứ (số, ngày của văn bản uỷ quyền).", "can-cu")
    made = Delegation(from_account=head.id, to_account=taker.id, first=first, last=last, ground=ground)
    session.add(made)
    session.flush()
    told = {"to": to, "from": date.fromordinal(first).isoformat(), "until": date.fromordinal(last).isoformat()}
    record_event(session, giver.name, "delegated", ground=ground, delegation=made.id, **told)
    return made


def end_delegation(session: Session, giver: Viewer, delegation_id: int) -> None:
    """Ends it now; the head who gave it or another one does.  Raises RequestError where there is none that runs."""
    found = session.get(Delegation, delegation_id, with_for_update=True)
    if found is None or found.ended is not None or giver.role != "head":
        raise RequestError("Không có uỷ quyền nào như thế đang có hiệu lực.")
    found.ended = now()
    record_event(session, giver.name, "delegation-ended", delegation=delegation_id)


def takers(session: Session, giver: Viewer) -> list[Account]:
    """To whom that head may delegate: the archivists and the other heads whose accounts are open."""
    rows = select(Account).where(Account.role.in_(STAFF), Account.active.is_(True), Account.name != giver.name)
    return list(session.scalars(rows.order_by(Account.name)))


def running(session: Session) -> list[tuple[Delegation, Account, Account]]:
    """Delegations that run or will, with who gave and who has them, those that end first in front."""
    giver, taker = aliased(Account), aliased(Account)
    rows = (
        select(Delegation, giver, taker)
        .join(giver, giver.id == Delegation.from_account)
        .join(taker, taker.id == Delegation.to_account)
        .where(Delegation.ended.is_(None), Delegation.last >= today_number())
        .order_by(Delegation.last, Delegation.id)
    )
    return [(one, a, b) for one, a, b in session.execute(rows)]
