"""The child that renders: an office file on standard input, one JSON object on standard output."""

import json
import resource
import sys

from indexer.extraction.errors import ExtractionError
from indexer.rendering.cleaning import clean
from indexer.rendering.markup import to_markup
from indexer.rendering.originals import shows_personal

MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of the processor


def main() -> None:
    """Renders what stands on standard input; ``html`` is empty where nothing could be made of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        markup, cut = to_markup(data, sys.argv[1])
        told = {"html": clean(markup), "cut": cut, "personal": shows_personal(data)}
    except (ExtractionError, RecursionError, MemoryError):
        told = {"html": "", "cut": False, "personal": True}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
