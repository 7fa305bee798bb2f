"""The fonts that copies embed: DejaVu with all Vietnamese letters, from the wheel of ``requirements-fonts.txt``."""

import importlib.util
from pathlib import Path

from desk.copies.errors import CopyWaitsError


def font_path(face: str) -> Path:
    """The file of a face such as ``DejaVuSerif``; CopyWaitsError if the fonts are not installed."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise CopyWaitsError("thiếu phông chữ DejaVu (requirements-fonts.txt)")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf" / f"{face}.ttf"
