"""The form of what a reader of foreign files says; what has none is as its death."""

import os
from pathlib import Path
from typing import Any

import pytest

from archive.packages.findings import Outcome
from archive.recordings.probing import Probe
from indexer.extraction.kept import ReadPage
from indexer.extraction.told import Listener, read_found, read_probe

PAGE: dict[str, Any] = {
    "n": 1, "text": "Đất đai", "text_source": "word", "confidence": None, "boxes": "", "image": "", "image_kind": "",
    "image_index": 0, "width": 0, "height": 0, "unread": "",
}  # fmt: skip


NONSENSE = (ValueError, TypeError, LookupError)  # as indexer.extraction.apart knows a death by


def test_a_page_is_taken_as_it_is_said(tmp_path: Path) -> None:
    listener = Listener(["a.pdf"], tmp_path)
    listener.take({"page": PAGE})
    listener.take({"page": PAGE | {"n": 3, "image": "a.pdf", "boxes": "00ff", "confidence": 71}})
    listener.take({"alive": "b.doc"})
    assert listener.found.pages == [
        ReadPage(1, "Đất đai", "word", None, None, "", "", 0, 0, 0, ""),
        ReadPage(3, "Đất đai", "word", 71.0, b"\0\xff", "a.pdf", "", 0, 0, 0, ""),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": "x"}, {"n": 1}, {"n": -1}, {"n": 1 << 40}, {"text": 5}, {"text": "\ud800"}, {"text": "a\0"},
        {"boxes": "x"}, {"boxes": 7}, {"confidence": "cao"}, {"confidence": float("nan")}, {"image": "b.pdf"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_page_without_its_form_is_none(wrong: dict[str, Any], tmp_path: Path) -> None:
    """The second of a record: its number is not that of the first, its image lies in a file of the record."""
    listener = Listener(["a.pdf"], tmp_path)
    listener.take({"page": PAGE})
    with pytest.raises(NONSENSE):
        listener.take({"page": PAGE | {"n": 2} | wrong})
    for nothing in (7, "page", None, {"n": 1}, []):
        with pytest.raises(NONSENSE):
            listener.take({"page": nothing})
    assert len(listener.found.pages) == 1


def test_troubles_findings_and_films(tmp_path: Path) -> None:
    listener = Listener([], tmp_path)
    listener.take({"troubles": [["a", "b", "c.pdf"]]})
    assert [one.name for one in listener.found.troubles] == ["c.pdf"]
    assert read_found({"found": [["a", "b", "c", "warned"]]}) == [("a", "b", "c", Outcome.WARNED)]
    known = {"kind": "video", "container": "mp4", "codec": "h264", "milliseconds": 7, "bit_rate": None}
    assert read_probe({"known": known}) == Probe("video", "mp4", "h264", 7, None)
    assert read_probe({"wrong": "hỏng"}) == "hỏng"
    wide = known | {"width": "rộng"}
    for said in (7, [["a"]], [["a", "b", "c", "không có"]], [[1, 2, 3, 4]], {"kind": "nhạc"}, wide):
        for read, name in ((listener.take, "troubles"), (read_found, "found"), (read_probe, "known")):
            with pytest.raises(NONSENSE):
                read({name: said})
    for read in (read_found, read_probe):
        with pytest.raises(NONSENSE):
            read({})


def test_a_scan_within_is_a_file_of_the_scratch_folder(tmp_path: Path) -> None:
    (tmp_path / "tmp1").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "tmp1")
    os.mkfifo(tmp_path / "pipe")
    listener = Listener([], tmp_path)
    listener.take({"enclosed": {"name": "a.png", "path": "/elsewhere/tmp1"}})
    listener.take({"page": PAGE | {"image": "a.png"}})
    (found,) = listener.found.enclosed
    assert (found.name, found.path, found.size) == ("a.png", tmp_path / "tmp1", 1)
    for path in ("/etc/passwd", ".", "..", "", "link", "pipe", "a\0", 7, None):
        with pytest.raises(NONSENSE):
            listener.take({"enclosed": {"name": "b.png", "path": path}})
    with pytest.raises(NONSENSE):
        listener.take({"enclosed": {"name": "b.png"}})
