"""Whole numbers in addresses and forms: whatever is not one, or too large, is the default, never an error."""

from flask import request


def asked_number(name: str, default: int = 0, *, digits: int = 6) -> int:
    """The number that the address or the form gives under the name."""
    return as_number(request.values.get(name, ""), default, digits=digits)


def as_number(text: str, default: int = 0, *, digits: int = 6) -> int:
    """A text of at most so many digits as a number."""
    found = whole_number(text, digits=digits)
    return default if found is None else found


def whole_number(text: str, *, digits: int = 6) -> int | None:
    """The same, None for what is none.  The length is asked first: of thousands of digits Python makes no number but an
    error."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
