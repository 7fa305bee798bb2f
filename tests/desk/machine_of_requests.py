"""Random actors take random steps while days, nights and holidays pass and the clock is set back: no illegal state, no
term that is never counted, no right without a grant or beyond its pages and days, no money that is not accounted for.

What ought to be is kept beside it, by rules of this file's own: working days from a list of dates, terms as numbers."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Select, func, select, update

from archive.access import may, may_copy_pages, may_page
from archive.accounts import viewer_of
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.fees import Bill, Payment
from archive.catalogue.people import Account, Grant
from archive.catalogue.requests import ReadingRequest, RequestEvent, RequestItem
from archive.clock import VIET_NAM
from archive.database import reading, writing
from archive.identifiers import new_identifier
from archive.settings import settings as configuration
from desk import chains, queueing
from desk.consenting import consent
from desk.decision import Answer, settle
from desk.fees.owing import owed_back
from desk.finishing import finish_all, give_up
from desk.revoking import can_be_revoked, revoke
from desk.states import DECIDER, OPEN, PAIRS, STEPS, WAITS_FOR_READER
from desk.steps import RequestError
from desk.watching import watch_requests
from tests.desk.counted_by_hand import Promise, after, worked
from tests.desk.requests_of_tests import answer, found, pay, send, step
from tests.transfers import record
from vankho.accounts import add_account

#: Those that are taken with what belongs to them only: decisions, money, what ends the making of a result.
HOMES = {"decide", "refuse", "charge", "consent", "hand_over", "pay", "commission", "finish", "give_up", "revoke"}
ACTS = sorted({act for _before, act in STEPS} - HOMES)
ROLES = st.sampled_from(["owner", "reader", "clerk", "archivist", "head", "administrator", "system"])
PAGES = {"": {1, 2, 3}, "1": {1}, "2-3": {2, 3}, "9": set[int]()}  # of three
START = datetime(2026, 4, 23, 15, tzinfo=VIET_NAM)  # a Thursday; days off come
LATEST = datetime(2026, 8, 1, tzinfo=VIET_NAM)  # before the days off of that month
TERMS = {"reading": 1, "copy": 2, "certified": 2}  # working days; of a conditional record:
CONDITIONAL = 7
WAITS = {"supplement": 30, "payment": 10}  # days, working days
patch = pytest.MonkeyPatch()


class Desk(RuleBasedStateMachine):
    """A reader with several requests, and everybody who may or may not act on them."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []
        self.due: dict[str, date] = {}
        self.paused: dict[str, date] = {}
        self.left: dict[str, int] = {}
        self.promises: list[Promise] = []
        self.taken_back: set[str] = set()
        self.moment = START
        self.clock(START)
        name = f"doc-gia-{new_identifier()[:8]}"  # of this run alone
        with writing() as session:
            add_account(session, name, "mat-khau-thu-2026", "reader", totp=False)
        with reading() as session:
            self.reader = session.scalars(select(Account).where(Account.name == name)).one()

    def clock(self, moment: datetime) -> None:
        self.moment = max(START - timedelta(days=60), min(moment, LATEST))
        patch.setenv("VANKHO_NOW", self.moment.isoformat())
        configuration.cache_clear()

    @property
    def today(self) -> date:
        return self.moment.date()

    @rule(hours=st.sampled_from([1, 9, 15, 24, 24, 3 * 24, 16 * 24]))
    def time_passes(self, hours: int) -> None:
        self.clock(self.moment + timedelta(hours=hours))

    @rule(hours=st.sampled_from([1, 25, 12 * 24]))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.clock(self.moment - timedelta(hours=hours))

    @rule()
    def the_job_of_the_day_runs(self) -> None:
        before = {code: self.state(code) for code in self.codes}
        waits = [code for code in self.codes if before[code] in WAITS and self._waited_too_long(code, before[code])]
        watch_requests()
        for code in self.codes:
            assert self.state(code) == ("withdrawn" if code in waits else before[code])
            self.moved(code, before[code])

    def _waited_too_long(self, code: str, state: str) -> bool:
        since, last = self.paused[code], [one.until for one in self.promises if one.code == code]
        if state == "supplement":
            return (self.today - since).days > WAITS[state]
        return worked(since, self.today) > WAITS[state] or any(self.today > one for one in last)

    def moved(self, code: str, before: str) -> None:
        """Keeps in mind what a step does to the term and to what was promised."""
        state = self.state(code)
        if state == before:
            return
        if before in WAITS_FOR_READER:
            self.due[code] = after(self.today, self.left[code])
            del self.paused[code]
        if state in WAITS_FOR_READER:
            self.paused[code], self.left[code] = self.today, worked(self.today, self.due[code])
        for one in self.promises:
            if one.code == code and state in ("resolved", "making") and before != "making":
                one.since = self.today

    @precondition(lambda self: len(self.codes) < 4)
    @rule(code=st.sampled_from(["VB1", "VB1", "VB2"]), kind=st.sampled_from(["reading", "copy", "certified"]),
          who=st.sampled_from(["citizen", "citizen", "foreign"]))  # fmt: skip
    def ask(self, code: str, kind: str, who: str) -> None:
        # Purposes differ: what is filled in again while it is open is no second request
        made = send(self.reader, code, kind=kind, requester=who, purpose=f"lần {len(self.codes)}")
        self.codes.append(made)
        self.due[made] = after(self.today, CONDITIONAL if code == "VB1" else TERMS[kind])

    @precondition(lambda self: "making" in map(self.state, self.codes))
    @rule(made=st.booleans())
    def results_are_looked_at(self, made: bool) -> None:
        """A request goes on when its copies are made, and not before."""
        code = next(one for one in self.codes if self.state(one) == "making")
        if made:
            with writing() as session:
                of = IssuedCopy.request_id == found(session, code).id
                session.execute(update(IssuedCopy).where(of).values(state="made"))
        finish_all()
        assert self.state(code) == ("resolved" if made else "making")
        self.moved(code, "making")

    @precondition(lambda self: "making" in map(self.state, self.codes))
    @rule(role=ROLES)
    def what_cannot_be_made_is_given_up(self, role: str) -> None:
        code = next(one for one in self.codes if self.state(one) == "making")
        try:
            with writing() as session:
                give_up(session, found(session, code), role, role, "không làm được")
        except RequestError:
            assert role != "head"
            return
        assert (role, self.state(code)) == ("head", "refused")
        for one in self.promises:
            if one.code == code:
                one.since = None
        self.moved(code, "making")

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
        self.moved(code, before)
        taken = STEPS[(before, act)]  # type: ignore[index]
        assert (after, role in taken.by or (role, DECIDER in taken.by) == ("head", True)) == (taken.after, True)

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), times=st.integers(1, 4))
    def lead_on(self, data: st.DataObject, times: int) -> None:
        """Steps that may be taken, by who may take them: so that requests get far enough to be decided."""
        code = data.draw(st.sampled_from(self.codes))
        for _ in range(times):
            self.one_step_on(data, code)

    def one_step_on(self, data: st.DataObject, code: str) -> None:
        ways = [(act, sorted(one.by)[0]) for (state, act), one in STEPS.items() if state == self.state(code)]
        chosen = [one for one in ways if one[0] in {"take", "propose", "answer", "ask"}]
        if chosen:
            before = self.state(code)
            step(code, *data.draw(st.sampled_from(chosen)), "có lý do")
            self.moved(code, before)
        elif self.state(code) == "approval":
            pages = data.draw(st.sampled_from(["", "1", "2-3"]))
            days = data.draw(st.sampled_from([0, 3, 15, None]))
            no = Answer(0, ground="Điều 25")
            self.decided(code, "head", no if days is None else self.said(days, pages, data.draw(st.booleans())))
        elif self.state(code) == "payment":
            self.paid(code)

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), role=ROLES)
    def consent(self, data: st.DataObject, role: str) -> None:
        code = data.draw(st.sampled_from(self.codes))
        try:
            with writing() as session:
                consent(session, found(session, code), role, role, "số 12")
        except RequestError:
            return
        assert role in {"archivist", "head"}

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), role=ROLES, days=st.integers(-1, 17), copying=st.booleans(), pages=st.sampled_from([*PAGES]))
    def decide(self, data: st.DataObject, role: str, days: int, copying: bool, pages: str) -> None:
        code = data.draw(st.sampled_from(self.codes))
        self.decided(code, role, self.said(days, pages, copying) if days < 17 else Answer(0, ground="Điều 25"))

    def said(self, days: int, pages: str, copying: bool = True) -> Answer:
        return Answer(self.today.toordinal() + days, copying, "Điều 37", pages)

    def decided(self, code: str, role: str, said: Answer) -> None:
        before = self.state(code)
        with reading() as session:
            asked = select(RequestItem.record_id).join(ReadingRequest).where(ReadingRequest.code == code)
            named = set(session.scalars(asked))
            owed, kind = chains.missing_consent(session, found(session, code)), found(session, code).kind
        told: dict[str, Any] = {one: said for one in ("VB1", "VB2") if record(one).id in named}
        try:
            end = answer(code, role, **told).state
        except RequestError:
            assert self.state(code) == before
            return
        assert (role, before, owed) == ("head", "approval", None)
        assert end in ({"resolved", "making", "payment"} if said.until else {"refused"})
        assert PAGES[said.pages], "a page that is not there"
        if said.until and record("VB1").id in named:
            copying, until = said.copying and kind != "reading", date.fromordinal(said.until)
            assert self.today <= until <= self.today + timedelta(days=15)
            self.promises.append(Promise(code, PAGES[said.pages], copying, until))
        self.moved(code, before)

    @precondition(lambda self: self.codes)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(self.codes))
        if self.state(code) == "payment":
            self.paid(code)
            return
        with pytest.raises(RequestError), writing() as session:
            settle(session, found(session, code))

    @precondition(lambda self: "payment" in map(self.state, self.codes))
    @rule(data=st.data(), days=st.sampled_from([1, 5, 16]))
    def pay_after_days(self, data: st.DataObject, days: int) -> None:
        self.clock(self.moment + timedelta(days=days))
        self.paid(data.draw(st.sampled_from([one for one in self.codes if self.state(one) == "payment"])))

    def paid(self, code: str) -> None:
        """Money that comes when the days are over gives nothing and goes back."""
        late = any(one.until < self.today for one in self.promises if one.code == code)
        ordered = pay(code)
        assert ordered.state in ({"withdrawn"} if late else {"resolved", "making"})
        self.moved(code, "payment")

    @invariant()
    def money_in_is_money_accounted_for(self) -> None:
        own = select(ReadingRequest.id).where(ReadingRequest.account_id == self.reader.id)
        with reading() as session:
            came = select(func.sum(Payment.amount)).join(Bill, Bill.id == Payment.bill_id)
            money = session.scalar(came.where(Bill.request_id.in_(own))) or 0
            served = select(func.sum(Bill.total)).join(ReadingRequest, ReadingRequest.id == Bill.request_id)
            done = ReadingRequest.state.in_(("making", "resolved", "returned"))
            earned = session.scalar(served.where(Bill.request_id.in_(own), done)) or 0
            mine = set(session.scalars(own))
            back = sum(amount for bill, amount, _ in owed_back(session, 10_000) if bill.request_id in mine)
        assert int(money) == int(earned) + back

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
                assert date.fromordinal(one.due_on) == self.due[one.code]
            today, mine = self.today.toordinal(), ReadingRequest.account_id == self.reader.id
            late = queueing.waiting(session, "overdue", "lan", today, sieved=[mine])
            running = {code for code in self.codes if found(session, code).state in OPEN and code not in self.paused}
        assert {one.code for one in late} == {code for code in running if self.due[code] < self.today}

    @precondition(lambda self: {"resolved", "returned"} & set(map(self.state, self.codes)))
    @rule(role=ROLES)
    def what_was_granted_is_taken_back(self, role: str) -> None:
        code = next(one for one in self.codes if self.state(one) in {"resolved", "returned"})
        before = self.state(code)
        try:
            with writing() as session:
                revoke(session, found(session, code), role, role, "dùng sai mục đích")
        except RequestError:
            with reading() as session:
                assert role != "head" or not can_be_revoked(session, found(session, code))
            return
        assert (role, self.state(code)) == ("head", before)
        for one in self.promises:
            if one.code == code:
                one.since = None
        self.taken_back.add(code)

    @invariant()
    def no_right_without_a_grant(self) -> None:
        day = self.today.toordinal()
        with reading() as session:
            given = select(RequestItem.grant_id).join(ReadingRequest).where(
                RequestItem.grant_id.is_not(None), RequestItem.answer == "granted",
                ReadingRequest.state.in_(("making", "resolved", "returned")),
                ReadingRequest.account_id == self.reader.id, ReadingRequest.code.not_in(self.taken_back),
            )  # fmt: skip
            promised = set(session.scalars(given))
            running = (Grant.account_id == self.reader.id, Grant.revoked.is_(None))
            grants = set(session.scalars(select(Grant.id).where(*running)))
        assert grants == promised
        own = record("VB1")
        for shown in (self.today, self.today + timedelta(days=1), self.today + timedelta(days=16)):
            day, reads, copies = shown.toordinal(), set[int](), set[int]()
            who, whole = viewer_of(self.reader, day), False
            for one in self.promises:
                if one.since is not None and one.since <= shown <= one.until:
                    reads |= one.pages
                    copies |= one.pages if one.copying else set()
                    whole = whole or one.pages == PAGES[""]
            assert may(who, "read", own, day) == whole
            assert {n for n in (1, 2, 3) if may_page(who, own, n, day)} == reads
            assert {n for n in (1, 2, 3) if may_copy_pages(who, own, f"{n}", day)} == copies
