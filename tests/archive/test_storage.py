"""Storage: the same bytes once, whole or not at all, damage noticed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest

from archive.storage.folder import FolderStorage, sweep_incoming
from archive.storage.protocol import StorageError

ROOT = Path(__file__).resolve().parents[2]


def name_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def files_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "storage")


def test_the_same_bytes_are_kept_once(storage: FolderStorage) -> None:
    with storage.batch() as batch:
        first, again, streamed = batch.put(b"mot"), batch.put(b"mot"), batch.put(BytesIO(b"mot"))
        other = batch.put(BytesIO(b"hai"))
    with storage.batch() as batch:
        later = batch.put(BytesIO(b"mot"))
    assert first == again == streamed == later
    assert (first.sha256, first.size) == (name_of(b"mot"), 3)
    assert list(storage.all()) == sorted([first.sha256, other.sha256])
    assert files_below(storage.root) == sorted([first.sha256, other.sha256])
    assert storage.read(first.sha256) == b"mot"
    with storage.open(other.sha256) as file:
        assert file.read() == b"hai"


def test_an_object_is_there_only_after_its_batch(storage: FolderStorage) -> None:
    with storage.batch() as batch:
        kept = batch.put(b"x")
        assert not storage.has(kept.sha256)
        assert not list(storage.all())
    assert storage.has(kept.sha256)


def test_an_error_inside_the_batch_leaves_nothing(storage: FolderStorage) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the source is gone")

    def put_both() -> None:
        with storage.batch() as batch:
            batch.put(b"one")
            batch.put(Broken())

    with pytest.raises(OSError, match="the source is gone"):
        put_both()
    assert not files_below(storage.root)
    assert not list((storage.root / "incoming").iterdir())


KILLED = """
import sys, time
from pathlib import Path
from archive.storage.folder import FolderStorage
with FolderStorage(Path(sys.argv[1])).batch() as batch:
    for n in range(50):
        batch.put(b"object %d" % n)
    print("half", flush=True)
    time.sleep(60)
"""


def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_a_killed_process_leaves_only_incoming_and_the_next_sweeps_it(storage: FolderStorage) -> None:
    with start(KILLED, str(storage.root)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        assert not files_below(storage.root / "objects")
        assert sweep_incoming(storage.root) == 0, "the folder of a living process stays"
        assert len(files_below(storage.root / "incoming")) == 50
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not files_below(storage.root / "objects")
    assert sweep_incoming(storage.root) == 1
    assert not list((storage.root / "incoming").iterdir())


@pytest.mark.parametrize("damage", [b"", b"wh", b"WHOLE", b"whole and more"])
def test_damage_is_noticed_by_read_open_and_verify(storage: FolderStorage, damage: bytes) -> None:
    with storage.batch() as batch:
        one = batch.put(b"whole").sha256
    storage.open(one).close()
    assert storage.verify(one)
    path = storage.path(one)
    path.write_bytes(damage)
    os.utime(path, ns=(time.time_ns() + 10**9,) * 2)
    assert not storage.verify(one)
    for ask in (storage.read, storage.open):
        with pytest.raises(StorageError, match="bị thay đổi"):
            ask(one)
    path.unlink()
    assert not storage.verify(one)
    for ask in (storage.read, storage.open):
        with pytest.raises(StorageError, match="không còn"):
            ask(one)


def test_an_object_that_was_cut_is_made_whole_when_it_comes_again(storage: FolderStorage) -> None:
    with storage.batch() as batch:
        one = batch.put(b"whole").sha256
    storage.path(one).write_bytes(b"wh")
    with storage.batch() as batch:
        batch.put(BytesIO(b"whole"))
    assert storage.read(one) == b"whole"


def test_what_the_disk_does_not_give_back_is_not_whole(storage: FolderStorage) -> None:
    one = name_of(b"a folder in its place")
    storage.path(one).mkdir(parents=True)
    assert not storage.verify(one)
    with pytest.raises(StorageError, match="Không đọc được"):
        storage.read(one)


def test_five_thousand_small_objects_in_one_batch(storage: FolderStorage) -> None:
    bodies = [b"small %d" % n for n in range(5_000)]
    with storage.batch() as batch:
        names = [batch.put(body).sha256 for body in bodies]
        assert not files_below(storage.root / "objects")
    assert list(storage.all()) == sorted(names)
    assert all(storage.verify(one) for one in names[::97])
    assert not list((storage.root / "incoming").iterdir())


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "g" * 64, "/" * 64, "ａ" * 64, "a" * 63 + "\n"]
)
def test_what_is_no_sha256_never_becomes_a_path(storage: FolderStorage, name: str) -> None:
    for ask in (storage.path, storage.has, storage.read, storage.open, storage.verify):
        with pytest.raises(ValueError, match="not a SHA-256"):
            ask(name)


TOGETHER = """
import sys
from pathlib import Path
from archive.storage.folder import FolderStorage
storage = FolderStorage(Path(sys.argv[1]))
for turn in range(5):
    with storage.batch() as batch:
        for n in range(100):
            batch.put(b"object %d %d" % (turn, n))
        print(turn, flush=True)
        sys.stdin.readline()
"""


def test_two_processes_put_the_same_bytes_at_once(storage: FolderStorage) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", TOGETHER, str(storage.root)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    for turn in range(5):
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{turn}\n"
        for process in both:  # both hold a full batch: they finish against each other
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    names = sorted(name_of(b"object %d %d" % (turn, n)) for turn in range(5) for n in range(100))
    assert list(storage.all()) == names
    assert all(storage.verify(one) for one in names)
    assert files_below(storage.root / "incoming") == []
