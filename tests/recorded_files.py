"""Small files of sound and film, written byte by byte: no encoder is needed to know what a reader must find."""

import io
import struct
import wave

from vankho.synth.film import write_webm


def wav(seconds: float = 2, rate: int = 8000) -> bytes:
    """Silence, one channel, eight bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(rate)
        out.writeframes(b"\x80" * int(seconds * rate))
    return file.getvalue()


def mp3(frames: int = 100) -> bytes:
    """Silent frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes and 26.1 ms each."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * frames


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def mp4(milliseconds: int = 5000, *, film: bool = True) -> bytes:
    """The boxes of a film of 640 by 480 with sound, or of sound alone; the media themselves are zeros."""
    entry = bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HH", 640, 480) + bytes(50)
    sound = bytes(6) + b"\0\1" + bytes(8) + struct.pack(">HHHHI", 2, 16, 0, 0, 44100 << 16)
    tracks = []
    for handler, code, body in ((b"vide", b"avc1", entry), (b"soun", b"mp4a", sound))[0 if film else 1 :]:
        table = _box(b"stbl", _box(b"stsd", bytes(4), struct.pack(">I", 1), _box(code, body)))
        media = _box(b"mdia", _box(b"hdlr", bytes(8), handler, bytes(13)), _box(b"minf", table))
        tracks.append(_box(b"trak", media))
    movie = _box(b"moov", _box(b"mvhd", bytes(12), struct.pack(">II", 1000, milliseconds), bytes(80)), *tracks)
    return _box(b"ftyp", b"isom", bytes(4), b"isom") + movie + _box(b"mdat", bytes(4000))


def ogg_opus(seconds: float = 3) -> bytes:
    """An Ogg stream of Opus: its two headers, and a last page that says how many samples there were."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    pages = ((2, 0, head), (0, 0, tags), (4, int(seconds * 48000), bytes(200)))
    return b"".join(_ogg_page(kind, position, n, body) for n, (kind, position, body) in enumerate(pages))


def _ogg_page(kind: int, position: int, n: int, body: bytes) -> bytes:
    head = b"OggS" + struct.pack("<BBqIIIB", 0, kind, position, 7, n, 0, 1) + bytes([len(body)])
    return head[:22] + struct.pack("<I", _ogg_sum(head + body)) + head[26:] + body


def _ogg_sum(data: bytes) -> int:
    value = 0
    for one in data:
        value ^= one << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


def webm(seconds: int = 3) -> bytes:
    """A film of three pictures that browsers play."""
    from PIL import Image

    return write_webm([Image.new("RGB", (160, 120), (40 * n, 90, 120)) for n in range(seconds)], 1000)


def avi() -> bytes:
    """The head of an AVI of 320 by 240, two seconds."""
    header = struct.pack("<10I", 40_000, 0, 0, 0, 50, 0, 1, 0, 320, 240) + bytes(16)
    body = (
        b"AVI LIST"
        + struct.pack("<I", 4 + 8 + len(header))
        + b"hdrlavih"
        + struct.pack("<I", len(header))
        + header
        + bytes(200)
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body
