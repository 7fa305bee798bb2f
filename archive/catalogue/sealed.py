"""A column whose texts lie encrypted (archive.sealed_text); no condition can be put on what is in it."""

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from archive.sealed_text import seal, unseal


class Sealed(TypeDecorator[str]):
    """Plain in the program, sealed in the database."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written."""
        return value if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What is read."""
        return value if value is None else unseal(value)
