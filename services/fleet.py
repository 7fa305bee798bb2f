"""All four together: side by side, one command at a time."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from services.opensearch import OpenSearch
from services.places import Place
from services.postgres import Postgres
from services.redis import Redis
from services.service import Service, State
from services.tika import Tika
from services.trouble import ServiceError

T = TypeVar("T")

KINDS: dict[str, type[Service]] = {kind.name: kind for kind in (OpenSearch, Postgres, Redis, Tika)}


def choose(place: Place, names: Sequence[str] = ()) -> list[Service]:
    """The services of these names, every one without names.  ServiceError for a name that is none."""
    for name in names:
        if name not in KINDS:
            raise ServiceError(f"Không có dịch vụ {name} (no such service); có (there are): {', '.join(KINDS)}")
    return [kind(place) for name, kind in KINDS.items() if not names or name in names]


def start(place: Place, names: Sequence[str] = ()) -> list[State]:
    """Starts what does not run, side by side; a service that did not come up says so in ``trouble``."""
    chosen = choose(place, names)
    place.prepare()
    with alone(place):
        return _each(chosen, _start_one)


def stop(place: Place, names: Sequence[str] = ()) -> list[str]:
    """Ends exactly what we started; the names of what ran."""
    return _told(place, names, lambda service: service.stop())


def tell(place: Place, names: Sequence[str], what: Callable[[Service], bool]) -> list[str]:
    """Kills, halts or goes on with services; the names of those that ran."""
    return _told(place, names, what)


def status(place: Place, names: Sequence[str] = ()) -> list[State]:
    """What is there now; changes nothing."""
    return _each(choose(place, names), _ask_one)


def _told(place: Place, names: Sequence[str], what: Callable[[Service], bool]) -> list[str]:
    chosen = choose(place, names)
    if not place.own.exists():
        return []
    with alone(place):
        done = _each(chosen, what)
    return [service.name for service, ran in zip(chosen, done, strict=True) if ran]


def _each(chosen: Sequence[Service], what: Callable[[Service], T]) -> list[T]:
    with ThreadPoolExecutor(max_workers=len(KINDS)) as pool:
        return list(pool.map(what, chosen))


def _start_one(service: Service) -> State:
    try:
        return service.start()
    except ServiceError as error:
        return State(name=service.name, address=service.address, trouble=str(error))


def _ask_one(service: Service) -> State:
    try:
        return service.state()
    except ServiceError as error:
        return State(name=service.name, address=service.address, trouble=str(error))


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """One command at a time at a place: two that start the same service would both think it theirs."""
    with (place.own / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
