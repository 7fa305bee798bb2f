"""The command line: one line of JSON where asked for, exit codes that tell, errors as one sentence."""

import errno
import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from archive.accounts import account_by_token, authenticate
from archive.catalogue.authorities import Agency
from archive.catalogue.fixity import StoredObject
from archive.catalogue.people import Account, AuditEvent
from archive.database import engine, reading
from archive.locks import held
from archive.schema import found_version, wanted_version
from archive.troubles import explain_database, explain_system
from indexer.drainer import LOCK
from tests.conftest import forget_installation
from tests.faults.installation import Installation
from tests.transfers import counts, province, record, sha256
from vankho import serving
from vankho.command import main, program
from vankho.wiring import storage

ROOT = Path(__file__).resolve().parents[2]
RESULT = {"package", "accepted", "warned", "held", "quarantined", "rejected", "unchanged", "seconds", "report"}

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(bare_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json in this process: exit code and the one line it printed."""

    def started(*arguments: str, typed: str = "") -> tuple[int, dict[str, Any]]:
        forget_installation()
        monkeypatch.setattr(sys, "argv", ["vankho", *arguments, "--json"])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        printed = said.out.splitlines()
        assert len(printed) == 1, said
        code = ended.value.code
        return (code if isinstance(code, int) else 0), json.loads(printed[0])

    return started


def commands(group: click.Group = program, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    for name, one in group.commands.items():
        found |= commands(one, (*path, name)) if isinstance(one, click.Group) else {(*path, name): one}
    return found


def test_every_command_speaks_json_and_says_what_it_does() -> None:
    silent = {path for path, one in commands().items() if "--json" not in {o for p in one.params for o in p.opts}}
    assert not silent
    assert all(one.help for one in commands().values())


def test_ingest(run: Run, bare_home: Path, tmp_path: Path) -> None:
    transfer = province(tmp_path / "goi")
    code, told = run("ingest", str(transfer.write()))
    assert code == 0
    assert set(told) == RESULT | {"tables"}
    assert (told["accepted"], told["unchanged"], told["rejected"]) == (8, 0, 0)
    assert Path(told["report"]).is_relative_to(bare_home)
    assert Path(told["report"]).read_text("utf-8-sig").count("\n") == 1
    again = run("ingest", str(transfer.root))
    assert again[0] == 0
    assert (again[1]["package"], again[1]["unchanged"], again[1]["accepted"]) == (told["package"], 8, 0)
    code, status = run("index", "status")
    assert code == 0
    assert {index: (status[index]["documents"], status[index]["position"] == status[index]["end"])
            for index in ("records", "pages")} == {"records": (9, True), "pages": (5, True)}  # fmt: skip
    assert status["refused"] == 0


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda made: made.document("VB6", "HS9"), "quarantined"),
        (lambda made: made.document("", "HS1", body=None), "rejected"),
        (lambda made: made.change("HS2", Rights="Không hạn chế"), "held"),
    ],
)
def test_ingest_ends_with_1_where_a_row_was_not_taken(run: Run, tmp_path: Path, change: Any, outcome: str) -> None:
    transfer = province(tmp_path / "goi")
    assert run("ingest", str(transfer.write()))[0] == 0
    change(transfer)
    code, told = run("ingest", str(transfer.write()))
    assert (code, told[outcome]) == (1, 1)
    assert Path(told["report"]).read_text("utf-8-sig").count("\n") == 2


def test_ingest_ends_with_1_where_a_whole_table_was_not_taken(run: Run, tmp_path: Path) -> None:
    path = province(tmp_path / "goi").write()
    text = (path / "van-ban.csv").read_text("utf-8")
    (path / "van-ban.csv").write_text(text.replace("DocCode", "Cột lạ"), encoding="utf-8")
    code, told = run("ingest", str(path))
    assert (code, told["accepted"]) == (1, 3)
    assert "thiếu cột bắt buộc" in Path(told["report"]).read_text("utf-8-sig")


def test_ingest_ends_with_2_where_nothing_could_be_taken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "trong").mkdir()
    (tmp_path / "tep.zip").write_bytes(b"PK\x03\x04 cut")
    for name in ("khong-co", "trong", "tep.zip"):
        code, told = run("ingest", str(tmp_path / name))
        assert (code, set(told)) == (2, {"error"})
        assert name in told["error"]
    path = province(tmp_path / "goi").write()
    for table in ("phong", "ho-so", "van-ban"):
        (path / f"{table}.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, told = run("ingest", str(path))
    assert code == 2
    assert Path(told["report"]).read_text("utf-8-sig").count("thiếu cột bắt buộc") == 3


def test_ingest_while_another_package_is_taken(run: Run, bare_home: Path, tmp_path: Path) -> None:
    path = str(province(tmp_path / "goi").write())
    with held("intake"):
        code, told = run("ingest", path)
    assert (code, set(told)) == (2, {"error"})
    assert "gói khác" in told["error"]


def test_migrate_and_a_newer_database(run: Run, bare_home: Path, tmp_path: Path) -> None:
    assert run("migrate") == (0, {"before": None, "after": wanted_version(), "masked": 0})
    assert run("migrate") == (0, {"before": wanted_version(), "after": wanted_version(), "masked": 0})
    forget_installation()
    database = sqlite3.connect(bare_home / "catalogue.sqlite3")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in (["check"], ["migrate"], ["index", "status"], ["ingest", str(province(tmp_path / "goi").write())]):
        code, told = run(*command)
        assert code == 2
        assert "mới hơn chương trình" in told["error"]


@pytest.mark.parametrize("content", [b"somebody's letter" * 100, b"SQLite format 3\0" + b"x" * 5_000])
def test_a_damaged_database_is_one_sentence(run: Run, bare_home: Path, content: bytes) -> None:
    bare_home.mkdir(parents=True)
    (bare_home / "catalogue.sqlite3").write_bytes(content)
    code, told = run("check")
    assert code == 2
    assert "cơ sở dữ liệu" in told["error"]


def test_check_finds_what_is_damaged(run: Run, tmp_path: Path) -> None:
    run("ingest", str(province(tmp_path / "goi").write()))
    code, told = run("check")
    assert (code, told["ok"], told["objects"], told["damaged"]) == (0, True, 5, [])
    assert (told["records"], told["records_indexed"], told["pages"], told["pages_indexed"]) == (9, 9, 5, 5)
    one = sha256("Nội dung của văn bản VB1")
    storage().path(one).write_bytes(b"changed")
    code, told = run("check")
    assert (code, told["ok"], told["damaged"]) == (1, False, [one])
    with reading() as session:
        assert list(session.scalars(select(StoredObject.sha256).where(~StoredObject.intact))) == [one]


def test_index_rebuild_and_a_busy_index(run: Run, tmp_path: Path) -> None:
    run("ingest", str(province(tmp_path / "goi").write()))
    code, told = run("index", "rebuild")
    assert (code, told["records"], told["pages"]) == (0, 9, 5)
    for lock, words in (("rebuild", ("index", "rebuild")), (LOCK, ("index", "rollback"))):
        with held(lock):
            code, told = run(*words)
        assert (code, set(told)) == (2, {"error"}), words
    code, told = run("index", "sweep")
    assert (code, told["checked"], told["missing"], told["foreign"]) == (0, 9, 0, 0)
    assert run("index", "refused") == (0, {"refused": []})


@pytest.mark.parametrize("damage", [b"{bad", b"", b"\xff\xfe"])
def test_a_damaged_alias_is_healed_by_the_rebuild_it_asks_for(run: Run, bare_home: Path, damage: bytes) -> None:
    run("ingest", str(province(tmp := bare_home.parent / "goi").write()))
    (bare_home / "index" / "records.alias").write_bytes(damage)
    code, told = run("ingest", str(tmp))
    assert code == 2
    assert "dựng lại" in told["error"]
    code, told = run("index", "rebuild")
    assert (code, told["records"], told["pages"]) == (0, 9, 5)
    assert run("check")[1]["ok"]


def test_synth(run: Run, tmp_path: Path) -> None:
    sizes = ["--fonds", "1", "--files", "2", "--documents", "5", "--text-only"]
    code, told = run("synth", str(tmp_path / "mau"), *sizes)
    assert (code, told["documents"]) == (0, 5)
    assert run("synth", str(tmp_path / "mau"), *sizes)[0] == 2, "what is there is never written over"
    code, told = run("synth", str(tmp_path / "khac"), "--fonds", "0")
    assert (code, set(told)) == (2, {"error"})


def test_accounts(run: Run) -> None:
    add = ["user", "add", "lan", "--role", "archivist", "--password-stdin"]
    code, told = run(*add, "--no-totp", typed="quangngai-2026\r\n")
    assert (code, told) == (0, {"name": "lan", "role": "archivist", "agency": "", "totp": ""})
    account = authenticate("lan", "quangngai-2026")
    assert account is not None
    assert account.totp_secret is None
    code, told = run(*add, typed="quangngai-2027\n")
    assert told["totp"].startswith("otpauth://totp/")
    assert authenticate("lan", "quangngai-2027") is None, "the one-time code is missing"
    code, told = run(*add, "--no-totp", typed="short\n")
    assert code == 2
    assert "ít nhất 10 ký tự" in told["error"]
    with reading() as session:
        assert len(session.scalars(select(Account)).all()) == 1
        assert [one.action for one in session.scalars(select(AuditEvent))].count("account-set") == 2


def test_a_name_is_the_same_however_it_is_typed(run: Run) -> None:
    add = ["--role", "reader", "--password-stdin", "--no-totp"]
    assert run("user", "add", " ho\u0300a ", *add, typed="quangngai-2026\n")[0] == 0
    assert authenticate("h\u00f2a", "quangngai-2026") is not None
    assert run("token", "add", "ho\u0300a")[0] == 0
    assert run("user", "add", " ", *add, typed="quangngai-2026\n")[0] == 2


def test_a_clerk_needs_an_agency(run: Run) -> None:
    add = ["user", "add", "minh", "--role", "clerk", "--password-stdin", "--no-totp"]
    code, told = run(*add, typed="quangngai-2026\n")
    assert (code, counts()["account"]) == (2, 0)
    assert "--agency" in told["error"]
    assert run(*add, "--agency", "H48.01", typed="quangngai-2026\n")[0] == 0
    with reading() as session:
        assert session.scalars(select(Agency.code)).all() == ["H48.01"]


def test_tokens(run: Run) -> None:
    run("user", "add", "lan", "--role", "reader", "--password-stdin", "--no-totp", typed="quangngai-2026\n")
    code, told = run("token", "add", "lan")
    assert (code, told["name"]) == (0, "lan")
    account = account_by_token(told["token"])
    assert account is not None
    assert account.name == "lan"
    assert account_by_token(told["token"] + "x") is None
    code, told = run("token", "add", "ai-do")
    assert code == 2
    assert "ai-do" in told["error"]
    assert counts()["account_token"] == 1


def test_the_real_program(bare_home: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}

    def start(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-W", "error", "-m", "vankho", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment | more, check=False)

    done = start("ingest", str(province(tmp_path / "goi").document("VB6", "HS9").write()))
    assert done.returncode == 1, done.stderr
    assert "cách ly 1" in done.stdout
    assert record("VB1").title == "Về việc VB1"
    wrong = start("ingest", str(tmp_path / "khong-co"))
    assert (wrong.returncode, wrong.stdout) == (2, "Lỗi: Không có thư mục hay tệp “khong-co”.\n")
    unsafe = start("check", "--json", VANKHO_MODE="production")
    assert unsafe.returncode == 2
    assert "VANKHO_SECRET" in json.loads(unsafe.stdout)["error"]
    assert "Traceback" not in done.stderr + wrong.stderr + unsafe.stderr
    engine().dispose()


@pytest.mark.parametrize(
    "wrong",
    [["khong-co-lenh"], ["ingest"], ["synth", "x", "--files", "abc"], ["check", "--la"], ["serve", "--port", "0"]],
)
def test_a_wrong_command_line_is_one_line_of_json(run: Run, wrong: list[str]) -> None:
    code, told = run(*wrong)
    assert (code, set(told)) == (2, {"error"})
    assert "câu lệnh sai" in told["error"]


def test_a_refused_setting_is_told_by_its_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANKHO_PORT", "abc")
    code, told = run("check")
    assert code == 2
    assert "VANKHO_PORT: phải là số nguyên" in told["error"]


def test_serve_on_a_port_in_use_starts_nothing(run: Run, bare_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.3)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, told = run("serve", "--port", str(port))
    assert code == 2
    assert f"Cổng {port} đang có chương trình khác dùng" in told["error"]
    assert not bare_home.exists()


@pytest.mark.parametrize("name", ["Kho lưu trữ 50%", "a?b#c %20d"])
def test_the_home_folder_may_have_any_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("VANKHO_HOME", str(tmp_path / name))
    assert run("ingest", str(province(tmp_path / "goi").write()))[0] == 0
    assert (tmp_path / name / "catalogue.sqlite3").is_file()
    assert run("check")[1]["ok"]


def test_a_full_disk_is_told_in_vietnamese() -> None:
    assert explain_system(OSError(errno.ENOSPC, "No space left on device")).startswith("Đĩa đã đầy")
    full = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    assert "đĩa đã đầy" in explain_database(full)


def test_processes_started_at_once_make_one_catalogue(bare_home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    gate = (
        "import sys, alembic.command; from vankho.wiring import prepare_catalogue;"
        "print('ready', flush=True); sys.stdin.readline(); prepare_catalogue(); print('made', flush=True)"
    )
    command = [sys.executable, "-c", gate]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, text=True, env=environment, **pipes) for _ in range(6)]  # type: ignore[call-overload]
    assert [one.stdout.readline() for one in started] == ["ready\n"] * 6
    for one in started:
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [(*one.communicate(timeout=240), one.returncode) for one in started]
    assert ended == [("made\n", "", 0)] * 6
    assert found_version(engine()) == wanted_version()


def test_serve_begins_with_its_address(bare_home: Path) -> None:
    bare_home.mkdir(parents=True)
    house = Installation(bare_home)
    try:
        server = house.start("serve", "--json", "--port", str(house.port))
        assert server.stdout is not None
        assert json.loads(server.stdout.readline()) == {"url": f"http://127.0.0.1:{house.port}"}
        assert house.ask("/healthz")
    finally:
        house.close()


def test_worker_ends_with_what_it_wrote(bare_home: Path) -> None:
    bare_home.mkdir(parents=True)
    house = Installation(bare_home)
    try:
        worker = house.start("worker", "--json")
        while not (bare_home / "index" / "pages.alias").exists():
            assert worker.poll() is None, house.log()
        worker.terminate()
        out, _ = worker.communicate(timeout=240)
        assert (worker.returncode, json.loads(out)) == (0, {"written": 0})
    finally:
        house.close()


def test_access_is_decided_with_a_ground_and_acts_before_the_command_ends(run: Run, tmp_path: Path) -> None:
    assert run("ingest", str(province(tmp_path / "goi").write()))[0] == 0
    own, ground = record("VB1").public_id, ("--ground", "QĐ 5/QĐ-TTLT ngày 02/02/2026")
    assert run("access", "close", own, "--opens", "2099-01-31", *ground) == (
        0, {"id": own, "closure": "02", "opens_on": "2099-01-31"},
    )  # fmt: skip
    code, told = run("access", "show", own)
    assert (code, told["closure"], told["state"], told["grants"]) == (0, "02", "until", [])
    assert (
        run("user", "add", "lan", "--role", "reader", "--password-stdin", "--no-totp", typed="mat-khau-2026\n")[0] == 0
    )
    code, told = run("access", "grant", "lan", own, "--until", "2099-01-01", *ground)
    assert code == 0
    assert run("access", "show", own)[1]["grants"][0]["name"] == "lan"
    assert run("access", "revoke", str(told["grant"]), *ground)[0] == 0
    code, told = run("access", "revoke", str(told["grant"]), *ground)
    assert (code, "đang có hiệu lực" in told["error"]) == (2, True)
    assert run("access", "open", own, *ground)[1]["closure"] == "01"
    assert run("access", "move", own, record("HS2", "file").public_id, *ground)[0] == 0
    assert run("access", "hide", record("H48.01", "fonds").public_id, *ground)[0] == 0
    assert run("access", "hide", record("H48.01", "fonds").public_id, "--no", *ground)[0] == 0
    sidecar = sha256("Nội dung của văn bản VB2")
    assert run("access", "withdraw", record("VB2").public_id, *ground)[0] == 0
    assert not storage().has(sidecar)
    assert run("access", "show", record("VB2").public_id)[1]["withdrawn"] is True
    code, told = run("access", "close", "khong-co", *ground)
    assert (code, "Không có tài liệu" in told["error"]) == (2, True)
    assert run("access", "close", own)[0] == 2  # no ground
    assert run("check")[1]["ok"] is True
