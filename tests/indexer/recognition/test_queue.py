"""The queue of recognition: pages enter with their record, are read later, and killed anywhere nothing is lost."""

import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.accession.recognised import ATTEMPTS, begin_attempt, next_pages, retry_failed, waiting_counts
from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.personal import PersonalMark
from archive.catalogue.reading import RecognitionTask
from archive.catalogue.records import ENCLOSED, Page, RecordFile
from archive.database import reading, writing
from archive.storage.folder import FolderStorage
from indexer.recognition.running import Run, run
from indexer.recognition.tesseract import NoTesseractError
from tests.indexer.recognition.sheets import DECISION, pdf, png, set_page
from tests.tesseract import need_tesseract
from tests.transfers import Transfer, codes, drain_all, lines, record, take
from vankho.wiring import search_engine

pytestmark = pytest.mark.both_databases


def stores(home: Path) -> tuple[FolderStorage, FolderStorage]:
    return FolderStorage(home / "storage"), FolderStorage(home / "quarantine")


def recognise_all(home: Path, stop_after: int = 0) -> Run:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return bool(stop_after) and asked > stop_after

    done = run(*stores(home), stop=stop)
    drain_all()
    return done


def deliver(root: Path, **files: bytes) -> None:
    transfer = Transfer(root).fonds().file("HS1")
    for name in files:
        transfer.document(name.partition("_")[0], "HS1", body=None)
    for name, body in files.items():
        code, _, ending = name.partition("_")
        transfer.data[f"{code}.{ending}"] = body
    take(transfer.write())


def page(code: str, n: int = 1) -> Page:
    own = record(code).id
    with reading() as session:
        return session.get_one(Page, (own, n))


def tasks() -> list[RecognitionTask]:
    with reading() as session:
        return list(session.scalars(select(RecognitionTask).order_by(RecognitionTask.record_id, RecognitionTask.n)))


