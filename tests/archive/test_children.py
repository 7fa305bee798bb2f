"""What ends a child that spends too much of the processor."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from archive.children import spending
with spending(int(sys.argv[1])):
    while sys.argv[2] == "inside":
        pass
n = 0
while n < 60_000_000 and sys.argv[2] == "afterwards":  # several seconds
    n += 1
"""


@pytest.mark.parametrize(("where", "ended"), [("inside", -signal.SIGXCPU), ("afterwards", 0)])
def test_the_block_has_so_many_seconds_and_what_follows_has_not(where: str, ended: int) -> None:
    assert subprocess.run([sys.executable, "-c", PROGRAM, "1", where], check=False).returncode == ended
