"""What an engine must do.  One contract suite (tests/search/contract) runs on each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from search.document import RecordDocument, RecordPages, Refusal
from search.errors import SearchDownError
from search.plan import Answer, Buckets, Plan

Writable: TypeAlias = RecordDocument | RecordPages


class EngineError(SearchDownError):
    """The engine cannot do what was asked; the text says why."""


class NoIndexError(EngineError):
    """No index of that name is there (or none is current)."""


class WrongSchemaError(EngineError):
    """The index was made by another version of the schema: rebuild it."""


class WriterBusyError(EngineError):
    """Another process is writing this index."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds of a record: the highest version, how many documents (its pages, in ``pages``), and the sum
    of their fingerprints (search.engines.values.fingerprint)."""

    version: int
    documents: int
    fingerprint: int


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers, and for each current index its name and how many documents it has."""

    ok: bool
    engine: str
    indices: Mapping[str, tuple[str, int]]
    detail: str = ""


Counted: TypeAlias = Callable[[Mapping[str, Buckets]], None]
"""What is done with the facets of an answer as soon as they are counted, in the thread that counted them."""


class Engine(Protocol):
    """A search engine.  ``index`` is ``records`` or ``pages``; ``name`` is a physical index, made by :meth:`create`."""

    #: How many threads may write one index at the same time, if no record is in the batches of two of them.
    batches_at_once: int

    def create(self, index: str) -> str:
        """Makes a new empty index beside the others and gives its name; it answers nothing until promoted."""

    def write(self, name: str, batch: Sequence[Writable]) -> list[Refusal]:
        """Puts documents in, to be seen after :meth:`commit`; gives back the refused ones, each with its reason.

        A document whose version is lower than that of the one there (committed or not) loses without a word; an equal
        or higher one replaces it.  ``RecordPages`` replaces all pages of its record.  Raises WriterBusyError.
        """

    def delete(self, name: str, gone: Mapping[str, int]) -> None:
        """Takes records (in ``pages``: all pages of these records) out; unknown ids are fine.

        Given as id and version: where a higher version is there, the delete loses; a write of a lower version that
        comes before the next commit loses, too.
        """

    def commit(self, name: str, position: int) -> None:
        """Makes everything written durable and visible, and then how far in the outbox that is."""

    def position(self, name: str) -> int:
        """The outbox position of the last commit; 0 for a new index.  Never more than what is durably in it."""

    def release(self) -> None:
        """Lets another process write; what was not committed is lost."""

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        """Asks the current index (or a named one, before it is promoted).  Raises NoIndexError, WrongSchemaError.

        ``counted`` is called once if the facets can be counted, perhaps in another thread and after the answer is
        there.  It must not raise.
        """

    def versions(self, name: str, ids: Sequence[str]) -> dict[str, int]:
        """The committed versions of those of the records that are there."""

    def states(self, name: str, ids: Sequence[str]) -> dict[str, Held]:
        """What is committed of those of the records that are there."""

    def promote(self, index: str, name: str) -> None:
        """Makes the index current, at once and for every process; the former one becomes the previous."""

    def repair(self) -> None:
        """Sets aside what says which index is current, where it is damaged: a rebuild then begins from nothing."""
        ...

    def current(self, index: str) -> str:
        """The name of the current index, empty if there is none."""

    def previous(self, index: str) -> str:
        """The name of the index before the current one, empty if there is none."""

    def names(self, index: str) -> list[str]:
        """Every physical index there is, oldest first, half-made ones included."""

    def drop(self, name: str) -> None:
        """Removes an index for good.  The current one is refused (EngineError)."""

    def count(self, name: str) -> int:
        """How many documents the index has."""

    def health(self) -> Health:
        """How the engine is."""
