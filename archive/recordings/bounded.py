"""A file that gives only so much: what reads a hostile file through it ends, whatever the file says of itself."""

import io
from typing import BinaryIO

MOST_BYTES = 64 << 20
"""Most bytes that are read to know what a recording is (the tags and the tables of a long film have some MB)."""

MOST_READS = 200_000
"""Most single reads."""


class TooMuchError(ValueError):
    """The file wants more reading than any whole one does."""


class Bounded(io.RawIOBase):
    """A seekable view of `stream`; TooMuchError as soon as too much was read from it."""

    def __init__(self, stream: BinaryIO, most: int = MOST_BYTES, reads: int = MOST_READS) -> None:
        """Takes the stream as it is; it is closed by its owner."""
        self._stream, self._left, self._reads = stream, most, reads

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; without one, all that is still allowed."""
        self._reads -= 1
        if self._reads < 0 or size > self._left:
            size = self._left + 1
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0 or self._reads < 0:
            raise TooMuchError("too much reading")
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file; an offset before its beginning is a ValueError."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the next read begins."""
        return self._stream.tell()
