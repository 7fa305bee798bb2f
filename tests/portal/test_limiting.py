"""Rate limits: a flood stops, a crowd behind one address does not, and a Redis that is down stops nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute
from sqlalchemy import func, select

from archive.catalogue.people import Account, AuditEvent
from archive.database import reading
from archive.settings import settings
from portal import auditing, limiting
from portal.application import create_app
from portal.house import House
from portal.limiting import ASK, TAKE, Limits, network
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import SECRET, enter
from tests.redis_server import RedisServer, redis_or_skip

CROWD = "203.0.113.9"


@pytest.fixture
def behind_proxy(small: Small, app: Flask) -> Flask:
    """The application as production runs it: one reverse proxy tells the address."""
    old: House = app.extensions["vankho"]
    chosen = old.settings.model_copy(update={"proxies": 1})
    return create_app(gateway=old.gateway, storage=old.storage, settings=chosen)


def ask(client: FlaskClient, path: str = "/tro-giup", address: str = CROWD, **headers: str):  # type: ignore[no-untyped-def]
    return client.get(path, headers={"X-Forwarded-For": address} | headers)


def test_the_bound_of_an_address_is_that_of_a_crowd() -> None:
    """Two hundred people behind one address, a page and its images every eight seconds each; and fifty a second."""
    assert ASK.amount >= 200 * 4 * 60 / 8
    assert ASK.amount >= 50 * 60
    assert (ASK.get_expiry(), TAKE.get_expiry()) == (60, 600)


def test_a_crowd_behind_one_address_is_served(behind_proxy: Flask) -> None:
    assert {ask(behind_proxy.test_client()).status_code for _ in range(600)} == {200}


def test_a_flood_stops_and_only_the_flood(behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "ASK", RateLimitItemPerMinute(5))
    client = behind_proxy.test_client()
    assert [ask(client).status_code for _ in range(7)] == [200] * 5 + [429] * 2
    page = ask(client)
    assert "Hỏi quá nhiều một lúc" in page.text
    assert 1 <= int(page.headers["Retry-After"]) <= 120
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    problem = ask(client, "/api/v1/search?q=a")
    assert (problem.status_code, problem.mimetype) == (429, "application/problem+json")
    assert problem.get_json()["detail_en"].startswith("Too much was asked")
    assert ask(client, address="203.0.113.10").status_code == 200
    assert ask(client, "/healthz").status_code == 200
    with ask(client, "/static/vankho.css") as sheet:
        assert sheet.status_code == 200


def test_who_signed_in_is_not_stopped_with_his_network(behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = behind_proxy.test_client()
    assert enter(client, "hoa").status_code == 303
    monkeypatch.setattr(limiting, "ASK", RateLimitItemPerMinute(5))
    for _ in range(6):
        ask(behind_proxy.test_client())
    assert ask(behind_proxy.test_client()).status_code == 429
    assert [ask(client).status_code for _ in range(6)] == [200] * 5 + [429]


def test_an_account_is_counted_as_one_wherever_it_signed_in(
    behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = [behind_proxy.test_client() for _ in range(2)]
    assert [enter(one, "hoa").status_code for one in devices] == [303, 303]
    counted: list[str] = []
    house: House = behind_proxy.extensions["vankho"]
    wait = house.limits.wait
    monkeypatch.setattr(Limits, "wait", lambda _self, limit, who: counted.append(who) or wait(limit, who))
    for one in devices:
        assert ask(one).status_code == 200
    with reading() as session:
        number = session.scalars(select(Account.id).where(Account.name == "hoa")).one()
    assert counted == [f"account:{number}"] * 2  # one counter, and nothing of a session's secret in it


def test_tokens_that_are_made_up_are_counted_by_their_network(
    behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "ASK", RateLimitItemPerMinute(5))
    client = behind_proxy.test_client()
    told = [ask(client, "/api/v1/search?q=a", Authorization=f"Bearer {n}").status_code for n in range(7)]
    assert told == [401] * 5 + [429] * 2


def test_a_header_before_the_proxys_own_is_not_believed(behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "ASK", RateLimitItemPerMinute(5))
    client = behind_proxy.test_client()
    told = [ask(client, address=f"198.51.100.{n}, {CROWD}").status_code for n in range(7)]
    assert told == [200] * 5 + [429] * 2


def test_whole_results_have_a_bound_of_their_own(behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "TAKE", RateLimitItemPerMinute(2))
    client = behind_proxy.test_client()
    assert [ask(client, "/tim-kiem/xuat.csv?q=giao").status_code for _ in range(3)] == [200, 200, 429]
    assert ask(client, "/tim-kiem?q=giao").status_code == 200


def test_this_machine_is_not_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "ASK", RateLimitItemPerMinute(5))
    assert {app.test_client().get("/tro-giup").status_code for _ in range(20)} == {200}


def test_refusals_of_a_flood_are_noted_in_one_line(behind_proxy: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "NOTE", RateLimitItemPerMinute(3))
    client = behind_proxy.test_client()
    for _ in range(8):
        assert ask(client, f"/van-ban/{'c' * 26}", address="203.0.113.77").status_code == 404
    with reading() as session:
        counted = select(AuditEvent.action, func.count()).where(
            AuditEvent.detail["address"].as_string() == "203.0.113.77"
        )
        rows = session.execute(counted.group_by(AuditEvent.action).order_by(AuditEvent.action)).all()
    assert [tuple(row) for row in rows] == [("refused", 3), ("refused-many", 1)]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
        ("la", "la"),
    ],
)
def test_networks(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    redis_or_skip()
    pytest.importorskip("redis")
    made = RedisServer(tmp_path / "redis")
    made.start()
    yield made
    made.kill()


def shared(redis: RedisServer, patch: pytest.MonkeyPatch) -> Limits:
    """The counters of another process on the same Redis, as wiring makes them."""
    from vankho.wiring import rate_limits

    patch.setenv("VANKHO_REDIS_URL", redis.url)
    settings.cache_clear()
    return rate_limits()


def test_processes_count_together_over_redis(home: Path, redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, five = shared(redis, monkeypatch), shared(redis, monkeypatch), RateLimitItemPerMinute(5)
    assert [limits.wait(five, "a") for limits in (one, other, one, other, one)] == [0] * 5
    assert one.wait(five, "a") > 0
    assert other.wait(five, "a") > 0
    assert other.wait(five, "b") == 0


def test_a_redis_that_is_down_or_silent_stops_nobody_and_opens_nothing(
    home: Path, redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    limits, five = shared(redis, monkeypatch), RateLimitItemPerMinute(5)
    assert limits.wait(five, "a") == 0
    redis.kill()
    assert [limits.wait(five, "a") > 0 for _ in range(7)] == [False] * 5 + [True] * 2
    assert caplog.text.count("tạm đếm riêng") == 1, "it is left alone for a while"
    assert SECRET not in caplog.text
    redis.start()
    redis.freeze()
    monkeypatch.setattr(limiting, "REST", 0.0)
    assert shared(redis, monkeypatch).wait(five, "b") == 0
