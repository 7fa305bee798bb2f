"""A delivered row made ready for the catalogue: checked, its files read and hashed, its pages made."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.access_rules import Closure

SEPARATOR = "\x1f"


def natural_key(identifier: str, organ: str, code: str) -> str:
    """The key that a public identifier is given for, once and for ever: Identifier, OrganId and the record's code."""
    return SEPARATOR.join((identifier, organ, code))


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A data file of a row: its name in the package, what it is, its SHA-256 and size in bytes."""

    name: str
    kind: str
    sha256: str
    size: int


@dataclass(slots=True)
class Candidate:
    """A row on its way into the catalogue.  ``pages`` are column values of :class:`~archive.catalogue.records.Page`."""

    level: str  # fonds, inventory, file, document
    identifier: str
    organ: str
    code: str
    values: dict[str, str]
    closure: Closure
    dates: tuple[int, int] | None = None
    file_code: str = ""
    files: Sequence[HashedFile] = ()
    pages: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)  # columns of FileSignature
    recordings: list[dict[str, Any]] = field(default_factory=list)  # columns of Recording
    unread: dict[int, str] = field(default_factory=dict)  # pages to be recognised, and why
    row: int = 0
    package_id: int | None = None
    digest: str = ""
    released: bool = False  # a person let it out of quarantine, with this closure
    lost: bool = False  # a file was delivered that could not be taken

    @property
    def key(self) -> str:
        """Its natural key."""
        return natural_key(self.identifier, self.organ, self.code)

    def seal(self) -> None:
        """Computes ``digest``: equal digests mean that nothing would change."""
        told: list[Any] = [self.values, self.closure.level, self.closure.opens_on, self.dates, self.file_code]
        told += [[(f.name.rsplit("/", 1)[-1], f.kind, f.sha256) for f in self.files]]
        self.digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def leave_open(self) -> None:
        """Marks that some text is still to come: the same delivery, taken again, is tried again."""
        self.digest = f"{self.digest}+text"
