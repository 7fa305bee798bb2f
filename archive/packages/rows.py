"""The rows that a delivery yields: fonds, files and documents, each with its findings and its data files."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.packages.findings import Finding, Outcome

Level = Literal["01", "02", "03"]
Kind = Literal["image", "pdf", "word", "text", "alto", "hocr", "audio", "video", "captions", "mail", "archive", "other"]
Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of `data/`: its path inside the package, what it is, its page number when one page, its bytes."""

    name: str
    kind: Kind
    page: int | None
    size: int


@dataclass(frozen=True, slots=True)
class Row(ABC):
    """A row of a table as it was read.

    `values` maps the circular's field names to cleaned text (empty cells are absent); `raw` holds the delivered text
    of the fields that cleaning changed, with control characters made visible. `dates` are (earliest, latest) as
    `date.toordinal()`. `level` is None where it is unknown or does not apply; `opens_on` is the day a closed record
    opens at 00:00.
    """

    row: int
    values: dict[str, str]
    raw: dict[str, str]
    findings: tuple[Finding, ...]
    outcome: Outcome
    level: Level | None = None
    opens_on: date | None = None
    dates: Days | None = None
    files: tuple[DataFile, ...] = ()

    @property
    @abstractmethod
    def code(self) -> str:
        """The code the row came with; opaque, never used as a path."""

    @property
    def key(self) -> tuple[str, str, str]:
        """The natural key: (Identifier, OrganId, code)."""
        return self.values.get("Identifier", ""), self.values.get("OrganId", ""), self.code


@dataclass(frozen=True, slots=True)
class FondsRow(Row):
    """A fonds (phông); its code is `OrganId`. Row 0 means derived from the other tables."""

    @property
    def code(self) -> str:
        """`OrganId`."""
        return self.values.get("OrganId", "")


@dataclass(frozen=True, slots=True)
class FileRow(Row):
    """A file (hồ sơ); its code is `FileCode`; `files` are scans of the whole file."""

    @property
    def code(self) -> str:
        """`FileCode`."""
        return self.values.get("FileCode", "")


@dataclass(frozen=True, slots=True)
class DocumentRow(Row):
    """A document (văn bản); its code is `DocCode`."""

    @property
    def code(self) -> str:
        """`DocCode`."""
        return self.values.get("DocCode", "")

    @property
    def file_code(self) -> str:
        """`FileCode` of the file that the document lies in."""
        return self.values.get("FileCode", "")
