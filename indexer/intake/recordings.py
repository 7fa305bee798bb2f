"""The sound and film of a row: probed, joined with the words said in them, put before the row's images as pages."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from archive.clock import today
from archive.packages.findings import Notes, quote
from archive.packages.recording_rules import demand, read_length
from archive.packages.rows import DataFile
from archive.packages.sources import DeliveryError
from archive.packages.zips import UNREADABLE
from archive.recordings.cues import Cue, clock, encode
from archive.recordings.probing import PLAYED, Probe, ProbeError
from indexer.extraction.captions import read_captions
from indexer.extraction.errors import ExtractionError
from indexer.extraction.sidecar import read_sidecar

KINDS = {"audio", "video", "captions"}
NEAR = 2  # seconds by which the delivered length may differ from the file's
KEPT = "giữ nguyên tệp đã giao"

Open = Callable[[DataFile], BinaryIO]
Read = Callable[[DataFile], bytes]
Look = Callable[[BinaryIO, int], Probe]  # indexer.extraction.apart: a reader of foreign bytes works in a child


@dataclass(slots=True)
class Recorded:
    """Recordings in their order with their pages (column values of Recording and of Page), and the names of the text
    sidecars that are what is said in them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def make_recordings(
    files: Sequence[DataFile],
    hashes: Mapping[str, str],
    values: Mapping[str, str],
    ways: tuple[Open, Read, Look],
    notes: Notes,
) -> Recorded:
    """What the row's files of sound and film are.  What is none is told in the notes and kept; never raises for what is
    in a file.  A transcript is the caption file of the same page number, else the text sidecar where nothing else of
    the row could have pages."""
    found, (opened, read, look) = Recorded(), ways
    for file in files:
        if file.kind not in ("audio", "video"):
            continue
        if known := _probe(file, opened, look, notes):
            n = len(found.rows) + 1
            found.rows.append(_columns(n, hashes[file.name], file.size, known))
            found.pages.append({"n": n, "text": "", "text_source": "none", "file": file.page})
    if found.rows:
        _add_words(files, read, found, notes)
        _compare_length(values, found, notes)
    elif captions := [file.name for file in files if file.kind == "captions"]:
        notes.add(None, "captions.alone", f"tệp lời {quote(captions[0])} không có tệp âm thanh hay phim nào", KEPT)
    for page in found.pages:
        del page["file"]
        page |= dict.fromkeys(("confidence", "boxes", "image_sha256", "image_kind", "width", "height"))
        page["image_index"] = 0
    return found


def _probe(file: DataFile, opened: Open, look: Look, notes: Notes) -> Probe | None:
    name = quote(file.name.rsplit("/", 1)[-1])
    try:
        with _seekable(opened, file) as stream:
            known = look(stream, file.size)
    except ProbeError as error:
        wrong = "tệp trống (0 byte)" if not file.size else str(error)
        notes.add(None, "recording.broken", f"tệp {name}: {wrong}", f"{KEPT}, không phát")
        return None
    except (DeliveryError, *UNREADABLE):
        notes.add(None, "file.unreadable", f"tệp {name}: không đọc được (bị hỏng)", "không lấy tệp này")
        return None
    if known.kind != file.kind and not (known.kind == "audio" and known.container in ("mp4", "webm", "mkv", "asf")):
        notes.add(
            None,
            "recording.named",
            f"tệp {name} mang đuôi của loại khác, thật ra là {known.media_type}",
            "theo nội dung tệp",
        )
    if known.cut:
        notes.add(None, "recording.cut", f"tệp {name}: thiếu phần cuối, có thể bị cắt cụt", f"{KEPT}, phát đến chỗ có")
    rule = demand(known.kind, today())
    if known.container not in rule.containers:
        wrong = f"tệp {name}: định dạng {known.container} không thuộc danh mục của {rule.source}"
        notes.add(None, "recording.format", wrong, "vẫn nhận, nên giao thêm định dạng quy định")
    if known.bit_rate and known.bit_rate < rule.bit_rate:
        wrong = f"tệp {name}: {known.bit_rate // 1000} kbps, {rule.source} quy định từ {rule.bit_rate // 1000} kbps"
        notes.add(None, "recording.rate", wrong, "vẫn nhận")
    if known.container not in PLAYED:
        notes.add(
            None, "recording.unplayed", f"tệp {name}: trình duyệt không phát được {known.media_type}", "nhận, để tải về"
        )
    return known


