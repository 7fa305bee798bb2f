"""Files read in a child with limits: what kills it costs one file of one record, and scans within lie on the disk."""

import hashlib
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from archive.packages.inspection import inspect_file
from archive.packages.rows import DataFile
from archive.recordings.probing import ProbeError
from indexer.extraction.apart import Given, ReadingApart
from indexer.extraction.kept import ReadPage
from indexer.extraction.sources import SourceKind
from tests.indexer.extraction.making import docx, paragraph, text_pdf
from tests.indexer.extraction.office_files import old_table
from tests.indexer.extraction.readers import reader_of_this_thread
from tests.indexer.extraction.test_enclosures import letter, picture, zipped

SMALL = 300 << 20  # bytes: enough to start and to read what is harmless


def given(kind: SourceKind, data: bytes, name: str) -> Given:
    return Given(kind, None, name, opener(data))


def opener(data: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(data)


def pdf_of(*contents: bytes) -> bytes:
    """A PDF of a page for each content."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(contents)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents))]
    for n, one in enumerate(contents):
        stream = zlib.compress(one, 1)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents %d 0 R>>" % (4 + 2 * n),
            b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    whole, places = b"%PDF-1.7\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    size = len(objects) + 1
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(whole))
    return whole + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


def test_what_kills_the_child_costs_one_file(tmp_path: Path) -> None:
    bomb = old_table("S", ("a",), *[()] * 65_533, (*[None] * 255, "z"))  # one cell at the end claims them all
    sound = docx(paragraph("Kế hoạch trồng rừng"))
    with ReadingApart(tmp_path, memory=SMALL) as reader:
        found = reader.read([given("word", bomb, "bom.xls"), given("word", sound, "lanh.docx")])
        assert [page.text for page in found.pages] == ["Kế hoạch trồng rừng"]
        assert [(one.code, "«bom.xls» cần quá nhiều bộ nhớ" in one.message) for one in found.troubles] == [
            ("word.bad", True)
        ]
        again = reader.read([given("word", sound, "lanh.docx")])
        assert (len(again.pages), again.troubles) == (1, [])


def test_a_pdf_that_kills_the_reader_of_its_text_is_recognised_instead(tmp_path: Path) -> None:
    beside = text_pdf([("Bang ke nam 1998", 50, 600)])
    long = pdf_of(b"BT /F1 1 Tf (" + b"a" * (6 << 20) + b") Tj ET")  # opened easily; its letters one by one are not
    with ReadingApart(tmp_path, memory=SMALL) as reader:
        found = reader.read([given("pdf", long, "a.pdf"), given("pdf", beside, "b.pdf")])
    assert [(page.image, page.text, page.unread) for page in found.pages] == [
        ("a.pdf", "", "no-words"), ("b.pdf", "Bang ke nam 1998", "")
    ]  # fmt: skip
    assert [(one.code, one.name) for one in found.troubles] == [("text.garbage", "a.pdf")]


def test_a_page_that_unfolds_to_more_than_a_server_may_have_costs_that_page(tmp_path: Path) -> None:
    line = b"0 0 m 9 9 l S "
    with ReadingApart(tmp_path) as reader:
        found = reader.read([given("pdf", pdf_of(line, line * (20 << 20), line), "a.pdf")])
    assert [(page.n, page.image, page.unread) for page in found.pages] == [
        (1, "a.pdf", "no-text"), (2, "", ""), (3, "a.pdf", "no-text"),
    ]  # fmt: skip
    assert [one.code for one in found.troubles] == ["pdf.page"]
    assert "Trang 2 của tệp PDF «a.pdf» cần quá nhiều bộ nhớ" in found.troubles[0].message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.png", ""),
        ("a.jpg", "image.named"),
        ("cut.png", "image.cut"),
        ("no.png", "image.broken"),
        ("0.png", "file.empty"),
    ],
)
def test_images_are_looked_at_in_the_child(name: str, code: str, tmp_path: Path) -> None:
    sound = picture()
    data = {"cut.png": sound[: len(sound) // 2], "no.png": b"GIF89a", "0.png": b""}.get(name, sound)
    file = DataFile(name, "image", None, len(data))
    with ReadingApart(tmp_path) as reader:
        found = reader.check(file, opener(data))
    assert found == inspect_file(file, lambda _: io.BytesIO(data))
    assert [one.code for one in found] == ([code] if code else [])


def test_an_image_that_kills_the_child_costs_itself(tmp_path: Path) -> None:
    with ReadingApart(tmp_path, memory=SMALL // 2) as reader:
        (found,) = reader.check(DataFile("a.png", "image", None, 400 << 20), opener(bytes(400 << 20)))
        assert (found.code, "dừng giữa chừng" in found.message) == ("image.broken", True)
        assert reader.check(DataFile("a.png", "image", None, 9), opener(picture())) == []


def test_scans_within_lie_on_the_disk_until_they_are_stored(tmp_path: Path) -> None:
    scans = {f"{n}.png": picture(size=(1200, 1600 + n)) for n in range(40)}
    made = letter(goi__zip=zipped(scans)).as_bytes()
    with ReadingApart(tmp_path) as reader:
        found = reader.read([given("mail", made, "data/VB1.eml")])
    assert sorted(one.name for one in found.enclosed) == sorted(f"data/VB1.eml › goi.zip › {name}" for name in scans)
    for one in found.enclosed:
        data = scans[one.name.rsplit(" ", 1)[1]]
        assert (one.path.parent, one.path.read_bytes()) == (tmp_path, data)
        assert (one.sha256, one.size) == (hashlib.sha256(data).hexdigest(), len(data))
    shown = [page for page in found.pages if page.image]
    assert (len(shown), {(page.image_kind, page.unread) for page in shown}) == (40, {("image", "no-text")})


def test_the_reader_knows_no_secret_of_the_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANKHO_SECRET", "khong-ai-biet")
    monkeypatch.setenv("HTTPS_PROXY", "http://ai:khong-ai-biet@127.0.0.1")
    seen = []

    def look() -> BinaryIO:  # the child waits for these bytes
        seen.append(Path(f"/proc/{reader_of_this_thread()}/environ").read_bytes())
        return io.BytesIO(docx(paragraph("Kế hoạch")))

    with ReadingApart(tmp_path) as reader:
        assert reader.read([Given("word", None, "a.docx", look)]).pages[0].text == "Kế hoạch"
    assert [(b"PATH=" in one, b"khong-ai-biet" in one) for one in seen] == [(True, False)]


@pytest.mark.parametrize("raised", [OSError, ValueError, KeyError, BrokenPipeError])
def test_what_opening_a_file_raises_comes_through_and_the_next_record_is_read(
    tmp_path: Path, raised: type[Exception]
) -> None:
    """Also what a child that dies is known by: nothing is wrong with the file, and nothing of it is passed over."""

    def fail() -> BinaryIO:
        raise raised("ngoài tầm với")

    sound = given("word", docx(paragraph("Kế hoạch")), "a.docx")
    with ReadingApart(tmp_path) as reader:
        with pytest.raises(raised, match="ngoài tầm với"):
            reader.read([sound, Given("word", None, "b.docx", fail)])
        (page,) = reader.read([sound]).pages
    assert page == ReadPage(1, "Kế hoạch", "word", None, None, "", "", 0, 0, 0, "")


SAY = """
import json, sys
from archive.children import hear, put
hear(sys.stdin.buffer)
for one in (*json.loads(sys.argv[1]), {"done": "well"}):
    put(open(1, "wb", buffering=0, closefd=False), json.dumps(one).encode())
hear(sys.stdin.buffer)
"""


class TakenOver(ReadingApart):
    """A reader whose first child a file took over when it was opened: from then on it says what it likes."""

    def __init__(self, scratch: Path, *said: Any) -> None:
        super().__init__(scratch)
        self._said: tuple[Any, ...] = said

    def _start(self) -> subprocess.Popen[bytes]:
        if self._said:
            command = [sys.executable, "-c", SAY, json.dumps(self._said)]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
            self._said = ()
        return super()._start()


@pytest.mark.parametrize(
    "nonsense", [{"page": {"n": 1}}, {"enclosed": {"name": "a", "path": "/etc/passwd"}}, {"troubles": 7}, 7], ids=str
)
def test_nonsense_of_a_reader_that_a_file_took_over_costs_that_file(tmp_path: Path, nonsense: Any) -> None:
    sound = docx(paragraph("Kế hoạch"))
    with TakenOver(tmp_path, {"read": 0}, nonsense) as reader:
        found = reader.read([given("word", sound, "xau.docx"), given("word", sound, "lanh.docx")])
    assert [page.text for page in found.pages] == ["Kế hoạch"]
    assert [(one.code, "xau.docx" in one.message) for one in found.troubles] == [("word.bad", True)]
    assert found.enclosed == []


def test_nonsense_about_an_image_or_a_film_is_told_as_the_readers_death(tmp_path: Path) -> None:
    file = DataFile("a.png", "image", None, 9)
    with TakenOver(tmp_path, {"found": [["a"]], "done": "well"}) as reader:
        (found,) = reader.check(file, opener(picture()))
        assert (found.code, "dừng giữa chừng" in found.message) == ("image.broken", True)
        assert reader.check(file, opener(picture())) == []
    with TakenOver(tmp_path, {"known": 7, "done": "well"}) as reader:
        with pytest.raises(ProbeError, match="dừng giữa chừng"):
            reader.probe(io.BytesIO(), 0)
        assert reader.check(file, opener(picture())) == []
