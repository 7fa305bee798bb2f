"""The form of what a reader of foreign files says; what has none is as its death."""

import os
from pathlib import Path
from typing import Any

import pytest

from archive.children import GoneError
from archive.packages.findings import Outcome
from archive.recordings.probing import Probe
from indexer.extraction.kept import ReadPage
from indexer.extraction.told import ReadRecord, read_enclosed, read_found, read_probe, read_troubles

PAGE: dict[str, Any] = {
    "n": 1, "text": "Đất đai", "text_source": "word", "confidence": None, "boxes": "", "image": "", "image_kind": "",
    "image_index": 0, "width": 0, "height": 0, "unread": "",
}  # fmt: skip


def test_a_page_is_taken_as_it_is_said() -> None:
    found = ReadRecord()
    found.add_page(PAGE, frozenset())
    found.add_page(PAGE | {"n": 3, "image": "a.pdf", "boxes": "00ff", "confidence": 71}, frozenset({"a.pdf"}))
    assert found.pages == [
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
def test_a_page_without_its_form_is_none(wrong: dict[str, Any]) -> None:
    """The second of a record: its number is not that of the first, its image lies in a file of the record."""
    found = ReadRecord()
    found.add_page(PAGE, frozenset({"a.pdf"}))
    with pytest.raises(GoneError):
        found.add_page(PAGE | {"n": 2} | wrong, frozenset({"a.pdf"}))
    for nothing in (7, "page", None, {"n": 1}, []):
        with pytest.raises(GoneError):
            found.add_page(nothing, frozenset())
    assert len(found.pages) == 1


def test_troubles_findings_and_films() -> None:
    assert [one.name for one in read_troubles({"troubles": [["a", "b", "c.pdf"]]})] == ["c.pdf"]
    assert read_found({"found": [["a", "b", "c", "warned"]]}) == [("a", "b", "c", Outcome.WARNED)]
    known = {"kind": "video", "container": "mp4", "codec": "h264", "milliseconds": 7, "bit_rate": None}
    assert read_probe({"known": known}) == Probe("video", "mp4", "h264", 7, None)
    for said in (
        7,
        [["a"]],
        [["a", "b", "c", "không có"]],
        [[1, 2, 3, 4]],
        {"kind": "nhạc"},
        known | {"width": "rộng"},
    ):
        for read, name in ((read_troubles, "troubles"), (read_found, "found"), (read_probe, "known")):
            with pytest.raises(GoneError):
                read({name: said})
            with pytest.raises(GoneError):
                read({})


def test_a_scan_within_is_a_file_of_the_scratch_folder(tmp_path: Path) -> None:
    (tmp_path / "tmp1").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "tmp1")
    os.mkfifo(tmp_path / "pipe")
    assert read_enclosed({"name": "a.png", "path": "/elsewhere/tmp1"}, tmp_path) == ("a.png", tmp_path / "tmp1")
    for path in ("/etc/passwd", ".", "..", "", "link", "pipe", "a\0", 7, None):
        with pytest.raises(GoneError):
            read_enclosed({"name": "a.png", "path": path}, tmp_path)
