"""Text in the codes of old fonts (TCVN3, VNI) or in VIQR, decoded before anything else looks at it.

The canonical form would take these codes for letters and signs of Unicode; so decoding goes before it.
"""

from analyzers.legacy import decode, detect
from analyzers.legacy_tables import Encoding

NAMES: dict[Encoding, str] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "viqr": "VIQR"}
SAMPLE = 1 << 16


def is_one_byte(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are text of TCVN3 or VNI fonts: read as Latin-1 they hold runs of it."""
    encoding, confidence = detect(data[:SAMPLE].decode("latin-1"))
    return encoding in {"tcvn3", "vni"} and confidence >= 0.9


def decode_runs(text: str) -> tuple[str, str]:
    """``text`` with its legacy runs in Unicode, and what was found ("TCVN3 (ABC), 12 chữ"; '' where there is none)."""
    found = decode(text)
    if found.encoding is None:
        return text, ""
    return found.text, f"{NAMES[found.encoding]}, {found.changed} chữ"