def test_a_scan_without_text_waits_and_is_read_later(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    deliver(tmp_path / "goi", VB1_png=png(set_page(DECISION)))
    assert record("VB1").medium == "digital"
    assert [(one.n, one.reason) for one in tasks()] == [(1, "no-text")]
    assert ("ocr.waiting", None) in codes()
    assert page("VB1").text == ""
    assert recognise_all(home).taken == 1
    read = page("VB1")
    assert "giao đất cho hộ gia đình tại xã Tịnh Khê" in read.text
    assert (read.text_source, read.language) == ("ocr", "vi")
    assert read.boxes
    assert tasks() == []
    assert recognise_all(home) == Run()


def test_without_the_program_pages_wait_and_nothing_is_lost(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    deliver(tmp_path / "goi", VB1_png=png(set_page("Một dòng chữ")))
    told = next(line for line in lines() if line.code == "ocr.waiting")
    assert "máy này chưa có Tesseract" in told.message
    assert told.outcome == "accepted"
    with pytest.raises(NoTesseractError, match="không mất gì"):
        run(*stores(home))
    assert [one.attempts for one in tasks()] == [0]


def test_stopped_between_pages_it_goes_on_and_doubles_nothing(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    pages = [set_page(f"Trang thứ {n} của tập bản đồ địa chính xã Tịnh Khê\n{DECISION}") for n in (1, 2, 3)]
    deliver(tmp_path / "goi", VB1_pdf=pdf(pages))
    assert recognise_all(home, stop_after=1).taken == 1
    assert [one.n for one in tasks()] == [2, 3]
    assert recognise_all(home).taken == 2
    assert [f"Trang thứ {n}" in page("VB1", n).text for n in (1, 2, 3)] == [True] * 3


def test_a_page_that_kills_the_process_is_given_up_and_the_others_are_read(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    other = "Công văn số 12 về việc phòng chống bão lụt năm 1999 tại huyện Bình Sơn " * 3
    deliver(tmp_path / "goi", VB1_png=png(set_page(DECISION)), VB2_png=png(set_page(other)))
    with reading() as session:
        first = next_pages(session, 1)[0]
    for _ in range(ATTEMPTS):  # as often as a process died between this commit and the next
        with writing() as session:
            assert begin_attempt(session, first)
    assert recognise_all(home).taken == 1
    assert page("VB2").text
    left = tasks()
    assert [(one.failed, bool(one.message)) for one in left] == [(True, True)]
    with writing() as session:
        assert retry_failed(session) == 1
    assert recognise_all(home).taken == 1
    with reading() as session:
        assert waiting_counts(session) == (0, 0)


def test_killed_in_the_middle_the_queue_goes_on(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    deliver(tmp_path / "goi", VB1_pdf=pdf([set_page(f"Phần {n}\n{DECISION}") for n in range(4)]))
    command = [sys.executable, "-m", "vankho", "ocr", "run", "--json"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while len(tasks()) == 4 and child.poll() is None:
        pass
    child.kill()
    child.wait()
    left = len(tasks())
    assert 0 < left < 4
    assert recognise_all(home).taken == left
    assert all("giao đất" in page("VB1", n).text for n in (1, 2, 3, 4))


def test_one_bad_page_costs_one_page(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_tesseract()
    from indexer.recognition import running, tesseract

    deliver(tmp_path / "goi", VB1_pdf=pdf([set_page(f"Phần {n}\n{DECISION}") for n in range(3)]))
    real = running.recognise
    seen = 0

    def starved(image: object, dpi: int) -> object:
        nonlocal seen
        seen += 1
        monkeypatch.setattr(tesseract, "MEMORY_KIB", 60_000 if 2 <= seen <= 1 + ATTEMPTS else 1_200_000)
        return real(image, dpi)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "recognise", starved)
    done = recognise_all(home)
    assert (done.taken, done.failed) == (2, ATTEMPTS - 1) or (done.taken, done.failed) == (3, ATTEMPTS)
    assert page("VB1", 1).text
    assert page("VB1", 3).text


def test_a_stamp_that_is_read_late_puts_the_record_into_quarantine_before_the_index_sees_it(
    home: Path, tmp_path: Path
) -> None:
    need_tesseract()
    secret = png(set_page(f"TUYỆT MẬT\n{DECISION}"))
    deliver(tmp_path / "goi", VB1_png=secret, VB2_png=png(set_page(DECISION)))
    name = record("VB1").public_id
    assert record("VB1").access.see.allow
    done = recognise_all(home)
    assert (done.taken, done.secret) == (1, 1)
    gone = record("VB1")
    assert gone.withdrawn
    assert gone.access.see.allow == frozenset()
    with reading() as session:
        assert session.scalars(select(Page).where(Page.record_id == gone.id)).all() == []
        kept = session.scalars(select(QuarantinedRow)).one()
    storage, apart = stores(home)
    assert not storage.has(kept.files[0][2])
    assert apart.read(kept.files[0][2]) == secret
    line = next(one for one in lines() if one.code == "secrecy.stamp")
    assert (line.record, line.outcome) == ("VB1", "quarantined")
    engine = search_engine()
    assert name not in engine.versions(engine.current("records"), [name])
    assert name not in engine.versions(engine.current("pages"), [name])
    assert tasks() == []


def test_personal_numbers_that_are_read_late_are_masked_and_their_image_is_held(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    deliver(tmp_path / "goi", VB1_png=png(set_page(f"{DECISION}\nChứng minh nhân dân số 212345678 cấp năm 1995")))
    recognise_all(home)
    read = page("VB1")
    assert "212345678" not in read.text
    assert read.image_held == "held"
    with reading() as session:
        assert [m.original for m in session.scalars(select(PersonalMark))] == ["212345678"]


def test_delivered_text_is_never_read_again(home: Path, tmp_path: Path) -> None:
    transfer = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1", "Chữ đi kèm")
    transfer.data["VB1.png"] = png(set_page(DECISION))
    take(transfer.write())
    assert tasks() == []
    assert recognise_all(home) == Run()
    assert page("VB1").text == "Chữ đi kèm"


def test_scans_in_a_message_are_shown_read_and_kept_apart_with_it(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    mails = {}
    for code, text in (("VB1", DECISION), ("VB2", f"TUYỆT MẬT\n\n{DECISION}")):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "tra@quangngai.example", "Gửi bản quét"
        mail.set_content("Kính gửi.")
        mail.add_attachment(png(set_page(text)), maintype="image", subtype="png", filename="quyet-dinh.png")
        mails[f"{code}_eml"] = mail.as_bytes()
    deliver(tmp_path / "goi", **mails)
    assert [(one.n, one.reason) for one in tasks()] == [(2, "no-text")] * 2
    assert page("VB1", 2).image_kind == "image"
    objects = {one.name for one in (home / "storage").rglob("*") if one.is_file()}
    done = recognise_all(home)
    assert (done.taken, done.secret) == (1, 1)
    assert "giao đất cho hộ gia đình tại xã Tịnh Khê" in page("VB1", 2).text
    with reading() as session:
        assert session.scalars(select(RecordFile.kind).order_by(RecordFile.id)).all() == ["mail", ENCLOSED]
        held = session.scalars(select(QuarantinedRow)).one()
    assert {kind for _, kind, _ in held.files} == {"mail", ENCLOSED}
    left = {one.name for one in (home / "storage").rglob("*") if one.is_file()}
    assert len(objects - left) == 2
    assert {sha for _, _, sha in held.files}.isdisjoint(left)
