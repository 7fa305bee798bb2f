"""What every storage does, folder today, bucket later."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol


class StorageError(Exception):
    """An object is missing or no longer what it was; the text is Vietnamese and names the object."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object of the storage: its name is the SHA-256 of its bytes, in lower-case hexadecimal."""

    sha256: str
    size: int


class Batch(Protocol):
    """Objects put together: none is there before the batch ends well, all are after it."""

    def put(self, source: bytes | BinaryIO) -> Stored:
        """Takes the bytes; the same bytes are kept once."""


class Storage(Protocol):
    """Bytes by their SHA-256."""

    def batch(self) -> AbstractContextManager[Batch]:
        """Begins a batch; leaving it normally makes its objects durable, leaving it by an error drops them."""

    def has(self, sha256: str) -> bool:
        """Whether the object is there."""

    def read(self, sha256: str) -> bytes:
        """All bytes, verified; StorageError if missing or damaged."""

    def open(self, sha256: str) -> BinaryIO:
        """The object for reading, verified before; StorageError if missing or damaged."""

    def remove(self, sha256: str) -> None:
        """Takes an object out for good; fine if it is not there.  Only for what the catalogue no longer names."""

    def verify(self, sha256: str) -> bool:
        """Whether the object is there and whole."""
