"""WebM and Matroska: the elements that say length, tracks and whether the file is whole (RFC 8794, RFC 9559)."""

import struct
from typing import BinaryIO

from archive.recordings.tracks import Container, ContainerError, Track

MAGIC = b"\x1a\x45\xdf\xa3"
MOST_ELEMENTS = 20_000
LARGEST_TABLE = 4 << 20  # bytes of the description of the tracks
SEGMENT, INFO, TRACKS, CLUSTER, CUES = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B
DOC_TYPE, SCALE, DURATION, ENTRY = 0x4282, 0x2AD7B1, 0x4489, 0xAE
TYPE, CODEC, VIDEO, AUDIO, WIDTH, HEIGHT, RATE, CHANNELS = 0x83, 0x86, 0xE0, 0xE1, 0xB0, 0xBA, 0xB5, 0x9F
KINDS = {1: "video", 2: "audio"}
CODECS = {
    "V_VP8": "VP8", "V_VP9": "VP9", "V_AV1": "AV1", "V_MPEG4/ISO/AVC": "H.264", "V_MPEGH/ISO/HEVC": "H.265",
    "A_OPUS": "Opus", "A_VORBIS": "Vorbis", "A_AAC": "AAC", "A_FLAC": "FLAC", "A_MPEG/L3": "MP3",
}  # fmt: skip


def read_matroska(stream: BinaryIO, size: int) -> Container:
    """What the elements of a file of `size` bytes say; ContainerError where they contradict themselves."""
    name, length, at = _head(stream, 0, size)
    if name != 0x1A45DFA3 or length is None or length > 4096:
        raise ContainerError("EBML")
    stream.seek(at)
    header = dict(_elements(stream.read(length)))
    found = Container("webm" if header.get(DOC_TYPE, b"").rstrip(b"\0") == b"webm" else "mkv")
    name, length, at = _head(stream, at + length, size)
    if name != SEGMENT:
        raise ContainerError("Segment")
    end = size if length is None else at + length
    found.cut = end > size
    _read_segment(stream, at, min(end, size), found)
    return found


def _read_segment(stream: BinaryIO, at: int, end: int, found: Container) -> None:
    frames = False
    for _ in range(MOST_ELEMENTS):
        if at >= end:
            break
        name, length, body = _head(stream, at, end)
        if name == CLUSTER:
            frames = True
        if length is None:  # a cluster of a stream that was never ended: the next ones are not looked for
            break
        if body + length > end:
            found.cut = True
            break
        if name in (INFO, TRACKS):
            if length > LARGEST_TABLE:
                raise ContainerError("table")
            stream.seek(body)
            told = stream.read(length)
            if name == INFO:
                _read_info(dict(_elements(told)), found)
            else:
                found.tracks = [_track(dict(_elements(one))) for kind, one in _elements(told) if kind == ENTRY]
        at = body + length
    found.tracks = [one for one in found.tracks if one.kind]
    found.cut = found.cut or not frames


def _head(stream: BinaryIO, at: int, end: int) -> tuple[int, int | None, int]:
    """An element's name, its length (None: unknown), where its body begins."""
    stream.seek(at)
    data = stream.read(12)
    name, used = _number(data, 0, keep=True)
    length, more = _number(data, used)
    if at + used + more > end:
        raise ContainerError("element")
    return name or 0, length, at + used + more


def _number(data: bytes, at: int, *, keep: bool = False) -> tuple[int | None, int]:
    """A number of variable length and the bytes it takes; None for "unknown"."""
    if at >= len(data) or not data[at]:
        raise ContainerError("number")
    width = 9 - data[at].bit_length()
    if at + width > len(data):
        raise ContainerError("number")
    value = int.from_bytes(data[at : at + width], "big")
    if keep:
        return value, width
    value &= (1 << 7 * width) - 1
    return (None if value == (1 << 7 * width) - 1 else value), width


def _elements(data: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data) and len(found) < MOST_ELEMENTS:
        name, used = _number(data, at, keep=True)
        length, more = _number(data, at + used)
        begin = at + used + more
        end = len(data) if length is None else begin + length
        if end > len(data):
            raise ContainerError("element")
        found.append((name or 0, data[begin:end]))
        at = end
    return found


def _read_info(told: dict[int, bytes], found: Container) -> None:
    scale = int.from_bytes(told.get(SCALE, b""), "big") or 1_000_000
    units = _float(told.get(DURATION, b""))
    found.milliseconds = round(units * scale / 1_000_000) if 0 < units * scale < 1e18 else None


def _float(data: bytes) -> float:
    form = {4: ">f", 8: ">d"}.get(len(data))
    value = float(struct.unpack(form, data)[0]) if form else 0.0
    return value if value == value and value != float("inf") else 0.0


def _track(told: dict[int, bytes]) -> Track:
    code = told.get(CODEC, b"").rstrip(b"\0").decode("latin-1")
    track = Track(KINDS.get(int.from_bytes(told.get(TYPE, b""), "big"), ""), CODECS.get(code, code[2:40]))
    video, audio = (dict(_elements(told.get(name, b""))) for name in (VIDEO, AUDIO))
    track.width, track.height = (min(int.from_bytes(video.get(n, b""), "big"), 1 << 20) for n in (WIDTH, HEIGHT))
    track.channels = min(int.from_bytes(audio.get(CHANNELS, b""), "big"), 255)
    track.sample_rate = round(min(max(_float(audio.get(RATE, b"")), 0), 1e7))
    return track
