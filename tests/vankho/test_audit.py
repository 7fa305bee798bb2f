"""``vankho audit`` and the audit trail in ``vankho check``: what is found is said, with its place."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from archive.audit import record_event
from archive.database import writing
from archive.sealing import seal
from tests.faults.installation import Installation
from tests.redis_server import RedisServer, redis_or_skip
from tests.vankho.test_command import run  # noqa: F401  a fixture
from vankho.wiring import prepare_catalogue
from vankho.worker import Attempts

Run = Callable[..., tuple[int, dict[str, Any]]]


def cut_tail() -> None:
    with writing() as session:
        session.execute(text("DROP TRIGGER audit_event_stays"))
        session.execute(text("DELETE FROM audit_event WHERE place > 2"))
        session.execute(
            text("UPDATE audit_head SET place = 2, chain = (SELECT chain FROM audit_event WHERE place = 2)")
        )


def test_check_tells_the_trail_and_fails_on_a_break(run: Run, tmp_path: Path) -> None:  # noqa: F811
    assert run("check")[1]["audit_sealed"] == 0
    for name in ("lan", "minh", "hoa"):
        assert run("user", "add", name, "--role", "auditor", "--password-stdin", typed="mật-khẩu-dài")[0] == 0
    code, told = run("check")
    assert (told["audit_sealed"], told["audit_unsealed"], told["audit_broken"]) == (0, 3, [])
    code, told = run("audit", "head")
    assert (code, told["sealed"]) == (0, 3)
    written_down = told["head"]
    assert run("check", "--audit-head", written_down)[1]["audit_broken"] == []
    assert run("audit", "verify", "--audit-head", written_down)[0] == 0
    cut_tail()
    code, told = run("audit", "verify", "--audit-head", written_down)
    assert code == 1
    assert any("đã ghi đến mục 3, nay chỉ còn đến mục 2" in one for one in told["broken"])
    code, told = run("check")
    assert (code, told["ok"]) == (1, False)
    assert any("audit_event_stays" in one for one in told["audit_broken"])
    code, told = run("audit", "verify", "--audit-head", "3:xyz")
    assert code == 2
    assert "3:xyz" in told["error"]


def test_erasing_says_who_and_why(run: Run) -> None:  # noqa: F811
    run("user", "add", "lan", "--role", "auditor", "--password-stdin", typed="mật-khẩu-dài")
    with writing() as session:
        record_event(session, "hoa", "read", "x", ground="role:archivist")
    told = ["--by", "Mai", "--ground", "Luật 91/2025/QH15"]
    assert run("audit", "erase", *told)[0] == 2
    assert run("audit", "erase", *told, "--person", "khong-co")[0] == 2
    assert run("audit", "erase", *told, "--person", "hoa") == (0, {"erased": 1})
    code, told_of = run("audit", "verify")
    assert (code, told_of["sealed"], told_of["erased"]) == (0, 3, 1)


def test_the_worker_seals_and_goes_on_after_trouble(
    bare_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prepare_catalogue()
    with writing() as session:
        record_event(session, "lan", "read")
    attempts = Attempts()
    (bare_home / "audit.head").mkdir()  # the head cannot be written there
    attempts.seal()
    attempts.seal()
    assert caplog.text.count("audit trail not sealed") <= 1
    (bare_home / "audit.head").rmdir()
    with writing() as session:
        record_event(session, "lan", "read")
    attempts.seal()
    assert seal() == 0
    assert (bare_home / "audit.head").read_text().startswith("2:")


@pytest.fixture(params=["alone", "redis"])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A served portal with its worker: the one that looks by itself, and the Celery worker with its scheduler."""
    server, told = None, {}
    if request.param == "redis":
        redis_or_skip()
        pytest.importorskip("celery")
        server = RedisServer(tmp_path / "redis")
        server.start()
        told = {"redis_url": server.url}
    place = Installation(tmp_path / "kho", **told)
    place.start("serve", "--port", str(place.port))
    yield place
    place.close()
    if server:
        server.kill()


def test_a_portal_seals_by_itself(portal: Installation) -> None:
    portal.ask("/healthz")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/van-ban/{'a' * 26}")
    told = portal.run("check")
    for _ in range(40):  # workers look three times a second, or each time they are woken
        if told["audit_sealed"]:
            break
        told = portal.run("check")
    assert (told["audit_sealed"], told["audit_unsealed"], told["audit_broken"]) == (1, 0, [])
