"""A short film without an encoder: key frames of VP8 as Pillow writes them into WebP, put one after the other into
WebM (RFC 6386, RFC 9559).  Every browser that plays WebM plays it."""

import io
import struct
from collections.abc import Sequence

from PIL import Image

TRACK = 1


def write_webm(pictures: Sequence[Image.Image], milliseconds: int, *, quality: int = 50) -> bytes:
    """A silent film of pictures of one size, each shown for so long (at most 30 seconds).

    ValueError if there is none, or the sizes differ.
    """
    if not pictures or len({one.size for one in pictures}) > 1 or not 0 < milliseconds <= 30_000:
        raise ValueError("pictures of one size, at most 30 s each")
    width, height = pictures[0].size
    info = _element(0x2AD7B1, _whole(1_000_000))
    info += _element(0x4489, struct.pack(">d", len(pictures) * milliseconds))
    info += _element(0x4D80, b"vankho") + _element(0x5741, b"vankho")
    video = _element(0xB0, _whole(width)) + _element(0xBA, _whole(height))
    entry = _element(0xD7, _whole(TRACK)) + _element(0x73C5, _whole(TRACK)) + _element(0x83, _whole(1))
    entry += _element(0x86, b"V_VP8") + _element(0xE0, video)
    segment = _element(0x1549A966, info) + _element(0x1654AE6B, _element(0xAE, entry))
    clusters = b"".join(
        # A cluster a picture: players jump to any of them without an index
        _element(0x1F43B675, _element(0xE7, _whole(n * milliseconds)) + _element(0xA3, _block(one, quality)))
        for n, one in enumerate(pictures)
    )
    head = b"".join(
        _element(name, value)
        for name, value in (
            (0x4286, _whole(1)), (0x42F7, _whole(1)), (0x42F2, _whole(4)), (0x42F3, _whole(8)),
            (0x4282, b"webm"), (0x4287, _whole(2)), (0x4285, _whole(2)),
        )
    )  # fmt: skip
    return _element(0x1A45DFA3, head) + _element(0x18538067, segment + clusters)


def _block(picture: Image.Image, quality: int) -> bytes:
    """A simple block: track, time within the cluster, "key frame", the frame."""
    return bytes([0x80 | TRACK, 0, 0, 0x80]) + _key_frame(picture, quality)


def _key_frame(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "WEBP", quality=quality, method=4)
    data = out.getvalue()
    at = 12
    while data[at : at + 4] != b"VP8 ":
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little") + (data[at + 4] & 1)
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    return data[at + 8 : at + 8 + size]


def _element(name: int, body: bytes) -> bytes:
    return _whole(name) + (0x10_00_00_00 | len(body)).to_bytes(4, "big") + body


def _whole(value: int) -> bytes:
    return value.to_bytes(max((value.bit_length() + 7) // 8, 1), "big")
