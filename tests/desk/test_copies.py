"""Copies: ordered once, made whole or not at all, searchable, masked, gone after their day; killed at any moment."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select, update

from archive import boxes
from archive.access_rules import Closure
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.records import Page
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.deciding import grant, set_closure
from archive.settings import settings
from archive.storage.folder import FolderStorage
from desk.copies.making import MOST_ATTEMPTS, expire, make_waiting, retry_failed
from desk.copies.ordering import copies_of, copy_path, order
from tests.transfers import province, record, take
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases
WORDS = "Quyết định giao đất bí_mật"


@pytest.fixture
def request_id(home: Path, tmp_path: Path) -> int:
    """A request of "hoa" for VB1 (two pages: a scan with word boxes, and text) and VB2, granted with copying."""
    take(province(tmp_path / "goi").write())
    with writing() as session:
        add_account(session, "hoa", "mat-khau-thu-2026", "reader", totp=False)
    picture = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(picture, "PNG")
    with FolderStorage(home / "storage").batch() as batch:
        stored = batch.put(picture.getvalue())
    places = [[(100 + 200 * n, 300, 280 + 200 * n, 340) for n in range(5)]]
    with writing() as session:
        own = record("VB1").id
        page = session.get_one(Page, (own, 1))
        page.text, page.boxes = WORDS, boxes.encode(boxes.build(1240, 1754, places))
        page.image_sha256, page.image_kind, page.image_index = stored.sha256, "image", 0
        session.add(Page(record_id=own, n=2, text="Trang hai chỉ có chữ", image_index=0))
        session.get_one(type(record("VB1")), own).page_count = 2
        owner = session.scalars(select(Account.id).where(Account.name == "hoa")).one()
        asked = ReadingRequest(
            code="a" * 26, account_id=owner, kind="copy", purpose="làm thủ tục đất đai", state="resolved",
            received_at=now(), due_on=today_number(), term="answer.copy", officer="",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        for code in ("VB1", "VB2"):
            told = {"answer": "granted", "ground": "QĐ 1", "until": today_number() + 10, "copying": True}
            session.add(RequestItem(request_id=asked.id, record_id=record(code).id, **told))
        return asked.id


def ordered(request_id: int, grade: str = "plain") -> list[IssuedCopy]:
    with writing() as session:
        order(session, session.get_one(ReadingRequest, request_id), grade)
    return found(request_id)


def found(request_id: int) -> list[IssuedCopy]:
    with reading() as session:
        return copies_of(session, request_id)


def change(copy: IssuedCopy, **values: object) -> None:
    with writing() as session:
        session.execute(update(IssuedCopy).where(IssuedCopy.id == copy.id).values(**values))


def texts(copy: IssuedCopy) -> list[str]:
    pdf = pypdfium2.PdfDocument(copy_path(copy.code).read_bytes())
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def places(copy: IssuedCopy, words: str) -> tuple[float, float]:
    """Where the words stand on the first page: their middle from the left and from the bottom, as shares of it."""
    pdf = pypdfium2.PdfDocument(copy_path(copy.code).read_bytes())
    try:
        page, text = pdf[0], pdf[0].get_textpage()
        first, count = text.search(words).get_next()
        start, end = text.get_charbox(first), text.get_charbox(first + count - 1)
        return (start[0] + end[2]) / 2 / page.get_width(), start[1] / page.get_height()
    finally:
        pdf.close()


def test_ordered_once_and_made_with_what_the_circular_wants(request_id: int) -> None:
    first = ordered(request_id)
    assert [one.code for one in ordered(request_id)] == [one.code for one in first]
    assert len(first) == 2
    assert make_waiting(10) == 2
    assert make_waiting(10) == 0
    copy = found(request_id)[0]
    assert (copy.state, copy.until, copy.error) == ("made", today_number() + 15, "")
    assert copy.size == copy_path(copy.code).stat().st_size
    one, two = texts(copy)
    assert "BẢN SAO" in one
    assert "BẢN SAO" not in two
    assert all(settings().archive_name in text for text in (one, two))
    (across, up), (name_across, name_up) = places(copy, "BẢN SAO"), places(copy, settings().archive_name)
    assert (across > 0.6, up > 0.9) == (True, True), "top right (Articles 40, 41)"
    assert (abs(name_across - 0.5) < 0.02, name_up < 0.1) == (True, True), "centred in the bottom margin (Article 37)"
    assert WORDS.split() == [word for word in one.split() if word in WORDS.split()]
    assert "Trang hai chỉ có chữ" in two
    assert sorted(p.name for p in (settings().home / "copies").iterdir()) == sorted(
        f"{one.code}.pdf" for one in found(request_id)
    )


def test_a_mask_is_burnt_in_and_its_words_go(request_id: int) -> None:
    copy = ordered(request_id)[0]
    change(copy, masks={"1": [[0.7, 0.15, 0.25, 0.06]]}, pages="1")
    assert make_waiting(10) == 2
    (text,) = texts(copy)
    assert "Quyết" in text
    assert "bí_mật" not in text
    pdf = pypdfium2.PdfDocument(copy_path(copy.code).read_bytes())
    try:
        (picture,) = pdf[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        image = picture.get_bitmap().to_pil().convert("L")
        assert image.getpixel((int(image.width * 0.8), int(image.height * 0.18))) < 20
        assert image.getpixel((int(image.width * 0.3), int(image.height * 0.18))) > 235
    finally:
        pdf.close()


@pytest.mark.parametrize("masks", [{"1": [[0.1, 0.1, 0.2]]}, {"1": [[2, 0, 1, 1]]}, {"2": [[0.1, 0.1, 0.2, 0.2]]}])
def test_a_mask_that_cannot_be_burnt_in_stops_the_copy(request_id: int, masks: dict[str, object]) -> None:
    copy = ordered(request_id)[0]
    change(copy, masks=masks)
    assert make_waiting(10) == 1
    copy = found(request_id)[0]
    assert copy.state == "waiting"
    assert "vùng che" in copy.error or "che vùng" in copy.error
    assert not copy_path(copy.code).exists()


def test_an_image_that_readers_are_not_shown_is_set_from_its_text(request_id: int) -> None:
    with writing() as session:
        session.get_one(Page, (record("VB1").id, 1)).image_held = "kept"
    copy = ordered(request_id)[0]
    make_waiting(10)
    pdf = pypdfium2.PdfDocument(copy_path(copy.code).read_bytes())
    try:
        assert not list(pdf[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    finally:
        pdf.close()
    assert "Quyết định giao đất" in texts(copy)[0]


def test_what_cannot_be_made_is_given_up_with_its_reason(request_id: int) -> None:
    copy = ordered(request_id)[0]
    change(copy, pages="7")
    for _ in range(MOST_ATTEMPTS):
        make_waiting(10)
        with writing() as session:
            session.execute(update(IssuedCopy).values(next_at=now()))
    copy = found(request_id)[0]
    assert copy.state == "failed"
    assert "2 trang" in copy.error
    change(copy, pages="")
    with writing() as session:
        retry_failed(session)
    assert make_waiting(10) == 1
    assert found(request_id)[0].state == "made"


def test_pauses_grow_and_a_copy_not_yet_due_is_left_alone(request_id: int) -> None:
    copy = ordered(request_id)[0]
    change(copy, pages="7")
    make_waiting(10)
    first = found(request_id)[0]
    assert first.next_at is not None
    assert first.next_at > now()
    make_waiting(10)
    assert found(request_id)[0].attempts == 1


def test_gone_after_its_day(request_id: int) -> None:
    copy = ordered(request_id)[0]
    make_waiting(10)
    assert expire() == 0
    change(copy, until=today_number() - 1)
    assert expire() == 0
    assert found(request_id)[0].state == "expired"
    assert copy_path(copy.code).exists()
    change(copy, until=today_number() - 6)
    assert (expire(), expire()) == (1, 0)
    assert not copy_path(copy.code).exists()
    with reading() as session:
        told = set(session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("copy-"))))
    assert told >= {"copy-made", "copy-expired", "copy-deleted"}


KILL = """
import os, signal, sys
from desk.copies import making
place = sys.argv[1]
real = getattr(making, place)
def killed(*given):
    if sys.argv[2] == "after":
        real(*given)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(making, place, killed)
