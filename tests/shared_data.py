"""Real data that lies beside the repository, or a skipped test."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def scans() -> Path:
    """The folder of real scans with their OCR; skips the test where it is not there."""
    shared = Path(os.environ.get("VANKHO_SHARED") or ROOT.parent / "shared")
    folder = shared / "data" / "scans-ocr"
    if not folder.is_dir():
        pytest.skip("no shared data")
    return folder
