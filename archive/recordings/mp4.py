"""MP4, M4A and QuickTime: the boxes that say length, tracks and whether the file is whole (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from archive.recordings.tracks import Container, ContainerError, Track

LARGEST_MOOV = 32 << 20
MOST_BOXES = 10_000
FIRST = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"}
CODECS = {
    b"avc1": "H.264", b"avc3": "H.264", b"hvc1": "H.265", b"hev1": "H.265", b"av01": "AV1", b"vp09": "VP9",
    b"mp4v": "MPEG-4 Visual", b"mp4a": "AAC", b"Opus": "Opus", b"fLaC": "FLAC", b"alac": "ALAC", b".mp3": "MP3",
    b"ac-3": "AC-3", b"jpeg": "Motion JPEG",
}  # fmt: skip
INTO = {b"trak", b"mdia", b"minf", b"stbl"}


def is_mp4(head: bytes) -> bool:
    """Whether the first bytes are those of such a file."""
    return len(head) >= 12 and head[4:8] in FIRST and (head[4:8] == b"ftyp" or head[:4] != b"\0\0\0\0")


def read_mp4(stream: BinaryIO, size: int) -> Container:
    """What the boxes of a file of `size` bytes say; ContainerError where they contradict themselves."""
    found, position, media = Container("mp4"), 0, False
    movie = b""
    for _ in range(MOST_BOXES):
        if position + 8 > size:
            found.cut = found.cut or position < size
            break
        stream.seek(position)
        length, name, head = _head(stream.read(16), size - position)
        if name == b"ftyp" and stream.seek(position + head) and stream.read(4) == b"qt  ":
            found.name = "mov"
        if position + length > size:
            found.cut = True
        media = media or name in (b"mdat", b"moof")
        if name == b"moov" and not movie:
            if length > LARGEST_MOOV:
                raise ContainerError("moov")
            stream.seek(position + head)
            movie = stream.read(length - head)
        position += length
    if not movie:
        # The table of a film that was cut while it was written never came
        raise ContainerError("no moov")
    found.cut = found.cut or not media
    _read_movie(movie, found)
    return found


def _head(data: bytes, rest: int) -> tuple[int, bytes, int]:
    """Length of a box with its head, its name, length of its head."""
    length, name = struct.unpack(">I4s", data[:8])
    if length == 1:
        if len(data) < 16:
            raise ContainerError("box")
        return _sane(struct.unpack(">Q", data[8:16])[0], 16), name, 16
    return (rest if length == 0 else _sane(length, 8)), name, 8


def _sane(length: int, least: int) -> int:
    if length < least:
        raise ContainerError("box")
    return length


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, name, head = _head(data[at : at + 16], len(data) - at)
        yield name, data[at + head : at + length]
        at += length


def _read_movie(data: bytes, found: Container) -> None:
    for name, body in _boxes(data):
        if name == b"mvhd":
            found.milliseconds = _length(body)
        elif name == b"trak":
            track = Track("")
            _read_track(body, track)
            if track.kind:
                found.tracks.append(track)


def _length(body: bytes) -> int | None:
    """Milliseconds of a movie header; None where it says 0 (a film in fragments) or that it does not know."""
    try:
        scale, units = struct.unpack(">IQ", body[20:32]) if body[0] else struct.unpack(">II", body[12:20])
    except (struct.error, IndexError) as error:
        raise ContainerError("mvhd") from error
    unknown = (1 << 64) - 1 if body[0] else (1 << 32) - 1
    return round(units * 1000 / scale) if scale and units not in (0, unknown) else None


def _read_track(data: bytes, track: Track, depth: int = 0) -> None:
    for name, body in _boxes(data):
        if name in INTO and depth < 4:
            _read_track(body, track, depth + 1)
        elif name == b"hdlr" and len(body) >= 12:
            track.kind = {b"vide": "video", b"soun": "audio"}.get(body[8:12], track.kind)
        elif name == b"stsd" and len(body) >= 16:
            _read_sample(body[8:], track)


def _read_sample(entry: bytes, track: Track) -> None:
    code = entry[4:8]
    track.codec = CODECS.get(code, code.decode("latin-1").strip() if code.isalnum() else "")
    if len(entry) >= 36 and track.kind == "video":
        track.width, track.height = struct.unpack(">HH", entry[32:36])
    elif len(entry) >= 36 and track.kind == "audio":
        track.channels, rate = struct.unpack(">H", entry[24:26])[0], struct.unpack(">I", entry[32:36])[0]
        track.sample_rate = rate >> 16
