"""A disk that fills during a delivery: a small file system of the test's own, whose size is raised afterwards.

Where it fills (the storage, the catalogue, the index) follows from its size; what was committed stays, the command says
what is wrong, and the same command goes on when there is room.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import Installation
from vankho.synth import write_transfer

pytestmark = pytest.mark.faults

ROOM = 1 << 30
FULL = ("đĩa đã đầy", "Đĩa đã đầy", "đĩa đầy")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("goi") / "goi"
    write_transfer(folder, fonds=2, files=60, documents=2000, pages=12, seed=7)
    return folder


@pytest.fixture(scope="module")
def undisturbed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int, int]:
    """What catalogue and storage hold after a taking that nobody disturbed, and the bytes of its home."""
    place = Installation(tmp_path_factory.mktemp("yen") / "kho")
    place.run("ingest", str(package))
    assert place.run("check")["ok"]
    used = sum(one.stat().st_blocks * 512 for one in place.home.rglob("*") if one.is_file())
    return place.counts(), place.kept(), used


class Disk:
    """A file system in memory of so many bytes, mounted at ``at``."""

    def __init__(self, at: Path) -> None:
        self.at = at
        at.mkdir()

    def mount(self, size: int) -> None:
        """Skips the test where this user may not mount."""
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.at)], check=False)
        if done.returncode:
            pytest.skip("a file system can be mounted by root only")

    def resize(self, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.at)], check=True)

    def free(self) -> int:
        told = os.statvfs(self.at)
        return told.f_bavail * told.f_frsize


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "kho")
    yield made
    subprocess.run(["umount", "-l", str(made.at)], check=False, stderr=subprocess.DEVNULL)


@pytest.fixture
def place(disk: Disk) -> Iterator[Installation]:
    installation = Installation(disk.at)
    yield installation
    installation.close()


def assert_whole(place: Installation, undisturbed: tuple[dict[str, Any], int, int]) -> None:
    checked = place.run("check")
    assert checked["ok"], checked
    assert place.counts() == undisturbed[0]
    assert place.kept() == undisturbed[1]


@pytest.mark.parametrize("share", [0.2, 0.45, 0.7, 0.9])
def test_a_disk_that_fills_during_a_delivery(
    share: float, disk: Disk, place: Installation, package: Path, undisturbed: tuple[dict[str, Any], int, int]
) -> None:
    disk.mount(int(undisturbed[2] * share))
    ingest = place.start("ingest", str(package), "--json")
    out, _ = ingest.communicate(timeout=240)
    assert ingest.returncode == 2, (out, place.log())
    assert any(words in json.loads(out)["error"] for words in FULL), out
    assert "Traceback" not in place.log()
    disk.resize(ROOM)
    place.run("ingest", str(package))
    assert_whole(place, undisturbed)
