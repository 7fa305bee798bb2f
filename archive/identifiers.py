"""Public identifiers: opaque, given once, kept for ever (DESIGN section 5)."""

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 26


def new_identifier() -> str:
    """128 random bits in base32, lower case, without padding: 26 characters."""
    return identifier_of(secrets.randbits(128))


def identifier_of(number: int) -> str:
    """The same of 128 bits that are given."""
    number <<= 2
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_identifier(text: str) -> bool:
    """Whether the text has the shape of a public identifier (it may still name nothing)."""
    return len(text) == LENGTH and all(c in ALPHABET for c in text)