making.make_waiting(1)
"""


@pytest.mark.parametrize(("place", "when"), [("_begin", "after"), ("_compose", "after"), ("_write", "after"),
                                             ("replace_file", "before"), ("_keep", "after")])  # fmt: skip
def test_killed_at_any_moment_it_is_made_once_and_never_half(request_id: int, place: str, when: str) -> None:
    copy = ordered(request_id)[0]
    ended = subprocess.run([sys.executable, "-c", KILL, place, when], env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL
    left = found(request_id)[0]
    assert left.state == ("made" if place == "_keep" else "waiting")
    with writing() as session:
        session.execute(update(IssuedCopy).values(next_at=now()))
    make_waiting(10)
    copy = found(request_id)[0]
    assert (copy.state, copy.size) == ("made", copy_path(copy.code).stat().st_size)
    with reading() as session:
        made = session.scalars(select(AuditEvent).where(AuditEvent.action == "copy-made")).all()
    assert sorted(one.detail["copy"] for one in made) == sorted(one.code for one in found(request_id))


def test_words_lie_in_their_boxes_and_stay_apart(request_id: int) -> None:
    copy = ordered(request_id)[0]
    make_waiting(10)
    pdf = pypdfium2.PdfDocument(copy_path(copy.code).read_bytes())
    try:
        text = pdf[0].get_textpage()
        across = pdf[0].get_width()
        for n, word in enumerate(WORDS.split()):
            first, count = text.search(word, match_case=True).get_next()
            left, right = text.get_charbox(first)[0], text.get_charbox(first + count - 1)[2]
            assert left == pytest.approx((100 + 200 * n) / 1240 * across, abs=4)
            assert (180 * 0.6 - 8) / 1240 * across < right - left <= 181 / 1240 * across
    finally:
        pdf.close()


def test_a_copy_is_promised_no_longer_than_its_grant_runs(request_id: int) -> None:
    with writing() as session:
        own, day = record("VB1"), today_number()
        given = grant(session, "hoa", own.public_id, (day, day + 4), actor="lan", ground="QĐ 1", copying=True)
        item = session.get_one(RequestItem, (request_id, own.id))
        item.grant_id, item.until = given.id, day + 4
    ordered(request_id)
    assert make_waiting(10) == 2
    assert [one.until for one in found(request_id)] == [today_number() + 4, today_number() + 15]


def test_a_copy_of_granted_pages_is_made_of_them_and_no_other(request_id: int) -> None:
    day = today_number()
    with writing() as session:
        set_closure(session, record("VB1").public_id, Closure("02"), actor="an", ground="QĐ 1")
        grant(
            session, "hoa", record("VB1").public_id, (day, day + 5), actor="an", ground="QĐ 2", copying=True, pages="2"
        )
        session.get_one(RequestItem, (request_id, record("VB1").id)).pages = "2"
    make_all(request_id)
    (copy,) = [one for one in found(request_id) if one.record_id == record("VB1").id]
    assert (copy.state, len(texts(copy))) == ("made", 1)
    change(copy, state="waiting", pages="1-2", next_at=None)
    assert make_waiting(1) == 0
    (copy,) = [one for one in found(request_id) if one.record_id == record("VB1").id]
    assert (copy.state, copy.error) == ("waiting", "người yêu cầu không còn được sao tài liệu này")


def make_all(request_id: int) -> None:
    ordered(request_id)
    assert make_waiting(10) == 2
