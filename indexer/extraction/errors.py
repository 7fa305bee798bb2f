"""What can go wrong in a record's data files, said in Vietnamese."""

from dataclasses import dataclass


class ExtractionError(ValueError):
    """A data file that cannot be read; `str()` is a Vietnamese sentence that says what and where."""


class TextWaitsError(ExtractionError):
    """A file whose reader is out of reach: the file is kept, its text is still to come."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line for the report: a stable `code`, a Vietnamese `message`, the `name` of the file."""

    code: str
    message: str
    name: str
