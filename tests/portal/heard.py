"""What is asked of the database while a page is made."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from archive.database import engine


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements that are sent while the block runs, in their order."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine(), "before_cursor_execute", hear)
