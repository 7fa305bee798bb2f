"""The steps of a request that are no decision: who may take them, what they do to its term, what they leave behind."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.audit import record_event
from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest, RequestEvent
from archive.clock import now, today_number
from archive.telling import Told, said
from archive.working_days import add_working_days, working_days_between
from desk.chains import deciders
from desk.fees.dropping import drop_bill
from desk.notices import tell_reader
from desk.states import DECIDER, OPEN, STEPS, SYSTEM, WAITS_FOR_READER, Act, Step

LONGEST_REASON = 1_000


class RequestError(Told):
    """The request, or the step, cannot be: why, and ``field`` which field of the form."""

    def __init__(self, words: str, field: str = "", /, **values: object) -> None:
        super().__init__(words, **values)
        self.field = field


class FormError(RequestError):
    """Several things of a form cannot be: ``faults``, in the order of its fields; as one it is the first."""

    def __init__(self, faults: Sequence[RequestError]) -> None:
        super().__init__(faults[0].words, faults[0].field, **faults[0].values)
        self.faults = list(faults)


def faults_of(error: RequestError) -> list[RequestError]:
    """All that an error of a form tells of."""
    return error.faults if isinstance(error, FormError) else [error]


class StepError(RequestError):
    """Not from this state, or not by this person: somebody else was quicker, or it is not his to do."""


class OwnRequestError(StepError):
    """Who asked would act on it as one of the staff."""

    def __init__(self) -> None:
        super().__init__(said("Đây là yêu cầu của chính bạn: người khác xem xét và quyết định."))


def take_step(session: Session, request: ReadingRequest, act: Act, role: str, actor: str, reason: str = "") -> None:
    """Takes a step that is not a decision (desk.decision).  Raises StepError, or RequestError without its reason."""
    step = allowed(session, request, act, role, actor)
    reason = " ".join(reason.split())
    if (step.reason and not reason) or len(reason) > LONGEST_REASON:
        raise RequestError("Cần ghi lý do (không quá %(n)s ký tự).", "ly-do", n=LONGEST_REASON)
    if act == "take":
        request.officer = actor
    elif act == "release":
        request.officer = ""
    elif act in {"withdraw", "lapse"} and request.state == "payment":
        drop_bill(session, request, actor)
    elif act == "return":
        request.round += 1  # what was consented to before does not count any more
    move(session, request, step, actor, reason)
    record_event(session, actor, f"request-{act}", request=request.code, ground=reason)


def allowed(session: Session, request: ReadingRequest, act: Act, role: str, actor: str) -> Step:
    """The step, if it leads from here, is the role's, and not taken by staff on what they asked for themselves (the
    database refuses that, too).  Raises StepError, OwnRequestError."""
    if role not in {"owner", SYSTEM} and is_own(session, request, actor):
        raise OwnRequestError
    step = STEPS.get((request.state, act))
    if step is None or not (role in step.by or (DECIDER in step.by and role in deciders(session, request))):
        raise StepError("Yêu cầu không còn ở bước ấy, hoặc bước ấy không do bạn làm; hãy xem lại trang.")
    return step


def is_own(session: Session, request: ReadingRequest, name: str) -> bool:
    """Whether the account of that name asked."""
    return session.scalar(select(Account.name).where(Account.id == request.account_id)) == name


def move(session: Session, request: ReadingRequest, step: Step, actor: str, reason: str = "") -> None:
    """Brings the request to where the step leads; its term rests while the reader owes something."""
    before, request.state = request.state, step.after
    day = today_number()
    if step.after in WAITS_FOR_READER:
        request.paused_on = day
    elif before in WAITS_FOR_READER and request.paused_on is not None:
        left = max(working_days_between(request.paused_on, request.due_on), 0)
        request.due_on, request.paused_on = add_working_days(day, left), None
    if before in OPEN and step.after not in OPEN:
        request.ended_at = max(now(), request.received_at)  # a clock may be set back
    session.flush()
    note(session, request, before, actor, reason)


def note(session: Session, request: ReadingRequest, before: str, actor: str, reason: str) -> None:
    """Writes down a step that was taken, and lets the reader know."""
    told = {"before": before, "after": request.state, "at": now(), "actor": actor, "reason": reason}
    session.add(RequestEvent(request_id=request.id, **told))
    session.flush()
    # a consent leaves a request where it is, and one that was let go is received again: its reader has heard of both
    if before != request.state and not (before and request.state == "received"):
        tell_reader(session, request)
