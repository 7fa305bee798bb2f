"""What the child that reads foreign files says.  A file may have taken it over: only what has the right form is taken.

Whatever has not is the child's death (GoneError), and costs the file that it had asked for.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, TypeAdapter

from archive.children import GoneError
from archive.packages.findings import Outcome
from archive.recordings.probing import Probe
from indexer.extraction.errors import Trouble
from indexer.extraction.kept import ReadPage

_T = TypeVar("_T")


def _storable(text: str) -> str:
    text.encode()
    if "\0" in text:
        raise ValueError("no database keeps such a text")
    return text


def _keepable(value: str | bytes | float | None) -> None:
    if isinstance(value, str):
        _storable(value)
    elif isinstance(value, int | float) and not 0 <= value < 1 << 31:
        raise ValueError("no column has room for it")


_Text = Annotated[str, AfterValidator(_storable)]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A scan that lay in a message or archive, put aside on the disk."""

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(slots=True)
class ReadRecord:
    """What the files of a record gave."""

    pages: list[ReadPage] = field(default_factory=list)
    enclosed: list[Enclosed] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def add_page(self, told: Any, given: frozenset[str]) -> None:
        """A page behind those that are there; its image lies in one of the ``given`` files or in an enclosed scan."""
        page = taken(lambda: _PAGE.validate_python(told | {"boxes": bytes.fromhex(told["boxes"]) or None}))
        names = {"", *given, *(one.name for one in self.enclosed)}
        if page.n <= (self.pages[-1].n if self.pages else 0) or page.image not in names:
            raise GoneError
        for value in astuple(page):
            taken(partial(_keepable, value))
        self.pages.append(page)


_PAGE = TypeAdapter(ReadPage)
_PROBE = TypeAdapter(Probe)
_TROUBLES = TypeAdapter(list[tuple[_Text, _Text, _Text]])
_FOUND = TypeAdapter(list[tuple[_Text, _Text, _Text, Outcome]])
_ENCLOSED = TypeAdapter(tuple[_Text, _Text])


def read_troubles(told: dict[str, Any]) -> list[Trouble]:
    """What went wrong."""
    return [Trouble(*one) for one in taken(lambda: _TROUBLES.validate_python(told["troubles"]))]


def read_found(told: dict[str, Any]) -> list[tuple[str, str, str, Outcome]]:
    """Code, message, what was done and outcome of each finding about a file."""
    return taken(lambda: _FOUND.validate_python(told["found"]))


def read_probe(told: dict[str, Any]) -> Probe:
    """What is known of a recording."""
    return taken(lambda: _PROBE.validate_python(told["known"]))


def read_enclosed(told: Any, scratch: Path) -> tuple[str, Path]:
    """Name and place of a scan; it lies in ``scratch`` and is a file: no pipe that waits, no link elsewhere."""
    name, said = taken(lambda: _ENCLOSED.validate_python((told["name"], told["path"])))
    path = scratch / Path(said).name
    if path.is_symlink() or not path.is_file():
        raise GoneError
    return name, path


def taken(form: Callable[[], _T]) -> _T:
    """What the child said, in its form; GoneError where it has none."""
    try:
        return form()
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise GoneError from error
