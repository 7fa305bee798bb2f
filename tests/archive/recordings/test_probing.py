"""What a recording is, by its bytes: length, codec, size; and what hostile files come to."""

import io
import random

import pytest

from archive.recordings.bounded import MOST_BYTES
from archive.recordings.probing import Probe, ProbeError, probe
from tests.recorded_files import avi, mp3, mp4, ogg_opus, wav, webm


def found(data: bytes) -> Probe:
    return probe(io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (wav(2), ("audio", "audio/wav", "PCM", 2000)),
        (mp3(100), ("audio", "audio/mpeg", "MP3", 2606)),
        (ogg_opus(3), ("audio", "audio/ogg", "Opus", 3000)),
        (mp4(5000), ("video", "video/mp4", "H.264, AAC", 5000)),
        (mp4(4000, film=False), ("audio", "audio/mp4", "AAC", 4000)),
        (webm(3), ("video", "video/webm", "VP8", 3000)),
        (avi(), ("video", "video/x-msvideo", "", 2000)),
    ],
)
def test_the_bytes_tell_what_it_is(data: bytes, told: tuple[str, str, str, int]) -> None:
    known = found(data)
    assert (known.kind, known.media_type, known.codec, known.milliseconds) == told
    assert not known.cut


def test_sizes_of_picture_and_sound() -> None:
    film = found(mp4())
    assert (film.width, film.height, film.sample_rate, film.channels) == (640, 480, 44100, 2)
    assert (found(webm()).width, found(webm()).height) == (160, 120)
    assert found(mp3()).bit_rate == 128_000


@pytest.mark.parametrize("data", [wav(), ogg_opus(), mp4(), webm(), avi()], ids=["wav", "ogg", "mp4", "webm", "avi"])
def test_a_file_without_its_end_is_told(data: bytes) -> None:
    assert found(data[: len(data) - 40]).cut


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7\n", b"<html>", b"MZ" + bytes(2000), mp4()[:60], webm()[:30], b"RIFF\xff\xff\xff\x7fWAVEfmt ",
     b"OggS" + bytes(500),
     b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(50), b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + b"\xff" * 90],
)  # fmt: skip
def test_what_is_no_recording_is_said_so(data: bytes) -> None:
    with pytest.raises(ProbeError, match="tệp"):
        found(data)


def test_broken_bytes_never_do_more_than_be_refused() -> None:
    rolled = random.Random(1077)
    for whole in (wav(0.2), mp3(5), ogg_opus(), mp4(), webm(1), avi()):
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(rolled.randint(1, 12)):
                data[rolled.randrange(min(len(data), 600))] = rolled.randrange(256)
            try:
                known = found(bytes(data[: rolled.randint(1, len(data))]))
            except ProbeError:
                continue
            assert known.kind in ("audio", "video")
            assert known.milliseconds is None or 0 < known.milliseconds <= 100 * 3600 * 1000


def test_a_box_that_claims_the_world_is_not_read_whole() -> None:
    """A table of two gigabytes would be read into the memory by who believes its length."""

    class Endless(io.RawIOBase):
        """A file as long as it says, made of nothing but its head."""

        def __init__(self, head: bytes) -> None:
            self.head, self.given, self.place = head, 0, 0

        def read(self, size: int = -1) -> bytes:
            assert 0 <= size <= MOST_BYTES + 1
            data = (self.head[self.place : self.place + size]).ljust(min(size, 1 << 20), b"\0")
            self.place += len(data)
            self.given += len(data)
            return data

        def seek(self, offset: int, whence: int = 0) -> int:
            self.place = offset if not whence else (1 << 32) + offset
            return self.place

        def tell(self) -> int:
            return self.place

    for head in (
        b"\0\0\0\x10ftypisom\0\0\0\0\x80\0\0\0moov",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100),
        b"\x1a\x45\xdf\xa3\x84\x42\x82\x81w\x18\x53\x80\x67\x08\xff\xff\xff\xff\x16\x54\xae\x6b\x08\x7f\xff\xff\xff",
    ):
        stream = Endless(head)
        with pytest.raises(ProbeError):
            probe(stream, 1 << 32)  # type: ignore[arg-type]
        assert stream.given <= 2 * MOST_BYTES
