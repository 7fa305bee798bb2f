"""Masks that staff give before the decision: by words or rectangle, seen before, ordered with the copy."""

import hashlib
import zipfile

import pypdfium2
import pytest
from sqlalchemy import select, update

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.fixity import StoredObject
from archive.catalogue.people import AuditEvent
from archive.catalogue.records import Page
from archive.catalogue.requests import ReadingRequest
from archive.database import reading, writing
from desk.copies.errors import CopyError
from desk.copies.making import make_waiting
from desk.copies.masking import mask_region, mask_words, masks_of, unmask
from desk.copies.ordering import copy_path
from tests.desk.test_copies import found, ordered, request_id, texts
from tests.transfers import record

__all__ = ["request_id"]
pytestmark = pytest.mark.both_databases


def state(request_id: int, name: str) -> None:
    with writing() as session:
        session.execute(update(ReadingRequest).where(ReadingRequest.id == request_id).values(state=name))


def mask(request_id: int, words: str = "", region: tuple[float, float, float, float] | None = None) -> None:
    with writing() as session:
        asked, own = session.get_one(ReadingRequest, request_id), record("VB1")
        page = session.get_one(Page, (own.id, 1))
        if region:
            mask_region(session, asked, own, page, region, "lan")
        else:
            mask_words(session, asked, own, page, words, "lan")


def masks(request_id: int) -> int:
    with reading() as session:
        return len(masks_of(session, session.get_one(ReadingRequest, request_id), record("VB1"), 1))


def test_words_masked_before_the_decision_are_not_in_the_copy(request_id: int) -> None:
    state(request_id, "approval")
    mask(request_id, "GIAO đất,")
    mask(request_id, region=(0.0, 0.9, 1.0, 0.1))
    assert found(request_id) == []  # nothing is ordered, nothing shown
    assert make_waiting(10) == 0
    state(request_id, "resolved")
    first = ordered(request_id)
    assert [one.code for one in ordered(request_id)] == [one.code for one in first]
    assert make_waiting(10) == 2
    text = texts(found(request_id)[0])[0]
    assert "Quyết" in text
    assert "giao" not in text
    assert "bí_mật" in text
    with reading() as session:
        told = session.query(AuditEvent).filter_by(action="copy-masked", actor="lan").count()
    assert told == 2


def test_a_mask_is_taken_back_and_given_once(request_id: int) -> None:
    state(request_id, "processing")
    for _ in range(2):
        mask(request_id, region=(0.1, 0.1, 0.2, 0.2))
    assert masks(request_id) == 1
    with writing() as session:
        asked, own = session.get_one(ReadingRequest, request_id), record("VB1")
        page = session.get_one(Page, (own.id, 1))
        unmask(session, asked, own, page, 0, "lan")
        with pytest.raises(CopyError, match="không còn"):
            unmask(session, asked, own, page, 0, "lan")
    assert masks(request_id) == 0


@pytest.mark.parametrize(
    ("before", "words", "region", "said"),
    [
        ("processing", "không có trên trang", None, "Không thấy"),
        ("processing", "  ", None, "Không thấy"),
        ("processing", "", (1.5, 0.0, 0.1, 0.1), "ngoài trang"),
        ("resolved", "đất", None, "không đổi"),
        ("payment", "đất", None, "không đổi"),
    ],
)
def test_what_cannot_be_masked_is_said(
    request_id: int, before: str, words: str, region: tuple[float, float, float, float] | None, said: str
) -> None:
    state(request_id, before)
    with pytest.raises(CopyError, match=said):
        mask(request_id, words, region)
    with reading() as session:
        assert session.query(IssuedCopy).count() == 0


def test_a_page_that_readers_are_not_shown_is_not_masked(request_id: int) -> None:
    state(request_id, "processing")
    with writing() as session:
        session.get_one(Page, (record("VB1").id, 1)).image_held = "kept"
    with pytest.raises(CopyError, match="dùng chữ của trang"):
        mask(request_id, region=(0.1, 0.1, 0.2, 0.2))


def test_a_package_holds_the_masked_copy_and_no_original(request_id: int) -> None:
    with writing() as session:
        session.execute(update(ReadingRequest).values(kind="dip"))
    state(request_id, "approval")
    mask(request_id, "bí_mật")
    mask(request_id, region=(0.0, 0.9, 1.0, 0.1))
    state(request_id, "resolved")
    ordered(request_id, "dip")
    make_waiting(10)
    copy = found(request_id)[0]
    assert copy.state == "made", copy.error
    with zipfile.ZipFile(copy_path(copy.code, "dip")) as package:
        held = {one: package.read(one) for one in package.namelist() if not one.endswith("/")}
    (name,) = [one for one in held if "/data/" in one]  # nothing but the copy
    assert name.endswith(f"ban-sao-{copy.code}.pdf")
    with reading() as session:
        originals = [bytes.fromhex(one) for one in session.scalars(select(StoredObject.sha256))]
    assert not {hashlib.sha256(data).digest() for data in held.values()} & set(originals)
    assert not [one for one, data in held.items() if "bí_mật".encode() in data]
    pdf = pypdfium2.PdfDocument(held[name])
    try:
        text = pdf[0].get_textpage().get_text_range()
        picture = pdf[0].render(scale=1).to_pil().convert("L")
    finally:
        pdf.close()
    assert "Quyết" in text
    assert "bí_mật" not in text
    across, down = picture.size
    assert picture.getpixel((across // 2, int(down * 0.93))) < 30  # burnt in
