"""What may be asked of the reading room, with the term of its answer.

Law 33/2024/QH15 and TT 05/2025/TT-BNV Articles 32, 35, 37, 40 to 42: reading, four grades of copy, supply of
information; what exists on paper only may be asked for on the system too (Article 32.5).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The term of the answer (``config/desk/terms.tsv``), whether it names records, whether it gives a copy away,
    whether that may be had on paper, too."""

    term: str
    records: bool = True
    copies: bool = False
    paper: bool = False


KINDS: dict[str, Kind] = {
    "reading": Kind("answer.reading"),
    "copy": Kind("answer.copy", copies=True, paper=True),
    "certified": Kind("answer.copy", copies=True, paper=True),
    "dip": Kind("answer.copy", copies=True),
    "information": Kind("answer.information", records=False),
    "digitisation": Kind("answer.digitisation"),
}
REQUESTERS = ("citizen", "official", "foreign")
CHANNELS = ("online", "desk", "post")
