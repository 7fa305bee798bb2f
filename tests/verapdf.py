"""veraPDF, the judge of PDF/A: fetched like the services from Maven Central; skipped where it or Java is not there."""

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

from services.places import find_place
from services.software import fetch, find_java
from services.trouble import ServiceError


@cache
def _command() -> list[str]:
    try:
        java, jar = find_java(), fetch(find_place(), "verapdf")
    except (ServiceError, OSError) as error:
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"veraPDF: {error}")
    return [str(java / "bin" / "java"), "-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper"]


def verapdf(path: Path, flavour: str) -> tuple[bool, str]:
    """Whether the file is what it says to be (``3b``), and what the judge said."""
    words = [*_command(), "-f", flavour, "--format", "text", "-v", str(path)]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    assert said.startswith(("PASS", "FAIL")), said
    return said.startswith("PASS"), said
