"""The engine protocol on tantivy; see search/engines/protocol.py for what each method promises."""

import gc
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import tantivy

from search.document import Refusal
from search.engines.embedded.fields import tantivy_schema
from search.engines.embedded.folder import IndexFolder
from search.engines.embedded.reader import IndexReader
from search.engines.embedded.writer import IndexWriter
from search.engines.protocol import Counted, EngineError, Health, Held, NoIndexError, Writable
from search.plan import Answer, Plan
from search.schema import INDICES


class EmbeddedEngine:
    """tantivy below a folder.  Any number of processes read; of those that write, one at a time (WriterBusyError)."""

    batches_at_once = 1  # a lock keeps the others out

    def __init__(self, root: Path) -> None:
        self._folder = IndexFolder(root)
        self._readers: dict[str, IndexReader] = {}
        self._writers: dict[str, IndexWriter] = {}
        self._lock = threading.RLock()

    def create(self, index: str) -> str:
        """Makes a new empty index and gives its name."""
        name = self._folder.reserve(index)
        tantivy.Index(tantivy_schema(index), path=str(self._folder.path(name)), reuse=False)
        self._folder.confirm(name)
        return name

    def write(self, name: str, batch: Sequence[Writable]) -> list[Refusal]:
        """Puts documents in; they are seen after the commit."""
        with self._lock:
            return self._writer(name).write(batch)

    def delete(self, name: str, gone: Mapping[str, int]) -> None:
        """Takes records out."""
        with self._lock:
            self._writer(name).delete(gone)

    def commit(self, name: str, position: int) -> None:
        """First the documents, then the position: after a crash between the two, some rows are written once more."""
        with self._lock:
            self._writer(name).commit()
            self._folder.remember(name, position)

    def position(self, name: str) -> int:
        """The outbox position of the last commit."""
        return self._folder.position(name)

    def release(self) -> None:
        """Ends this process's writers."""
        with self._lock:
            while self._writers:
                self._writers.popitem()[1].close()

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        """Asks the current index, or the named one."""
        asked = name or self.current(plan.index)
        if not asked:
            raise NoIndexError(f"chưa có chỉ mục (no index yet): {plan.index}")
        return self._reader(asked).answer(plan, counted)

    def versions(self, name: str, ids: Sequence[str]) -> dict[str, int]:
        """The committed versions of those of the records that are there."""
        return self._reader(name).versions("id" if _index(name) == "records" else "record", ids)

    def states(self, name: str, ids: Sequence[str]) -> dict[str, Held]:
        """What is committed of those of the records that are there."""
        return self._reader(name).states("id" if _index(name) == "records" else "record", ids)

    def promote(self, index: str, name: str) -> None:
        """Makes the index current."""
        self._folder.point(index, name)

    def repair(self) -> None:
        """Sets aside what says which index is current, where it is damaged."""
        self._folder.set_damage_aside()

    def current(self, index: str) -> str:
        """The name of the current index, empty if there is none."""
        return self._folder.alias(index)[0]

    def previous(self, index: str) -> str:
        """The name of the index before the current one, empty if there is none."""
        return self._folder.alias(index)[1]

    def names(self, index: str) -> list[str]:
        """Every physical index there is, oldest first."""
        return self._folder.names(index)

    def drop(self, name: str) -> None:
        """Removes an index for good; the current one is refused."""
        if name == self.current(_index(name)):
            raise EngineError(f"đang dùng, không xóa được (in use): {name}")
        with self._lock:
            if writer := self._writers.pop(name, None):
                writer.close()
            self._readers.pop(name, None)
            gc.collect()
            self._folder.remove(name)

    def count(self, name: str) -> int:
        """How many documents the index has."""
        return self._reader(name).count()

    def health(self) -> Health:
        """Opens each current index and counts."""
        found: dict[str, tuple[str, int]] = {}
        try:
            for index in INDICES:
                if name := self.current(index):
                    found[index] = (name, self.count(name))
        except (EngineError, OSError, ValueError) as error:
            return Health(False, "embedded", found, str(error))
        return Health(len(found) == len(INDICES), "embedded", found)

    def _reader(self, name: str) -> IndexReader:
        if reader := self._readers.get(name):
            return reader
        with self._lock:
            if name not in self._readers:
                self._readers[name] = IndexReader(_index(name), self._folder.check(name))
            return self._readers[name]

    def _writer(self, name: str) -> IndexWriter:
        if name not in self._writers:
            self._writers[name] = IndexWriter(_index(name), self._folder.check(name), self._reader(name))
        return self._writers[name]


def _index(name: str) -> str:
    return name.rpartition("-")[0]
