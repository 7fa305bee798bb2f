"""A package's names as the reader wants them: composed, seen from its own folder; which representation is read."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from archive.packages.sources import Source

REPS = "representations/"


def choose_representation(names: Iterable[str]) -> str:
    """The folder of the representation that is read: one that describes documents, of several rep1, else the first by
    name and number (CSIP gives them any name); 'representations/rep1/' where there is none."""
    there = list(names)
    parts = {name.split("/")[1] for name in there if name.startswith(REPS) and name.endswith("/METS.xml")}
    described = {name.split("/")[1] for name in there if name.startswith(REPS) and "/metadata/descriptive/EAD_" in name}

    def rank(part: str) -> tuple[bool, bool, list[tuple[int, str]]]:
        pieces = [(int(one), "") if one.isdecimal() else (-1, one) for one in re.split(r"(\d+)", part)]
        return part not in described, part != "rep1", pieces

    return f"{REPS}{min(parts, key=rank, default='rep1')}/"


class Composed:
    """A source whose names are composed (NFC), as METS has them: other systems write files with their marks apart."""

    def __init__(self, inner: Source) -> None:
        self.name, self.findings, self._inner = inner.name, inner.findings, inner
        self._raw = {unicodedata.normalize("NFC", name): name for name in inner.names()}

    def names(self) -> Iterator[str]:
        """See `Source.names`."""
        return iter(self._raw)

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return self._inner.size(self._raw.get(name, name))

    def open(self, name: str) -> BinaryIO:
        """See `Source.open`."""
        return self._inner.open(self._raw.get(name, name))

    def close(self) -> None:
        """Let go of the folder or zip."""
        self._inner.close()


class Within:
    """A source seen from the folder that the package's METS.xml lies in."""

    def __init__(self, inner: Source, base: str) -> None:
        self.name, self.findings, self._inner, self._base = inner.name, inner.findings, inner, base

    def names(self) -> Iterator[str]:
        """See `Source.names`."""
        return self._inner.names()

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return self._inner.size(self._base + name)

    def open(self, name: str) -> BinaryIO:
        """See `Source.open`."""
        return self._inner.open(self._base + name)

    def close(self) -> None:
        """The inner source is closed by its owner."""
