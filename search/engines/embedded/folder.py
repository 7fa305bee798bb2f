"""Where the embedded indices lie: ``<index>-<n>/`` for each physical one, ``<index>.alias`` for which is current.

Inside a physical index: tantivy's own files, ``schema.json`` (written last: without it the index is half made) and
``position.json`` (written after each commit, so it never promises more than is there).
"""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from search.engines.protocol import EngineError, NoIndexError, WrongSchemaError
from search.schema import INDICES, SCHEMA_VERSION

_NAME = re.compile(rf"({'|'.join(INDICES)})-([1-9][0-9]{{0,8}})")


def write_whole(path: Path, content: Mapping[str, object]) -> None:
    """Replaces a small JSON file at once and durably: temporary name, fsync, rename, fsync of the folder."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise EngineError(
            f"tệp chỉ mục hỏng, hãy dựng lại chỉ mục (damaged, rebuild the index): {path.name}"
        ) from error
    return content if isinstance(content, dict) else {}


class IndexFolder:
    """The folder of all embedded indices."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def reserve(self, index: str) -> str:
        """Makes the folder of a new physical index and gives its name."""
        if index not in INDICES:
            raise NoIndexError(f"không có chỉ mục (no such index): {index!r}")
        number = max((int(name.rpartition("-")[2]) for name in self.names(index)), default=0)
        while True:
            number += 1
            try:
                (self.root / f"{index}-{number}").mkdir()
            except FileExistsError:
                continue  # another process was faster
            return f"{index}-{number}"

    def path(self, name: str) -> Path:
        """The folder of a physical index; NoIndexError if there is none of that name."""
        if not _NAME.fullmatch(name) or not (self.root / name).is_dir():
            raise NoIndexError(f"không có chỉ mục (no such index): {name!r}")
        return self.root / name

    def confirm(self, name: str) -> None:
        """Marks a new index as wholly made, by the present schema."""
        write_whole(self.path(name) / "schema.json", {"schema_version": SCHEMA_VERSION})

    def check(self, name: str) -> Path:
        """The folder of an index of the present schema; raises NoIndexError, WrongSchemaError."""
        path = self.path(name)
        found = _read(path / "schema.json").get("schema_version")
        if found is None:
            raise NoIndexError(f"chỉ mục làm dở, hãy dựng lại (half made, rebuild): {name}")
        if found != SCHEMA_VERSION:
            raise WrongSchemaError(
                f"chỉ mục {name} theo lược đồ {found}, chương trình cần {SCHEMA_VERSION}: hãy chạy "
                f"`vankho index rebuild` (schema {found}, {SCHEMA_VERSION} is needed: rebuild)"
            )
        return path

    def names(self, index: str) -> list[str]:
        """The physical indices of an index, oldest first."""
        found = [m for p in self.root.iterdir() if (m := _NAME.fullmatch(p.name)) and m[1] == index]
        return [m[0] for m in sorted(found, key=lambda m: int(m[2]))]

    def alias(self, index: str) -> tuple[str, str]:
        """The names of the current and the previous index, empty where there is none."""
        content = _read(self.root / f"{index}.alias")
        return str(content.get("current", "")), str(content.get("previous", ""))

    def set_damage_aside(self) -> None:
        """Renames aliases that cannot be read: from then on those indices have no current one."""
        for index in INDICES:
            path = self.root / f"{index}.alias"
            try:
                _read(path)
            except EngineError:
                path.replace(path.with_name(f"{path.name}.damaged"))

    def point(self, index: str, name: str) -> None:
        """Makes an index the current one."""
        self.check(name)
        if name.rpartition("-")[0] != index:
            raise EngineError(f"{name} không phải là chỉ mục (is not an index of) {index}")
        current, previous = self.alias(index)
        if name != current:
            previous = current
        write_whole(self.root / f"{index}.alias", {"current": name, "previous": previous})

    def position(self, name: str) -> int:
        """The outbox position of an index."""
        value = _read(self.path(name) / "position.json").get("position", 0)
        return value if isinstance(value, int) else 0

    def remember(self, name: str, position: int) -> None:
        """Keeps the outbox position of an index, after its commit."""
        write_whole(self.path(name) / "position.json", {"position": position})

    def remove(self, name: str) -> None:
        """Deletes a physical index: first its mark, so that half of it is never taken for whole."""
        path = self.path(name)
        if name == self.alias(name.rpartition("-")[0])[0]:
            raise EngineError(f"đang dùng, không xóa được (in use): {name}")
        (path / "schema.json").unlink(missing_ok=True)
        shutil.rmtree(path)
