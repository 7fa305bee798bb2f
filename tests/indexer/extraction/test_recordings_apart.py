"""Sound and film are read in the child, too: what unfolds in a tag, or ends the reader, costs that file alone."""

import io
import os
import signal
import zlib
from pathlib import Path

import pytest

from archive.recordings.probing import ProbeError, probe
from indexer.extraction.apart import ReadingApart
from tests.indexer.extraction.readers import reader_of_this_thread
from tests.recorded_files import avi, mp3, mp4, ogg_opus, wav, webm

SMALL = 300 << 20  # bytes: enough to start and to read what is harmless
UNFOLDED = 512 << 20


def swelling_mp3() -> bytes:
    """Sound with a compressed frame of ID3v2.4 (section 4.1.2 there) of half a megabyte that unfolds to 512 MB."""
    packer = zlib.compressobj(1)
    packed = b"".join([packer.compress(bytes(1 << 20)) for _ in range(UNFOLDED >> 20)]) + packer.flush()
    body = _synchsafe(UNFOLDED) + packed
    frame = b"TIT2" + _synchsafe(len(body)) + b"\x00\x09" + body  # compressed, with its length said
    return b"ID3\x04\x00\x00" + _synchsafe(len(frame)) + frame + mp3(100)


def _synchsafe(number: int) -> bytes:
    return bytes(number >> place & 127 for place in (21, 14, 7, 0))


def highest() -> int:
    """Most bytes of memory that this process has had since it was last forgotten."""
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) << 10


@pytest.mark.parametrize("data", [wav(2), mp3(100), ogg_opus(3), mp4(5000), webm(3), avi()])
def test_the_child_says_the_same(data: bytes, tmp_path: Path) -> None:
    with ReadingApart(tmp_path, memory=SMALL) as reader:
        assert reader.probe(io.BytesIO(data), len(data)) == probe(io.BytesIO(data), len(data))


def test_a_tag_that_unfolds_takes_no_memory_of_the_house(tmp_path: Path) -> None:
    bomb = swelling_mp3()
    assert len(bomb) < 4 << 20
    with ReadingApart(tmp_path, memory=SMALL) as reader:
        reader.probe(io.BytesIO(wav(2)), len(wav(2)))
        Path("/proc/self/clear_refs").write_text("5")
        before = highest()
        with pytest.raises(ProbeError, match=r"hỏng|dừng giữa chừng"):
            reader.probe(io.BytesIO(bomb), len(bomb))
        assert highest() - before < UNFOLDED // 4
        assert reader.probe(io.BytesIO(mp3(100)), len(mp3(100))).codec == "MP3"


def test_what_ends_the_child_costs_that_file(tmp_path: Path) -> None:
    class Ending(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            os.kill(reader_of_this_thread(), signal.SIGKILL)
            return super().read(size)

    with ReadingApart(tmp_path, memory=SMALL) as reader:
        with pytest.raises(ProbeError, match="dừng giữa chừng"):
            reader.probe(Ending(wav(2)), len(wav(2)))
        assert reader.probe(io.BytesIO(wav(2)), len(wav(2))).codec == "PCM"


def test_a_long_film_is_not_sent_whole(tmp_path: Path) -> None:
    """Only what is looked at goes to the child: of a film of 3 GB, more than the child may have, some KB."""
    sent = []

    class Counting(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:  # type: ignore[override]
            data = super().read(size)
            sent.append(len(data))
            return data

    path, head = tmp_path / "phim.wav", wav(2)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(3 << 30)
    with Counting(path) as stream, ReadingApart(tmp_path, memory=SMALL) as reader:  # type: ignore[type-var]
        assert reader.probe(stream, 3 << 30).container == "wav"  # type: ignore[arg-type]
    assert sum(sent) < 1 << 20


def test_what_reading_raises_comes_through(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise zlib.error("cut")

    with ReadingApart(tmp_path, memory=SMALL) as reader:
        with pytest.raises(zlib.error):
            reader.probe(Broken(wav(2)), len(wav(2)))
        assert reader.probe(io.BytesIO(wav(2)), len(wav(2))).codec == "PCM"
