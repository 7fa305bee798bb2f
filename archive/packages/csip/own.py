"""What the circular's elements cannot carry: the rows as the catalogue has them, beside EAD in `metadata/other/`.

A row of ours refines the elements, it never contradicts them: a field counts only where it says, in the circular's
words, what the element says; access only where it is no looser.  So a package altered in one of the two places is read
as its elements say.
"""

import csv
import io
from collections.abc import Mapping, Sequence

from archive.packages.csip.elements import BACKED_UP, COUNTED, FILE, ITEM, UNASKED, Element, encode, sort_of
from archive.packages.fields import FIELD
from archive.packages.levels import read_access

FONDS, FILES = "metadata/other/phong.csv", "metadata/other/ho-so.csv"
DOCUMENTS = "metadata/other/van-ban.csv"  # of the representation
LINK = "Metadata"  # column: base name of the document's metadata file
SCAN = "Scan"  # column: the level that EAD.xml declares for the sake of the file's scan; its documents say their own
ACCESS = {"Mode", "Rights", "AccessLevel", "OpenDate"}


def write_rows(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows as a table of text (UTF-8, comma), columns in the order in which they first appear."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def read_rows(body: bytes, table: str) -> list[dict[str, str]]:
    """Rows of such a table with the fields that the table has; none where it is no such table."""
    known = {*FIELD[table], LINK, SCAN}
    try:
        rows = list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return []
    return [{k: v for k, v in row.items() if k in known and isinstance(v, str) and v} for row in rows]


def refine(
    row: Mapping[str, str], own: Mapping[str, str], told: Mapping[str, str], table: str, level: str, floor: str = "01"
) -> dict[str, str]:
    """The row with what ours knows better.

    ``told`` are the elements of the metadata file, ``level`` the access that they declare; ``table`` is 'ho-so' or
    'van-ban', of a document is ``floor`` the level of its file.
    """
    elements: tuple[Element, ...] = FILE if table == "ho-so" else ITEM[sort_of(own)]
    said = {one.field: one for one in elements}
    refined = dict(row)
    for name, value in own.items():
        element = said.get(name)
        if name in ACCESS or name in (LINK, SCAN):
            continue
        silent = element is not None and element.name in BACKED_UP and element.name not in told
        if (
            element
            and not silent
            and element.name not in COUNTED
            and encode(element, value) != told.get(element.name, "")
        ):
            continue
        refined[name] = value
    for name in {one.field for one in elements} - own.keys() - ACCESS:
        unsaid = said[name].name in UNASKED and told.get(said[name].name) == "0"
        if name in refined and (unsaid or said[name].name in COUNTED or not told.get(said[name].name)):
            del refined[name]
    if "Description" not in own and not told.get("description"):
        refined.pop("Description", None)
    access = read_access(dict(own), "Rights" if table == "ho-so" else "Mode").access
    if access and max(access.level, floor, own.get(SCAN, "01")) >= level:
        for name in ACCESS:
            refined.pop(name, None)
        refined |= {name: own[name] for name in ACCESS & own.keys()}
    return refined
