"""Precision and recall of what is read from first pages, on the shared documents: `python -m bench.proposals`.

Of the set, types are the legal database's own; numbers, days and issuers were cut out of headers, issuers broken at the
end of a line ("BỘ NÔNG NGHIỆP VÀ"), some numbers before a foreign letter ("06/2026/TT-BT"): there the whole beside its
cut beginning counts as the same.
"""

import io
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from analyzers.fold import fold
from analyzers.heading import read_heading
from analyzers.normal import canon
from analyzers.numbers import number_key

FIRST_PAGE = 3_000
FLOORS = {"number": 0.95, "date": 0.95, "type": 0.90, "issuer": 0.90}


def documents() -> Iterator[dict[str, Any]]:
    """The Vietnamese documents with full text."""
    shared = Path(os.environ.get("VANKHO_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    path = shared / "data" / "vbpl-central-2025" / "documents.jsonl.zst"
    with zstandard.open(path, "rb") as source, io.TextIOWrapper(source, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            told = json.loads(line)
            if told["has_full_text"] and told["language"] == "vi":
                yield told


def same(field: str, told: str, wanted: str) -> bool:
    """Whether what was read is what is known."""
    one, two = " ".join(fold(told).split()), " ".join(fold(wanted).split())
    if field == "number":
        return number_key(canon(told)) == number_key(canon(wanted)) or (len(two) > 8 and one.startswith(two))
    if field == "date":
        return "-".join(reversed(told.split("/"))) == wanted
    return one == two or (field == "issuer" and one.startswith(f"{two} "))


def measure(wrong: list[str] | None = None) -> dict[str, tuple[float, float, int]]:
    """Field -> (precision, recall, known)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # right, told, known
    for one in documents():
        known = {
            "number": one["number"], "date": one["date_issued"], "type": one["doc_type"], "issuer": one["issuer"],
        }  # fmt: skip
        told = {found.field: found.value for found in read_heading(canon(one["text"][:FIRST_PAGE]))}
        for field, wanted in known.items():
            if not wanted:
                continue
            right = field in told and same(field, told[field], wanted)
            counts[field][0] += right
            counts[field][1] += field in told
            counts[field][2] += 1
            if not right and wrong is not None:
                wrong.append(f"{one['id']} {field}: {told.get(field)!r} / {wanted!r}")
    return {f: (right / max(told, 1), right / max(known, 1), known) for f, (right, told, known) in counts.items()}


def main() -> int:
    """Prints the table; 1 if a precision is below its floor."""
    wrong: list[str] = []
    found = measure(wrong)
    print("| field | known | precision | recall |\n|---|---|---|---|")
    for field, (precision, recall, known) in found.items():
        print(f"| {field} | {known} | {precision:.3f} | {recall:.3f} |")
    if "--wrong" in sys.argv:
        print("\n".join(wrong))
    return int(any(found[field][0] < floor for field, floor in FLOORS.items()))


if __name__ == "__main__":
    sys.exit(main())
