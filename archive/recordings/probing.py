"""What a file of sound or film is: told by its bytes, never by its name.

Sound and Windows Media are read by mutagen; the boxes of MP4 and WebM, where film lies that it does not know, by our
own two readers.  Nothing is decoded.  The formats that archives take are those of TT 05/2025/TT-BNV, Article 8, and
what browsers play.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, cast

from mutagen import MutagenError
from mutagen.aac import AAC
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from archive.recordings.bounded import Bounded
from archive.recordings.matroska import MAGIC, read_matroska
from archive.recordings.mp4 import is_mp4, read_mp4
from archive.recordings.tracks import Container, ContainerError, Track

RecordingKind = Literal["audio", "video"]
HEAD = 1024
TAIL = 128 << 10
LONGEST = 100 * 3600 * 1000  # milliseconds; what says more lies
_ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"

MEDIA_TYPES = {
    ("mp3", "audio"): "audio/mpeg", ("wav", "audio"): "audio/wav", ("ogg", "audio"): "audio/ogg",
    ("flac", "audio"): "audio/flac", ("aac", "audio"): "audio/aac", ("mp4", "audio"): "audio/mp4",
    ("mp4", "video"): "video/mp4", ("webm", "audio"): "audio/webm", ("webm", "video"): "video/webm",
    ("mov", "video"): "video/quicktime", ("mov", "audio"): "audio/mp4", ("mkv", "video"): "video/x-matroska",
    ("mkv", "audio"): "audio/x-matroska", ("avi", "video"): "video/x-msvideo", ("mpeg", "video"): "video/mpeg",
    ("asf", "audio"): "audio/x-ms-wma", ("asf", "video"): "video/x-ms-wmv",
}  # fmt: skip
PLAYED = frozenset({"mp3", "wav", "ogg", "flac", "aac", "mp4", "webm"})
"""Containers that browsers play by themselves."""


class ProbeError(ValueError):
    """The file is no sound or film that can be known; the message is Vietnamese and says why."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a recording is.  `milliseconds` and the figures are None where the file does not tell; `bit_rate` in bits a
    second; `cut`: its end is missing."""

    kind: RecordingKind
    container: str
    codec: str
    milliseconds: int | None
    bit_rate: int | None
    width: int | None = None
    height: int | None = None
    sample_rate: int | None = None
    channels: int | None = None
    cut: bool = False

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES.get((self.container, self.kind), "application/octet-stream")


def container_of(head: bytes) -> str:
    """The name of the container by the first bytes of a file; '' for what is none."""
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    for magic, name in (
        (b"\0\0\1\xba", "mpeg"),
        (b"OggS", "ogg"),
        (b"fLaC", "flac"),
        (MAGIC, "mkv"),
        (_ASF, "asf"),
        (b"ID3", "mp3"),
    ):
        if head.startswith(magic):
            return name
    if len(head) >= 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if len(head) >= 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] & 0xF0 != 0xF0:
        return "mp3"
    return "mp4" if is_mp4(head) else ""


def probe(stream: BinaryIO, size: int) -> Probe:
    """What the seekable `stream` of `size` bytes is.  ProbeError for what is no recording, or a broken one; reads at
    most what `archive.recordings.bounded` allows, however the file is made."""
    head = stream.read(HEAD)
    name = container_of(head)
    if not name:
        raise ProbeError("không phải tệp âm thanh hay phim nhận ra được")
    try:
        return _known(name, cast(BinaryIO, Bounded(stream)), size, head)
    except ProbeError:
        raise
    except (MutagenError, ContainerError, ValueError, ArithmeticError, LookupError, TypeError, EOFError) as error:
        # A hostile file makes a reader fail in many ways; all mean the same to who delivered it
        raise ProbeError("tệp âm thanh hay phim bị hỏng, không đọc được phần mô tả của nó") from error
    except (MemoryError, RecursionError, AttributeError, AssertionError) as error:
        raise ProbeError("tệp âm thanh hay phim bị hỏng, không đọc được phần mô tả của nó") from error


def _known(name: str, stream: BinaryIO, size: int, head: bytes) -> Probe:
    if name in ("mp4", "mkv"):
        return _of_container((read_mp4 if name == "mp4" else read_matroska)(stream, size), size)
    if name in ("avi", "mpeg"):
        return _of_container(_old_film(name, head, size), size)
    stream.seek(0)
    if name == "ogg":
        return _ogg(stream, size, head)
    reader: Callable[[BinaryIO], Any] = {"mp3": MP3, "aac": AAC, "wav": WAVE, "flac": FLAC, "asf": ASF}[name]
    info = reader(stream).info
    kind: RecordingKind = "audio"
    codec = {"mp3": "MP3", "aac": "AAC", "wav": "PCM", "flac": "FLAC", "asf": ""}[name]
    if name == "asf":
        codec = str(getattr(info, "codec_name", "") or getattr(info, "codec_type", ""))[:60]
        # The stream properties object of moving pictures (GUID of the ASF specification)
        stream.seek(0)
        if b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b" in stream.read(64 << 10):
            kind = "video"
    cut = name == "wav" and 8 + int.from_bytes(head[4:8], "little") > size and head[4:8] != b"\xff\xff\xff\xff"
    return _told(kind, name, codec, info, size, cut=cut or _short(name, info, size))


def _old_film(name: str, head: bytes, size: int) -> Container:
    """AVI by its main header (length, size of the picture), MPEG program streams by their first bytes only."""
    found = Container(name, tracks=[Track("video", "MPEG" if name == "mpeg" else "")])
    if name == "avi":
        at = head.find(b"avih") + 8
        if at < 8 or len(head) < at + 40:
            raise ContainerError("avih")
        numbers = struct.unpack("<10I", head[at : at + 40])
        found.milliseconds = numbers[0] * numbers[4] // 1000 or None
        found.tracks[0].width, found.tracks[0].height = numbers[8], numbers[9]
        found.cut = 8 + int.from_bytes(head[4:8], "little") > size
    return found


def _ogg(stream: BinaryIO, size: int, head: bytes) -> Probe:
    if b"OpusHead" not in head and b"\x01vorbis" not in head:
        raise ProbeError("tệp Ogg không có âm thanh Opus hay Vorbis")
    opus = b"OpusHead" in head
    info = (OggOpus if opus else OggVorbis)(stream).info
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    last = tail.rfind(b"OggS")
    # A page of the last kind ends a whole stream (RFC 3533, section 6)
    cut = last < 0 or last + 27 > len(tail) or not tail[last + 5] & 4
    if not cut:
        count = tail[last + 26]
        cut = last + 27 + count + sum(tail[last + 27 : last + 27 + count]) > len(tail)
    return _told("audio", "ogg", "Opus" if opus else "Vorbis", info, size, cut=cut, rate=48000 if opus else 0)


def _short(name: str, info: object, size: int) -> bool:
    """Whether an MP3 that tells its length and bit rate is much shorter than that."""
    if name != "mp3":
        return False
    length, rate = float(getattr(info, "length", 0)), int(getattr(info, "bitrate", 0))
    return bool(length and rate) and size * 8 < 0.9 * length * rate


def _told(
    kind: RecordingKind, name: str, codec: str, info: object, size: int, *, cut: bool = False, rate: int = 0
) -> Probe:
    length = round(float(getattr(info, "length", 0) or 0) * 1000)
    milliseconds = length if 0 < length <= LONGEST else None
    return Probe(
        kind=kind,
        container=name,
        codec=codec,
        milliseconds=milliseconds,
        bit_rate=_whole(getattr(info, "bitrate", 0)) or _rate(size, milliseconds),
        sample_rate=_whole(getattr(info, "sample_rate", 0)) or rate or None,
        channels=_whole(getattr(info, "channels", 0)),
        cut=cut,
    )


def _of_container(found: Container, size: int) -> Probe:
    film = next((one for one in found.tracks if one.kind == "video"), None)
    sound = next((one for one in found.tracks if one.kind == "audio"), None)
    if film is None and sound is None:
        raise ProbeError("tệp không có đường tiếng hay đường hình nào")
    length = found.milliseconds if found.milliseconds and found.milliseconds <= LONGEST else None
    tracks: list[Track] = [one for one in (film, sound) if one]
    return Probe(
        kind="video" if film else "audio",
        container=found.name,
        codec=", ".join(one.codec for one in tracks if one.codec),
        milliseconds=length,
        bit_rate=_rate(size, length),
        width=film.width or None if film else None,
        height=film.height or None if film else None,
        sample_rate=sound.sample_rate or None if sound else None,
        channels=sound.channels or None if sound else None,
        cut=found.cut,
    )


def _rate(size: int, milliseconds: int | None) -> int | None:
    return size * 8000 // milliseconds if milliseconds else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < 1 << 31 else None
