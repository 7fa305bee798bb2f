"""Physical indices and aliases in OpenSearch: ``<prefix>-<index>-<n>``, and who is current and who was before.

An alias names one index or none; a change of both is one atomic request.
"""

import re
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import RequestError

from search.engines.opensearch.client import explain, explained
from search.engines.opensearch.mapping import index_body, meta
from search.engines.protocol import EngineError, NoIndexError, WrongSchemaError
from search.schema import INDICES, SCHEMA_VERSION


class Names:
    """The indices of one installation: those that begin with its prefix."""

    def __init__(self, client: OpenSearch, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._name = re.compile(rf"{re.escape(prefix)}-({'|'.join(INDICES)})-([1-9][0-9]{{0,8}})")

    def alias(self, index: str) -> str:
        """The alias under which an index is asked."""
        return f"{self._prefix}-{index}"

    def index_of(self, name: str) -> str:
        """``records`` or ``pages``.  NoIndexError if that is no name of ours."""
        if not (match := self._name.fullmatch(name)):
            raise NoIndexError(f"không có chỉ mục (no such index): {name!r}")
        return match[1]

    def create(self, index: str) -> str:
        """Makes a new index and gives its name."""
        if index not in INDICES:
            raise NoIndexError(f"không có chỉ mục (no such index): {index!r}")
        number = max((int(name.rpartition("-")[2]) for name in self.all(index)), default=0)
        while True:
            number += 1
            name = f"{self._prefix}-{index}-{number}"
            try:
                self._client.indices.create(index=name, body=index_body(index))
            except RequestError as error:
                if "resource_already_exists" in str(error.error):
                    continue  # another process was faster
                raise explain(error) from error
            return name

    def all(self, index: str) -> list[str]:
        """The physical indices, oldest first."""
        return sorted(self._found(index), key=lambda name: int(name.rpartition("-")[2]))

    def current(self, index: str) -> str:
        """The name of the current one, empty if there is none; EngineError where the alias names several."""
        return self._named(index, self.alias(index))

    def previous(self, index: str) -> str:
        """The name of the one before, empty if there is none."""
        return self._named(index, self._before(index))

    def promote(self, index: str, name: str) -> None:
        """Makes an index the current one and the former the previous, in one step."""
        self.check(name)
        if self.index_of(name) != index:
            raise EngineError(f"{name} không phải là chỉ mục (is not an index of) {index}")
        current = self.current(index)
        if current == name:
            return
        alias, before = self.alias(index), self._before(index)
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias}}]
        actions += [{"remove": {"index": one, "alias": before}} for one in self._holders(index, before)]
        if current:
            actions += [{"remove": {"index": current, "alias": alias}}, {"add": {"index": current, "alias": before}}]
        self._change(actions)

    def repair(self) -> None:
        """Takes aliases away that name several indices: from then on there is no current one."""
        for index in INDICES:
            for alias in (self.alias(index), self._before(index)):
                holders = self._holders(index, alias)
                if len(holders) > 1:
                    self._change([{"remove": {"index": one, "alias": alias}} for one in holders])

    def drop(self, name: str) -> None:
        """Removes an index for good; the current one is refused."""
        if name == self.current(self.index_of(name)):
            raise EngineError(f"đang dùng, không xóa được (in use): {name}")
        with explained():
            self._client.indices.delete(index=name)

    def check(self, name: str) -> None:
        """Raises NoIndexError, WrongSchemaError."""
        self.index_of(name)
        refuse_other_schema(name, self._meta(name))

    def position(self, name: str) -> int:
        """The outbox position that an index knows of itself."""
        self.index_of(name)
        return int(self._meta(name).get("position", 0))

    def remember(self, name: str, position: int) -> None:
        """Keeps the outbox position in the index."""
        with explained():
            self._client.indices.put_mapping(index=name, body={"_meta": meta(position)})

    def _meta(self, name: str) -> dict[str, Any]:
        with explained():
            answer = self._client.indices.get_mapping(index=name, filter_path="*.mappings._meta")
        return dict(answer[name]["mappings"]["_meta"]) if name in answer else {}

    def _found(self, index: str) -> dict[str, Any]:
        with explained():
            answer = self._client.indices.get_alias(index=f"{self._prefix}-{index}-*")
        return {name: told["aliases"] for name, told in answer.items() if self._name.fullmatch(name)}

    def _before(self, index: str) -> str:
        return f"{self._prefix}-{index}.previous"

    def _holders(self, index: str, alias: str) -> list[str]:
        return [name for name, aliases in self._found(index).items() if alias in aliases]

    def _named(self, index: str, alias: str) -> str:
        holders = self._holders(index, alias)
        if len(holders) > 1:
            raise EngineError(f"{alias} chỉ vào nhiều chỉ mục; hãy chạy: vankho index rebuild (several indices)")
        return holders[0] if holders else ""

    def _change(self, actions: list[dict[str, Any]]) -> None:
        with explained():
            self._client.indices.update_aliases(body={"actions": actions})


def refuse_other_schema(name: str, told: dict[str, Any]) -> None:
    """WrongSchemaError unless the index was made by the present schema."""
    if told.get("schema_version") != SCHEMA_VERSION:
        raise WrongSchemaError(
            f"chỉ mục {name} theo lược đồ {told.get('schema_version')}, chương trình cần {SCHEMA_VERSION}: hãy chạy "
            f"`vankho index rebuild` (schema {told.get('schema_version')}, {SCHEMA_VERSION} is needed: rebuild)"
        )
