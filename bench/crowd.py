"""A thousand readers who have signed in send a form at once, each twice at the same moment, over HTTP: real server
processes, real sessions, real forms.

``python -m bench.crowd [--readers 1000] [--threads 64] [--workers 2] [--json]`` makes a small archive in a
temporary home and serves it; with ``VANKHO_DATABASE_URL`` (an empty PostgreSQL database) the catalogue lies there.
What bench.desk measures at the desk's functions is measured here as readers have it.
"""

import argparse
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

PASSWORD = "một câu đủ dài để đo 2026"  # noqa: S105
Item = TypeVar("Item")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NUMBER = re.compile(r'name="lan-gui" value="([^"]+)"')


class Reader:
    """A browser of one reader: his cookies, and no more than the forms that he is shown."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.name = port, name
        self.cookies: dict[str, str] = {}
        self.form: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads to, page; on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urllib.parse.urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for told in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, value = told.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def prepare(self, record: str) -> None:
        """Signs in, puts the record on the list and opens the form."""
        token = TOKEN.search(self.ask("GET", "/dang-nhap")[2])
        assert token
        status = self.ask("POST", "/dang-nhap", {"csrf_token": token[1], "ten": self.name, "mat_khau": PASSWORD})[0]
        assert status == 303, (self.name, status)
        self.ask("POST", "/gio", {"csrf_token": self._token(), "them": record})
        page = self.ask("GET", "/gio")[2]
        number, token = NUMBER.search(page), TOKEN.search(page)
        assert number
        assert token
        self.form = {
            "csrf_token": token[1], "lan-gui": number[1], "hinh-thuc": "reading", "muc-dich": "đo", "tai-lieu": record,
            "nguoi": "citizen",
        }  # fmt: skip

    def _token(self) -> str:
        found = TOKEN.search(self.ask("GET", "/gio")[2])
        assert found
        return found[1]


def measure(readers: list[Reader], threads: int) -> dict[str, object]:
    """Sends every form twice at the same moment; seconds, answers."""
    told: Counter[str] = Counter()
    places: dict[str, set[str]] = {one.name: set() for one in readers}
    lock = threading.Lock()

    def send(one: Reader) -> float:
        began = time.perf_counter()
        status, place, _page = one.ask("POST", "/yeu-cau", one.form)
        took = time.perf_counter() - began
        with lock:
            told[str(status)] += 1
            places[one.name].add(place.partition("?")[0])
        return took

    times, seconds = run(send, [one for one in readers for _click in (1, 2)], threads)
    ordered = sorted(times)
    return {
        "sendings": len(times), "answers": dict(told),
        "readers shown two requests": sum(len(one) > 1 for one in places.values()),
        "sendings a second": round(len(times) / seconds, 1),
        "ms median, 95th": [round(1000 * ordered[int(part * (len(ordered) - 1))], 1) for part in (0.5, 0.95)],
    }  # fmt: skip


def run(work: Callable[[Item], float], items: Iterable[Item], threads: int) -> tuple[list[float], float]:
    """What each took, and all together; in seconds."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        times = list(pool.map(work, items))
    return times, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", dest="as_json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"VANKHO_HOME": home, "VANKHO_WORKERS": str(asked.workers)}
        record, names = furnish(Path(home), asked.readers)
        port = free_port()
        served = subprocess.Popen([sys.executable, "-m", "vankho", "serve", "--port", str(port)])
        try:
            wait(port)
            readers = [Reader(port, name) for name in names]
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda one: one.prepare(record), readers))
            told = {
                "readers": len(readers),
                "threads": asked.threads,
                **measure(readers, asked.threads),
                **count(names),
            }
        finally:
            served.terminate()
            served.wait(60)
    print(json.dumps(told, ensure_ascii=False) if asked.as_json else "\n".join(f"{k}: {v}" for k, v in told.items()))


def furnish(home: Path, readers: int) -> tuple[str, list[str]]:
    """The archive and its readers; a record to ask for, their names."""
    from sqlalchemy import select, update

    from archive.accounts import hash_password
    from archive.catalogue.people import Account
    from archive.catalogue.records import Record
    from archive.database import forget_engines, reading, writing
    from archive.identity.administration import add_account
    from bench.package import make_package
    from indexer.intake.taking import take_package
    from vankho.wiring import prepare_catalogue

    prepare_catalogue()
    take_package(make_package(home / "goi", 100))
    names = [f"doc{n}" for n in range(readers)]
    for part in range(0, readers, 100):
        with writing() as session:
            for name in names[part : part + 100]:
                add_account(session, name, "reader", "", "bench")
    with writing() as session:
        session.execute(update(Account).where(Account.name.in_(names)).values(password_hash=hash_password(PASSWORD)))
    with reading() as session:
        record = session.scalars(select(Record.public_id).where(Record.level == "document").limit(1)).one()
    forget_engines()
    return record, names


def count(names: list[str]) -> dict[str, int]:
    """What lies in the catalogue afterwards: a lost one must not hide a doubled one."""
    from sqlalchemy import select

    from archive.catalogue.people import Account
    from archive.catalogue.requests import ReadingRequest
    from archive.database import reading

    rows = select(Account.name).join(ReadingRequest, ReadingRequest.account_id == Account.id)
    with reading() as session:
        each = Counter(session.scalars(rows))
    return {
        "requests": sum(each.values()), "lost": sum(not each[name] for name in names),
        "sent twice": sum(n > 1 for n in each.values()),
    }  # fmt: skip


def free_port() -> int:
    """A port that nobody holds."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait(port: int) -> None:
    """Until the portal answers."""
    for _ in range(600):
        try:
            Reader(port, "").ask("GET", "/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the portal does not answer")


if __name__ == "__main__":
    main()
