"""``vankho user``: lists, shows and changes accounts, with one line of JSON and exit codes that tell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.accounts import account_by_token, authenticate, viewer_of
from archive.catalogue.people import Account, AuditEvent
from archive.clock import today_number
from archive.database import reading
from tests.vankho.test_command import run as run  # the fixture

Run = Callable[..., tuple[int, dict[str, Any]]]
ADD = ["--password-stdin", "--no-totp"]


def made(run: Run, name: str, role: str, *more: str) -> None:
    assert run("user", "add", name, "--role", role, *ADD, *more, typed="quangngai-2026\n")[0] == 0


def tags(name: str) -> frozenset[str]:
    with reading() as session:
        account = session.scalars(select(Account).where(Account.name == name)).one()
    return viewer_of(account, today_number()).tags


def test_list_and_show(run: Run) -> None:
    made(run, "lan", "archivist")
    made(run, "minh", "clerk", "--agency", "H48.01")
    made(run, "quan", "administrator")
    code, told = run("user", "list")
    assert (code, told["total"]) == (0, 3)
    assert [(one["name"], one["role"], one["agency"]) for one in told["accounts"]] == [
        ("lan", "archivist", ""), ("minh", "clerk", "H48.01"), ("quan", "administrator", "")
    ]  # fmt: skip
    assert [one["name"] for one in run("user", "list", "--role", "clerk")[1]["accounts"]] == ["minh"]
    assert [one["name"] for one in run("user", "list", "--search", "LA")[1]["accounts"]] == ["lan"]
    code, told = run("user", "show", "lan")
    assert told["assignments"] == [{"fonds": "*", "from": "0001-01-01", "to": None}]
    assert (tags("lan"), tags("quan")) == ({"role:archivist"}, frozenset())
    assert run("user", "show", "ai-do") == (2, {"error": "Không có tài khoản ai-do."})


def test_roles_and_assignments(run: Run, tmp_path: Path) -> None:
    made(run, "lan", "archivist")
    assert run("user", "unassign", "lan", "*")[1]["assignments"] == []
    assert tags("lan") == frozenset()
    assert run("user", "unassign", "lan", "*")[0] == 2
    assert run("user", "assign", "lan", "H48.P9")[0] == 2
    assert run("user", "assign", "lan", "*", "--from", "2020-01-01", "--to", "2020-12-31")[0] == 0
    assert tags("lan") == frozenset(), "those days are over"
    assert run("user", "assign", "lan", "*", "--from", "mai")[0] == 2
    assert run("user", "role", "lan", "auditor")[1]["assignments"] == []
    assert tags("lan") == {"role:auditor"}
    assert run("user", "role", "lan", "clerk")[0] == 2, "a clerk needs an agency"
    assert run("user", "role", "lan", "clerk", "--agency", "H48.01")[1]["agency"] == "H48.01"
    assert tags("lan") == {"role:clerk", "agency:h48.01"}
    assert run("user", "assign", "lan", "*")[0] == 2, "only archivists are assigned"


def test_closing_opening_and_the_second_factor(run: Run) -> None:
    made(run, "hoa", "reader")
    token = run("token", "add", "hoa", "--scope", "search", "--days", "7")[1]["token"]
    assert account_by_token(token) is not None
    assert run("token", "add", "hoa", "--days", "4000")[0] == 2
    assert run("user", "deactivate", "hoa")[1]["active"] is False
    assert (authenticate("hoa", "quangngai-2026"), account_by_token(token)) == (None, None)
    assert run("user", "activate", "hoa")[1]["active"] is True
    run("user", "add", "hoa", "--role", "reader", "--password-stdin", typed="quangngai-2026\n")
    assert authenticate("hoa", "quangngai-2026") is None
    assert run("user", "reset-totp", "hoa")[1]["totp"] is False
    assert authenticate("hoa", "quangngai-2026") is not None
    made(run, "quan", "administrator")
    code, told = run("user", "deactivate", "quan")
    assert code == 2
    assert "cuối cùng" in told["error"]
    with reading() as session:
        actors = set(session.scalars(select(AuditEvent.actor).where(AuditEvent.action.startswith("account-"))))
    assert actors == {"command-line"}


def test_without_json_people_read_lines(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    made(run, "lan", "archivist")
    from click.testing import CliRunner

    from vankho.command import program

    shown = CliRunner().invoke(program, ["user", "show", "lan"]).output
    assert "lan: archivist" in shown
    assert "*: 0001-01-01 → …" in shown
    assert "1 tài khoản" in CliRunner().invoke(program, ["user", "list"]).output
