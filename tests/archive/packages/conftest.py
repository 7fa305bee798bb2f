"""Real transfer folders, written by the tests."""

from pathlib import Path

import pytest

from tests.archive.packages.transfer_folders import DOCUMENTS, FILES, FONDS, Maker, to_csv


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Write a folder: tables as rows, text or bytes (None leaves one out), data files by name."""

    def write(
        phong: object = FONDS,
        ho_so: object = FILES,
        van_ban: object = DOCUMENTS,
        data: dict[str, bytes] | None = None,
        name: str = "goi",
    ) -> Path:
        root = tmp_path / name
        (root / "data").mkdir(parents=True)
        for table, content in (("phong", phong), ("ho-so", ho_so), ("van-ban", van_ban)):
            if content is None:
                continue
            if not isinstance(content, str | bytes):
                content = to_csv(content)  # type: ignore[arg-type]
            (root / f"{table}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        for file, body in ({"VB1.txt": b"x", "VB2.txt": b"y"} if data is None else data).items():
            path = root / "data" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return root

    return write
