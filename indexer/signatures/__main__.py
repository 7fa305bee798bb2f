"""The child that judges: PDF files on standard input (8 bytes of length, then the bytes), a JSON line for each.

Hostile files are its parent's matter no more: it has limits, and the parent's patience.
"""

import dataclasses
import json
import resource
import sys
from pathlib import Path

from indexer.signatures.evidence import Evidence, read_lists
from indexer.signatures.judging import judge_pdf, read_roots

MEMORY = 2 << 30  # bytes of address space


def main() -> None:
    """Judges until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    roots, beside = (read_roots(folder), read_lists(folder)) if folder else ([], Evidence())
    source = sys.stdin.buffer
    while len(head := source.read(8)) == 8:
        data = source.read(int.from_bytes(head, "big"))
        told = [dataclasses.asdict(one) for one in judge_pdf(data, roots, beside)]
        print(json.dumps(told, default=lambda moment: moment.isoformat()), flush=True)


if __name__ == "__main__":
    main()
