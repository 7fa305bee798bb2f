"""Real data that lies beside the repository, or a skipped test."""

import gzip
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
import zstandard

ROOT = Path(__file__).resolve().parents[1]


def shared_data(name: str) -> Path:
    """A folder or file of the shared data; skips the test where it is not there."""
    shared = Path(os.environ.get("VANKHO_SHARED") or ROOT.parent / "shared")
    found = shared / "data" / name
    if not found.exists():
        pytest.skip("no shared data")
    return found


def scans() -> Path:
    """The folder of real scans with their OCR."""
    return shared_data("scans-ocr")


def records(name: str, step: int = 1) -> Iterator[dict[str, Any]]:
    """Every `step`-th record of a `.jsonl`, `.jsonl.gz` or `.jsonl.zst` file of the shared data."""
    path = shared_data(name)
    # Lines end at \n only: real text holds U+0085 and other ends of lines.
    with _opened(path) as source, io.TextIOWrapper(source, encoding="utf-8", newline="\n") as lines:
        for at, line in enumerate(lines):
            if at % step == 0 and line.strip():
                yield json.loads(line)


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    return zstandard.open(path, "rb") if path.suffix == ".zst" else path.open("rb")


def articles(step: int = 1) -> Iterator[str]:
    """The texts of every `step`-th article of the national codification."""
    for record in records("phapdien-articles/articles.jsonl.zst", step):
        yield record["text"]


def questions() -> list[str]:
    """The judged questions of citizens."""
    return [record["text"] for record in records("relevance/queries.jsonl")]
