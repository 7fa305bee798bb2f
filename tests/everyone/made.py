"""Pages that are there only after somebody did something: it is done, through the portal where it can be."""

import io

from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.people import Account
from archive.database import reading
from archive.identity.links import email_link, password_link, registration_link
from desk.saved_searches import ending_link
from indexer.intake.waiting import take_waiting
from portal.house import House
from tests.leaks.archives import Archive
from tests.leaks.planted import COMMON, FEE, FEE_REQUEST
from tests.portal.conftest import token_of


def make(house: Archive) -> dict[str, tuple[str, str]]:
    """The address of each such page, and who has it."""
    told: House = house.app.extensions["vankho"]
    key = told.settings.secret.get_secret_value()
    reader, archivist = house.clients["reader"], house.clients["archivist"]
    with reading() as session:
        account = session.scalars(select(Account).where(Account.name == "reader")).one()
        links = (ending_link(key, account.id), registration_link(key, "moi@vidu.vn"), password_link(key, account),
                 email_link(key, account, "doi@vidu.vn"))  # fmt: skip
    _send(archivist, f"/quan-tri/phi/{FEE}", viec="thu", **{"so-tien": "1.000"}, lan="a" * 26)
    sheet = (io.BytesIO("Số ký hiệu,Cột lạ\n501/QĐ-UBND,Việc rất lạ\n".encode()), "la.csv")
    delivery = _send(archivist, "/quan-tri/tiep-nhan", goi=sheet, phong="H48.A", muc="01")
    while take_waiting():
        pass
    enquiry = _send(house.clients["anonymous"], "/hoi", **{"noi-dung": "Kho mở cửa giờ nào?"})
    job = _send(reader, f"/tim-kiem/xuat?q={COMMON}", kind="csv")
    return {
        "exporting.job": (job, "reader"), "enquiring.follow": (enquiry, "anonymous"),
        "ending_letters.ask": (f"/thoi-thu/{links[0]}", "anonymous"),
        "registering.confirm": (f"/dang-ky/{links[1]}", "anonymous"),
        "registering.choose": (f"/dat-mat-khau/{links[2]}", "anonymous"),
        "registering.confirm_email": (f"/doi-thu/{links[3]}", "anonymous"),
        "paying.receipt": (f"/yeu-cau/{FEE_REQUEST}/bien-lai", "reader"),
        "charging.receipt": (f"/quan-tri/phi/{FEE}/bien-lai", "archivist"),
        "mapping_columns.columns": (f"{delivery}/cot", "archivist"),
    }  # fmt: skip


def _send(client: FlaskClient, address: str, **form: object) -> str:
    """Where the form leads to."""
    token = token_of(client.get(address).text)
    answer = client.post(address, data={"csrf_token": token, **form}, content_type="multipart/form-data")
    assert answer.status_code == 303, f"{address}: {answer.status_code} {answer.text}"
    return answer.headers["Location"]
