"""Tesseract, or a skipped test: an error instead where ``VANKHO_REQUIRE_SERVICES=1``."""

import os

import pytest

from indexer.recognition.tesseract import missing


def need_tesseract() -> None:
    """Skips the test where Tesseract or its Vietnamese is not installed."""
    if why := missing():
        if os.environ.get("VANKHO_REQUIRE_SERVICES") == "1":
            pytest.fail(why)
        pytest.skip(why)
