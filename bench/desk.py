"""A thousand readers ask at once, and officers act at once: what comes through, how fast, what is lost or doubled.

``python -m bench.desk [--readers 1000] [--threads 64] [--json]`` makes a small archive in a temporary home; with
``VANKHO_DATABASE_URL`` (an empty PostgreSQL database) the catalogue lies there.  Every request is sent twice, as by a
doubled click; every one is taken up by two officers at the same moment.
"""

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from bench.crowd import run


def measure(readers: int, threads: int) -> dict[str, object]:
    """Seconds and counts; see the module."""
    from archive.accounts import viewer_of
    from archive.catalogue.people import Account
    from archive.catalogue.records import Record
    from archive.catalogue.requests import ReadingRequest, RequestEvent
    from archive.clock import today_number
    from archive.database import reading, writing
    from archive.identifiers import new_identifier
    from desk.requests import Wish, submit
    from desk.steps import RequestError, take_step

    with reading() as session:
        record = session.scalars(select(Record.public_id).where(Record.level == "document").limit(1)).one()
        accounts = list(session.scalars(select(Account).where(Account.role == "reader").order_by(Account.id)))
    viewers = {one.id: viewer_of(one, today_number()) for one in accounts}
    told: Counter[str] = Counter()

    def send(work: tuple[int, str]) -> float:
        account, form = work
        began = time.perf_counter()
        for _ in range(5):
            try:
                with writing() as session:
                    submit(session, viewers[account], account, Wish("reading", "đo", [record], submission=form))
                break
            except IntegrityError:  # the other click was first: it is there now
                told["second click met the first"] += 1
        return time.perf_counter() - began

    forms = [(one.id, new_identifier()) for one in accounts]
    sent, seconds = run(send, [form for form in forms for _click in (1, 2)], threads)

    with reading() as session:
        ids = list(session.scalars(select(ReadingRequest.id)))
        each = Counter(session.scalars(select(ReadingRequest.account_id)))  # one lost must not hide one doubled

    def take(work: tuple[int, str]) -> float:
        began = time.perf_counter()
        try:
            with writing() as session:
                take_step(session, session.get_one(ReadingRequest, work[0]), "take", "archivist", work[1])
            told["taken up"] += 1
        except (RequestError, StaleDataError):
            told["told that another was quicker"] += 1
        return time.perf_counter() - began

    taken, taking = run(take, [(one, name) for one in ids for name in ("an", "binh")], threads)
    with reading() as session:
        steps = select(RequestEvent.request_id).where(RequestEvent.after == "processing")
        doubled = session.execute(steps.group_by(RequestEvent.request_id).having(func.count() > 1)).all()
    return {
        "readers": readers, "threads": threads, "requests": len(ids), "lost": sum(not each[one.id] for one in accounts),
        "sent twice": sum(count > 1 for count in each.values()), "taken twice": len(doubled), "conflicts": dict(told),
        "sent a second": round(len(sent) / seconds, 1), "send ms": _ms(sent),
        "steps a second": round(len(taken) / taking, 1), "step ms": _ms(taken),
    }  # fmt: skip


def _ms(times: list[float]) -> list[float]:
    ordered = sorted(times)
    return [round(1000 * ordered[int(part * (len(ordered) - 1))], 1) for part in (0.5, 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--json", action="store_true", dest="as_json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["VANKHO_HOME"] = home
        from archive.database import writing
        from archive.identity.administration import add_account
        from bench.package import make_package
        from indexer.intake.taking import take_package
        from vankho.wiring import prepare_catalogue

        prepare_catalogue()
        take_package(make_package(Path(home) / "goi", 100))
        for part in range(0, asked.readers, 100):
            with writing() as session:
                for n in range(part, min(part + 100, asked.readers)):
                    add_account(session, f"doc{n}", "reader", "", "bench")
        told = measure(asked.readers, asked.threads)
    print(json.dumps(told, ensure_ascii=False) if asked.as_json else "\n".join(f"{k}: {v}" for k, v in told.items()))


if __name__ == "__main__":
    main()
