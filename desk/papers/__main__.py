"""The child that judges one file, named by the first argument; prints its fault.  Hostile files end here."""

import resource
import sys
from pathlib import Path

from desk.papers.contents import fault_of

MEMORY = 2 << 30  # bytes of address space
SECONDS = 20  # of the processor


def main() -> None:
    """Judges the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(f"fault:{fault_of(Path(sys.argv[1]).read_bytes())}\n")


if __name__ == "__main__":
    main()
