"""Copies in the full profile: Celery workers on a real Redis make them, each once, though one dies while it signs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import AuditEvent
from archive.clock import now
from archive.database import reading, writing
from desk.copies.ordering import copy_path
from desk.copies.verifying import check_file
from tests.desk.signing_house import PASSWORD, House, signing_house
from tests.desk.test_copies import found, ordered, request_id
from tests.faults.installation import Installation
from tests.faults.test_redis import client, redis, wait_for

__all__ = ["client", "redis", "request_id"]

pytestmark = [pytest.mark.faults, pytest.mark.both_databases]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request_id: int) -> Iterator[House]:
    """What the copies are signed with, here and in the workers."""
    from archive.settings import settings

    with signing_house(tmp_path / "ca") as made:
        monkeypatch.setenv("VANKHO_SIGNATURE_ROOTS", str(made.roots))
        settings.cache_clear()
        yield made


@pytest.fixture
def place(home: Path, redis: Any, house: House) -> Iterator[Installation]:
    installation = Installation(
        home, redis_url=redis.url, database_url=os.environ.get("VANKHO_DATABASE_URL", ""),
        sign_pkcs12=str(house.keyfile()), sign_password=PASSWORD, tsa_url=f"{house.url}/tsa",
        signature_roots=str(house.roots),
    )  # fmt: skip
    yield installation
    installation.close()


def made() -> bool:
    with reading() as session:
        return set(session.scalars(select(IssuedCopy.state))) == {"made"}


def acts() -> list[str]:
    """The codes of the copies that were made, one for each time."""
    with reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "copy-made")).all()
        return sorted(str(one.detail["copy"]) for one in events)


def assert_each_once(request_id: int) -> None:
    copies = found(request_id)
    assert acts() == sorted(one.code for one in copies)
    for copy in copies:
        with reading() as session, copy_path(copy.code).open("rb") as file:
            told = check_file(session, file)
        assert (told.finding, [one.verdict for one in told.signatures]) == ("whole", ["extended"])
    assert {p.name for p in copy_path(copies[0].code).parent.iterdir()} == {f"{one.code}.pdf" for one in copies}


@pytest.mark.parametrize("whom", ["child", "worker"])
def test_a_worker_that_dies_while_it_signs_is_replaced_and_nothing_is_made_twice(
    whom: str, place: Installation, house: House, request_id: int, client: Any
) -> None:
    house.open.clear()
    ordered(request_id, "certified")
    first = place.start("worker")
    wait_for(house.waiting.is_set, place)  # it is in the middle of a signature
    with reading() as session:
        assert session.scalar(select(func.max(IssuedCopy.attempts))) == 1
    assert not made()
    place.lose_worker(first, whom)
    house.waiting.clear()
    with writing() as session:  # its pause is over
        session.execute(update(IssuedCopy).values(next_at=now()))
    wait_for(house.waiting.is_set, place)
    house.open.set()
    wait_for(made, place)
    assert_each_once(request_id)


def test_two_workers_make_each_copy_once_and_an_emptied_redis_is_no_loss(
    place: Installation, house: House, request_id: int, client: Any
) -> None:
    workers = [place.start("worker") for _ in range(2)]
    wait_for(lambda: client.info("clients")["connected_clients"] > 2, place)
    client.flushall()
    ordered(request_id, "certified")
    wait_for(made, place)
    assert_each_once(request_id)
    assert [one.poll() for one in workers] == [None, None]
    assert [one.attempts for one in found(request_id)] == [1, 1], "nobody began what another was making"
