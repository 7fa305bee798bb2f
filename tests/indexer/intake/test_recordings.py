"""Sound and film on the way in: probed, their words with times searchable, what is wrong told and kept."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.reading import RecognitionTask
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading
from archive.recordings.cues import as_webvtt, decode
from tests.indexer.extraction.making import image
from tests.recorded_files import mp3, mp4, wav, webm
from tests.transfers import Transfer, codes, province, record, take

VTT = """WEBVTT

NOTE Ghi chú không phải lời

1
00:00:01.000 --> 00:00:02.500
<v Ông Bình>Kính thưa đồng bào</v>

00:03.000 --> 00:04.000 align:start
về việc đắp đê &amp; trồng rừng
"""


def rows(code: str) -> list[Recording]:
    with reading() as session:
        own = select(Recording).join(Record, Record.id == Recording.record_id).where(Record.code == code)
        return list(session.scalars(own.order_by(Recording.n)))


def texts(code: str) -> dict[int, str]:
    with reading() as session:
        own = select(Page.n, Page.text).join(Record, Record.id == Page.record_id).where(Record.code == code)
        return {row.n: row.text for row in session.execute(own)}


def recorded(root: Path, **fields: str) -> Transfer:
    made = province(root)
    made.document("AT1", "HS1", None, TypeName="Âm thanh", **fields)
    return made


TABLES = {
    "phim-anh": [
        {"OrganId": "H48.01", "Số lưu trữ": "PA 12", "Mục lục số": "07", "Tên sự kiện": "Khánh thành cầu",
         "Phân loại": "02",
         "Tiêu đề phim/ảnh": "Toàn cảnh cầu", "Tác giả": "Trần Văn A", "Thời gian chụp": "03/04/1981",
         "Địa điểm chụp": "xã Tịnh Khê", "Màu sắc": "02", "Cỡ phim/ảnh": "9x12", "Chế độ sử dụng": "Không hạn chế"},
        {"OrganId": "H48.01", "Số lưu trữ": "PA 13", "Tên sự kiện": "Khánh thành cầu", "Phân loại": "tranh",
         "Chế độ sử dụng": "Hạn chế"},
        {"OrganId": "H48.01", "Tiêu đề phim/ảnh": "Không mã"},
    ],
    "ghi-am": [
        {"DocCode": "GA1", "FileCode": "HS1", "OrganId": "H48.01", "Tiêu đề phim/âm thanh": "Lời kể", "Phân loại": "01",
         "Tác giả": "Nguyễn Thị B", "Thời lượng": "00:99:00", "Chế độ sử dụng": "Không hạn chế"},
    ],
}  # fmt: skip


def test_the_tables_of_pictures_and_recordings_come_in(home: Path, tmp_path: Path) -> None:
    """They have no code of the document and of the file (TT 02/2019): both are made, and told."""
    made = province(tmp_path / "goi")
    made.rows |= TABLES
    made.data |= {"H48.01.PA12.jpg": image(60, 80), "GA1.mp3": mp3(), "GA1.vtt": VTT.encode()}
    taken = take(made.write())
    assert taken.tables["phim-anh"] == {"warned": 2, "rejected": 1}
    assert taken.tables["ghi-am"] == {"warned": 1}
    picture = record("H48.01.PA12")
    wanted = {"Colour": "Đen trắng", "Photographer": "Trần Văn A", "TypeName": "Ảnh", "FilmSize": "9x12"}
    assert wanted.items() <= picture.delivered.items()
    assert (picture.title, picture.medium, picture.level_code) == ("Toàn cảnh cầu", "photo", "01")
    assert record("H48.01.PA13").title == "Khánh thành cầu"
    assert record("H48.01.PA13").level_code == "02"  # in a derived file that stays open for the others
    file = record("H48.01.PHIM-ANH")
    assert (file.level, file.title, file.id) == ("file", "Tài liệu phim, ảnh", picture.parent_id)
    assert file.delivered["FileCatalog"] == "07"
    assert record("GA1").parent_id == record("HS1").id
    assert {("word.unknown", "H48.01.PA13"), ("time.unreadable", "GA1"), ("code.derived", "H48.01.PA12")} <= codes()
    assert take(made.write()).tables["phim-anh"] == {"unchanged": 2, "rejected": 1}


@pytest.mark.both_databases
def test_sound_with_captions_is_a_page_with_times(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi", PlayTime="00:00:05")
    made.data |= {"AT1.mp3": mp3(200), "AT1.vtt": VTT.encode()}
    assert take(made.write()).counts["warned"] == 0
    (one,) = rows("AT1")
    assert (one.n, one.kind, one.media_type, one.milliseconds) == (1, "audio", "audio/mpeg", 5212)
    text = texts("AT1")[1]
    assert text == "Ông Bình: Kính thưa đồng bào\nvề việc đắp đê & trồng rừng"
    cues = decode(one.cues or b"")
    assert [(c.begin, c.end, text[c.start : c.stop]) for c in cues] == [
        (1000, 2500, "Ông Bình: Kính thưa đồng bào"),
        (3000, 4000, "về việc đắp đê & trồng rừng"),
    ]
    assert "00:00:03.000 --> 00:00:04.000\nvề việc đắp đê &amp; trồng rừng" in as_webvtt(text, cues)
    assert record("AT1").medium == "audio"


def test_several_recordings_come_before_images_each_with_its_words(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi")
    made.data |= {"AT1-0001.mp4": mp4(), "AT1-0002.wav": wav(1, 16000), "AT1-0003.jpg": image(60, 80)}
    made.data["AT1-0002.srt"] = "1\r\n00:00:00,500 --> 00:00:00,900\r\nLời thứ hai\r\n".encode("utf-16")
    take(made.write())
    assert [(one.n, one.kind) for one in rows("AT1")] == [(1, "video"), (2, "audio")]
    assert texts("AT1") == {1: "", 2: "Lời thứ hai", 5: ""}
    assert record("AT1").medium == "video"


def test_a_text_beside_a_recording_is_what_is_said_in_it(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi")
    made.data |= {"AT1.webm": webm(), "AT1.txt": "Lời bình của phim".encode()}
    take(made.write())
    assert texts("AT1") == {1: "Lời bình của phim"}
    assert rows("AT1")[0].cues is None


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("AT1.mp3", b"%PDF-1.7 not a sound", "recording.broken"),
        ("AT1.mp4", b"", "file.empty"),
        ("AT1.mp4", mp4()[:50], "recording.broken"),
        ("AT1.mp3", wav(1, 16000), None),
        ("AT1.wav", wav(2, 16000)[:-500], "recording.cut"),
        ("AT1.mp3", webm(), "recording.named"),
        ("AT1.webm", webm(), "recording.format"),
        ("AT1.wav", wav(1, 8000), "recording.rate"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_and_the_file_kept(
    home: Path, tmp_path: Path, name: str, data: bytes, code: str | None
) -> None:
    made = recorded(tmp_path / "goi")
    made.data[name] = data
    take(made.write())
    assert code is None or (code, "AT1") in codes()
    assert bool(rows("AT1")) == (code not in ("recording.broken", "file.empty"))
    with reading() as session:
        assert session.scalar(select(RecordFile.name).where(RecordFile.name.endswith(name)))


def test_captions_that_are_none_or_belong_to_nothing_are_told(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi", PlayTime="01:00:00").document("AT2", "HS1", None)
    made.data |= {"AT1.mp3": mp3(), "AT1.vtt": b"WEBVTT\n\nno time at all", "AT2.vtt": VTT.encode()}
    take(made.write())
    assert {("captions.bad", "AT1"), ("captions.alone", "AT2"), ("recording.length", "AT1")} <= codes()


def test_a_number_that_is_said_holds_the_recording(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi")
    said = "WEBVTT\n\n00:01.000 --> 00:02.000\nsố căn cước 051088001234 của bà\n"
    made.data |= {"AT1.mp3": mp3(), "AT1.vtt": said.encode()}
    take(made.write())
    assert rows("AT1")[0].held == "held"
    assert "051088001234" not in texts("AT1")[1]
    made.change("AT1", Subject="Tên khác")
    take(made.write())
    assert rows("AT1")[0].held == "held"


def test_a_photograph_is_not_read_by_machines(home: Path, tmp_path: Path) -> None:
    made = province(tmp_path / "goi").document("A1", "HS1", None, TypeName="Ảnh")
    made.data["A1.jpg"] = image(60, 80)
    take(made.write())
    assert record("A1").medium == "photo"
    with reading() as session:
        assert session.scalar(select(RecognitionTask)) is None


def test_a_stamp_of_secrecy_that_stands_in_the_words_sets_the_row_apart(home: Path, tmp_path: Path) -> None:
    made = recorded(tmp_path / "goi")
    made.data |= {"AT1.mp3": mp3(), "AT1.txt": b"T\xe1\xbb\x90I M\xe1\xba\xacT\nBu\xe1\xbb\x95i h\xe1\xbb\x8dp"}
    assert take(made.write()).counts["quarantined"] == 1
    assert rows("AT1") == []
