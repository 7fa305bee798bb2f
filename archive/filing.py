"""Where titles, numbers and days stand in a list: what begins every title is passed over, as in a card index."""

import re

from analyzers.collation import sort_key

#: Letters of a title that take part in its place: titles alike so far stand by their id.
LONGEST = 48
#: Behind every title, for what has none.
UNTITLED = "~"
#: Behind every number, for what has none (a whole number of four bytes).
UNNUMBERED = 2_147_483_647

#: Behind every day, for what has none.
UNDATED = 9_999_999

_PASSED_OVER = re.compile(r"^\W*(?:(?:về|v)\s*/?\s*(?:việc|v)\b|về\b)\W*", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")


def filing_title(title: str) -> str:
    """The key of a title among titles; "Về việc", "V/v" and "Về" at its beginning do not count."""
    told = _PASSED_OVER.sub("", title[: 2 * LONGEST]) or title
    return sort_key(told[:LONGEST]) or UNTITLED


def filing_number(number: str, code: str) -> int:
    """The first numeral of a number ("1284/QĐ-UB" is 1284); of what has no number the last one of its code."""
    if found := _NUMBER.search(number):
        return int(found[0])
    numerals = _NUMBER.findall(code)
    return int(numerals[-1]) if numerals else UNNUMBERED


def filing_day(first: int | None) -> int:
    """The first day of a record's period."""
    return UNDATED if first is None else first