@contextmanager
def _seekable(opened: Open, file: DataFile) -> Iterator[BinaryIO]:
    """The file for reading to and fro; an entry of a zip is laid out first: going back in it means reading it again."""
    with opened(file) as stream:
        try:
            stream.fileno()
            plain = True
        except (OSError, AttributeError):
            plain = False
        if plain:
            yield stream
            return
        with tempfile.TemporaryFile() as laid:
            shutil.copyfileobj(stream, laid, 1 << 20)
            laid.seek(0)
            yield laid


def _columns(n: int, sha256: str, size: int, known: Probe) -> dict[str, Any]:
    names = ("kind", "container", "media_type", "codec", "milliseconds", "bit_rate", "width", "height")
    told = {name: getattr(known, name) for name in (*names, "sample_rate", "channels", "cut")}
    return {"n": n, "sha256": sha256, "size": size, **told, "cues": None}


def _add_words(files: Sequence[DataFile], read: Read, found: Recorded, notes: Notes) -> None:
    waiting = {page["file"]: place for place, page in reversed(list(enumerate(found.pages)))}
    for file in files:
        if file.kind != "captions":
            continue
        name = file.name.rsplit("/", 1)[-1]
        place = waiting.get(file.page, 0 if file.page is None else None)
        if place is None or found.pages[place]["text"]:
            notes.add(None, "captions.alone", f"tệp lời {quote(name)} không thuộc bản ghi nào", KEPT)
            continue
        try:
            spoken = read_captions(read(file), name)
        except ExtractionError as error:
            notes.add(None, "captions.bad", str(error).rstrip("."), f"{KEPT}, không lấy lời")
            continue
        except (DeliveryError, *UNREADABLE):
            notes.add(None, "captions.bad", f"không đọc được tệp lời {quote(name)}", "không lấy lời")
            continue
        if spoken.unread:
            notes.add(
                None,
                "captions.part",
                f"tệp lời {quote(name)} có {spoken.unread} đoạn không có thời điểm",
                "bỏ các đoạn ấy",
            )
        found.pages[place] |= {"text": spoken.text, "text_source": "captions"}
        found.rows[place]["cues"] = encode(spoken.cues)
        _tell_late(found.rows[place], spoken.cues, name, notes)
    if any(file.kind in ("image", "pdf", "word", "alto", "hocr") for file in files):
        return
    for file in (one for one in files if one.kind == "text"):
        found.used.add(file.name)
        try:
            pages = [page.text for page in read_sidecar(read(file), file.name)[0]]
        except ExtractionError as error:
            notes.add(None, "text.bad", str(error).rstrip("."), KEPT)
            continue
        first = waiting.get(file.page, 0)
        if len(found.pages) == 1 or file.page is not None:
            pages = ["\n\n".join(one for one in pages if one)]
        for place, text in enumerate(pages, first):
            if place < len(found.pages) and text and not found.pages[place]["text"]:
                found.pages[place] |= {"text": text, "text_source": "sidecar"}


def _tell_late(row: Mapping[str, Any], cues: Sequence[Cue], name: str, notes: Notes) -> None:
    length = row["milliseconds"]
    if length and cues and cues[-1].begin > length:
        last, whole = clock(cues[-1].begin, whole=True), clock(length, whole=True)
        wrong = f"tệp lời {quote(name)} có câu ở {last}, bản ghi dài {whole}"
        notes.add(None, "captions.late", wrong, "giữ cả, các câu ấy không có tiếng")


def _compare_length(values: Mapping[str, str], found: Recorded, notes: Notes) -> None:
    told = values.get("PlayTime", "")
    seconds = read_length(told) if told else None
    lengths = [row["milliseconds"] for row in found.rows]
    if seconds is None or any(one is None for one in lengths):
        return
    if abs(sum(lengths) / 1000 - seconds) > NEAR:
        wrong = f"ghi thời lượng {told}, tệp dài {clock(sum(lengths), whole=True)}"
        notes.add("PlayTime", "recording.length", wrong, "giữ cả hai: mô tả theo bản giao, máy phát theo tệp")
