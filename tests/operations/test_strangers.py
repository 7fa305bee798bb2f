"""What ``make services`` never touches or takes: other processes, other files, folders that others write to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services import processes, software
from services.__main__ import main
from services.places import Place, find_account
from services.processes import Process
from services.redis import Redis
from services.trouble import ServiceError
from services.versions import fits


@pytest.mark.parametrize(
    ("name", "said", "fit"),
    [
        ("postgres", "15.20", True),
        ("postgres", "150.1", False),
        ("postgres", "16.1", False),
        ("redis", "7.0.15", True),
        ("opensearch", "3.6.0", True),
        ("opensearch", "3.6.1", False),
        ("tika", "3.3.2", True),
        ("tika", "", False),
    ],
)
def test_a_version_fits_where_it_is_the_pinned_one_or_begins_with_it(name: str, said: str, fit: bool) -> None:
    assert fits(name, said) is fit


def test_only_the_very_process_that_was_written_down_is_ended(place: Place) -> None:
    place.prepare()
    queue = Redis(place)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        known = processes.find_process(stranger.pid)
        assert known
        for other in (Process(known.pid, known.started - 1, known.boot), Process(known.pid, known.started, "other")):
            processes.remember(queue.pid_file, other)
            assert queue.process() is None
            assert not queue.stop()
            assert not queue.kill()
            assert stranger.poll() is None
        queue.pid_file.write_text("{", "ascii")
        assert not queue.stop()
        assert stranger.poll() is None
        processes.remember(queue.pid_file, known)  # the same with its true mark: this one would have been ended
        assert queue.stop()
        assert processes.find_process(stranger.pid) is None
    finally:
        stranger.kill()
        stranger.wait()


def test_missing_software_is_named_with_its_install_line(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServiceError, match="apt-get install some-package"):
        software.find_program("no-such-program", "some-package")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    (tmp_path / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="17.0.15"\n', "utf-8")
    monkeypatch.setenv("OPENSEARCH_JAVA_HOME", str(tmp_path))
    with pytest.raises(ServiceError, match="JDK 21 trở lên"):
        software.find_java()
    (tmp_path / "release").write_text('JAVA_VERSION="21"\n', "utf-8")
    assert software.find_java() == tmp_path


def test_a_file_that_is_not_the_pinned_one_is_refused(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.prepare()
    maven = tmp_path / "mvn"
    maven.write_text('#!/bin/sh\necho other > "${5#-DoutputDirectory=}/tika-server-standard-3.3.2.jar"\n', "ascii")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(ServiceError, match="SHA-256 7e4fa2eb8c7ac089739d5defc4489fad68a100d92082ca35c6b40a4524821f87"):
        software.fetch(place, "tika")
    assert not list(place.software.iterdir())


def test_a_home_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(ServiceError, match="không ai khác ghi được"):
        Place(tmp_path, 0).prepare()


@pytest.mark.parametrize("offset", ["x", "-1", "40001", "1٣"])
def test_an_offset_that_is_none_is_said(
    offset: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VANKHO_SERVICES_PORT_OFFSET", offset)
    assert main(["status", "--json"]) == 2
    assert "VANKHO_SERVICES_PORT_OFFSET" in json.loads(capsys.readouterr().err)["error"]


def test_the_account_is_never_root() -> None:
    assert find_account().uid != 0
