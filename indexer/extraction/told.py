"""What the child that reads foreign files says.  A file may have taken it over: only what has the right form is taken.

Whatever has not raises ValueError, TypeError or LookupError, which is the child's death to who listens
(indexer.extraction.apart), and costs the file that it had asked for.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter

from archive.packages.findings import Outcome
from archive.recordings.probing import Probe
from indexer.extraction.errors import Trouble
from indexer.extraction.kept import Enclosed, ReadPage, ReadRecord


def _storable(text: str) -> str:
    text.encode()
    if "\0" in text:
        raise ValueError("no database keeps such a text")
    return text


_Text = Annotated[str, AfterValidator(_storable)]
_PAGE = TypeAdapter(ReadPage)
_PROBE = TypeAdapter(Probe)
_TROUBLES = TypeAdapter(list[tuple[_Text, _Text, _Text]])
_FOUND = TypeAdapter(list[tuple[_Text, _Text, _Text, Outcome]])
_ENCLOSED = TypeAdapter(tuple[_Text, _Text])


class Listener:
    """Takes what the child says of a record's files; ``given`` are their names, ``scratch`` is where it puts scans."""

    def __init__(self, given: Iterable[str], scratch: Path) -> None:
        self.found = ReadRecord()
        self._names, self._scratch = {"", *given}, scratch

    def take(self, told: dict[str, Any]) -> None:
        """A page, a scan that lay in another file, or what went wrong; anything else is a sign of life."""
        if "page" in told:
            self._take_page(told["page"])
        elif "enclosed" in told:
            self._take_enclosed(told["enclosed"])
        elif "troubles" in told:
            self.found.troubles += [Trouble(*one) for one in _TROUBLES.validate_python(told["troubles"])]

    def _take_page(self, told: Any) -> None:
        """It stands behind those that are there; its image lies in a given file or in a scan that was told before."""
        page = _PAGE.validate_python(told | {"boxes": bytes.fromhex(told["boxes"]) or None})
        if page.n <= (self.found.pages[-1].n if self.found.pages else 0) or page.image not in self._names:
            raise ValueError("no page of this record")
        for value in astuple(page):
            if isinstance(value, str):
                _storable(value)
            elif isinstance(value, int | float) and not 0 <= value < 1 << 31:
                raise ValueError("no column has room for it")
        self.found.pages.append(page)

    def _take_enclosed(self, told: Any) -> None:
        """It lies in the scratch folder and is a file: no pipe that waits, no link elsewhere."""
        name, said = _ENCLOSED.validate_python((told["name"], told["path"]))
        path = self._scratch / Path(said).name
        if path.is_symlink() or not path.is_file():
            raise ValueError("no file of this reader")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.found.enclosed.append(Enclosed(name, path, digest, path.stat().st_size))
        self._names.add(name)


def read_found(told: dict[str, Any]) -> list[tuple[str, str, str, Outcome]]:
    """Code, message, what was done and outcome of each finding about a file."""
    return _FOUND.validate_python(told["found"])


def read_probe(told: dict[str, Any]) -> Probe | str:
    """What is known of a recording, or what is wrong with it."""
    wrong = told.get("wrong")
    return wrong if isinstance(wrong, str) else _PROBE.validate_python(told["known"])
