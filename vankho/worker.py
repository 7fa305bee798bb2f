"""The worker: drains the outbox whenever there is something, until it is told to stop or its parent is gone.

With Redis it waits for wakes (vankho.tasks), without it looks by itself; what it does then is the same.
"""

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import FrameType

from archive.clock import VIET_NAM, now, today_number
from archive.database import reading, writing
from archive.deciding import end_grants
from archive.outbox import end_of_log
from archive.sealing import seal
from archive.settings import settings
from archive.takedowns import erase_contacts
from archive.unfinished import end_unfinished
from desk.copies.making import expire
from desk.papers.keeping import sweep_evidence
from desk.retention.running import erase_due
from desk.saved_searches import end_of_catalogue, write_letters
from desk.watching import watch_requests
from indexer.drainer import INDICES, drain, draining
from indexer.lexicon import refresh_lexicon
from indexer.sweep import last_sweep, sweep_part
from search.engines.protocol import EngineError
from vankho.copies import start_copier
from vankho.liveness import end_life, show_life
from vankho.postman import start_postman
from vankho.receiving import start_receiver
from vankho.recognition import Recogniser
from vankho.wiring import prepare_catalogue, search_engine

PAUSE = 0.3  # seconds between looks
RESTS = (2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds without a try after so many failures in a row, the last one again and again."""
SWEEP_HOUR = 1  # in Viet Nam

log = logging.getLogger("vankho.worker")


class Attempts:
    """Drains what is there and seals the audit trail; trouble is logged and left for the next attempt."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._failures, self._rests_until = clock, 0, float("-inf")
        self._told = ""
        self._unsealable = ""
        self._unlooked = ""
        self._erased_on = self._kept_on = self._written_on = 0
        self._started = now()
        self._swept_since = datetime.min.replace(tzinfo=UTC)
        self._recogniser = Recogniser()

    def recognise(self) -> None:
        """Sees to it that a child reads the pages that wait; the index is not held up by it."""
        try:
            self._recogniser.look(os.getpid())
            self._unlooked = ""
        except Exception as error:
            if repr(error) != self._unlooked:
                log.exception("queue of recognition not looked at; it will be tried again")
            self._unlooked = repr(error)

    def end(self) -> None:
        """Ends what was started beside."""
        self._recogniser.end()

    def seal(self) -> None:
        """Seals what was noted since; one that fails leaves the events for the next attempt."""
        try:
            seal()
            self._unsealable = ""
        except Exception as error:
            if repr(error) != self._unsealable:
                log.exception("audit trail not sealed; it will be tried again")
            self._unsealable = repr(error)

    def drain(self, stop: Callable[[], bool]) -> int | None:
        """How many records were written: 0 if nothing is to do or another drains, None if it failed, or rests since.

        Ends between lots of messages when ``stop`` says so.
        """
        if self._clock() < self._rests_until:
            return None
        written = self._drain(stop)
        self._failures = self._failures + 1 if written is None else 0
        if self._failures:
            self._rests_until = self._clock() + RESTS[min(self._failures, len(RESTS)) - 1]
        return written

    def _drain(self, stop: Callable[[], bool]) -> int | None:
        try:
            self._erase_once_a_day()
            self._sweep_at_night()
            if not is_behind():
                self._write_once_a_day()
                return 0
            with draining() as mine:
                if not mine:
                    return 0
                written = drain(search_engine(), lambda *_: show_life("worker"), stop)
                refresh_lexicon()
                return written
        except EngineError as error:
            if str(error) != self._told:  # once, not every few seconds
                log.error("%s", error)
            self._told = str(error)
        except Exception:
            log.exception("drainer failed; it will try again")
        return None

    def _erase_once_a_day(self) -> None:
        """Contacts of requests about personal data go on their day; readers' requests that wait too long end, and
        officers hear of what is due; personal data goes by its rules.  An outage is made up for at the first look."""
        if (day := today_number()) != self._erased_on:
            with writing() as session:
                erase_contacts(session)
                end_grants(session)
            watch_requests()
            expire()
            sweep_evidence()
            self._erased_on = day
        if day != self._kept_on:
            self._kept_on = day  # a fault here must not keep the index from being written: it is told, once a day
            for what, act in (("retention", erase_due), ("deliveries never sent to their end", end_unfinished)):
                try:
                    if gone := act():
                        log.info("%s: %s", what, gone)
                except Exception:
                    log.exception("%s: not done; the next start or day tries again", what)

    def _write_once_a_day(self) -> None:
        """Letters about saved searches, once the index has everything: they tell of what it finds."""
        if (day := today_number()) == self._written_on or not settings().smtp_url.get_secret_value():
            return
        with reading() as session:
            upto = end_of_catalogue(session)
        if not is_behind():  # still, with all up to there
            with writing() as session:
                write_letters(session, upto)
            self._written_on = day

    def _sweep_at_night(self) -> None:
        """A part of the night's sweep, where it is due; one that an outage kept from the night is made up for."""
        begun = night_began()
        if self._swept_since >= begun:
            return
        with reading() as session:
            last = last_sweep(session)
        if last and last.ended_at and last.began_at >= begun:
            self._swept_since = begun
            return
        if last is None and self._started > begun:  # a new installation waits for its first night
            return
        with draining() as mine:
            if mine and sweep_part(search_engine()):
                self._swept_since = begun
                with reading() as session:
                    told = last_sweep(session)
                if told and told.missing + told.outdated + told.foreign:
                    log.warning("sweep: %d missing, %d outdated, %d foreign; repaired", told.missing, told.outdated,
                                told.foreign)  # fmt: skip


def night_began() -> datetime:
    """The last moment at which the night's sweep was due: SWEEP_HOUR of today or yesterday in Viet Nam."""
    here = now().astimezone(VIET_NAM)
    due = here.replace(hour=SWEEP_HOUR, minute=0, second=0, microsecond=0)
    return due if here >= due else due - timedelta(days=1)


def is_behind() -> bool:
    """Whether the outbox holds something that an index has not."""
    engine = search_engine()
    names = [engine.current(index) for index in INDICES]
    if not all(names):
        return True
    with reading() as session:
        return min(engine.position(name) for name in names) < end_of_log(session)


def die_with_parent(parent: int) -> None:
    """Asks Linux to kill this process when its parent ends, however it ends; elsewhere the loops below look."""
    if parent and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            raise SystemExit(0)


def work(parent: int = 0) -> int:
    """Runs until SIGTERM or SIGINT, or until the process ``parent`` (0: none) is no longer the parent.

    Returns how many records it wrote into the indices.
    """
    die_with_parent(parent)
    prepare_catalogue()
    if not settings().redis_url:
        start_receiver()
        start_copier()
        start_postman()  # with Redis it starts after the fork (vankho.tasks)
    try:
        if settings().redis_url:
            from vankho.tasks import run_worker

            return run_worker(parent)
        return _look_alone(parent)
    finally:
        end_life("worker")


def _look_alone(parent: int) -> int:
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    attempts, total = Attempts(), 0
    while not stopping and (not parent or os.getppid() == parent):
        show_life("worker")
        attempts.seal()
        attempts.recognise()
        written = attempts.drain(lambda: stopping)
        total += written or 0
        time.sleep(PAUSE)
    attempts.end()
    return total
