"""Personal numbers in what the catalogue holds: masked wherever a text is kept to be searched or shown.

The canonical text of a page and the columns of a description are written masked, so that index, suggestions, snippets,
exports and interfaces are right without knowing of it.  What was masked stands in ``personal_mark`` and comes back only
by :func:`restore`, for those of :func:`may_restore`.  (Law 91/2025/QH15 on personal data, in force 01/01/2026: V2;
which roles may see the originals is this house's rule.)
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from analyzers.personal import mask
from archive.access import Viewer

#: Fields by which records are named and asked for; a code is not read as somebody's number, whatever its digits.
IDENTIFYING = frozenset(
    {
        *("Identifier", "OrganId", "FileCatalog", "FileCode", "FileNotation", "DocCode", "DocOrdinal"),
        *("CodeNumber", "CodeNotation", "IssuedDate", "StartDate", "EndDate", "OpenDate", "AccessLevel"),
    }
)


class Mark(Protocol):
    """A stretch of a text that is masked, and what stood there."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def original(self) -> str: ...


def masked_value(field: str, text: str) -> str:
    """The value of a field of the description as it may be kept and shown."""
    return text if field in IDENTIFYING else mask(text)


def masked_values(values: Mapping[str, str]) -> dict[str, str]:
    """The values of a delivered row, each as it may be kept and shown."""
    return {field: masked_value(field, text) for field, text in values.items()}


def may_restore(viewer: Viewer) -> bool:
    """Whether the viewer's role allows to see what is masked, in records that he may read: archivists and heads."""
    return viewer.role in {"archivist", "head"}


def restore(text: str, marks: Iterable[Mark]) -> str:
    """The text with the originals in the places of their marks."""
    for one in marks:
        if len(one.original) == one.end - one.start and one.end <= len(text):
            text = f"{text[: one.start]}{one.original}{text[one.end :]}"
    return text
