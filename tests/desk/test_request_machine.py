"""Random actors take random steps: no illegal state, no term that is never counted, no right without a grant."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Select, select

from archive.access import may
from archive.access_rules import Closure
from archive.accounts import viewer_of
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account, Grant
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestItem
from archive.clock import today_number
from archive.database import reading, writing
from archive.deciding import set_closure
from archive.identifiers import new_identifier
from desk import chains
from desk.decision import Answer, settle
from desk.states import OPEN, PAIRS, STEPS, WAITS_FOR_READER
from desk.steps import RequestError
from tests.desk.requests_of_tests import answer, found, pay, send, step
from tests.transfers import province, record, take
from vankho.accounts import add_account

ACTS = sorted({act for _before, act in STEPS} - {"decide", "refuse", "charge", "consent", "hand_over"})
ROLES = st.sampled_from(["owner", "reader", "clerk", "archivist", "head", "administrator", "system"])


class Desk(RuleBasedStateMachine):
    """A reader with several requests, and everybody who may or may not act on them."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []
        name = f"doc-gia-{new_identifier()[:8]}"  # of this run alone
        with writing() as session:
            add_account(session, name, "mat-khau-thu-2026", "reader", totp=False)
        with reading() as session:
            self.reader = session.scalars(select(Account).where(Account.name == name)).one()

    @precondition(lambda self: len(self.codes) < 4)
    @rule(code=st.sampled_from(["VB1", "VB1", "VB2"]), kind=st.sampled_from(["reading", "copy", "certified"]),
          who=st.sampled_from(["citizen", "citizen", "foreign"]))  # fmt: skip
    def ask(self, code: str, kind: str, who: str) -> None:
        self.codes.append(send(self.reader, code, kind=kind, requester=who))

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), act=st.sampled_from(ACTS), role=ROLES)
    def act(self, data: st.DataObject, act: str, role: str) -> None:
        code = data.draw(st.sampled_from(self.codes))
        before = self.state(code)
        try:
            after = step(code, act, role, "có lý do").state
        except RequestError:
            assert self.state(code) == before
            return
        taken = STEPS[(before, act)]  # type: ignore[index]
        assert (after, role in taken.by) == (taken.after, True)

    @precondition(lambda self: self.codes)
    @rule(data=st.data())
    def lead_on(self, data: st.DataObject) -> None:
        """A step that may be taken, by one who may take it: so that requests get far enough to be decided."""
        code = data.draw(st.sampled_from(self.codes))
        ways = [(act, sorted(one.by)[0]) for (state, act), one in STEPS.items() if state == self.state(code)]
        chosen = [one for one in ways if one[0] in {"take", "propose", "answer", "ask"}]
        if chosen:
            step(code, *data.draw(st.sampled_from(chosen)), "có lý do")
        elif self.state(code) == "approval":
            self.decided(code, "head", Answer(today_number() + 3, True, "Điều 37"))
        elif self.state(code) == "payment":
            assert pay(code).state == "resolved"

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), role=ROLES)
    def consent(self, data: st.DataObject, role: str) -> None:
        code = data.draw(st.sampled_from(self.codes))
        try:
            with writing() as session:
                chains.consent(session, found(session, code), role, role, "số 12")
        except RequestError:
            return
        assert role in {"archivist", "head"}

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), role=ROLES, days=st.integers(-1, 17), copying=st.booleans())
    def decide(self, data: st.DataObject, role: str, days: int, copying: bool) -> None:
        code = data.draw(st.sampled_from(self.codes))
        self.decided(code, role, Answer(today_number() + days if days < 17 else 0, copying, "Điều 37"))

    def decided(self, code: str, role: str, said: Answer) -> None:
        before = self.state(code)
        with reading() as session:
            asked = select(RequestItem.record_id).join(ReadingRequest).where(ReadingRequest.code == code)
            named = set(session.scalars(asked))
            owed = chains.missing_consent(session, found(session, code))
        told: dict[str, Any] = {one: said for one in ("VB1", "VB2") if record(one).id in named}
        try:
            after = answer(code, role, **told).state
        except RequestError:
            assert self.state(code) == before
            return
        assert (role, before, owed) == ("head", "approval", None)
        assert after in {"resolved", "refused", "payment"}

    @precondition(lambda self: self.codes)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.codes))
        if self.state(code) == "payment":
            assert pay(code).state == "resolved"
            return
        with pytest.raises(RequestError), writing() as session:
            settle(session, found(session, code))

    @invariant()
    def money_is_owed_for_what_waits_for_it_only(self) -> None:
        with reading() as session:
            asked = select(ReadingRequest.state, Bill.state).join(Bill, Bill.request_id == ReadingRequest.id)
            for request, bill in session.execute(asked.where(ReadingRequest.account_id == self.reader.id)):
                assert (request == "payment") == (bill == "due"), (request, bill)

    def own(self) -> Select[ReadingRequest]:
        return select(ReadingRequest).where(ReadingRequest.account_id == self.reader.id)

    def state(self, code: str) -> str:
        with reading() as session:
            return found(session, code).state

    @invariant()
    def every_step_was_one_of_the_machine(self) -> None:
        with reading() as session:
            for request in session.scalars(self.own()):
                rows = select(RequestEvent).where(RequestEvent.request_id == request.id).order_by(RequestEvent.id)
                steps = [(one.before, one.after) for one in session.scalars(rows)]
                assert set(steps) <= PAIRS
                assert [after for _, after in steps[:-1]] == [before for before, _ in steps[1:]]
                assert steps[-1][1] == request.state

    @invariant()
    def every_term_is_counted(self) -> None:
        with reading() as session:
            for one in session.scalars(self.own()):
                assert (one.paused_on is not None) == (one.state in WAITS_FOR_READER) or one.state not in OPEN
                assert (one.ended_at is None) == (one.state in OPEN)
                assert one.due_on >= today_number()

    @invariant()
    def no_right_without_a_grant(self) -> None:
        day = today_number()
        with reading() as session:
            given = select(RequestItem.grant_id).join(ReadingRequest).where(
                RequestItem.grant_id.is_not(None), RequestItem.answer == "granted",
                ReadingRequest.state.in_(("resolved", "returned")), ReadingRequest.account_id == self.reader.id,
            )  # fmt: skip
            promised = set(session.scalars(given))
            grants = set(session.scalars(select(Grant.id).where(Grant.account_id == self.reader.id)))
        assert grants == promised
        assert may(viewer_of(self.reader, day), "read", record("VB1"), day) == bool(grants)


def test_random_actors_keep_the_rules(home: Path, tmp_path: Path) -> None:
    take(province(tmp_path / "goi").write())
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=16, stateful_step_count=60, deadline=None, derandomize=True, database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
    with reading() as session:
        reached = set(session.scalars(select(RequestEvent.after)))
        granted = session.scalars(select(Grant.id)).all()
    assert reached >= {"received", "processing", "approval", "resolved"}
    assert granted, "none of the runs came to a decision that grants something"
