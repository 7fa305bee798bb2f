"""What is measured on: a given package with its questions, or a synthetic one with titles as questions."""

import csv
import json
from pathlib import Path


def make_package(folder: Path, documents: int) -> Path:
    """A synthetic package of text-only documents."""
    from vankho.synth import write_transfer

    write_transfer(folder, fonds=1, files=max(documents // 100, 1), documents=documents, pages=0, text_only=True)
    return folder


def read_questions(path: Path | None, package: Path) -> list[str]:
    """The questions of a JSON-lines file (field ``text``), or every so many titles of the package."""
    if path:
        return [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n") if line]
    with (package / "van-ban.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = list(dict.fromkeys(row["Subject"] for row in csv.DictReader(file) if row["Subject"]))
    return titles[:: max(len(titles) // 300, 1)]
