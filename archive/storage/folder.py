"""Storage in a folder: ``objects/ab/cd/<sha256>``, written under a temporary name and renamed in groups."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from archive.storage.durability import flush_files
from archive.storage.protocol import StorageError, Stored

CHUNK = 1 << 20


class FolderStorage:
    """A :class:`~archive.storage.protocol.Storage` on a local disk; safe for several processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._incoming = root / "incoming"
        self._verified: dict[str, tuple[int, int]] = {}
        for folder in (self._objects, self._incoming):
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def batch(self) -> Iterator["FolderBatch"]:
        """Objects put together become visible and durable together at the end."""
        batch = FolderBatch(self)
        try:
            yield batch
            batch.finish()
        finally:
            batch.close()

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder on the same disk for what is no object yet; what a killed process leaves is swept like a batch."""
        folder = new_incoming(self.root)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def path(self, sha256: str) -> Path:
        """Where an object lies; ValueError if that is no SHA-256 (so no caller's text ever becomes a path)."""
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise ValueError("not a SHA-256")
        return self._objects / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the object is there."""
        return self.path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """All bytes, verified."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise StorageError(f"Tệp {sha256} không còn trong kho.") from None
        except OSError as error:
            raise StorageError(f"Không đọc được tệp {sha256} trong kho: {error.strerror}.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StorageError(f"Tệp {sha256} đã bị thay đổi: mã băm không còn khớp.")
        return data

    def open(self, sha256: str) -> BinaryIO:
        """The object for reading, verified at the first opening and whenever its size or time has moved."""
        path = self.path(sha256)
        if not path.is_file():
            raise StorageError(f"Tệp {sha256} không còn trong kho.")
        status = path.stat()
        seen = (status.st_size, status.st_mtime_ns)
        if self._verified.get(sha256) != seen:
            if not self.verify(sha256):
                raise StorageError(f"Tệp {sha256} đã bị thay đổi: mã băm không còn khớp.")
            self._verified[sha256] = seen
        return path.open("rb")

    def remove(self, sha256: str) -> None:
        """Takes an object out for good; fine if it is not there."""
        self.path(sha256).unlink(missing_ok=True)
        self._verified.pop(sha256, None)

    def verify(self, sha256: str) -> bool:
        """Whether the object is there and whole."""
        digest = hashlib.sha256()
        try:
            with self.path(sha256).open("rb") as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except OSError:  # missing, or the disk cannot give it back: in both cases not whole
            return False
        return digest.hexdigest() == sha256

    def keeps(self, sha256: str, size: int) -> bool:
        """Whether the object is there in its full size in bytes: one that was cut is taken anew when it comes again."""
        try:
            return self.path(sha256).stat().st_size == size
        except OSError:
            return False

    def all(self) -> Iterator[str]:
        """The names of all objects, in order."""
        for path in sorted(self._objects.glob("??/??/*")):
            yield path.name


class FolderBatch:
    """Objects on their way into a :class:`FolderStorage`."""

    def __init__(self, storage: FolderStorage) -> None:
        self._storage = storage
        self._folder: Path | None = None
        self._waiting: dict[str, Path] = {}

    def put(self, source: bytes | BinaryIO) -> Stored:
        """Takes the bytes under a temporary name; bytes that are kept already are not written again."""
        if isinstance(source, bytes):
            name = hashlib.sha256(source).hexdigest()
            if name in self._waiting or self._storage.keeps(name, len(source)):
                return Stored(name, len(source))
            source = BytesIO(source)
        temporary = self._new_path()
        digest, size = hashlib.sha256(), 0
        with temporary.open("wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                size += len(chunk)
        name = digest.hexdigest()
        if name in self._waiting or self._storage.keeps(name, size):
            temporary.unlink()
        else:
            self._waiting[name] = temporary
        return Stored(name, size)

    def finish(self) -> None:
        """Flushes the bytes, then renames, then flushes the names."""
        if not self._waiting:
            return
        flush_files(self._storage.root, list(self._waiting.values()))
        folders = set()
        for name, temporary in self._waiting.items():
            path = self._storage.path(name)
            if path.parent not in folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                folders |= {path.parent, path.parent.parent, path.parent.parent.parent}
            temporary.replace(path)
        flush_files(self._storage.root, sorted(folders))

    def close(self) -> None:
        """Removes what was not finished."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _new_path(self) -> Path:
        if self._folder is None:
            self._folder = new_incoming(self._storage.root)
        return self._folder / str(len(self._waiting))


def new_incoming(root: Path) -> Path:
    """A fresh folder of this process under ``incoming``."""
    folder = root / "incoming" / f"{os.getpid()}-{os.urandom(6).hex()}"
    folder.mkdir()
    return folder


def sweep_incoming(root: Path) -> int:
    """Removes what killed processes left under ``incoming``; returns how many folders.  Live processes keep theirs."""
    removed = 0
    for folder in (root / "incoming").iterdir():
        process = folder.name.split("-")[0]
        if not (process.isdigit() and Path(f"/proc/{process}").exists() and int(process) != os.getpid()):
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
