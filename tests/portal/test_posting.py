"""Copies on paper by post: the address in the form, postage before sending and on the bill, who sees the address."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.fees import Bill
from archive.database import reading
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import second_word
from tests.portal.test_fee_of_a_request import decide, form_of, record
from tests.portal.test_printing import text_of
from tests.portal.test_requesting import _with_head, followed

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]
ADDRESS = "12 Lê Lợi, xã Tịnh Khê"


def test_postage_is_told_before_and_charged_once_and_nobody_pays_less_of_it(as_person: People, small: Small) -> None:
    reader, (own, _pages) = as_person("hoa"), record(held=True)
    form = form_of(reader, own, **{"so-ban": "2", "doi-tuong": "donor", "dia-chi": f" {ADDRESS} "})
    told = reader.post("/yeu-cau", data=form | {"viec": "phi"}).text
    assert re.search(r"Cước gửi bưu chính: 1 lần gửi × 12\.000", told)
    assert f'value=" {ADDRESS} "' in told
    code = reader.post("/yeu-cau", data=form).headers["Location"].rpartition("/")[2]
    assert decide(as_person, code, own, **{"doi-tuong": "donor"})[-1] == ("post.parcel", 1, 12_000)
    with reading() as session:
        bill = session.scalars(select(Bill).order_by(Bill.id.desc())).first()
        assert bill is not None
        assert bill.total == 12_000, "the donor pays postage, and nothing else"
    assert f"Nhận bản giấy qua bưu chính tại (nếu có): {ADDRESS}" in " ".join(
        text_of(reader.get(f"/yeu-cau/{code}/phieu.pdf").data).split()
    )


def test_what_has_no_paper_is_not_posted(as_person: People, small: Small) -> None:
    reader, (own, _pages) = as_person("hoa"), record(held=True)
    refused = reader.post("/yeu-cau", data=form_of(reader, own, **{"so-ban": "", "dia-chi": ADDRESS}))
    assert refused.status_code == 422
    assert re.search(r'name="dia-chi" value="12 Lê Lợi[^>]*aria-invalid="true"', refused.text)
    paper, _none = record(held=False)
    assert reader.post("/yeu-cau", data=form_of(reader, paper, **{"dia-chi": ADDRESS})).status_code == 303


def test_the_address_is_for_the_reader_and_the_officers_and_in_his_export(
    as_person: People, app: Flask, small: Small
) -> None:
    reader, (own, _pages) = as_person("hoa"), record(held=True)
    form = form_of(reader, own, **{"so-ban": "1", "dia-chi": ADDRESS})
    code = reader.post("/yeu-cau", data=form).headers["Location"].rpartition("/")[2]
    assert ADDRESS in reader.get(f"/yeu-cau/{code}").text
    assert ADDRESS in as_person("lan").get(f"/quan-tri/yeu-cau/{code}").text
    answer = followed(app.test_client(), code, second_word(reader, code))
    assert (answer.status_code, ADDRESS in answer.text) == (200, False)
    assert ADDRESS in reader.get("/tai-khoan/du-lieu.json").text
