"""Which processes count as running."""

import subprocess
import sys

from services.processes import find_process, kill

FIRST_THREAD_ENDS = """
import ctypes, os, threading, time
threading.Thread(target=lambda: (time.sleep(0.3), os.write(1, b"alone"), time.sleep(60))).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_process_whose_first_thread_has_ended_still_runs() -> None:
    with subprocess.Popen([sys.executable, "-c", FIRST_THREAD_ENDS], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.read(5) == b"alone"
            found = find_process(process.pid)
            assert found
            assert found.alive
            kill([found])
            assert not found.alive
        finally:
            process.kill()
