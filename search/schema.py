"""The schema of the two indices as data; every engine maps it to its own types.

No field ever gives text back: only identifiers, ``version`` and ``fingerprint`` are stored.  ``description_*`` is
matched under the right *see*, ``text_*`` under *search*; which is why the two never share a field.
"""

from dataclasses import dataclass
from typing import Literal

#: Raised whenever a field or what is written into it changes: an index of another version is refused, not misread.
SCHEMA_VERSION = 9

Kind = Literal[
    "keyword",  # exact values, any number of them
    "facet",  # the same, and counted
    "marked",  # words with their marks, frequencies
    "folded",  # words without marks, positions: phrases ask here
    "shingles",  # pairs of neighbouring folded words, frequencies
    "integer",  # whole numbers, any number of them, for ranges and counts
    "sort",  # one text a document, unique, for order
]

IndexName = Literal["records", "pages"]
INDICES: tuple[IndexName, ...] = ("records", "pages")

MOST_YEARS = 300
FACET_FIELDS = ("medium", "type", "issuer", "place", "person", "field", "fonds", "inventory", "language")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an index; ``stored`` fields come back with a hit."""

    name: str
    kind: Kind
    stored: bool = False


def _words(group: str) -> tuple[Field, ...]:
    return (
        Field(f"{group}_marked", "marked"),
        Field(f"{group}_folded", "folded"),
        Field(f"{group}_shingles", "shingles"),
    )


def _right(right: str) -> tuple[Field, ...]:
    return (
        Field(f"everyone_from_{right}", "integer"),
        Field(f"allow_{right}", "keyword"),
        Field(f"deny_{right}", "keyword"),
    )


_OWN = (
    Field("id", "keyword", stored=True),
    Field("id_order", "integer"),  # the beginning of the id as a number: ties go by id without reading it
    Field("version", "integer", stored=True),
    Field("fingerprint", "integer", stored=True),  # of all else in it: what a sweep compares with the catalogue
    Field("lineage", "keyword"),
)

RECORDS: tuple[Field, ...] = (
    *_OWN,
    Field("title_folded", "folded"),
    Field("title_shingles", "shingles"),
    Field("title_whole", "facet"),  # search.completing: the title, for suggestions
    Field("title_starts", "facet"),  # and its beginnings
    *_words("description"),
    *_words("text"),
    Field("level", "facet"),
    *(Field(name, "facet") for name in FACET_FIELDS),
    Field("roles", "facet"),  # persons with what each was
    *_right("see"),
    *_right("search"),
    *_right("read"),
    Field("number_keys", "keyword"),
    Field("number_words", "folded"),  # of the whole number, leading noughts of numerals left out
    Field("years", "integer"),
    Field("undated", "integer"),
    Field("date_from", "integer"),
    Field("date_to", "integer"),
    Field("by_date", "sort"),
    Field("by_date_desc", "sort"),
    Field("by_number", "sort"),
    Field("by_title", "sort"),
)

PAGES: tuple[Field, ...] = (
    *_OWN,
    Field("record", "keyword", stored=True),
    Field("n", "integer", stored=True),
    *_words("text"),
    *_right("search"),
)

FIELDS: dict[str, tuple[Field, ...]] = {"records": RECORDS, "pages": PAGES}
