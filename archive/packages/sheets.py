"""Tables of text: comma, semicolon, tab or bar; quoted line breaks; a quotation mark that is never closed."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

Record = tuple[int, list[str]]
SEPARATORS = ",;\t|"
LONGEST_LINE = 1 << 24  # characters; what is longer is cut into several lines
LONGEST_RECORD = 300  # physical lines; a longer record is a quotation mark that nobody closed
_END = "\ufdd0end of table\ufdd0"

# Descriptions may be long: the standard library's 131,072 characters would refuse the whole table.
csv.field_size_limit(1 << 28)


class Sheet(Protocol):
    """A table as records: (line number of the record's first line, cells). Blank records are left out."""

    def records(self) -> Iterator[Record]:
        """The records in sheet order, from the top, the heading among them."""
        ...

    @property
    def runaway(self) -> list[int]:
        """Line numbers where a quotation mark was opened and never closed, filled while reading."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class TextSheet:
    """A sheet of separated text, opened anew for every reading."""

    def __init__(self, opener: Callable[[], BinaryIO], encoding: str, separator: str) -> None:
        self._open, self.encoding, self.separator = opener, encoding, separator
        self.runaway: list[int] = []

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`."""
        self.runaway.clear()
        with io.TextIOWrapper(self._open(), self.encoding, "replace", newline="") as text:
            for start, cells in _parse(_Lines(text), self.separator, self.runaway):
                if any(cells) and not (start == 1 and _is_hint(cells)):
                    yield start, cells

    def close(self) -> None:
        """Nothing is held open."""


def sniff_separator(sample: str, known: Callable[[list[str]], int]) -> str:
    """The separator under which the first records hold most known headings (`known` counts them)."""
    if hint := sample.lstrip("\ufeff")[:6].lower().strip():
        hint = hint.splitlines()[0]
        if hint.startswith("sep=") and len(hint) == 5:
            return hint[4]

    def score(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        rows = [row for row, _ in zip(reader, range(20), strict=False)]
        return max((known(row) for row in rows), default=0), max((len(row) for row in rows), default=0)

    return max(SEPARATORS, key=score)


def numbers_columns(cells: list[str]) -> bool:
    """Whether a record only numbers the columns, as circulars print it below the headings: (1) (2) (3), A B 1 2."""
    marks = [cell.strip(" ().[]") for cell in cells if cell.strip()]
    digits = [int(mark) for mark in marks if mark.isdecimal() and len(mark) < 3]
    others = [mark for mark in marks if not mark.isdecimal()]
    in_order = bool(digits) and digits == [*range(1, len(digits) + 1)]
    return in_order and len(marks) > 2 and all(len(mark) == 1 and mark.isalpha() for mark in others)


def _is_hint(cells: list[str]) -> bool:
    return cells[0].lower().startswith("sep=") and not any(cells[1:])


class _Lines:
    """Physical lines, counted, which can be given back; a sentinel line follows the last."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._back = text, list[str]()
        self.number, self.taken, self.ended = 0, list[str](), False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LONGEST_RECORD:
            raise _NeverClosedError
        line = self._back.pop() if self._back else self._text.readline(LONGEST_LINE)
        if not line:
            if self.ended:
                raise StopIteration
            self.ended = True
            return _END
        if not self.number:
            line = line.removeprefix("\ufeff")
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """Give back all lines taken but the first, which is returned."""
        first, rest = self.taken[0], self.taken[1:]
        self.number -= len(rest)
        self._back.extend(reversed(rest))
        self.taken, self.ended = [], False
        return first


class _NeverClosedError(Exception):
    """A quotation mark swallowed too many lines."""


def _parse(lines: _Lines, separator: str, runaway: list[int]) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        lines.taken.clear()
        start = lines.number + 1
        try:
            cells = next(reader, None)
        except (_NeverClosedError, csv.Error):
            cells = [_END]
        if cells is None or (cells == [_END] and not lines.taken):
            return
        if cells and cells[-1].endswith(_END):
            # The mark was never closed: take its line as it stands, and read on behind it.
            runaway.append(start)
            first = lines.give_back().rstrip("\r\n")
            cells = next(csv.reader([first], delimiter=separator, quoting=csv.QUOTE_NONE))
            reader = csv.reader(lines, delimiter=separator)
        yield start, cells
