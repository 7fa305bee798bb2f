"""Which papers and which kinds of files may be sent on a day (``config/desk/evidence.tsv``)."""

from dataclasses import dataclass
from functools import cache

from archive.gazetteer import read_rows
from archive.terms import in_force, read_day

MEDIA = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: how many bytes at most, its endings in small letters without dot, what the rule rests on."""

    name: str
    most: int
    endings: tuple[str, ...]
    basis: str


def paper_kinds(day: int) -> list[str]:
    """The kinds of papers that may be sent on that day, in the order of the form."""
    return [name for name, _most, _endings, _basis in _running("paper", day)]


def file_kinds(day: int) -> dict[str, FileKind]:
    """The kinds of files that are taken on that day."""
    return {
        name: FileKind(name, int(most) << 20, tuple(endings.split()), basis)
        for name, most, endings, basis in _running("file", day)
    }


def largest(day: int) -> int:
    """Bytes of the largest file that any kind allows."""
    return max(one.most for one in file_kinds(day).values())


def _running(what: str, day: int) -> list[tuple[str, str, str, str]]:
    return [row for kind, first, last, row in _rows() if kind == what and in_force(first, last, day)]


@cache
def _rows() -> tuple[tuple[str, int | None, int | None, tuple[str, str, str, str]], ...]:
    return tuple(
        (what, read_day(first), read_day(last), (name, most, endings, basis))
        for what, name, most, endings, first, last, basis, _sure in read_rows("desk/evidence.tsv")
    )
