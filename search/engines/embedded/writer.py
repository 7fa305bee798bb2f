"""Writing an embedded index: one writer on a machine, versions from outside, refusals given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from search.document import Refusal
from search.engines.embedded.fields import analysed_values, tantivy_schema
from search.engines.embedded.reader import IndexReader, open_index
from search.engines.protocol import EngineError, Writable, WriterBusyError
from search.engines.values import UnfitError, owner

#: tantivy's buffer: with one thread, the bound on what indexing takes beside the documents themselves.
HEAP_BYTES = 150_000_000
_GONE = -1


@dataclass(slots=True)
class IndexWriter:
    """The one writer of a physical index.  Raises WriterBusyError where another one is open."""

    index: str
    path: Path
    reader: IndexReader
    _writer: tantivy.IndexWriter = field(init=False)
    _pending: dict[str, int] = field(init=False, default_factory=dict)  # versions since the last commit

    def __post_init__(self) -> None:
        opened = open_index(self.index, self.path)
        try:
            self._writer = opened.writer(heap_size=HEAP_BYTES, num_threads=1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise EngineError(f"{self.path.name}: {error}") from error
            raise WriterBusyError(
                f"chỉ mục {self.path.name} đang được tiến trình khác ghi (another process is writing it)"
            ) from error

    @property
    def key(self) -> str:
        """The field that says which record a document belongs to."""
        return "id" if self.index == "records" else "record"

    def write(self, batch: Sequence[Writable]) -> list[Refusal]:
        """Puts a batch in; see the protocol."""
        refused: list[Refusal] = []
        versions = self.reader.versions(self.key, [owner(one) for one in batch if owner(one) not in self._pending])
        for one in batch:
            own = owner(one)
            there = self._pending.get(own, versions.get(own, _GONE))
            if one.version < there:
                continue
            try:
                documents = self._documents(one)
            except ValueError as error:
                reason = str(error) if isinstance(error, UnfitError) else f"máy tìm không nhận (refused): {error}"
                refused.append(Refusal(own, reason))
                continue
            if there != _GONE:
                self._writer.delete_documents_by_term(self.key, own)
            for document in documents:
                self._writer.add_document(document)
            self._pending[own] = one.version
        return refused

    def _documents(self, one: Writable) -> list[tantivy.Document]:
        schema = tantivy_schema(self.index)
        return [tantivy.Document.from_dict(values, schema) for values in analysed_values(self.index, one)]

    def delete(self, gone: Mapping[str, int]) -> None:
        """Takes records out, where none of a higher version is there; until the commit a lower version stays out."""
        versions = self.reader.versions(self.key, [own for own in gone if own not in self._pending])
        for own, version in gone.items():
            if version >= self._pending.get(own, versions.get(own, _GONE)):
                self._writer.delete_documents_by_term(self.key, own)
                self._pending[own] = version

    def commit(self) -> None:
        """Makes what was written durable (tantivy syncs its files before it replaces its list of segments)."""
        self._writer.commit()
        self._pending.clear()

    def close(self) -> None:
        """Ends the writer after the merges that are under way; what was not committed is lost."""
        self._writer.rollback()
        self._writer.wait_merging_threads()
