"""Records of the small archive that are not open for the length of a test, in the index, too."""

from collections.abc import Iterator
from contextlib import contextmanager

from archive.access_rules import Closure
from archive.database import writing
from archive.deciding import set_closure
from indexer.drainer import drain
from tests.portal.archive_of_tests import Small

GROUND = {"actor": "test", "ground": "QĐ 1"}


@contextmanager
def closed(small: Small, *names: str) -> Iterator[list[str]]:
    """The public identifiers of records by their level and code, closed until the end."""
    own = [small.ids[one] for one in names]
    for level in ("02", "01"):
        with writing() as session:
            for one in own:
                set_closure(session, one, Closure(level), **GROUND)
        drain(small.engine)
        if level == "02":
            yield own
