"""Texts that lie encrypted in the database: AES-256-GCM under a key that is made of the installation's secret."""

import base64
import binascii
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archive.secret import with_secret
from archive.settings import settings

MARK = "v1:"
NONCE = 12  # bytes, random for each text


def seal(text: str) -> str:
    """The text as the database keeps it: a mark, then base64; "" stays "", what is sealed stays so."""
    if not text or text.startswith(MARK):
        return text
    nonce = os.urandom(NONCE)
    return MARK + base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode("ascii")


def unseal(kept: str) -> str:
    """What was sealed; "" (unknown) where it was under another secret or is damaged.  What bears no mark is itself."""
    if not kept.startswith(MARK):
        return kept
    try:
        raw = base64.b64decode(kept.removeprefix(MARK), validate=True)
        return _cipher().decrypt(raw[:NONCE], raw[NONCE:], None).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return ""


def _cipher() -> AESGCM:
    told = settings()
    return AESGCM(_key(told.secret.get_secret_value(), told.home))


@lru_cache(maxsize=4)
def _key(secret: str, home: Path) -> bytes:
    """The key under that secret; where none is set, under the one that the home folder keeps (demonstrations)."""
    secret = secret or with_secret(settings()).secret.get_secret_value()
    return HKDF(hashes.SHA256(), 32, None, b"vankho sealed text 1").derive(secret.encode())
