"""The authentication sheet of a certified copy: eleven items (TT 05/2025/TT-BNV Article 42.2)."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from archive import describing
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest
from archive.clock import VIET_NAM
from archive.settings import settings

HEADING = "PHIẾU XÁC THỰC BẢN SAO TÀI LIỆU LƯU TRỮ"
NOTE = "Kiểm tra bản sao này: quét mã bên trái, hoặc mở địa chỉ dưới đây và gửi tệp lên."
UNLIMITED = "không thời hạn; tải về đến hết ngày"


def check_address(code: str) -> str:
    """Where a copy of that code is checked, as it is printed."""
    told = settings()
    site = told.public_url.rstrip("/") or f"http://{told.host}:{told.port}"
    return f"{site}/xac-thuc?ma={code}"


def sheet_facts(
    session: Session, copy: IssuedCopy, record: Record, moment: datetime, until: int
) -> list[tuple[str, str]]:
    """The eleven items in the circular's order, each with its value."""
    account = session.get_one(Account, copy.account_id)
    request = session.get_one(ReadingRequest, copy.request_id)
    around = describing.surroundings(session, record)
    person = f"{account.full_name or account.name}; {account.identification or 'không khai'}"
    if request.behalf:
        person += f"; thay mặt {request.behalf}"
    return [
        ("Mã xác thực lưu trữ", copy.code),
        ("Tên Lưu trữ lịch sử", settings().archive_name),
        ("Họ tên và số định danh cá nhân của người nhận", person),
        ("Mã lưu trữ của tài liệu gốc", record.code),
        ("Số, ký hiệu", record.number),
        ("Loại tài liệu", around.type),
        ("Trích yếu hoặc tiêu đề", record.title),
        ("Mục đích sử dụng", request.purpose),
        ("Ngày cấp", f"{moment.astimezone(VIET_NAM):%d/%m/%Y}"),
        ("Thời hạn sử dụng", f"{UNLIMITED} {date.fromordinal(until):%d/%m/%Y}"),
        ("Số lượng bản sao", f"{1 + request.paper_copies:02d}"),
    ]
