"""The state machine of a reader's request: which act leads from where to where, by whom, and whether it wants a reason.

The states are those that a dossier of an administrative procedure has (regulation: states expected of a national
service).  The same steps lie in the database (table ``request_step``), which refuses any other.
"""

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "received", "processing", "supplement", "approval", "payment", "making", "resolved", "returned", "refused",
    "withdrawn",
]  # fmt: skip
Act = Literal[
    "take", "release", "hand_over", "ask", "recall", "answer", "propose", "return", "consent", "decide", "refuse",
    "charge", "pay", "commission", "finish", "give_up", "hand_out", "withdraw", "lapse", "revoke",
]  # fmt: skip

SYSTEM = "system"  # the actor of what happens by itself
DECIDER = "decider"  # whoever decides on that request today (desk.chains)

OPEN: frozenset[str] = frozenset({"received", "processing", "supplement", "approval", "payment", "making"})
#: Nothing of it is decided yet.
UNDECIDED = OPEN - {"payment", "making"}
#: The clock stands still while the reader owes something.
WAITS_FOR_READER: frozenset[str] = frozenset({"supplement", "payment"})


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads, who may do it (roles; ``owner``: who asked; ``decider``: who decides on it, as
    config/desk/chains.tsv says; ``system``: what happened), whether it needs a reason."""

    after: State
    by: frozenset[str]
    reason: bool = False


_OFFICERS = frozenset({"archivist", "head"})
_DECIDER = frozenset({DECIDER})
_OWNER = frozenset({"owner"})
_SYSTEM = frozenset({"system"})

STEPS: dict[tuple[str, Act], Step] = {
    ("received", "take"): Step("processing", _OFFICERS),
    ("processing", "release"): Step("received", _OFFICERS),
    ("processing", "hand_over"): Step("processing", _OFFICERS),
    ("processing", "ask"): Step("supplement", _OFFICERS, reason=True),
    ("supplement", "recall"): Step("processing", _OFFICERS),
    ("supplement", "answer"): Step("processing", _OWNER, reason=True),
    ("processing", "propose"): Step("approval", _OFFICERS),
    ("approval", "return"): Step("processing", _DECIDER, reason=True),
    ("approval", "consent"): Step("approval", _OFFICERS, reason=True),
    ("approval", "decide"): Step("resolved", _DECIDER),
    ("approval", "commission"): Step("making", _DECIDER),  # granted, the result is still to be made (desk.finishing)
    ("approval", "charge"): Step("payment", _DECIDER),
    ("approval", "refuse"): Step("refused", _DECIDER),
    ("payment", "pay"): Step("resolved", _SYSTEM),
    ("payment", "commission"): Step("making", _SYSTEM),
    ("making", "finish"): Step("resolved", _OFFICERS | _SYSTEM),
    ("making", "give_up"): Step("refused", _DECIDER, reason=True),
    ("resolved", "hand_out"): Step("returned", _OFFICERS | _OWNER | _SYSTEM),
    ("resolved", "revoke"): Step("resolved", _DECIDER, reason=True),  # what was granted is taken back (desk.revoking)
    ("returned", "revoke"): Step("returned", _DECIDER, reason=True),
    ("received", "withdraw"): Step("withdrawn", _OWNER),
    ("processing", "withdraw"): Step("withdrawn", _OWNER),
    ("supplement", "withdraw"): Step("withdrawn", _OWNER),
    ("payment", "withdraw"): Step("withdrawn", _OWNER),
    ("supplement", "lapse"): Step("withdrawn", _SYSTEM, reason=True),
    ("payment", "lapse"): Step("withdrawn", _SYSTEM, reason=True),
}


#: Every step from a state to another, the first one from nothing.
PAIRS: frozenset[tuple[str, str]] = frozenset({("", "received"), *((b, step.after) for (b, _), step in STEPS.items())})
#: Those that who asked takes himself; he takes no other of his own request, whatever his role.
OWN_PAIRS: frozenset[tuple[str, str]] = frozenset(
    {("", "received"), *((b, step.after) for (b, _), step in STEPS.items() if "owner" in step.by)}
)


def acts_of(state: str, *roles: str) -> list[Act]:
    """What somebody of the roles (or ``owner``) may do in that state."""
    return [act for (before, act), step in STEPS.items() if before == state and not step.by.isdisjoint(roles)]
