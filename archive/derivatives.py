"""What is derived of objects, images of pages and renderings of office files: kept beside the storage.

Made at first use, thrown away with its object.
"""

import os
import secrets
import shutil
from pathlib import Path


def derivative_path(home: Path, sha256: str, index: int, width: int) -> Path:
    """Where the image of that page of an object lies, at that width in pixels."""
    return home / "derivatives" / sha256[:2] / sha256 / f"{index}-{width}.webp"


def rendering_path(home: Path, sha256: str) -> Path:
    """Where the rendering of an office file lies (indexer.rendering; the number is that of its form)."""
    return home / "derivatives" / sha256[:2] / sha256 / "rendering-1.json"


def keep_derivative(path: Path, data: bytes) -> None:
    """Writes it whole or not at all; it can be made again, so nothing is flushed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    temporary.write_bytes(data)
    temporary.replace(path)


def drop_derivatives(home: Path, sha256: str) -> None:
    """Throws away all that was derived of an object."""
    shutil.rmtree(home / "derivatives" / sha256[:2] / sha256, ignore_errors=True)
