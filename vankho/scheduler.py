"""``vankho scheduler``: Celery's beat, whose every look wakes a worker if none waits to be woken.

Nothing is written down: what is due by intervals needs no memory, and Celery would keep it as a pickle.
"""

import logging
from typing import Any

from celery import signals
from celery.apps.beat import Beat
from celery.beat import ScheduleEntry, Scheduler

from archive.locks import held
from vankho.address import BrokerError
from vankho.broker import LOOK_SECONDS, make_app
from vankho.liveness import end_life, show_life
from vankho.tasks import keep_logging
from vankho.waking import TASK, wake
from vankho.worker import die_with_parent

SCHEDULE = {"look at the outbox": {"task": TASK, "schedule": LOOK_SECONDS}}


class Looks(Scheduler):  # type: ignore[misc]
    """A scheduler whose wakes never pile up while no worker takes them."""

    def tick(self, *arguments: Any, **named: Any) -> float:
        """Sends what is due; seconds until the next."""
        show_life("scheduler")
        return float(super().tick(*arguments, **named))

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Wakes for the drain; anything else is sent as it stands."""
        if entry.task == TASK:
            wake()
        else:
            super().apply_entry(entry, producer)


def run_scheduler(parent: int = 0) -> None:
    """Runs until told to stop or its parent is gone; BrokerError if another runs on this catalogue."""
    die_with_parent(parent)
    with held("scheduler") as mine:
        if not mine:
            raise BrokerError("Một tiến trình hẹn giờ (vankho scheduler) khác đang chạy trên kho này.")
        app = make_app()
        app.conf.beat_schedule = SCHEDULE
        signals.setup_logging.connect(keep_logging)
        logging.getLogger("celery").setLevel(logging.WARNING)
        wake()
        try:
            Beat(app=app, scheduler_cls=Looks, max_interval=LOOK_SECONDS, quiet=True, redirect_stdouts=False).run()
        finally:
            end_life("scheduler")
