"""The rendering of a delivered office file: made once in a child with limits, kept beside the derived images.

What is kept is not masked, like the delivered bytes; masking is done when it is shown (indexer.rendering.cleaning).
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.children import bare_environment
from archive.derivatives import keep_derivative, rendering_path

SECONDS = 30.0
"""Most seconds for one file."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """Cleaned HTML ("": none could be made), whether it is the first part only, and whether the delivered bytes show
    personal numbers."""

    html: str
    cut: bool
    personal: bool


NONE = Rendering("", False, True)


def rendering_of(home: Path, sha256: str, read: Callable[[], bytes]) -> Rendering:
    """The rendering of the object ``sha256``, whose bytes ``read`` gives where it is not made yet."""
    path = rendering_path(home, sha256)
    try:
        return Rendering(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        pass
    made = render(read(), sha256[:12])
    if made is None:  # a busy machine says nothing of the file: the next reader's asking makes it
        return NONE
    keep_derivative(path, json.dumps({"html": made.html, "cut": made.cut, "personal": made.personal}).encode())
    return made


def render(data: bytes, name: str, *, seconds: float = SECONDS) -> Rendering | None:
    """Renders in a child; a file that makes it fail has none, and None says that it took too long."""
    command = [sys.executable, "-m", "indexer.rendering", name]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env=bare_environment(), timeout=seconds, check=True
        )
        return Rendering(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return None
    except (subprocess.SubprocessError, OSError, ValueError, TypeError):
        return NONE
