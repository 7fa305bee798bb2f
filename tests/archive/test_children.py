"""What ends a child that spends too much of the processor, and what is not listened to."""

import os
import signal
import subprocess
import sys

import pytest

from archive.children import LONGEST, GoneError, take

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


def test_a_message_that_is_announced_without_measure_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb", buffering=0) as pipe:
        pipe.write((2).to_bytes(8, "big") + b"ok" + (LONGEST + 1).to_bytes(8, "big") + b"a")
        assert take(reading, lambda: 5.0) == b"ok"
        with pytest.raises(GoneError) as raised:
            take(reading, lambda: 5.0)
        assert raised.type is GoneError  # not late: its bytes were not waited for
