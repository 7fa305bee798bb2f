"""The child that judges: PDF files on standard input (8 bytes of length, then the bytes), a JSON line for each.

Hostile files are its parent's matter no more: it has limits, and the parent's patience.
"""

import argparse
import dataclasses
import json
import resource
import sys
from pathlib import Path

from indexer.signatures.evidence import Evidence, read_lists
from indexer.signatures.judging import judge_pdf, read_roots
from indexer.signatures.today import Lists

MEMORY = 2 << 30  # bytes of address space


def main() -> None:
    """Judges until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = argparse.ArgumentParser()
    asked.add_argument("--roots", type=Path)
    asked.add_argument("--lists", type=Path)
    asked.add_argument("--today", action="store_true")
    asked.add_argument("--ask", action="append", default=[])
    asked.add_argument("--patience", type=float, default=6.0)
    given = asked.parse_args()
    roots, beside = (read_roots(given.roots), read_lists(given.roots)) if given.roots else ([], Evidence())
    fresh = read_lists(given.lists, (".crl", ".pem", ".der")) if given.lists else Evidence()
    lists = Lists(fresh.lists, given.ask, given.patience) if given.today else None
    source = sys.stdin.buffer
    while len(head := source.read(8)) == 8:
        data = source.read(int.from_bytes(head, "big"))
        told = [dataclasses.asdict(one) for one in judge_pdf(data, roots, beside, lists)]
        print(json.dumps(told, default=lambda moment: moment.isoformat()), flush=True)


if __name__ == "__main__":
    main()
